//! Quoted names and string data.

use super::RegTextError;
use super::cursor::{Cursor, is_blank};
use super::section::{is_line_ending, starts_section};

/// Opening marks that word processors and web pages put for `"`.
const CURLY_OPENING: [char; 4] = ['“', '”', '„', '«'];
/// The marks that close what a curly one opened.
const CURLY_CLOSING: [char; 4] = ['”', '“', '»', '"'];

/// Whether a quoted name or string starts with this character.
pub(super) fn is_opening(c: char) -> bool {
    c == '"' || CURLY_OPENING.contains(&c)
}

/// Length of the quoted text at the start of this line, marks included.
pub(super) fn len_of(line: &str) -> Option<usize> {
    line.chars().next().filter(|c| is_opening(*c))?;
    scan(line).map(|reading| reading.len)
}

/// One reading of a quoted text.
struct Reading {
    /// What it says, escapes undone.
    text: String,
    /// Bytes from the opening mark up to and with the closing one.
    len: usize,
    /// What had to be assumed.
    repair: Option<&'static str>,
}

/// Reads a value's name: on one line, ended by its closing mark.
pub(super) fn parse_name(cursor: &mut Cursor<'_>) -> Result<String, RegTextError> {
    let line = cursor.rest_of_line();
    let Some(reading) = scan(line) else {
        return Err(cursor.error("a value name without its closing \"; write \"name\"=data on one line"));
    };
    Ok(accept(cursor, reading))
}

/// Reads string data, which may hold line breaks.
pub(super) fn parse_data(cursor: &mut Cursor<'_>) -> Result<String, RegTextError> {
    let rest = cursor.rest();
    let line = cursor.rest_of_line();
    let reading = match scan(line) {
        Some(reading) if is_line_ending(&rest[reading.len..]) => Some(reading),
        Some(_) => scan_to_last_mark(line),
        None => scan_lines(rest).or_else(|| scan_lost_backslash(line)),
    };
    let Some(reading) = reading else {
        return Err(cursor.error(
            "string data without its closing \"; end it with \" on this line, and write \\\" for a quotation \
             mark and \\\\ for a backslash inside it",
        ));
    };
    Ok(accept(cursor, reading))
}

fn accept(cursor: &mut Cursor<'_>, reading: Reading) -> String {
    if cursor.peek() != Some('"') {
        cursor.repair("curly quotation marks read as straight ones");
    }
    if let Some(message) = reading.repair {
        cursor.repair(message);
    }
    cursor.advance(reading.len);
    reading.text
}

/// Reads from the opening mark up to the first closing one that no backslash
/// stands before. `\\` and `\"` are the escapes regedit writes; any other
/// backslash is one whose partner was lost.
fn scan(source: &str) -> Option<Reading> {
    let mut characters = source.char_indices();
    let (_, opening) = characters.next()?;
    let mut text = String::new();
    let mut repair = None;
    while let Some((at, c)) = characters.next() {
        let next = source[at + c.len_utf8()..].chars().next();
        match (c, next) {
            ('\\', Some(escaped @ ('\\' | '"'))) => {
                text.push(escaped);
                characters.next();
            }
            ('\\', Some('\r' | '\n') | None) => return None,
            ('\\', Some(_)) => {
                repair = Some("a single backslash in quotes read as one that should be doubled");
                text.push('\\');
            }
            _ if closes(opening, c) => return Some(Reading { text, len: at + c.len_utf8(), repair }),
            _ => text.push(c),
        }
    }
    None
}

fn closes(opening: char, c: char) -> bool {
    if opening == '"' { c == '"' } else { CURLY_CLOSING.contains(&c) }
}

/// `""C:\x.exe" /a"`: quotation marks inside that lost their backslashes. The
/// last mark of the line ends the data.
fn scan_to_last_mark(line: &str) -> Option<Reading> {
    let quoted = line.trim_end_matches(is_blank);
    let opening = quoted.chars().next()?;
    let closing = quoted.chars().next_back().filter(|c| closes(opening, *c))?;
    let inner = quoted.get(opening.len_utf8()..quoted.len() - closing.len_utf8())?;
    let text = inner.replace("\\\"", "\"").replace("\\\\", "\\");
    let repair =
        Some("quotation marks inside the data read as ones that should have a backslash before them");
    Some(Reading { text, len: quoted.len(), repair })
}

/// Data with line breaks: closed on a later line, nothing but a comment after
/// it, and no line between that starts something of its own.
fn scan_lines(rest: &str) -> Option<Reading> {
    let reading = scan(rest)?;
    let swallows_item = rest[..reading.len].split(['\r', '\n']).skip(1).any(could_start_item);
    (!swallows_item && is_line_ending(&rest[reading.len..])).then_some(reading)
}

/// Whether a line inside string data would rather be a key or a default value
/// after data that lost its closing mark.
pub(super) fn could_start_item(line: &str) -> bool {
    starts_section(line) || line.trim_start_matches(is_blank).starts_with('@')
}

/// `"C:\Folder\"`: the last backslash escapes the closing mark by accident.
fn scan_lost_backslash(line: &str) -> Option<Reading> {
    let quoted = line.trim_end_matches(is_blank);
    let inner = quoted.strip_suffix("\\\"")?;
    let mut reading = scan(&format!("{inner}\\\\\""))?;
    reading.len = quoted.len();
    reading.repair = Some("a single backslash in quotes read as one that should be doubled");
    Some(reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: Option<&str>, rest: &str, repairs: usize) {
        let mut cursor = Cursor::new(source);
        assert_eq!(parse_data(&mut cursor).ok().as_deref(), expected, "{source:?}");
        if expected.is_some() {
            assert_eq!(cursor.rest(), rest, "{source:?}");
            assert_eq!(cursor.into_repairs().len(), repairs, "{source:?}");
        }
    }

    #[test]
    fn escapes_are_those_of_regedit() {
        check(r#""a\\b\"c" ; note"#, Some(r#"a\b"c"#), " ; note", 0);
        check(r#""""#, Some(""), "", 0);
        check(r#""x;y#z""#, Some("x;y#z"), "", 0);
    }

    #[test]
    fn data_may_hold_line_breaks() {
        check("\"one\r\ntwo\"\r\n", Some("one\r\ntwo"), "\r\n", 0);
        check("\"one\n\nthree \\\"3\\\"\n\"\n[K]", Some("one\n\nthree \"3\"\n"), "\n[K]", 0);
    }

    #[test]
    fn unclosed_data_swallows_nothing() {
        check("\"one\r\n\"b\"=\"x\"\r\n", None, "", 0);
        check("\"one\r\n[HKEY_USERS\\x\"]\r\n", None, "", 0);
        check("\"one\r\n@=\"x\"\r\n", None, "", 0);
        check("\"one", None, "", 0);
        check("\"one \\\ntwo\"", None, "", 0);
    }

    #[test]
    fn lost_backslashes_are_put_back() {
        check(r#""C:\Windows\new""#, Some(r"C:\Windows\new"), "", 1);
        check("\"C:\\Temp\\\"\r\n\"b\"=\"x\"", Some("C:\\Temp\\"), "\r\n\"b\"=\"x\"", 1);
        check(r#""C:\\Temp\""#, Some("C:\\Temp\\"), "", 1);
        check(r#"""C:\x.exe" /a""#, Some(r#""C:\x.exe" /a"#), "", 1);
    }

    #[test]
    fn curly_marks_are_read_as_straight_ones() {
        check("“a”", Some("a"), "", 1);
        check("”a\"", Some("a"), "", 1);
        check("\"“a”\"", Some("“a”"), "", 0);
    }
}
