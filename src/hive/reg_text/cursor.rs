//! A place in the text, with its line, and the repairs made so far.

use super::{RegTextError, TextRepair};

/// Reads forward; every repair and error knows its line.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    repairs: Vec<TextRepair>,
}

/// A place that a cursor was at.
#[derive(Clone, Copy)]
pub(super) struct Place {
    at: usize,
    line: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1, repairs: Vec::new() }
    }

    /// Everything not yet read.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// What is left of the present line, without its end.
    pub(super) fn rest_of_line(&self) -> &'a str {
        line_of(self.rest())
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn is_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// Whether nothing but a comment is left on this line.
    pub(super) fn is_line_done(&self) -> bool {
        matches!(self.peek(), None | Some('\r' | '\n' | ';'))
    }

    /// Reads `len` bytes, which must be whole characters; counts line ends.
    pub(super) fn advance(&mut self, len: usize) {
        let passed = &self.rest()[..len];
        self.line += line_ends(passed);
        self.at += len;
    }

    /// Reads `expected` if it comes next.
    pub(super) fn take(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    /// Reads the rest of the line and its end.
    pub(super) fn skip_line(&mut self) {
        self.at += self.rest_of_line().len();
        let end = line_end_len(self.rest());
        if end > 0 {
            self.at += end;
            self.line += 1;
        }
    }

    /// Reads spaces and tabs; other white space, as web pages have it, too.
    pub(super) fn skip_blanks(&mut self) {
        let blanks: &str = self.rest();
        let len = blanks.find(|c: char| !is_blank(c)).unwrap_or(blanks.len());
        if blanks[..len].chars().any(|c| !matches!(c, ' ' | '\t')) {
            self.repair("a no-break or other special space read as a plain one");
        }
        self.at += len;
    }

    /// Reads blank lines, comment lines and blanks.
    pub(super) fn skip_empty_lines(&mut self) {
        loop {
            self.skip_blanks();
            if self.is_end() || !self.is_line_done() {
                return;
            }
            self.skip_line();
        }
    }

    pub(super) fn repair(&mut self, message: impl Into<String>) {
        let repair = TextRepair { line: self.line, message: message.into() };
        if self.repairs.last() != Some(&repair) {
            self.repairs.push(repair);
        }
    }

    /// An error about the rest of the line.
    pub(super) fn error(&self, message: impl Into<String>) -> RegTextError {
        self.error_at(self.place(), message)
    }

    /// Where the cursor is.
    pub(super) fn place(&self) -> Place {
        Place { at: self.at, line: self.line }
    }

    /// An error about the rest of the line from a place that was passed.
    pub(super) fn error_at(&self, place: Place, message: impl Into<String>) -> RegTextError {
        let rest = self.text.get(place.at..).unwrap_or_default();
        let span = place.at..place.at + line_of(rest).len();
        RegTextError { line: place.line, message: message.into(), span }
    }

    pub(super) fn into_repairs(self) -> Vec<TextRepair> {
        self.repairs
    }
}

/// White space inside a line, and the characters of no width that copying
/// from web pages leaves behind.
pub(super) fn is_blank(c: char) -> bool {
    (c.is_whitespace() && !matches!(c, '\r' | '\n')) || matches!(c, '\u{200b}' | '\u{feff}')
}

/// The first line of `text`, without its end.
pub(super) fn line_of(text: &str) -> &str {
    text.split(['\r', '\n']).next().unwrap_or_default()
}

/// Lines end in CR LF, in LF or, in very old files, in CR.
pub(super) fn line_end_len(text: &str) -> usize {
    if text.starts_with("\r\n") { 2 } else { usize::from(text.starts_with(['\r', '\n'])) }
}

/// The line after the first one of `text`.
pub(super) fn next_line_of(text: &str) -> &str {
    let after = &text[line_of(text).len()..];
    line_of(&after[line_end_len(after)..])
}

/// How many line ends `text` holds.
fn line_ends(text: &str) -> usize {
    let carriage_returns = text.matches('\r').count();
    let line_feeds = text.matches('\n').count();
    carriage_returns + line_feeds - text.matches("\r\n").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_counts_once() {
        let mut cursor = Cursor::new("a\r\nb\nc\rd");
        for line in 1..=4 {
            assert_eq!(cursor.error("").line, line);
            cursor.skip_line();
        }
        assert!(cursor.is_end());
        assert_eq!(line_ends("a\r\n\n\r\r\n"), 4);
    }

    #[test]
    fn special_spaces_are_reported_once_a_line() {
        let mut cursor = Cursor::new("\u{a0} \u{a0}x");
        cursor.skip_blanks();
        assert_eq!(cursor.peek(), Some('x'));
        assert_eq!(cursor.into_repairs().len(), 1);
    }
}
