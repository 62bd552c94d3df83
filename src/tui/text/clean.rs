//! Foreign text made fit for a console cell: nothing that moves the cursor,
//! turns the direction, or hides.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// The columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Text with every character visible and none that acts: control characters
/// become a dot, characters that hide or turn the direction are spelled out,
/// typographic ones become those that every console font has.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str("    "),
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' => out.push(' '),
            '‘' | '’' | '‚' | '′' => out.push('\''),
            '“' | '”' | '„' | '″' => out.push('"'),
            '‐'..='―' | '−' => out.push('-'),
            '…' => out.push_str("..."),
            '•' | '‣' => out.push('·'),
            '→' => out.push_str("->"),
            '←' => out.push_str("<-"),
            '×' => out.push('x'),
            '\u{fe0e}' | '\u{fe0f}' => {}
            c if c.is_control() => out.push('·'),
            c if is_hidden(c) => out.extend(format!("<U+{:04X}>", u32::from(c)).chars()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Takes no place or turns the direction: a name with one is not what it seems.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Text cut to `columns`, with `..` where something was cut off.
pub fn clip(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(2);
    let mut out = String::new();
    let mut taken = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if taken + wide > room {
            break;
        }
        taken += wide;
        out.push(c);
    }
    out.push_str(&".."[..columns.min(2)]);
    out
}

/// Text cut or filled with spaces to exactly `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = clip(text, columns);
    let missing = columns.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_acts_and_nothing_hides() {
        assert_eq!(clean("a\u{1b}[2Jb\r\n"), "a·[2Jb··");
        assert_eq!(clean("exe\u{202e}txt"), "exe<U+202E>txt");
        assert_eq!(clean("“don’t” – …"), "\"don't\" - ...");
        assert!(matches!(clean("plain text"), Cow::Borrowed(_)));
    }

    #[test]
    fn clipping_measures_columns_and_never_exceeds_them() {
        assert_eq!(clip("abcdef", 6), "abcdef");
        assert_eq!(clip("abcdefg", 6), "abcd..");
        assert_eq!(clip("日本語", 5), "日..");
        assert_eq!(clip("e\u{301}tude", 5), "e\u{301}tude");
        for columns in 0..4 {
            assert!(width(&clip("日本語abc", columns)) <= columns);
        }
    }

    #[test]
    fn padding_is_exact() {
        assert_eq!(pad("日本", 6), "日本  ");
        assert_eq!(width(&pad("日本語", 4)), 4);
    }
}
