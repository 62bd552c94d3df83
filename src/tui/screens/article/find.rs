//! Search within an article.

use std::ops::Range;

use ratatui::text::{Line, Span};

use crate::tui::text::TextField;
use crate::tui::theme::{Role, Theme};

/// What is searched for, and where it was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Find {
    /// While it is typed.
    field: Option<TextField>,
    /// In lower case.
    needle: String,
    /// Lines with the needle.
    matches: Vec<usize>,
    at: usize,
    /// The place found is to be brought into sight.
    moved: bool,
    /// The search has just begun: the first place from here on is meant.
    begun: bool,
}

impl Find {
    pub(super) fn is_typing(&self) -> bool {
        self.field.is_some()
    }

    pub(super) fn field(&mut self) -> Option<&mut TextField> {
        self.field.as_mut()
    }

    pub(super) fn has_matches(&self) -> bool {
        self.field.is_none() && !self.matches.is_empty()
    }

    pub(super) fn type_anew(&mut self) {
        self.field = Some(TextField::default());
    }

    /// Takes what was typed.
    pub(super) fn begin(&mut self) {
        if let Some(field) = self.field.take() {
            self.needle = field.text().trim().to_lowercase();
            (self.begun, self.moved) = (true, true);
        }
    }

    /// Stops typing or searching; returns whether there was anything to stop.
    pub(super) fn leave(&mut self) -> bool {
        if self.field.take().is_some() {
            return true;
        }
        let searching = !self.needle.is_empty();
        *self = Self::default();
        searching
    }

    pub(super) fn turn(&mut self, forward: bool) {
        let count = self.matches.len().max(1);
        self.at = if forward { (self.at + 1) % count } else { (self.at + count - 1) % count };
        self.moved = true;
    }

    /// Looks through the lines; returns the one to bring into sight.
    pub(super) fn fit(&mut self, lines: &[Line<'static>], top: usize) -> Option<usize> {
        self.matches.clear();
        if self.needle.is_empty() {
            return None;
        }
        let has = |line: &Line<'static>| line.to_string().to_lowercase().contains(&self.needle);
        let found: Vec<usize> =
            lines.iter().enumerate().filter(|(_, line)| has(line)).map(|(at, _)| at).collect();
        self.matches = found;
        if std::mem::take(&mut self.begun) {
            self.at = self.matches.iter().position(|line| *line >= top).unwrap_or(0);
        }
        self.at = self.at.min(self.matches.len().saturating_sub(1));
        if std::mem::take(&mut self.moved) { self.matches.get(self.at).copied() } else { None }
    }

    /// The field while typing, else what was found.
    pub(super) fn shown(&self) -> Option<(Option<&TextField>, String)> {
        if let Some(field) = &self.field {
            return Some((Some(field), String::new()));
        }
        if self.needle.is_empty() {
            return None;
        }
        let found = match self.matches.len() {
            0 => format!("{:?} is not in this article; Esc ends the search", self.needle),
            count => format!("{:?}: {} of {count}; n next, N before, Esc ends", self.needle, self.at + 1),
        };
        Some((None, found))
    }

    /// The lines in sight with the needle marked.
    pub(super) fn marked(
        &self,
        lines: &[Line<'static>],
        visible: Range<usize>,
        theme: &Theme,
    ) -> Vec<Line<'static>> {
        let visible = lines.get(visible).unwrap_or_default();
        visible.iter().map(|line| mark(line, &self.needle, theme)).collect()
    }
}

/// A line with every place of the needle in the style of a match. Styles are
/// per character, because a place may begin in one span and end in another.
fn mark(line: &Line<'static>, needle: &str, theme: &Theme) -> Line<'static> {
    let text = line.to_string();
    let lower = text.to_lowercase();
    // Where lower case is longer or shorter, places cannot be told; rare.
    if needle.is_empty() || lower.len() != text.len() || !lower.contains(needle) {
        return line.clone();
    }
    let places: Vec<usize> = lower.match_indices(needle).map(|(at, _)| at).collect();
    let is_match = |at: usize| places.iter().any(|place| (*place..place + needle.len()).contains(&at));
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut at = 0;
    for span in &line.spans {
        for c in span.content.chars() {
            let style = if is_match(at) { theme.style(Role::Match) } else { span.style };
            at += c.len_utf8();
            match spans.last_mut() {
                Some(last) if last.style == style => last.content.to_mut().push(c),
                _ => spans.push(Span::styled(c.to_string(), style)),
            }
        }
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(needle: &str, lines: &[Line<'static>]) -> (Find, Option<usize>) {
        let mut find = Find::default();
        find.type_anew();
        find.field().unwrap().insert(needle);
        find.begin();
        let line = find.fit(lines, 0);
        (find, line)
    }

    #[test]
    fn places_are_found_without_regard_to_case_and_in_a_circle() {
        let lines = ["one", "Two", "three two"].map(Line::from);
        let (mut find, line) = found("TWO", &lines);
        assert_eq!(line, Some(1));
        find.turn(true);
        assert_eq!(find.fit(&lines, 0), Some(2));
        find.turn(true);
        assert_eq!(find.fit(&lines, 0), Some(1));
        assert_eq!(find.fit(&lines, 0), None, "only a turn moves");
        assert!(find.leave());
        assert!(!find.leave());
    }

    #[test]
    fn a_place_over_two_spans_is_marked_whole() {
        let theme = Theme::new(true, false);
        let line = Line::from(vec![Span::raw("a bc"), Span::styled("de", theme.style(Role::Code))]);
        let marked = mark(&line, "cd", &theme);
        let hit: String = marked
            .spans
            .iter()
            .filter(|span| span.style == theme.style(Role::Match))
            .map(|span| span.content.as_ref())
            .collect();
        assert_eq!(hit, "cd");
    }
}
