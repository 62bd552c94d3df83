//! Packs: articles and plugins in one file that can be signed.
//!
//! Nothing of a pack is ever unpacked to a disk; its names are held to a plain
//! shape all the same, so that nobody who does unpack one is led elsewhere.

mod format;
mod keys;

use std::fs;
use std::io::Read as _;
use std::path::Path;

use serde::Serialize;

use crate::kb::pack::PackFile;

use super::files::{self, Files};

pub use format::{Entry, write};
pub use keys::Keys;

/// Largest pack, in bytes.
pub const PACK_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The end of a pack's file name.
pub const EXTENSION: &str = "pack";

/// A pack that was read and whose signature was looked at.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Its file as it was named.
    pub file: String,
    /// What its maker calls it.
    pub title: String,
    /// Who vouches for it.
    pub trust: Trust,
    entries: Vec<Entry>,
}

/// Who vouches for a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Trust {
    /// A key that the technician trusts signed it.
    Signed {
        /// The key's file.
        key: String,
    },
    /// It is signed, but with a key that the technician did not name.
    UnknownKey,
    /// It is not signed.
    Unsigned,
}

impl Trust {
    /// Whether somebody whom the technician trusts signed it.
    pub fn is_signed(&self) -> bool {
        matches!(self, Self::Signed { .. })
    }
}

/// Why a file cannot be used as a pack.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The disk says no.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It does not begin as packs do.
    #[error("it is no pack: it does not begin with `pemedic-pack 1` and a length")]
    NotAPack,
    /// It ends too early.
    #[error("it is cut off: {expected} bytes are announced and {found} are there; copy it again")]
    Truncated {
        /// How long it says that it is.
        expected: usize,
        /// How long it is.
        found: usize,
    },
    /// It is too large.
    #[error("it is larger than {PACK_BYTES_MAX} bytes")]
    TooLarge,
    /// What stands behind its content is no signature.
    #[error(
        "what stands behind its content is no minisign signature; it was changed or put together wrongly"
    )]
    NoSignature,
    /// The signature is not that of this content.
    #[error("its content is not what {0} signed: it was changed; do not use it")]
    Changed(String),
    /// A name that could lead elsewhere, or one that stands there twice.
    #[error("the name {0:?} has no place in a pack; it was not made by pemedic kb pack")]
    Name(String),
    /// Its content is not readable.
    #[error("its content cannot be read: {0}")]
    Content(String),
}

/// The plugins in a folder (or the folder as one), as they stand in a pack.
///
/// # Errors
/// What cannot be read, in a sentence that names the plugin.
pub fn plugin_entries(folder: &Path) -> Result<Vec<Entry>, String> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut entries = Vec::new();
    for plugin in files::folders_in(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let read = files::on_disk(&plugin)?;
        let root = format!("plugins/{}", read.folder);
        let mut add =
            |name: String, text: String| entries.push(Entry { name: format!("{root}/{name}"), text });
        add(files::MANIFEST.to_owned(), read.manifest);
        add(files::SCRIPT.to_owned(), read.script);
        for article in read.articles {
            add(format!("{}/{}", files::ARTICLES, last_part(&article.name)), article.text);
        }
        for (name, text) in read.tests {
            add(format!("{}/{}", files::TESTS, last_part(&name)), text);
        }
    }
    Ok(entries)
}

fn last_part(path: &str) -> String {
    Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

impl Pack {
    /// Reads a pack's file.
    ///
    /// # Errors
    /// [`PackError`].
    pub fn open(path: &Path, keys: &Keys) -> Result<Self, PackError> {
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(PACK_BYTES_MAX + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > PACK_BYTES_MAX {
            return Err(PackError::TooLarge);
        }
        Self::read(&path.display().to_string(), &bytes, keys)
    }

    /// Reads a pack from its bytes; `file` is what to call it.
    ///
    /// # Errors
    /// [`PackError`].
    pub fn read(file: &str, bytes: &[u8], keys: &Keys) -> Result<Self, PackError> {
        let parts = format::split(bytes)?;
        // Before anything of the content is looked at.
        let trust = keys.judge(parts.signed, parts.signature)?;
        let content = format::content(parts.payload)?;
        Ok(Self { file: file.to_owned(), title: content.title, trust, entries: content.files })
    }

    /// The names of what is in it, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// Its articles, without those of its plugins.
    pub fn articles(&self) -> Vec<PackFile> {
        self.below("articles/").map(|(name, text)| self.article(&format!("articles/{name}"), text)).collect()
    }

    /// Its plugins.
    pub(super) fn plugins(&self) -> Vec<Result<Files, String>> {
        let mut names: Vec<&str> =
            self.below("plugins/").filter_map(|(name, _)| name.split('/').next()).collect();
        names.dedup();
        names.into_iter().map(|name| self.plugin(name)).collect()
    }

    fn plugin(&self, name: &str) -> Result<Files, String> {
        let root = format!("plugins/{name}/");
        let text = |file: &str| {
            let found = self.entries.iter().find(|entry| entry.name == format!("{root}{file}"));
            found
                .map(|entry| entry.text.clone())
                .ok_or_else(|| format!("plugin {name} of {} is left out: it has no {file}", self.file))
        };
        let articles = format!("{root}{}/", files::ARTICLES);
        let tests = format!("{root}{}/", files::TESTS);
        Ok(Files {
            folder: name.to_owned(),
            origin: self.label(),
            trusted: self.trust.is_signed(),
            manifest: text(files::MANIFEST)?,
            script: text(files::SCRIPT)?,
            articles: self
                .below(&articles)
                .map(|(file, text)| self.article(&format!("{articles}{file}"), text))
                .collect(),
            tests: self.below(&tests).map(|(file, text)| (file.to_owned(), text.to_owned())).collect(),
        })
    }

    fn below<'p>(&'p self, root: &'p str) -> impl Iterator<Item = (&'p str, &'p str)> + 'p {
        self.entries
            .iter()
            .filter_map(move |entry| Some((entry.name.strip_prefix(root)?, entry.text.as_str())))
    }

    fn article(&self, name: &str, text: &str) -> PackFile {
        PackFile {
            pack: self.label(),
            name: format!("{}/{name}", self.file),
            text: text.to_owned(),
            trusted: self.trust.is_signed(),
        }
    }

    /// The file, with a mark where nobody vouches for it.
    pub fn label(&self) -> String {
        match self.trust {
            Trust::Signed { .. } => self.file.clone(),
            Trust::UnknownKey => format!("{} (signed with a key that you do not trust)", self.file),
            Trust::Unsigned => format!("{} (not signed)", self.file),
        }
    }
}

#[cfg(test)]
mod tests;
