//! Articles as wrapped text.

use unicode_width::UnicodeWidthStr as _;

use crate::session::markdown::{self, Block, Span, plain_text};
use crate::session::{Article, Fix, Safety};

/// The whole article.
pub(in crate::cli) fn article(article: &Article, width: usize) -> Vec<String> {
    let mut lines = vec![article.title.clone(), "=".repeat(article.title.width().min(width)), String::new()];
    if !article.products.is_empty() {
        lines.extend(wrap(&format!("For: {}", article.products.join(", ")), width, "", "  "));
        lines.push(String::new());
    }
    lines.extend(blocks(&markdown::blocks(&article.body), width, ""));
    lines.extend(fixes(&article.fixes));
    if !article.references.is_empty() {
        lines.extend(heading("References", 2));
        for reference in &article.references {
            let url = reference.url.as_deref().map(|url| format!(" <{url}>")).unwrap_or_default();
            lines.extend(wrap(&format!("{}{url}", reference.title), width, "- ", "  "));
        }
    }
    lines
}

/// What can be done about it from here.
fn fixes(fixes: &[Fix]) -> Vec<String> {
    if fixes.is_empty() {
        return Vec::new();
    }
    let mut lines = heading("Fixes", 2);
    for fix in fixes {
        let safety = match fix.safety {
            Safety::Safe => "safe",
            Safety::Risky => "risky",
            Safety::Manual => "by hand",
        };
        let optional = if fix.optional { ", only when named" } else { "" };
        lines.push(format!("{}  ({safety}{optional})", fix.id));
        lines.push(format!("  {}", fix.title));
    }
    lines.push(String::new());
    lines.push(format!("Preview: pemedic plan {}", fixes[0].id.article));
    lines.push(String::new());
    lines
}

fn heading(text: &str, level: u8) -> Vec<String> {
    let mark = if level <= 2 { "-" } else { "." };
    vec![text.to_owned(), mark.repeat(text.width()), String::new()]
}

fn blocks(blocks: &[Block], width: usize, indent: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks {
        lines.extend(self::block(block, width, indent));
        lines.push(String::new());
    }
    lines
}

fn block(block: &Block, width: usize, indent: &str) -> Vec<String> {
    match block {
        Block::Heading { level, text } => {
            let mut lines = heading(&plain_text(text), *level);
            lines.pop();
            lines
        }
        Block::Paragraph(spans) => wrap(&marked(spans), width, indent, indent),
        Block::List { ordered, items } => list(*ordered, items, width, indent),
        Block::Table { header, rows } => table(header, rows, indent),
        Block::Code { text, .. } => text.lines().map(|line| format!("{indent}    {line}")).collect(),
        Block::Quote(inner) => {
            let quoted = blocks(inner, width.saturating_sub(2), indent);
            quoted.iter().map(|line| format!("| {line}").trim_end().to_owned()).collect()
        }
        Block::Rule => vec!["-".repeat(width)],
    }
}

fn list(ordered: Option<u64>, items: &[Vec<Block>], width: usize, indent: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, item) in (0..).zip(items) {
        let mark = ordered.map_or("- ".to_owned(), |first| format!("{}. ", first + index));
        let inner = format!("{indent}{}", " ".repeat(mark.len()));
        let mut item_lines = blocks(item, width, &inner);
        item_lines.pop();
        if let Some(first) = item_lines.first_mut() {
            *first = format!("{indent}{mark}{}", first.trim_start());
        }
        lines.extend(item_lines);
    }
    lines
}

/// Columns as wide as their widest cell: a console can scroll, a cut value
/// cannot be typed.
fn table(header: &[Vec<Span>], rows: &[Vec<Vec<Span>>], indent: &str) -> Vec<String> {
    let text_of =
        |cells: &[Vec<Span>]| -> Vec<String> { cells.iter().map(|cell| plain_text(cell)).collect() };
    let all: Vec<Vec<String>> =
        std::iter::once(text_of(header)).chain(rows.iter().map(|row| text_of(row))).collect();
    let columns = all.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            all.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: &[String]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width()))))
            .collect();
        format!("{indent}{}", padded.join("  ")).trim_end().to_owned()
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut lines = vec![line(&all[0]), line(&rule)];
    lines.extend(all[1..].iter().map(|row| line(row)));
    lines
}

/// Text whose emphasis survives a console without styles.
fn marked(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text(text) | Span::Emphasis(text) => text.clone(),
            Span::Strong(text) => format!("*{text}*"),
            Span::Code(text) => format!("`{text}`"),
            Span::Link { text, url } if text == url => format!("<{url}>"),
            Span::Link { text, url } => format!("{text} <{url}>"),
        })
        .collect()
}

fn wrap(text: &str, width: usize, first: &str, rest: &str) -> Vec<String> {
    let options = textwrap::Options::new(width.max(20))
        .initial_indent(first)
        .subsequent_indent(rest)
        .break_words(false);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}
