//! A line of text that is being typed or pasted.

use unicode_width::UnicodeWidthChar as _;

use super::clean::clean;
use crate::tui::input::Key;

/// A paste may be a whole log; what is beyond this says nothing more.
const LENGTH_MAX_BYTES: usize = 1024 * 1024;

/// Text with a caret. Line feeds are kept (a paste has them) and shown as
/// spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextField {
    text: String,
    /// Byte offset, always at a character boundary.
    caret: usize,
    lines: usize,
    full: bool,
}

impl TextField {
    /// A field that holds `text`, the caret behind it.
    pub fn with_text(text: &str) -> Self {
        let mut field = Self::default();
        field.insert(text);
        field
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// How many further lines a paste brought.
    pub fn more_lines(&self) -> usize {
        self.lines
    }

    /// Whether something had no place any more.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Puts text in at the caret, as far as it has place.
    pub fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut room = LENGTH_MAX_BYTES.saturating_sub(self.text.len()).min(text.len());
        while !text.is_char_boundary(room) {
            room -= 1;
        }
        let taken = &text[..room];
        self.text.insert_str(self.caret, taken);
        self.caret += room;
        self.lines += taken.matches('\n').count();
        self.full = room < text.len();
    }

    /// Edits by a key; returns whether the text changed, `None` for a key that
    /// is none of the field's.
    pub fn key(&mut self, key: Key) -> Option<bool> {
        match key {
            Key::Char(c) => {
                let mut encoded = [0; 4];
                self.insert(c.encode_utf8(&mut encoded));
                return Some(true);
            }
            Key::Backspace => return Some(self.remove(self.before(self.caret), self.caret)),
            Key::Delete => return Some(self.remove(self.caret, self.after(self.caret))),
            Key::Ctrl('u') => return Some(self.remove(0, self.caret)),
            Key::Ctrl('w') => return Some(self.remove(self.word_before(), self.caret)),
            Key::Left => self.caret = self.before(self.caret),
            Key::Right => self.caret = self.after(self.caret),
            Key::Home | Key::Ctrl('a') => self.caret = 0,
            Key::End | Key::Ctrl('e') => self.caret = self.text.len(),
            _ => return None,
        }
        Some(false)
    }

    /// What fits into `columns` around the caret: text before it, the
    /// character under it (a space at the end), text behind it.
    pub fn window(&self, columns: usize) -> (String, String, String) {
        let under_end = self.after(self.caret);
        let under = shown(&self.text[self.caret..under_end]);
        let under = if under.is_empty() { " ".to_owned() } else { under };
        let room = columns.saturating_sub(width(&under));
        // Three quarters before the caret keep what is being typed in sight.
        let behind_all = first_columns(&self.text[under_end..], room);
        let before_room = room - width(&behind_all).min(room / 4);
        let before = last_columns(&self.text[..self.caret], before_room);
        let behind = first_columns(&self.text[under_end..], room.saturating_sub(width(&before)));
        (before, under, behind)
    }

    fn remove(&mut self, from: usize, to: usize) -> bool {
        if from == to {
            return false;
        }
        self.lines -= self.text[from..to].matches('\n').count();
        self.text.replace_range(from..to, "");
        self.caret = from;
        self.full = false;
        true
    }

    /// The boundary before `at`; a combining character goes with its base.
    fn before(&self, at: usize) -> usize {
        let mut boundary = at;
        for (index, c) in self.text[..at].char_indices().rev() {
            boundary = index;
            if c.width() != Some(0) {
                break;
            }
        }
        boundary
    }

    fn after(&self, at: usize) -> usize {
        let mut rest = self.text[at..].char_indices().skip(1);
        let end = rest.find(|(_, c)| c.width() != Some(0)).map(|(index, _)| at + index);
        end.unwrap_or(self.text.len())
    }

    fn word_before(&self) -> usize {
        let head = self.text[..self.caret].trim_end();
        head.rfind(char::is_whitespace).map_or(0, |at| at + 1)
    }
}

fn shown(text: &str) -> String {
    clean(&text.replace('\n', " ")).into_owned()
}

fn width(text: &str) -> usize {
    super::clean::width(text)
}

fn first_columns(text: &str, columns: usize) -> String {
    // A character may take no column at all, so the bound is on both.
    let head: String = text.chars().take(columns * 4).collect();
    let mut out = String::new();
    let mut taken = 0;
    for c in shown(&head).chars() {
        taken += c.width().unwrap_or(0);
        if taken > columns {
            break;
        }
        out.push(c);
    }
    out
}

fn last_columns(text: &str, columns: usize) -> String {
    let tail: Vec<char> = text.chars().rev().take(columns * 4).collect();
    let tail = shown(&tail.into_iter().rev().collect::<String>());
    let mut taken = 0;
    let mut kept: Vec<char> = Vec::new();
    for c in tail.chars().rev() {
        taken += c.width().unwrap_or(0);
        if taken > columns {
            break;
        }
        kept.push(c);
    }
    kept.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[Key]) -> TextField {
        let mut field = TextField::default();
        for key in keys {
            field.key(*key);
        }
        field
    }

    #[test]
    fn typing_and_taking_back() {
        let field = typed(&[Key::Char('a'), Key::Char('c'), Key::Left, Key::Char('b'), Key::Delete]);
        assert_eq!(field.text(), "ab");
        let mut field = TextField::with_text("one two");
        field.key(Key::Ctrl('w'));
        assert_eq!(field.text(), "one ");
        field.key(Key::Ctrl('u'));
        assert!(field.is_empty());
    }

    #[test]
    fn a_combining_character_goes_with_its_base() {
        let mut field = TextField::with_text("xe\u{301}");
        field.key(Key::Backspace);
        assert_eq!(field.text(), "x");
        let mut field = TextField::with_text("e\u{301}x");
        field.key(Key::Home);
        field.key(Key::Delete);
        assert_eq!(field.text(), "x");
    }

    #[test]
    fn the_window_holds_the_caret_and_never_exceeds_its_columns() {
        let mut field = TextField::with_text(&"日本 e\u{301}x\n".repeat(50));
        for step in 0..300 {
            for columns in [1, 2, 7, 40] {
                let (before, under, behind) = field.window(columns);
                let total = width(&before) + width(&under) + width(&behind);
                assert!(total <= columns.max(2), "{step} {columns} {before:?} {under:?} {behind:?}");
            }
            field.key(Key::Left);
        }
    }

    #[test]
    fn a_paste_beyond_the_bound_is_cut_at_a_character() {
        let mut field = TextField::default();
        field.insert(&"é".repeat(LENGTH_MAX_BYTES));
        assert!(field.text().len() <= LENGTH_MAX_BYTES);
        assert!(field.is_full());
        field.key(Key::Backspace);
        assert!(!field.is_full());
    }

    #[test]
    fn lines_of_a_paste_are_counted() {
        let mut field = TextField::with_text("a\r\nb\rc");
        assert_eq!((field.text(), field.more_lines()), ("a\nb\nc", 2));
        field.key(Key::Ctrl('u'));
        assert_eq!(field.more_lines(), 0);
    }
}
