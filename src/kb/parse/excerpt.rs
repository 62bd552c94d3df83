//! A piece of an article whose places are known in the whole.

use std::ops::Range;

/// Text taken out of an article, perhaps in several pieces (indented lines,
/// lines without their carriage return).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::kb) struct Excerpt {
    /// The text itself.
    pub(in crate::kb) text: String,
    /// Where each piece starts, in the text and in the article.
    pieces: Vec<(usize, usize)>,
}

impl Excerpt {
    /// One piece.
    pub(in crate::kb) fn new(source: &str, span: Range<usize>) -> Self {
        Self { text: source[span.clone()].to_owned(), pieces: vec![(0, span.start)] }
    }

    /// Appends text that stands at `start` in the article.
    pub(in crate::kb) fn push(&mut self, text: &str, start: usize) {
        self.pieces.push((self.text.len(), start));
        self.text.push_str(text);
    }

    /// The article's byte range of a byte range of the text.
    pub(in crate::kb) fn span(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.place(span.start);
        if span.end <= span.start { start..start } else { start..self.place(span.end - 1) + 1 }
    }

    fn place(&self, offset: usize) -> usize {
        let piece = self.pieces.iter().rfind(|(in_text, _)| *in_text <= offset);
        piece.map_or(0, |(in_text, in_source)| in_source + (offset - in_text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lead_back_to_the_article() {
        let source = "xx ab\r\n yy cd\r\n";
        let mut excerpt = Excerpt::default();
        excerpt.push("ab\n", 3);
        excerpt.push("cd\n", 11);
        let found = excerpt.text.find("cd").unwrap();
        assert_eq!(&source[excerpt.span(&(found..found + 2))], "cd");
        assert_eq!(&source[excerpt.span(&(0..2))], "ab");
        assert_eq!(excerpt.span(&(1..1)), 4..4);
        assert_eq!(Excerpt::default().span(&(0..0)), 0..0);
    }
}
