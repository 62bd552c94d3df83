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
    /// Whether the article, or the fix it stands in, is left out because of it.
    pub fatal: bool,
}

/// At most this many problems are kept of one file: whoever repairs those sees
/// the next ones.
pub const PROBLEMS_PER_FILE_MAX: usize = 200;

/// The problems of one file, while it is read.
pub(super) struct Problems<'a> {
    file: &'a str,
    source: &'a str,
    list: Vec<Problem>,
}

impl<'a> Problems<'a> {
    pub(super) fn new(file: &'a str, source: &'a str) -> Self {
        Self { file, source, list: Vec::new() }
    }

    /// Something that costs the article, or the fix it stands in.
    pub(super) fn fatal(&mut self, span: Range<usize>, message: impl Into<String>, suggestion: &str) {
        self.add(span, message.into(), suggestion, true);
    }

    /// Something that is wrong but costs nothing.
    pub(super) fn lint(&mut self, span: Range<usize>, message: impl Into<String>, suggestion: &str) {
        self.add(span, message.into(), suggestion, false);
    }

    /// The line, from 1, of a byte of the file.
    pub(super) fn line(&self, offset: usize) -> usize {
        line_and_column(self.source, on_boundaries(self.source, offset..offset).start).0
    }

    /// The file as the user named it.
    pub(super) fn file(&self) -> &'a str {
        self.file
    }

    /// The bytes of a line (counted from 1), without the spaces around it.
    pub(super) fn span_of_line(&self, line: usize) -> Range<usize> {
        let mut start = 0;
        for (number, text) in self.source.split_inclusive('\n').enumerate() {
            if number + 1 == line {
                let trimmed = text.trim();
                let indent = text.len() - text.trim_start().len();
                return start + indent..start + indent + trimmed.len();
            }
            start += text.len();
        }
        self.source.len()..self.source.len()
    }

    /// The problems by their place.
    pub(super) fn into_list(mut self) -> Vec<Problem> {
        self.list.sort_by_key(|problem| problem.span.start);
        self.list
    }

    fn add(&mut self, span: Range<usize>, message: String, suggestion: &str, fatal: bool) {
        if self.list.len() < PROBLEMS_PER_FILE_MAX {
            let span = on_boundaries(self.source, span);
            let (line, column) = line_and_column(self.source, span.start);
            let (file, suggestion) = (self.file.to_owned(), suggestion.to_owned());
            self.list.push(Problem { file, line, column, span, message, suggestion, fatal });
        }
    }
}

/// The range within the text, widened to whole characters.
pub(super) fn on_boundaries(source: &str, span: Range<usize>) -> Range<usize> {
    let last = source.len();
    let (mut start, mut end) = (span.start.min(last), span.end.min(last));
    // A character has at most four bytes.
    while !source.is_char_boundary(start) {
        start -= 1;
    }
    while !source.is_char_boundary(end) {
        end += 1;
    }
    start..end.max(start)
}

/// Line and column (in characters), both from 1.
pub(super) fn line_and_column(source: &str, offset: usize) -> (usize, usize) {
    let before = &source[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_lines_and_characters() {
        let source = "a\nbäc\n";
        let mut problems = Problems::new("x.md", source);
        problems.lint(5..6, "second", "");
        problems.fatal(0..1, "first", "");
        problems.fatal(100..900, "beyond the end", "");
        problems.fatal(4..4, "within a character", "");
        let places: Vec<_> =
            problems.into_list().iter().map(|p| (p.line, p.column, p.span.clone())).collect();
        assert_eq!(places, [(1, 1, 0..1), (2, 2, 3..5), (2, 3, 5..6), (3, 1, 7..7)]);
    }

    #[test]
    fn their_number_is_bounded() {
        let mut problems = Problems::new("x.md", "");
        (0..PROBLEMS_PER_FILE_MAX + 5).for_each(|_| problems.lint(0..0, "again", ""));
        assert_eq!(problems.into_list().len(), PROBLEMS_PER_FILE_MAX);
    }
}
