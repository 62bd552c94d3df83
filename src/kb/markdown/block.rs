//! The tree that front ends render.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::OPTIONS;
use super::outline::level_number;

/// How deep lists and quotes may stand in each other; what is deeper is shown
/// at this depth.
const DEPTH_MAX: usize = 12;

/// A part of a text, from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its text.
        text: Vec<Span>,
    },
    /// Running text.
    Paragraph(Vec<Span>),
    /// A list.
    List {
        /// Its first number, where the items are numbered.
        ordered: Option<u64>,
        /// The blocks of each item.
        items: Vec<Vec<Block>>,
    },
    /// A table.
    Table {
        /// Cells of the header.
        header: Vec<Cell>,
        /// Cells of each row.
        rows: Vec<Vec<Cell>>,
    },
    /// A code block.
    Code {
        /// What stands behind the opening fence: `toml fix`, `reg before`.
        info: String,
        /// Its lines.
        text: String,
        /// Line of its first character in the text, from 1.
        line: usize,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// A line across.
    Rule,
}

/// A run of text in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Plain; `\n` where the author broke the line.
    Text(String),
    /// `**strong**`.
    Strong(String),
    /// `*emphasised*`.
    Emphasis(String),
    /// `` `code` ``.
    Code(String),
    /// `[text](url)`.
    Link {
        /// What is shown.
        text: String,
        /// Where it leads: an address, or an article's file name.
        url: String,
    },
}

/// A cell of a table.
pub type Cell = Vec<Span>;

/// A heading with the blocks below it, up to the next heading that is as high.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading's text without styles.
    pub title: String,
    /// The heading's level.
    pub level: u8,
    /// The blocks that belong to it, the heading itself first.
    pub blocks: Range<usize>,
}

/// Reads a text as blocks.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut tree = Tree::default();
    let (mut counted, mut line) = (0, 1);
    for (event, place) in Parser::new_ext(text, OPTIONS).into_offset_iter() {
        if place.start > counted && matches!(event, Event::Start(Tag::CodeBlock(_))) {
            line += text[counted..place.start].matches('\n').count();
            counted = place.start;
        }
        tree.take(event, line);
    }
    tree.finish()
}

/// The sections of a text, in their order.
pub fn sections(blocks: &[Block]) -> Vec<Section> {
    let headings: Vec<(usize, u8, String)> = blocks
        .iter()
        .enumerate()
        .filter_map(|(index, block)| match block {
            Block::Heading { level, text } => Some((index, *level, plain_text(text))),
            _ => None,
        })
        .collect();
    let end_of = |position: usize, level: u8| {
        let next = headings[position + 1..].iter().find(|(_, other, _)| *other <= level);
        next.map_or(blocks.len(), |(index, _, _)| *index)
    };
    let section = |(position, (start, level, title)): (usize, &(usize, u8, String))| Section {
        title: title.clone(),
        level: *level,
        blocks: *start..end_of(position, *level),
    };
    headings.iter().enumerate().map(section).collect()
}

/// The text of spans without their styles.
pub fn plain_text(spans: &[Span]) -> String {
    let texts = spans.iter().map(|span| match span {
        Span::Text(text)
        | Span::Strong(text)
        | Span::Emphasis(text)
        | Span::Code(text)
        | Span::Link { text, .. } => text,
    });
    texts.map(String::as_str).collect()
}

/// The tree while it is built: what is open, innermost last.
#[derive(Default)]
struct Tree {
    done: Vec<Block>,
    open: Vec<Container>,
    /// Containers that were opened beyond the greatest depth.
    flattened: usize,
    spans: Vec<Span>,
    style: Style,
    table: Option<(Vec<Cell>, Vec<Vec<Cell>>)>,
    code: Option<(String, String, usize)>,
}

enum Container {
    List { ordered: Option<u64>, items: Vec<Vec<Block>> },
    Item(Vec<Block>),
    Quote(Vec<Block>),
}

#[derive(Default)]
struct Style {
    strong: usize,
    emphasis: usize,
    link: Option<(String, String)>,
}

impl Tree {
    fn take(&mut self, event: Event<'_>, line: usize) {
        match event {
            Event::Start(tag) => self.start(tag, line),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some((_, code, _)) => code.push_str(&text),
                None => self.text(&text, false),
            },
            Event::Code(text) => self.text(&text, true),
            Event::Html(text) | Event::InlineHtml(text) => self.text(&text, false),
            Event::SoftBreak => self.text(" ", false),
            Event::HardBreak => self.text("\n", false),
            Event::Rule => self.add(Block::Rule),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, line: usize) {
        match tag {
            Tag::List(ordered) => self.open(Container::List { ordered, items: Vec::new() }),
            Tag::Item => self.open(Container::Item(Vec::new())),
            Tag::BlockQuote(_) => self.open(Container::Quote(Vec::new())),
            Tag::CodeBlock(kind) => {
                self.flush_paragraph();
                let fenced = matches!(kind, CodeBlockKind::Fenced(_));
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.split_whitespace().collect::<Vec<_>>().join(" "),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((info, String::new(), line + usize::from(fenced)));
            }
            Tag::Table(_) => self.table = Some((Vec::new(), Vec::new())),
            Tag::TableRow => self.table.iter_mut().for_each(|(_, rows)| rows.push(Vec::new())),
            Tag::Heading { .. } => self.flush_paragraph(),
            Tag::Strong => self.style.strong += 1,
            Tag::Emphasis => self.style.emphasis += 1,
            Tag::Link { dest_url, .. } => self.style.link = Some((String::new(), dest_url.to_string())),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.flush_paragraph(),
            TagEnd::Heading(level) => {
                let text = std::mem::take(&mut self.spans);
                self.add(Block::Heading { level: level_number(level), text });
            }
            TagEnd::List(_) | TagEnd::Item | TagEnd::BlockQuote(_) => self.close(),
            TagEnd::CodeBlock => {
                if let Some((info, text, line)) = self.code.take() {
                    self.add(Block::Code { info, text, line });
                }
            }
            TagEnd::TableCell => self.cell(),
            TagEnd::TableHead => {
                if let Some((header, rows)) = &mut self.table {
                    *header = rows.pop().unwrap_or_default();
                }
            }
            TagEnd::Table => {
                if let Some((header, rows)) = self.table.take() {
                    self.add(Block::Table { header, rows });
                }
            }
            TagEnd::Strong => self.style.strong = self.style.strong.saturating_sub(1),
            TagEnd::Emphasis => self.style.emphasis = self.style.emphasis.saturating_sub(1),
            TagEnd::Link => {
                if let Some((text, url)) = self.style.link.take() {
                    self.spans.push(Span::Link { text, url });
                }
            }
            _ => {}
        }
    }

    /// Text in the style that is open; neighbours of one style become one span.
    fn text(&mut self, text: &str, code: bool) {
        if let Some((link, _)) = &mut self.style.link {
            link.push_str(text);
            return;
        }
        let text = text.to_owned();
        let next = match &self.style {
            _ if code => Span::Code(text),
            Style { strong: 1.., .. } => Span::Strong(text),
            Style { emphasis: 1.., .. } => Span::Emphasis(text),
            _ => Span::Text(text),
        };
        match (self.spans.last_mut(), next) {
            (Some(Span::Text(before)), Span::Text(more))
            | (Some(Span::Strong(before)), Span::Strong(more))
            | (Some(Span::Emphasis(before)), Span::Emphasis(more)) => before.push_str(&more),
            (_, other) => self.spans.push(other),
        }
    }

    fn cell(&mut self) {
        let spans = std::mem::take(&mut self.spans);
        if let Some((_, rows)) = &mut self.table {
            match rows.last_mut() {
                Some(row) => row.push(spans),
                None => rows.push(vec![spans]),
            }
        }
    }

    fn open(&mut self, container: Container) {
        // The text of a tight list item has no paragraph of its own.
        self.flush_paragraph();
        if self.open.len() < DEPTH_MAX {
            self.open.push(container);
        } else {
            self.flattened += 1;
        }
    }

    fn close(&mut self) {
        self.flush_paragraph();
        if self.flattened > 0 {
            self.flattened -= 1;
            return;
        }
        match self.open.pop() {
            Some(Container::List { ordered, items }) => self.add(Block::List { ordered, items }),
            Some(Container::Quote(blocks)) => self.add(Block::Quote(blocks)),
            Some(Container::Item(blocks)) => match self.open.last_mut() {
                Some(Container::List { items, .. }) => items.push(blocks),
                _ => blocks.into_iter().for_each(|block| self.add(block)),
            },
            None => {}
        }
    }

    fn flush_paragraph(&mut self) {
        if !self.spans.is_empty() {
            let spans = std::mem::take(&mut self.spans);
            self.add(Block::Paragraph(spans));
        }
    }

    fn add(&mut self, block: Block) {
        match self.open.last_mut() {
            Some(Container::Item(blocks) | Container::Quote(blocks)) => blocks.push(block),
            Some(Container::List { items, .. }) => items.push(vec![block]),
            None => self.done.push(block),
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush_paragraph();
        while !self.open.is_empty() {
            self.flattened = 0;
            self.close();
        }
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Span {
        Span::Text(text.to_owned())
    }

    fn paragraph(words: &str) -> Block {
        Block::Paragraph(vec![text(words)])
    }

    #[test]
    fn styles_become_flat_spans() {
        let found = blocks("A **b *c*** *d* `e` [f **g**](h.md) i\nj  \nk");
        let spans = vec![
            text("A "),
            Span::Strong("b c".to_owned()),
            text(" "),
            Span::Emphasis("d".to_owned()),
            text(" "),
            Span::Code("e".to_owned()),
            text(" "),
            Span::Link { text: "f g".to_owned(), url: "h.md".to_owned() },
            text(" i j\nk"),
        ];
        assert_eq!(found, [Block::Paragraph(spans)]);
    }

    #[test]
    fn lists_hold_blocks() {
        let found = blocks("3. a\n   - b\n\n   > c\n4. d\n");
        let inner = Block::List { ordered: None, items: vec![vec![paragraph("b")]] };
        let first = vec![paragraph("a"), inner, Block::Quote(vec![paragraph("c")])];
        assert_eq!(found, [Block::List { ordered: Some(3), items: vec![first, vec![paragraph("d")]] }]);
        let tight = blocks("- a\n- b\n");
        assert_eq!(
            tight,
            [Block::List { ordered: None, items: vec![vec![paragraph("a")], vec![paragraph("b")]] }]
        );
    }

    #[test]
    fn tables_have_a_header_and_rows() {
        let found = blocks("| a | b |\n|---|---|\n| `c` | d |\n| e | |\n");
        let header = vec![vec![text("a")], vec![text("b")]];
        let rows =
            vec![vec![vec![Span::Code("c".to_owned())], vec![text("d")]], vec![vec![text("e")], vec![]]];
        assert_eq!(found, [Block::Table { header, rows }]);
    }

    #[test]
    fn code_keeps_its_info_lines_and_place() {
        let found = blocks("a\n\n```toml   fix\nid = 1\n\nx\n```\n\n---\n\n    indented\n");
        let code =
            |info: &str, text: &str, line| Block::Code { info: info.to_owned(), text: text.to_owned(), line };
        let expected =
            [paragraph("a"), code("toml fix", "id = 1\n\nx\n", 4), Block::Rule, code("", "indented\n", 11)];
        assert_eq!(found, expected);
    }

    #[test]
    fn sections_end_at_the_next_heading_of_their_rank() {
        let found = blocks("x\n\n## A\n\na\n\n### B\n\nb\n\n## C\n");
        let ranges: Vec<_> = sections(&found).into_iter().map(|s| (s.title, s.level, s.blocks)).collect();
        let expected = [("A".to_owned(), 2, 1..5), ("B".to_owned(), 3, 3..5), ("C".to_owned(), 2, 5..6)];
        assert_eq!(ranges, expected);
    }

    #[test]
    fn depth_is_bounded() {
        let deep = blocks(&format!("{} a\n\nb\n", ">".repeat(5000)));
        let depth = |block: &Block| {
            let (mut block, mut depth) = (block, 0);
            while let Block::Quote(inner) = block {
                depth += 1;
                block = &inner[0];
            }
            depth
        };
        assert_eq!(depth(&deep[0]), DEPTH_MAX);
        assert_eq!(deep[1], paragraph("b"));
    }
}
