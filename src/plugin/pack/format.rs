//! The layout of a pack's file.
//!
//! ```text
//! pemedic-pack 1 1234          a line: version, and bytes of what follows
//! {"version":1,"title":…}      one JSON document of that length
//! untrusted comment: …         optional: the four lines of a minisign
//!                              signature of everything before them
//! ```
//!
//! The signature is that of the file as `kb pack` wrote it, so `minisign -S` on
//! that file makes it, and appending it makes the signed pack.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::kb::pack::ARTICLE_SIZE_MAX;

use super::PackError;

/// The first words of a pack, with the layout's version.
const MAGIC: &str = "pemedic-pack 1 ";
/// Bytes of the first line, at most.
const HEADER_BYTES_MAX: usize = 64;
/// Most files of one pack.
const ENTRIES_MAX: usize = 4_000;
/// Bytes of one name, at most.
const NAME_BYTES_MAX: usize = 200;

/// A pack's content.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Content {
    version: u32,
    pub title: String,
    pub files: Vec<Entry>,
}

/// One file of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// `articles/NAME.md` or `plugins/PLUGIN/…`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A pack's file taken apart.
pub(super) struct Parts<'b> {
    /// What a signature signs.
    pub signed: &'b [u8],
    /// The JSON document.
    pub payload: &'b [u8],
    /// What stands behind it.
    pub signature: &'b [u8],
}

/// Takes a pack apart by its first line.
pub(super) fn split(bytes: &[u8]) -> Result<Parts<'_>, PackError> {
    let start = bytes.get(..bytes.len().min(HEADER_BYTES_MAX)).unwrap_or_default();
    let end = start.iter().position(|byte| *byte == b'\n').ok_or(PackError::NotAPack)?;
    let line = std::str::from_utf8(&start[..end]).map_err(|_| PackError::NotAPack)?;
    let length = line.strip_prefix(MAGIC).and_then(|length| length.parse::<usize>().ok());
    let length = length.ok_or(PackError::NotAPack)?;
    let whole = end.saturating_add(1).saturating_add(length);
    if whole > bytes.len() {
        return Err(PackError::Truncated { expected: whole, found: bytes.len() });
    }
    Ok(Parts { signed: &bytes[..whole], payload: &bytes[end + 1..whole], signature: &bytes[whole..] })
}

/// Reads the document.
pub(super) fn content(payload: &[u8]) -> Result<Content, PackError> {
    let content: Content =
        serde_json::from_slice(payload).map_err(|error| PackError::Content(error.to_string()))?;
    if content.version != 1 {
        return Err(PackError::Content(format!("its version is {}, not 1", content.version)));
    }
    check(&content.files)?;
    Ok(content)
}

/// A pack of these files, not signed.
///
/// # Errors
/// [`PackError`] where a file has no place in a pack.
pub fn write(title: &str, mut files: Vec<Entry>) -> Result<Vec<u8>, PackError> {
    files.sort_by(|a, b| a.name.cmp(&b.name));
    check(&files)?;
    let content = Content { version: 1, title: title.to_owned(), files };
    let mut payload =
        serde_json::to_string_pretty(&content).map_err(|error| PackError::Content(error.to_string()))?;
    payload.push('\n');
    let bytes = format!("{MAGIC}{}\n{payload}", payload.len()).into_bytes();
    if bytes.len() as u64 > super::PACK_BYTES_MAX { Err(PackError::TooLarge) } else { Ok(bytes) }
}

fn check(files: &[Entry]) -> Result<(), PackError> {
    if files.len() > ENTRIES_MAX {
        return Err(PackError::Content(format!("it has more than {ENTRIES_MAX} files")));
    }
    let mut seen = BTreeSet::new();
    for entry in files {
        if !is_place(&entry.name) || !seen.insert(entry.name.to_ascii_lowercase()) {
            return Err(PackError::Name(entry.name.clone()));
        }
        if entry.text.len() > ARTICLE_SIZE_MAX {
            return Err(PackError::Content(format!(
                "{} is larger than {ARTICLE_SIZE_MAX} bytes",
                entry.name
            )));
        }
    }
    Ok(())
}

/// The places that there are in a pack, and no others.
fn is_place(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    let ends = |file: &str, extension: &str| file.len() > extension.len() && file.ends_with(extension);
    name.len() <= NAME_BYTES_MAX
        && parts.iter().all(|part| is_plain(part))
        && match parts.as_slice() {
            ["articles", article] | ["plugins", _, "articles", article] => ends(article, ".md"),
            ["plugins", _, "plugin.toml" | "rules.rhai"] => true,
            ["plugins", _, "tests", test] => ends(test, ".toml"),
            _ => false,
        }
}

/// Letters, digits, hyphens, underscores, and dots inside.
fn is_plain(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        && !part.is_empty()
        && !part.starts_with('.')
        && !part.ends_with('.')
}
