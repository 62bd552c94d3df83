//! Writing what regedit 5.00 writes.

use std::fmt::Write as _;

use super::html;
use super::quoted::could_start_item;
use crate::hive::{NamedValue, Value, ValueType};

const HEADER: &str = "Windows Registry Editor Version 5.00\r\n\r\n";

/// A line of bytes is broken once it has reached this column: exports of
/// regedit never have a line beyond 80 with the backslash.
const HEX_LINE_COLUMNS: usize = 77;

/// Columns before the bytes of a continued line.
const INDENTATION: &str = "  ";

/// Writes one key in regedit's version 5 form (without header and encoding):
/// the `[key]` line, its values wrapped as regedit wraps them, a blank line.
/// Lines end in CR LF.
///
/// A `REG_SZ` that is not a clean string (no final NUL, one inside, half a
/// character) is written as `hex(1):`, where regedit writes the part before
/// the first NUL: an export that loses data is no use for taking back.
pub fn export_key(key: &str, values: &[NamedValue]) -> String {
    let mut text = format!("[{key}]\r\n");
    for NamedValue { name, value } in values {
        let name = if name.is_empty() { "@".to_owned() } else { quote(name) };
        text.push_str(&name);
        text.push('=');
        export_data(&mut text, value, name.encode_utf16().count() + 1);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text
}

/// A whole version 5 file: byte order mark, header, the sections, UTF-16LE.
pub fn export_file(sections: &str) -> Vec<u8> {
    let units = "\u{feff}".encode_utf16().chain(HEADER.encode_utf16()).chain(sections.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// Writes the data; `column` is where it starts.
fn export_data(text: &mut String, value: &Value, column: usize) {
    match (value.kind, clean_string(value), value.as_dword()) {
        (ValueType::SZ, Some(string), _) => text.push_str(&quote(&string)),
        (ValueType::DWORD, _, Some(number)) => {
            let _ = write!(text, "dword:{number:08x}");
        }
        (ValueType::BINARY, _, _) => export_bytes(text, "hex:", &value.data, column),
        (ValueType(kind), _, _) => export_bytes(text, &format!("hex({kind:x}):"), &value.data, column),
    }
}

/// The text of a string that quotation marks can hold: whole characters, one
/// NUL and that at the end, and no line that would not be read again as it is.
fn clean_string(value: &Value) -> Option<String> {
    let (characters, odd_byte) = value.data.as_chunks::<2>();
    let (last, characters) = characters.split_last()?;
    if *last != [0, 0] || !odd_byte.is_empty() {
        return None;
    }
    let units: Vec<u16> = characters.iter().copied().map(u16::from_le_bytes).collect();
    let text = String::from_utf16(&units).ok()?;
    (!text.contains('\0') && are_lines_clear(&text)).then_some(text)
}

fn are_lines_clear(text: &str) -> bool {
    let is_one_line = !text.contains(['\r', '\n']);
    is_one_line
        || (!text.split(['\r', '\n']).skip(1).any(could_start_item)
            && html::unescape(&quote(text)).1.is_empty())
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn export_bytes(text: &mut String, prefix: &str, data: &[u8], column: usize) {
    text.push_str(prefix);
    let mut column = column + prefix.len();
    for (index, byte) in data.iter().enumerate() {
        let _ = write!(text, "{byte:02x}");
        if index + 1 == data.len() {
            return;
        }
        text.push(',');
        column += 3;
        if column >= HEX_LINE_COLUMNS {
            text.push_str("\\\r\n");
            text.push_str(INDENTATION);
            column = INDENTATION.len();
        }
    }
}
