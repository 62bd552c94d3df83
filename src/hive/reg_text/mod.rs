//! `.reg` text: regedit's own format, read leniently and written exactly.
//!
//! What regedit accepts and writes was taken from its documentation (Microsoft,
//! "How to add, modify, or delete registry subkeys and values by using a .reg
//! file") and from behaviour that the Wine project's tests confirm on Windows.
//! Where regedit passes over a line in silence, this reader either repairs the
//! line and says so, or stops: half a repair is worse than none.
//!
//! Knows nothing of hives: keys are full names as written.

mod ansi;
mod cursor;
mod decode;
mod export;
mod header;
mod hex_data;
mod html;
mod quoted;
mod section;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::Value;

pub use export::{export_file, export_key};

use cursor::Cursor;

/// A parsed `.reg` file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegText {
    /// What the file asks for, in its order.
    pub entries: Vec<RegEntry>,
    /// What had to be repaired in the text to read it, by line.
    pub repairs: Vec<TextRepair>,
}

impl RegText {
    /// A key that is both deleted and written to: such text says how something
    /// is done, in an order, and not what the registry shall be.
    pub fn deleted_and_written(&self) -> Option<&str> {
        let below = |key: &str, above: &str| {
            key.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('\\'))
        };
        let deleted = self.entries.iter().filter(|entry| entry.delete);
        let mut deleted = deleted.map(|entry| (entry.key.as_str(), entry.key.to_uppercase()));
        let written = || self.entries.iter().filter(|entry| !entry.delete);
        deleted
            .find(|(_, above)| written().any(|entry| below(&entry.key.to_uppercase(), above)))
            .map(|(key, _)| key)
    }
}

/// One `[key]` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegEntry {
    /// Full key name as written: `HKEY_LOCAL_MACHINE\…`.
    pub key: String,
    /// `[-key]`: delete it with everything below.
    pub delete: bool,
    /// Values to set (`Some`) or to delete (`None`), in order; the empty name
    /// is the default value.
    pub values: Vec<(String, Option<Value>)>,
}

/// One leniency: where, and what was assumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextRepair {
    /// Line, from 1.
    pub line: usize,
    /// What was found and how it was read.
    pub message: String,
}

/// Why text is not a `.reg` file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct RegTextError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and what to write instead.
    pub message: String,
    /// Byte range in the decoded text.
    pub span: Range<usize>,
}

/// How string data written as `hex(1):`, `hex(2):` and `hex(7):` is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// `REGEDIT4`: bytes of the ANSI code page.
    Four,
    /// `Windows Registry Editor Version 5.00`: UTF-16LE.
    Five,
}

/// Reads a `.reg` file: version 4 (ANSI) and 5 (UTF-16), UTF-8 too.
///
/// # Errors
/// [`RegTextError`] where no reading is sensible.
pub fn parse(bytes: &[u8]) -> Result<RegText, RegTextError> {
    let decoded = decode::decode(bytes)?;
    let mut parsed = parse_text(&decoded.text, true)?;
    parsed.repairs.extend(decoded.repairs);
    parsed.repairs.sort_by_key(|repair| repair.line);
    Ok(parsed)
}

/// Reads decoded text, as [`parse`]; `header_required` is false for the
/// examples in articles, which leave the first line out.
///
/// # Errors
/// As [`parse`].
pub fn parse_text(text: &str, header_required: bool) -> Result<RegText, RegTextError> {
    let (text, html_repairs) = html::unescape(text);
    let mut cursor = Cursor::new(&text);
    let version = header::parse(&mut cursor, header_required)?;
    let entries = section::parse_all(&mut cursor, version)?;
    let mut repairs = cursor.into_repairs();
    repairs.extend(html_repairs);
    repairs.sort_by_key(|repair| repair.line);
    Ok(RegText { entries, repairs })
}
