//! Changes as text: grouped by hive and key, before and after below each other.

mod value;

use ratatui::text::{Line, Span};

use crate::session::{Change, FileChange, KeyChange};
use crate::tui::text::{Indent, clean, wrap};
use crate::tui::theme::{Role, Theme};

use super::plural;

/// Lines of a text, with the keys named in it and the lines they stand on.
#[derive(Clone, Debug, Default)]
pub struct ChangeText {
    /// The lines.
    pub lines: Vec<Line<'static>>,
    /// Key names by line, in the order of the lines.
    pub keys: Vec<(usize, String)>,
}

/// Writes changes for `columns` columns.
pub fn change_text(changes: &[&Change], columns: usize, theme: &Theme) -> ChangeText {
    let mut writer = Writer { text: ChangeText::default(), columns: columns.max(8), theme };
    for hive in in_order(changes.iter().map(|change| place(change).0)) {
        let of_hive: Vec<&Change> =
            changes.iter().copied().filter(|change| place(change).0 == hive).collect();
        writer.heading(&hive, of_hive.len());
        for key in in_order(of_hive.iter().map(|change| place(change).1)) {
            writer.place(&key, of_hive[0].hive().is_some());
            for change in of_hive.iter().filter(|change| place(change).1 == key) {
                writer.change(change);
            }
        }
    }
    writer.text
}

/// The hive (or `Files`) and the key (or file) of a change.
fn place(change: &Change) -> (String, String) {
    let hive = change.hive().map_or_else(|| "Files".to_owned(), |hive| hive.0.clone());
    let key = match change {
        Change::Value(change) => change.key.clone(),
        Change::KeyCreated(change)
        | Change::KeyDeleted(change)
        | Change::KeyRenamed(change)
        | Change::KeyRestored(change) => change.key.clone(),
        Change::FileMovedAside(change) | Change::FileRenamed(change) | Change::FileRestored(change) => {
            change.file.clone()
        }
    };
    (hive, key)
}

/// Each once, in the order of first appearance.
fn in_order(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

struct Writer<'a> {
    text: ChangeText,
    columns: usize,
    theme: &'a Theme,
}

impl Writer<'_> {
    fn heading(&mut self, hive: &str, changes: usize) {
        if !self.text.lines.is_empty() {
            self.text.lines.push(Line::default());
        }
        let line = Line::from(vec![
            self.theme.span(Role::Heading, format!(" {}", clean(hive))),
            self.theme.span(Role::Faint, format!("  {}", plural(changes, "change"))),
        ]);
        self.text.lines.push(line);
    }

    fn place(&mut self, name: &str, is_key: bool) {
        if is_key {
            self.text.keys.push((self.text.lines.len(), name.to_owned()));
        }
        self.wrapped(&[self.theme.span(Role::Code, clean(name))], &Indent::spaces(1));
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::Value(change) => {
                let lines = value::lines(change, self.columns, self.theme);
                self.text.lines.extend(lines);
            }
            Change::KeyCreated(_) => self.after("the key is created"),
            Change::KeyDeleted(KeyChange { before, .. }) => {
                self.before(&format!(
                    "the key is deleted with everything below: {}",
                    words(before.as_deref())
                ));
            }
            Change::KeyRestored(KeyChange { after, .. }) => {
                self.after(&format!(
                    "the key is put back with everything below: {}",
                    words(after.as_deref())
                ));
            }
            Change::KeyRenamed(change) => {
                self.before(words(change.before.as_deref()));
                self.after(words(change.after.as_deref()));
            }
            Change::FileMovedAside(FileChange { before, .. }) => {
                self.before(words(before.as_deref()));
                self.after("moved into the receipt, from where undo brings it back");
            }
            Change::FileRenamed(change) | Change::FileRestored(change) => {
                self.before(words(change.before.as_deref()));
                self.after(words(change.after.as_deref()));
            }
        }
    }

    fn before(&mut self, text: &str) {
        self.marked(Role::Removed, "   - ", text);
    }

    fn after(&mut self, text: &str) {
        self.marked(Role::Added, "   + ", text);
    }

    fn marked(&mut self, role: Role, mark: &str, text: &str) {
        let indent = Indent::hanging(vec![self.theme.span(role, mark)]);
        self.wrapped(&[self.theme.span(role, clean(text))], &indent);
    }

    fn wrapped(&mut self, spans: &[Span<'static>], indent: &Indent) {
        self.text.lines.extend(wrap(spans, self.columns, indent));
    }
}

fn words(text: Option<&str>) -> &str {
    text.unwrap_or("(absent)")
}

#[cfg(test)]
mod tests;
