//! Keys and values: one after the other, also where line breaks were lost.

use super::cursor::{Cursor, is_blank, line_of};
use super::{RegEntry, RegTextError, Version, hex_data, quoted};
use crate::hive::Value;

/// The root keys regedit knows, with the abbreviations other tools use.
const ROOTS: [(&str, &str); 6] = [
    ("HKEY_LOCAL_MACHINE", "HKLM"),
    ("HKEY_CURRENT_USER", "HKCU"),
    ("HKEY_CLASSES_ROOT", "HKCR"),
    ("HKEY_USERS", "HKU"),
    ("HKEY_CURRENT_CONFIG", "HKCC"),
    ("HKEY_DYN_DATA", "HKDD"),
];

/// Reads everything after the header.
pub(super) fn parse_all(cursor: &mut Cursor<'_>, version: Version) -> Result<Vec<RegEntry>, RegTextError> {
    let mut entries: Vec<RegEntry> = Vec::new();
    loop {
        skip_to_item(cursor);
        match cursor.peek() {
            None => return Ok(entries),
            Some('[') => entries.push(parse_key(cursor)?),
            Some(c) if c == '@' || quoted::is_opening(c) => {
                let outside =
                    cursor.error("a value before any key; write its key above it: [HKEY_LOCAL_MACHINE\\…]");
                let deleted =
                    cursor.error("a value below a key that is deleted; write it below a [key] of its own");
                let entry = entries.last_mut().ok_or(outside)?;
                if entry.delete {
                    return Err(deleted);
                }
                entry.values.push(parse_value(cursor, version)?);
            }
            Some(_) => {
                return Err(cursor.error(
                    "neither a [key] nor a \"value\"=; put ; before it if it is a comment, or join it to the line \
                     it was cut from",
                ));
            }
        }
        end_item(cursor)?;
    }
}

/// Blank lines and comments: `;`, and at the start of a line `#`, which
/// regedit passes over as well.
fn skip_to_item(cursor: &mut Cursor<'_>) {
    loop {
        cursor.skip_empty_lines();
        if cursor.peek() != Some('#') {
            return;
        }
        cursor.skip_line();
    }
}

/// After a key or value the line is over, unless line breaks were lost.
fn end_item(cursor: &mut Cursor<'_>) -> Result<(), RegTextError> {
    cursor.skip_blanks();
    if cursor.is_line_done() {
        cursor.skip_line();
        return Ok(());
    }
    if !starts_item(cursor.rest()) {
        return Err(cursor.error("this cannot follow on the same line; remove it, or put ; before it"));
    }
    cursor.repair("the line break before this key or value is missing; read as if it were there");
    Ok(())
}

/// Whether a line may end here: blank, a comment, or the next item of a text
/// that lost its line breaks.
pub(super) fn is_line_ending(text: &str) -> bool {
    let tail = text.trim_start_matches(is_blank);
    tail.is_empty() || tail.starts_with(['\r', '\n', ';']) || starts_item(tail)
}

fn starts_item(text: &str) -> bool {
    starts_section(text) || starts_value(text)
}

/// Whether a `[key]` or `[-key]` of a known root starts here.
pub(super) fn starts_section(text: &str) -> bool {
    let Some(inner) = text.trim_start_matches(is_blank).strip_prefix('[') else { return false };
    let key = inner.trim_start_matches(is_blank);
    let key = key.strip_prefix('-').unwrap_or(key).trim_start_matches(is_blank);
    root_of(line_of(key)).is_some()
}

/// Whether `"name"=` or `@=` starts here.
fn starts_value(text: &str) -> bool {
    let line = line_of(text);
    let name_len = if line.starts_with('@') { Some(1) } else { quoted::len_of(line) };
    name_len.is_some_and(|len| line[len..].trim_start_matches(is_blank).starts_with('='))
}

/// The root that a key's name starts with, and what of the name names it.
fn root_of(key: &str) -> Option<(&'static str, &str)> {
    let end = key.find(['\\', ']']).unwrap_or(key.len());
    let name = key[..end].trim_end_matches(is_blank);
    let (long, _) = ROOTS
        .iter()
        .find(|(long, short)| name.eq_ignore_ascii_case(long) || name.eq_ignore_ascii_case(short))?;
    Some((long, &key[..end]))
}

fn parse_key(cursor: &mut Cursor<'_>) -> Result<RegEntry, RegTextError> {
    let line = cursor.rest_of_line();
    let closing = line.char_indices().find(|(at, c)| *c == ']' && is_line_ending(&line[at + 1..]));
    let Some((closing, _)) = closing else {
        return Err(cursor.error("a key without its closing bracket; write [key] whole on one line"));
    };
    let inner = &line[1..closing];
    let trimmed = inner.trim_matches(is_blank);
    let delete = trimmed.starts_with('-');
    let name = trimmed.strip_prefix('-').unwrap_or(trimmed).trim_start_matches(is_blank);
    let key = repair_key(cursor, name)?;
    if inner.len() != name.len() + usize::from(delete) {
        cursor.repair("blanks inside the brackets passed over");
    }
    cursor.advance(closing + 1);
    Ok(RegEntry { key, delete, values: Vec::new() })
}

/// The key's full name: known root, single backslashes, plain spaces.
fn repair_key(cursor: &mut Cursor<'_>, name: &str) -> Result<String, RegTextError> {
    let Some((root, written)) = root_of(name) else {
        return Err(cursor.error(
            "a key of no known root; a full name starts with HKEY_LOCAL_MACHINE, HKEY_USERS, HKEY_CURRENT_USER, \
             HKEY_CLASSES_ROOT or HKEY_CURRENT_CONFIG",
        ));
    };
    let mut key = name.to_owned();
    if !written.eq_ignore_ascii_case(root) {
        cursor.repair(format!("{written} read as {root}"));
        key.replace_range(..written.len(), root);
    }
    if key.contains("\\\\") {
        cursor.repair("doubled backslashes in a key read as single ones");
        key = key.split('\\').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\\");
    }
    if key.chars().any(|c| is_blank(c) && c != ' ') {
        cursor.repair("a no-break or other special space in a key read as a plain one");
        key = key.chars().filter_map(plain_space).collect();
    }
    Ok(key.trim_end_matches('\\').to_owned())
}

/// Special spaces become plain ones; those of no width vanish.
fn plain_space(c: char) -> Option<char> {
    match c {
        '\u{200b}' | '\u{feff}' => None,
        c if is_blank(c) => Some(' '),
        c => Some(c),
    }
}

fn parse_value(cursor: &mut Cursor<'_>, version: Version) -> Result<(String, Option<Value>), RegTextError> {
    let name = if cursor.take('@') { String::new() } else { quoted::parse_name(cursor)? };
    cursor.skip_blanks();
    if !cursor.take('=') {
        return Err(cursor.error("= is missing after the value's name; write \"name\"=data"));
    }
    cursor.skip_blanks();
    let value = match cursor.peek() {
        Some('-') => {
            cursor.take('-');
            None
        }
        Some(c) if quoted::is_opening(c) => Some(Value::string(&quoted::parse_data(cursor)?)),
        _ => Some(hex_data::parse(cursor, version)?),
    };
    Ok((name, value))
}
