//! `dword:` and `hex:` data.

use super::cursor::{Cursor, is_blank, line_of, next_line_of};
use super::{RegTextError, Version, ansi};
use crate::hive::{Value, ValueType};

/// Reads `dword:`, `hex:` or `hex(…):` data.
pub(super) fn parse(cursor: &mut Cursor<'_>, version: Version) -> Result<Value, RegTextError> {
    if take_word(cursor, "dword") {
        take_colon(cursor)?;
        return parse_dword(cursor).map(Value::dword);
    }
    if take_word(cursor, "hex") {
        let kind = parse_type(cursor)?;
        take_colon(cursor)?;
        let bytes = parse_bytes(cursor)?;
        return Ok(Value { kind, data: string_data(cursor, kind, bytes, version) });
    }
    Err(cursor.error(
        "data of no known form; write \"text\", dword:00000001, hex:01,02, hex(7):…, or - to delete the value",
    ))
}

fn take_word(cursor: &mut Cursor<'_>, word: &str) -> bool {
    let Some(start) = cursor.rest().get(..word.len()) else { return false };
    if !start.eq_ignore_ascii_case(word) {
        return false;
    }
    if start != word {
        cursor.repair(format!("{start:?} read as {word:?}"));
    }
    cursor.advance(word.len());
    true
}

fn take_colon(cursor: &mut Cursor<'_>) -> Result<(), RegTextError> {
    if cursor.take(':') {
        return Ok(());
    }
    cursor.skip_blanks();
    if cursor.take(':') {
        cursor.repair("a space before the colon passed over");
        return Ok(());
    }
    Err(cursor.error("a colon is missing; write dword:00000001, hex:01,02 or hex(7):…"))
}

/// The number in `hex(…)`; plain `hex` is binary data.
fn parse_type(cursor: &mut Cursor<'_>) -> Result<ValueType, RegTextError> {
    if !cursor.take('(') {
        return Ok(ValueType::BINARY);
    }
    let wrong = cursor.error("a value type is up to eight hexadecimal digits in brackets: hex(2):, hex(7):");
    let digits = take_digits(cursor);
    let kind = u32::from_str_radix(digits, 16).map_err(|_| wrong.clone())?;
    if cursor.take(')') { Ok(ValueType(kind)) } else { Err(wrong) }
}

fn take_digits<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    let rest = cursor.rest();
    let len = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len());
    cursor.advance(len);
    &rest[..len]
}

fn parse_dword(cursor: &mut Cursor<'_>) -> Result<u32, RegTextError> {
    cursor.skip_blanks();
    let wrong = cursor.error("a dword is one to eight hexadecimal digits: dword:0000000a");
    if cursor.rest().starts_with("0x") || cursor.rest().starts_with("0X") {
        cursor.repair("0x before a dword passed over; the digits are hexadecimal without it");
        cursor.advance(2);
    }
    let digits = take_digits(cursor);
    if digits.len() > 8 {
        return Err(wrong);
    }
    u32::from_str_radix(digits, 16).map_err(|_| wrong)
}

/// Reads a list of bytes over all its lines.
fn parse_bytes(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, RegTextError> {
    let mut bytes = Vec::new();
    // Whether a byte must follow, or a comma before the next one.
    let mut after_comma = false;
    loop {
        cursor.skip_blanks();
        match cursor.peek() {
            Some(c) if c.is_ascii_hexdigit() => {
                if !after_comma && !bytes.is_empty() {
                    cursor.repair("bytes without a comma between them read as if it were there");
                }
                bytes.push(parse_byte(cursor)?);
                after_comma = false;
            }
            Some(',') if after_comma || bytes.is_empty() => {
                return Err(cursor.error("a comma without a byte before it; a byte was lost, write it"));
            }
            Some(',') => after_comma = cursor.take(','),
            Some('\\') => {
                if !continue_line(cursor)? {
                    return Ok(bytes);
                }
            }
            _ if cursor.is_line_done() && continues_without_backslash(cursor, after_comma) => {
                cursor.skip_line();
                cursor.repair("a line of bytes read as continuing the one before, whose final \\ is missing");
            }
            _ => {
                if after_comma {
                    cursor.repair("a comma after the last byte passed over");
                }
                return Ok(bytes);
            }
        }
    }
}

fn parse_byte(cursor: &mut Cursor<'_>) -> Result<u8, RegTextError> {
    // Made only where it is needed: it looks at the rest of the line.
    let start = cursor.place();
    let digits = take_digits(cursor);
    let byte = if digits.len() > 2 { None } else { u8::from_str_radix(digits, 16).ok() };
    let wrong = "a byte is one or two hexadecimal digits; separate bytes by commas: 0d,0a";
    byte.ok_or_else(|| cursor.error_at(start, wrong))
}

/// Goes on after a `\`: only a comment may follow it, and blank and comment
/// lines may come between. False where the text ends there.
fn continue_line(cursor: &mut Cursor<'_>) -> Result<bool, RegTextError> {
    let misplaced = cursor.error("a \\ inside a list of bytes; it belongs at the end of a line that goes on");
    cursor.take('\\');
    cursor.skip_blanks();
    if !cursor.is_line_done() {
        return Err(misplaced);
    }
    cursor.skip_empty_lines();
    match cursor.peek() {
        None => {
            cursor.repair("a \\ at the end of the text passed over");
            Ok(false)
        }
        Some(c) if c.is_ascii_hexdigit() || c == ',' => Ok(true),
        Some(_) => Err(cursor.error(
            "the list of bytes above goes on here, but this is no byte; put the missing bytes back, or remove \
             the \\ if none are missing",
        )),
    }
}

/// Whether the next line is nothing but bytes of this list: it has commas, or
/// the present line ends in one.
fn continues_without_backslash(cursor: &Cursor<'_>, after_comma: bool) -> bool {
    let next = next_line_of(cursor.rest());
    let list = line_of(next).trim_matches(is_blank);
    let list = list.strip_suffix('\\').unwrap_or(list).trim_end_matches(is_blank);
    let mut elements = list.strip_suffix(',').unwrap_or(list).split(',');
    (after_comma || list.contains(','))
        && elements.all(|element| {
            let byte = element.trim_matches(is_blank);
            byte.len() == 2 && byte.chars().all(|c| c.is_ascii_hexdigit())
        })
}

/// String data as it is stored: UTF-16, and ended by a NUL where regedit would
/// add the one that is missing. `hex(1):` is left as it is in version 5: no
/// regedit writes it there, so whoever did means exactly these bytes.
fn string_data(cursor: &mut Cursor<'_>, kind: ValueType, bytes: Vec<u8>, version: Version) -> Vec<u8> {
    let means_these_bytes = version == Version::Five && kind == ValueType::SZ;
    let is_string = matches!(kind, ValueType::SZ | ValueType::EXPAND_SZ | ValueType::MULTI_SZ);
    if bytes.is_empty() || !is_string || means_these_bytes {
        return bytes;
    }
    let mut data = match version {
        Version::Four => ansi::to_text(&bytes).encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Version::Five => bytes,
    };
    if data.len() % 2 != 0 {
        cursor.repair("string data of an odd number of bytes kept as it is; was a byte lost?");
    } else if !data.ends_with(&[0, 0]) {
        cursor.repair("string data without its final NUL; added, as regedit does");
        data.extend([0, 0]);
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: Option<(u32, &[u8])>, repairs: usize) {
        let mut cursor = Cursor::new(source);
        let value = parse(&mut cursor, Version::Five).ok();
        let found = value.as_ref().map(|value| (value.kind.0, value.data.as_slice()));
        assert_eq!(found, expected, "{source:?}");
        if expected.is_some() {
            let repaired = cursor.into_repairs();
            assert_eq!(repaired.len(), repairs, "{source:?}: {repaired:?}");
        }
    }

    #[test]
    fn a_long_line_takes_time_in_proportion() {
        let source = format!("hex:{}", vec!["5a"; 300_000].join(","));
        let value = parse(&mut Cursor::new(&source), Version::Five).unwrap();
        assert_eq!(value.data, vec![0x5a; 300_000]);
    }

    #[test]
    fn dwords_have_up_to_eight_digits() {
        check("dword:1", Some((4, &[1, 0, 0, 0])), 0);
        check("dword: \t12345678 ;x", Some((4, &[0x78, 0x56, 0x34, 0x12])), 0);
        for wrong in ["dword:", "dword:x", "dword:123456789", "dword:000000001", "dword", "dword 1"] {
            check(wrong, None, 0);
        }
        check("DWORD:0x1", Some((4, &[1, 0, 0, 0])), 2);
    }

    #[test]
    fn types_are_hexadecimal() {
        check("hex:1,02", Some((3, &[1, 2])), 0);
        check("hex(b):01", Some((11, &[1])), 0);
        check("hex(ffff0011):", Some((0xffff_0011, &[])), 0);
        check("hex(FFFFFFFF):01", Some((u32::MAX, &[1])), 0);
        for wrong in ["hex(100000000):01", "hex(0x2):01", "hex():01", "hex(2:01", "hex(2)01", "hex 1"] {
            check(wrong, None, 0);
        }
        check("hex(0) :01", Some((0, &[1])), 1);
    }

    #[test]
    fn lists_go_on_after_a_backslash() {
        check("hex:01,\\\r\n  02,\\;note\n\n ;note\n\t03", Some((3, &[1, 2, 3])), 0);
        check("hex:\\\n  01,02,  \\\n 03", Some((3, &[1, 2, 3])), 0);
        check("hex:01,\\", Some((3, &[1])), 1);
        check("hex:01\\\n,02", Some((3, &[1, 2])), 0);
    }

    #[test]
    fn lost_separators_are_put_back() {
        check("hex:01\\\n  02,03", Some((3, &[1, 2, 3])), 1);
        check("hex:01 02", Some((3, &[1, 2])), 1);
        check("hex:01,02,\n  03,04\n", Some((3, &[1, 2, 3, 4])), 1);
        check("hex:01,02\n  03,04\\\n05,", Some((3, &[1, 2, 3, 4, 5])), 4);
        check("hex:01,\n", Some((3, &[1])), 1);
        check("hex:01\nbe\n", Some((3, &[1])), 0);
    }

    #[test]
    fn lists_with_lost_bytes_are_refused() {
        for wrong in [
            "hex:,01",
            "hex:01,,02",
            "hex:100",
            "hex:01,\\x",
            "hex:4\\f",
            "hex:01,\\\n[K]",
            "hex:01,\\\n\"a\"",
        ] {
            check(wrong, None, 0);
        }
    }

    #[test]
    fn string_data_gets_its_final_nul() {
        check("hex(7):41,00", Some((7, &[0x41, 0, 0, 0])), 1);
        check("hex(2):41,00,00,00", Some((2, &[0x41, 0, 0, 0])), 0);
        check("hex(1):41,00", Some((1, &[0x41, 0])), 0);
        check("hex(7):41,00,00", Some((7, &[0x41, 0, 0])), 1);
        check("hex(7):", Some((7, &[])), 0);
    }

    #[test]
    fn version_4_strings_are_ansi() {
        let mut cursor = Cursor::new("hex(7):80,00,41,00,00");
        let value = parse(&mut cursor, Version::Four).unwrap();
        assert_eq!(value, Value::multi_string(&["€", "A"]));
        assert!(cursor.into_repairs().is_empty());
    }
}
