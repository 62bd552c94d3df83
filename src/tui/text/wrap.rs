//! Wrapping of styled text at spaces, and of names that are longer than a line
//! after a backslash.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthChar as _;

use super::clean::width;

/// What stands before the text of a wrapped line.
#[derive(Clone, Debug, Default)]
pub struct Indent {
    /// Before the first line.
    pub first: Vec<Span<'static>>,
    /// Before the others.
    pub rest: Vec<Span<'static>>,
}

impl Indent {
    /// `columns` spaces before every line.
    pub fn spaces(columns: usize) -> Self {
        let blank = vec![Span::raw(" ".repeat(columns))];
        Self { first: blank.clone(), rest: blank }
    }

    /// `first` spaces before the first line, `rest` before the others.
    pub fn hanging_spaces(first: usize, rest: usize) -> Self {
        Self { first: vec![Span::raw(" ".repeat(first))], rest: vec![Span::raw(" ".repeat(rest))] }
    }

    /// A mark before the first line, as many spaces before the others.
    pub fn hanging(mark: Vec<Span<'static>>) -> Self {
        let columns = mark.iter().map(|span| width(&span.content)).sum();
        Self { first: mark, rest: vec![Span::raw(" ".repeat(columns))] }
    }
}

/// Lines of at most `columns` columns. A line feed in the text ends a line.
/// Where `columns` leaves no place beside the indent, the indent is dropped.
pub fn wrap(spans: &[Span<'static>], columns: usize, indent: &Indent) -> Vec<Line<'static>> {
    let mut wrapper = Wrapper::new(columns.max(1), indent);
    for word in words(spans) {
        match word {
            Word::Break => wrapper.end_line(),
            Word::Space(style) => wrapper.space(style),
            Word::Text(characters) => wrapper.word(&characters),
        }
    }
    wrapper.end_line();
    wrapper.lines
}

type Styled = (char, Style);

enum Word {
    Break,
    Space(Style),
    Text(Vec<Styled>),
}

fn words(spans: &[Span<'static>]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Vec::new();
    for span in spans {
        for c in span.content.chars() {
            if c != ' ' && c != '\n' {
                word.push((c, span.style));
                continue;
            }
            if !word.is_empty() {
                words.push(Word::Text(std::mem::take(&mut word)));
            }
            words.push(if c == '\n' { Word::Break } else { Word::Space(span.style) });
        }
    }
    if !word.is_empty() {
        words.push(Word::Text(word));
    }
    words
}

struct Wrapper<'a> {
    columns: usize,
    indent: &'a Indent,
    lines: Vec<Line<'static>>,
    line: Vec<Styled>,
    taken: usize,
    /// Spaces seen since the last word; dropped where the line breaks.
    spaces: Vec<Styled>,
}

impl<'a> Wrapper<'a> {
    fn new(columns: usize, indent: &'a Indent) -> Self {
        Self { columns, indent, lines: Vec::new(), line: Vec::new(), taken: 0, spaces: Vec::new() }
    }

    /// Columns for text on the present line.
    fn room(&self) -> usize {
        let indent = if self.lines.is_empty() { &self.indent.first } else { &self.indent.rest };
        let indent: usize = indent.iter().map(|span| width(&span.content)).sum();
        if indent + 4 <= self.columns { self.columns - indent } else { self.columns }
    }

    fn space(&mut self, style: Style) {
        self.spaces.push((' ', style));
    }

    fn word(&mut self, word: &[Styled]) {
        let wide = columns_of(word);
        if self.taken + self.spaces.len() + wide > self.room() {
            if self.taken > 0 && (wide <= self.room() || self.taken * 2 > self.room()) {
                self.end_line();
            }
            if self.taken + self.spaces.len() + wide > self.room() {
                return self.long_word(word);
            }
        }
        self.take(word);
    }

    fn take(&mut self, word: &[Styled]) {
        let spaces = std::mem::take(&mut self.spaces);
        self.taken += spaces.len() + columns_of(word);
        self.line.extend(spaces);
        self.line.extend_from_slice(word);
    }

    /// Breaks a word that no line can hold: after the last backslash that
    /// fits, else wherever the line ends.
    fn long_word(&mut self, word: &[Styled]) {
        let mut rest = word;
        while !rest.is_empty() {
            let room = self.room().saturating_sub(self.taken + self.spaces.len());
            let fits = fitting(rest, room);
            if fits == rest.len() {
                return self.take(rest);
            }
            let at =
                rest[..fits].iter().rposition(|(c, _)| matches!(c, '\\' | '/')).map_or(fits, |at| at + 1);
            // A single character wider than the line still has to go somewhere.
            let at = if at == 0 && self.taken == 0 { 1 } else { at };
            let (head, tail) = rest.split_at(at);
            if !head.is_empty() {
                self.take(head);
            }
            if !tail.is_empty() {
                self.end_line();
            }
            rest = tail;
        }
    }

    fn end_line(&mut self) {
        let indent = if self.lines.is_empty() { &self.indent.first } else { &self.indent.rest };
        let indented = self.room() < self.columns;
        let mut spans = if indented { indent.clone() } else { Vec::new() };
        // Spaces that open a line are meant (code); those that end one are not.
        if self.line.is_empty() && self.taken == 0 {
            self.spaces.clear();
        }
        spans.extend(joined(&self.line));
        self.lines.push(Line::from(spans));
        self.line.clear();
        self.spaces.clear();
        self.taken = 0;
    }
}

fn columns_of(word: &[Styled]) -> usize {
    word.iter().map(|(c, _)| c.width().unwrap_or(0)).sum()
}

/// How many leading characters fit into `room` columns.
fn fitting(word: &[Styled], room: usize) -> usize {
    let mut taken = 0;
    for (index, (c, _)) in word.iter().enumerate() {
        taken += c.width().unwrap_or(0);
        if taken > room {
            return index;
        }
    }
    word.len()
}

fn joined(line: &[Styled]) -> Vec<Span<'static>> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    for (c, style) in line {
        match spans.last_mut() {
            Some(last) if last.style == *style => last.content.to_mut().push(*c),
            _ => spans.push(Span::styled(c.to_string(), *style)),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, columns: usize, indent: &Indent, expected: &[&str]) {
        let lines = wrap(&[Span::raw(text.to_owned())], columns, indent);
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        assert_eq!(lines, expected);
        assert!(lines.iter().all(|line| width(line) <= columns));
    }

    #[test]
    fn lines_break_at_spaces() {
        check("one two three", 8, &Indent::default(), &["one two", "three"]);
        check("", 8, &Indent::default(), &[""]);
        check("a\n\nb", 8, &Indent::default(), &["a", "", "b"]);
    }

    #[test]
    fn long_names_break_after_a_backslash() {
        let expected = [r"HKLM\SOFTWARE\", r"Microsoft\", r"Windows"];
        check(r"HKLM\SOFTWARE\Microsoft\Windows", 16, &Indent::default(), &expected);
        check("aaaaaaaaaa", 4, &Indent::default(), &["aaaa", "aaaa", "aa"]);
    }

    #[test]
    fn later_lines_hang_under_the_first() {
        let indent = Indent::hanging(vec![Span::raw("1. ")]);
        check("press the key twice", 12, &indent, &["1. press the", "   key twice"]);
    }

    #[test]
    fn wide_characters_count_twice() {
        check("日本語 日本", 6, &Indent::default(), &["日本語", "日本"]);
        let lines = wrap(&[Span::raw("日本".to_owned())], 1, &Indent::default());
        assert_eq!(lines.len(), 2, "a character wider than the line still goes somewhere");
    }

    #[test]
    fn an_indent_that_leaves_no_room_is_dropped() {
        check("word", 5, &Indent::spaces(3), &["word"]);
    }

    #[test]
    fn styles_survive() {
        let bold = Style::new().add_modifier(ratatui::style::Modifier::BOLD);
        let lines = wrap(&[Span::raw("a "), Span::styled("b", bold)], 10, &Indent::default());
        assert_eq!(lines[0].spans.last().unwrap().style, bold);
    }
}
