//! What is wrong with an article, and what to write instead.

use std::ops::Range;

use serde::Serialize;

/// A lint finding with its place. Loading yields articles *and* problems: one
/// bad article never costs the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// File as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Byte range in the file.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub suggestion: String,
    /// Whether the article cannot be used because of it.
    pub fatal: bool,
}
