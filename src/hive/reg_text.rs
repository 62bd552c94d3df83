//! `.reg` text: regedit's own format, read leniently and written exactly.

use std::ops::Range;

use super::{NamedValue, Value};

/// A parsed `.reg` file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegText {
    /// What the file asks for, in its order.
    pub entries: Vec<RegEntry>,
    /// What had to be repaired in the text to read it.
    pub repairs: Vec<TextRepair>,
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

/// Reads a `.reg` file: version 4 (ANSI) and 5 (UTF-16), UTF-8 too.
///
/// # Errors
/// [`RegTextError`] where no reading is sensible.
pub fn parse(bytes: &[u8]) -> Result<RegText, RegTextError> {
    todo!("{}", bytes.len())
}

/// Reads decoded text, as [`parse`]; `header_required` is false for the
/// examples in articles, which leave the first line out.
///
/// # Errors
/// As [`parse`].
pub fn parse_text(text: &str, header_required: bool) -> Result<RegText, RegTextError> {
    todo!("{text} {header_required}")
}

/// Writes one key in regedit's version 5 form (without header and encoding):
/// the `[key]` line, its values wrapped as regedit wraps them, a blank line.
/// Lines end in CR LF.
pub fn export_key(key: &str, values: &[NamedValue]) -> String {
    todo!("{key} {}", values.len())
}

/// A whole version 5 file: byte order mark, header, the sections, UTF-16LE.
pub fn export_file(sections: &str) -> Vec<u8> {
    todo!("{sections}")
}
