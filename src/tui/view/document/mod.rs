//! An article's blocks as lines of a console: headings, lists, tables, code,
//! links as numbered references.

mod inline;
mod table;

use ratatui::text::{Line, Span};

use crate::session::Block;
use crate::tui::text::{Indent, clean, width, wrap};
use crate::tui::theme::{Role, Theme};

use inline::Links;

/// Writes blocks below each other.
pub struct DocumentWriter<'a> {
    /// The lines so far.
    pub lines: Vec<Line<'static>>,
    columns: usize,
    theme: &'a Theme,
    links: Links,
}

/// Deeper lists are not indented further: the text needs the place.
const INDENT_MAX: usize = 12;

impl<'a> DocumentWriter<'a> {
    /// A writer for `columns` columns.
    pub fn new(columns: usize, theme: &'a Theme) -> Self {
        Self { lines: Vec::new(), columns: columns.max(10), theme, links: Links::default() }
    }

    /// Writes a block with air above it.
    pub fn block(&mut self, block: &Block) {
        if !self.lines.is_empty() {
            self.lines.push(Line::default());
        }
        self.inner(block, &Prefix::default());
    }

    /// Writes one line of text in a role, wrapped.
    pub fn text(&mut self, role: Role, text: &str, indent: usize) {
        let span = self.theme.span(role, clean(text));
        self.lines.extend(wrap(&[span], self.columns, &Indent::spaces(indent)));
    }

    /// The addresses that the numbers in the text stand for.
    pub fn references(&mut self) {
        let urls = self.links.take();
        if urls.is_empty() {
            return;
        }
        self.lines.push(Line::default());
        self.text(Role::Heading, "Links", 1);
        for (number, url) in urls.iter().enumerate() {
            let indent = Indent::hanging(vec![self.theme.span(Role::Faint, format!(" [{}] ", number + 1))]);
            let url = self.theme.span(Role::Code, clean(url));
            self.lines.extend(wrap(&[url], self.columns, &indent));
        }
    }

    fn inner(&mut self, block: &Block, prefix: &Prefix) {
        match block {
            Block::Heading { level, text } => {
                let role = if *level <= 2 { Role::Heading } else { Role::Strong };
                let spans: Vec<Span<'static>> =
                    self.spans(text).into_iter().map(|span| span.style(self.theme.style(role))).collect();
                self.lines.extend(wrap(&spans, self.columns, &prefix.indent()));
            }
            Block::Paragraph(spans) => {
                let spans = self.spans(spans);
                self.lines.extend(wrap(&spans, self.columns, &prefix.indent()));
            }
            Block::List { ordered, items } => self.list(*ordered, items, prefix),
            Block::Table { header, rows } => {
                let header: Vec<_> = header.iter().map(|cell| self.spans(cell)).collect();
                let rows: Vec<Vec<_>> =
                    rows.iter().map(|row| row.iter().map(|cell| self.spans(cell)).collect()).collect();
                let room = self.columns.saturating_sub(prefix.columns() + 1);
                let lines = table::lines(&header, &rows, room, self.theme);
                self.lines.extend(lines.into_iter().map(|line| prefix.before(line)));
            }
            Block::Code { text, .. } => self.code(text, prefix),
            Block::Quote(blocks) => {
                let mark = self.theme.span(Role::Faint, format!("{} ", self.theme.glyphs.vertical));
                self.blocks(blocks, &prefix.with(vec![mark.clone()], vec![mark]));
            }
            Block::Rule => {
                let rule = self.theme.glyphs.horizontal.repeat(self.columns.saturating_sub(2));
                self.lines.push(Line::from(vec![Span::raw(" "), self.theme.span(Role::Faint, rule)]));
            }
        }
    }

    fn blocks(&mut self, blocks: &[Block], prefix: &Prefix) {
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 && !matches!(block, Block::List { .. }) {
                self.lines.push(Line::from(prefix.rest.clone()));
            }
            // Only the first line of the first block stands beside the mark.
            let prefix = if index == 0 { prefix.clone() } else { prefix.rest() };
            self.inner(block, &prefix);
        }
    }

    fn list(&mut self, ordered: Option<u64>, items: &[Vec<Block>], prefix: &Prefix) {
        let numbers = ordered.unwrap_or(0)..;
        let mut prefix = prefix.clone();
        for (item, number) in items.iter().zip(numbers) {
            let mark = match ordered {
                Some(_) => format!("{number}. "),
                None => format!("{} ", self.theme.glyphs.bullet),
            };
            let blank = Span::raw(" ".repeat(width(&mark)));
            self.blocks(item, &prefix.with(vec![Span::raw(mark)], vec![blank]));
            prefix = prefix.rest();
        }
    }

    fn code(&mut self, text: &str, prefix: &Prefix) {
        let prefix = prefix.with(vec![Span::raw("  ")], vec![Span::raw("  ")]);
        for line in text.lines() {
            let span = self.theme.span(Role::Code, clean(line));
            self.lines.extend(wrap(&[span], self.columns, &prefix.rest().indent()));
        }
    }

    fn spans(&mut self, spans: &[crate::session::Span]) -> Vec<Span<'static>> {
        self.links.spans(spans, self.theme)
    }
}

/// What stands before the lines of nested blocks.
#[derive(Clone, Debug)]
struct Prefix {
    first: Vec<Span<'static>>,
    rest: Vec<Span<'static>>,
}

impl Default for Prefix {
    fn default() -> Self {
        let margin = vec![Span::raw(" ")];
        Self { first: margin.clone(), rest: margin }
    }
}

impl Prefix {
    fn with(&self, first: Vec<Span<'static>>, rest: Vec<Span<'static>>) -> Self {
        if self.columns() >= INDENT_MAX {
            return self.clone();
        }
        let both = |before: &Vec<Span<'static>>, after: Vec<Span<'static>>| {
            before.iter().cloned().chain(after).collect::<Vec<_>>()
        };
        Self { first: both(&self.first, first), rest: both(&self.rest, rest) }
    }

    fn rest(&self) -> Self {
        Self { first: self.rest.clone(), rest: self.rest.clone() }
    }

    fn columns(&self) -> usize {
        self.rest.iter().map(|span| width(&span.content)).sum()
    }

    fn indent(&self) -> Indent {
        Indent { first: self.first.clone(), rest: self.rest.clone() }
    }

    fn before(&self, line: Line<'static>) -> Line<'static> {
        let mut spans = self.rest.clone();
        spans.extend(line.spans);
        Line::from(spans)
    }
}

#[cfg(test)]
mod tests;
