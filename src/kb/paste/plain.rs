//! The plain text of anything pasted: entities decoded, full-width characters,
//! typographic quotes and spaces made ordinary, marks of Markdown removed.

use std::borrow::Cow;

/// Entities that logs and forum pages contain.
const ENTITIES: &[(&str, char)] = &[
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&amp;", '&'),
    ("&quot;", '"'),
    ("&apos;", '\''),
    ("&#39;", '\''),
    ("&nbsp;", ' '),
];

/// Text in which every later rule may look for ASCII forms.
pub(super) fn of(text: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii() && !matches!(b, b'&' | b'*' | b'`' | 0 | b'\r') && b != b'\\';
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (put, used) = step(c, rest, &out);
        out.extend(put);
        rest = &rest[used..];
    }
    Cow::Owned(out)
}

/// What one place of the text becomes, and how many bytes of it that took.
fn step(c: char, rest: &str, out: &str) -> (Option<char>, usize) {
    let one = c.len_utf8();
    match c {
        '*' | '`' | '\0' | '\r' => (None, one),
        '&' => {
            let entity = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
            entity.map_or((Some(c), one), |(entity, plain)| (Some(*plain), entity.len()))
        }
        '\\' if is_markdown_escape(rest, out) => (None, one),
        c if c.is_ascii() => (Some(c), one),
        '\u{FF01}'..='\u{FF5E}' => (char::from_u32(u32::from(c) - 0xFEE0), one),
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' => (Some(' '), one),
        '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}' | '\u{202A}'..='\u{202E}' => (None, one),
        '\u{2018}' | '\u{2019}' | '\u{B4}' => (Some('\''), one),
        '\u{201C}'..='\u{201F}' | '\u{AB}' | '\u{BB}' => (Some('"'), one),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => (Some('-'), one),
        _ => (Some(c), one),
    }
}

/// `INACCESSIBLE\_BOOT\_DEVICE`: a backslash between capitals and an
/// underscore, which no path has.
fn is_markdown_escape(rest: &str, out: &str) -> bool {
    let next = rest.as_bytes();
    matches!(next, [_, b'_', c, ..] if c.is_ascii_uppercase())
        && out.ends_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_entities_become_plain_text() {
        let check = |text: &str, expected: &str| assert_eq!(of(text), expected, "{text}");
        check("**INACCESSIBLE\\_BOOT\\_DEVICE**", "INACCESSIBLE_BOOT_DEVICE");
        check("`0x8007` &lt;b&gt; &amp;amp;", "0x8007 <b> &amp;");
        check("０ｘ８００７０４ＤＤ", "0x800704DD");
        check("“User\u{A0}Profile” – can’t", "\"User Profile\" - can't");
        check("C:\\Users\\_x", "C:\\Users\\_x");
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(of("Error 1068: x\n"), Cow::Borrowed(_)));
    }
}
