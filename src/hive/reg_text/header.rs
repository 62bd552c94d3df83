//! The first line, which names the version.

use super::cursor::{Cursor, is_blank, line_end_len, line_of};
use super::{RegTextError, Version};

const HEADERS: [(&str, Version); 2] =
    [("REGEDIT4", Version::Four), ("Windows Registry Editor Version 5.00", Version::Five)];

/// Reads the header where there is one. What stands before it, as in a post
/// saved whole, is passed over and reported.
pub(super) fn parse(cursor: &mut Cursor<'_>, required: bool) -> Result<Version, RegTextError> {
    cursor.skip_empty_lines();
    if let Some(version) = take(cursor) {
        return Ok(version);
    }
    if !required {
        return Ok(Version::Five);
    }
    let missing = missing_header(cursor);
    let Some(lines) = lines_before_header(cursor.rest()) else { return Err(missing) };
    cursor.repair(format!("{lines} lines before the header passed over"));
    for _ in 0..lines {
        cursor.skip_line();
    }
    cursor.skip_blanks();
    take(cursor).ok_or(missing)
}

fn missing_header(cursor: &Cursor<'_>) -> RegTextError {
    let line = cursor.rest_of_line();
    if line == "REGEDIT" {
        return cursor.error("a Windows 3.1 registration file; only versions 4 and 5 can be read");
    }
    cursor.error(
        "the header is missing; write \"Windows Registry Editor Version 5.00\" as the first line, or \
         \"REGEDIT4\" if the hex(2) and hex(7) data below has one byte for each character",
    )
}

fn take(cursor: &mut Cursor<'_>) -> Option<Version> {
    let line = cursor.rest_of_line();
    let (version, len, exact) = match_header(line)?;
    if !exact {
        cursor.repair(format!("header {:?} read as {:?}", &line[..len], name_of(version)));
    }
    cursor.advance(len);
    cursor.skip_blanks();
    if !cursor.is_line_done() {
        cursor.repair("the first key stands on the header's line; read as if on its own");
    }
    Some(version)
}

fn name_of(version: Version) -> &'static str {
    HEADERS.iter().find(|(_, known)| *known == version).map_or("", |(name, _)| name)
}

/// Version, length and exactness of the header that starts this line. Nothing
/// but a comment or a key that lost its line break may follow it.
fn match_header(line: &str) -> Option<(Version, usize, bool)> {
    for (name, version) in HEADERS {
        let Some(len) = prefix_len(line, name) else { continue };
        let tail = line[len..].trim_start_matches(is_blank);
        if tail.is_empty() || tail.starts_with([';', '[']) {
            return Some((version, len, &line[..len] == name));
        }
    }
    None
}

/// Length of the prefix of `line` that equals `name` but for case and for the
/// amount of white space.
fn prefix_len(line: &str, name: &str) -> Option<usize> {
    let mut rest = line;
    for (index, word) in name.split(' ').enumerate() {
        if index > 0 {
            let trimmed = rest.trim_start_matches(is_blank);
            if trimmed.len() == rest.len() {
                return None;
            }
            rest = trimmed;
        }
        let start = rest.get(..word.len())?;
        if !start.eq_ignore_ascii_case(word) {
            return None;
        }
        rest = &rest[word.len()..];
    }
    Some(line.len() - rest.len())
}

fn lines_before_header(text: &str) -> Option<usize> {
    let mut rest = text;
    let mut lines = 0;
    while !rest.is_empty() {
        let line = line_of(rest);
        if match_header(line.trim_start_matches(is_blank)).is_some() {
            return Some(lines);
        }
        rest = &rest[line.len()..];
        rest = &rest[line_end_len(rest)..];
        lines += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Version>, repairs: usize) {
        let mut cursor = Cursor::new(text);
        let version = parse(&mut cursor, true).ok();
        assert_eq!(version, expected, "{text:?}");
        assert_eq!(cursor.into_repairs().len(), repairs, "{text:?}");
    }

    #[test]
    fn exact_headers_need_no_repair() {
        check("REGEDIT4\r\n", Some(Version::Four), 0);
        check(" \tREGEDIT4\n", Some(Version::Four), 0);
        check("; note\n\nWindows Registry Editor Version 5.00", Some(Version::Five), 0);
    }

    #[test]
    fn near_headers_are_repaired() {
        check("Regedit4", Some(Version::Four), 1);
        check("windows  registry\u{a0}editor version 5.00", Some(Version::Five), 1);
        check("Windows Registry Editor Version 5.00[HKEY_USERS]", Some(Version::Five), 1);
        check("Save this:\nas a file\nREGEDIT4\n", Some(Version::Four), 1);
    }

    #[test]
    fn other_headers_are_refused() {
        for text in ["", "REGEDIT", "REGEDIT3", "REGEDIT4FOO", "REGEDIT4 FOO", "REGEDIT5", "[HKEY_USERS]\n"] {
            check(text, None, 0);
        }
        check("Windows Registry Editor Version 5", None, 0);
    }
}
