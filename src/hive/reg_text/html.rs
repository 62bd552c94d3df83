//! Text copied from a web page's source: entities instead of characters.

use super::TextRepair;
use super::cursor::{line_end_len, line_of};

/// The entities that escape what `.reg` text is made of.
const ENTITIES: [(&str, char); 8] = [
    ("&quot;", '"'),
    ("&#34;", '"'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&nbsp;", ' '),
    ("&apos;", '\''),
    ("&#39;", '\''),
    // Last, so that what it uncovers is not decoded again.
    ("&amp;", '&'),
];

/// Line breaks that a copy kept as tags.
const BREAK_TAGS: [&str; 3] = ["<br>", "<br/>", "<br />"];

/// Undoes HTML escaping where the text shows that it was escaped: quotation
/// marks in places that need real ones. Elsewhere entities are data.
pub(super) fn unescape(text: &str) -> (String, Vec<TextRepair>) {
    let escaped = text.lines().any(is_escaped_line) && !text.lines().any(is_plain_value_line);
    let mut result = String::with_capacity(text.len());
    let mut repairs = Vec::new();
    let mut rest = text;
    let mut number = 1;
    while !rest.is_empty() {
        let line = line_of(rest);
        let end = line_end_len(&rest[line.len()..]);
        let plain = plain_line(line, escaped);
        if plain != line {
            let message = "HTML escapes or tags read as the characters they stand for".to_owned();
            repairs.push(TextRepair { line: number, message });
        }
        result.push_str(&plain);
        result.push_str(&rest[line.len()..line.len() + end]);
        rest = &rest[line.len() + end..];
        number += 1;
    }
    (result, repairs)
}

fn is_escaped_line(line: &str) -> bool {
    let line = line.trim_start();
    ["&quot;", "&#34;"]
        .iter()
        .any(|quote| line.strip_prefix('@').unwrap_or(line).trim_start_matches([' ', '=']).starts_with(quote))
}

fn is_plain_value_line(line: &str) -> bool {
    line.trim_start().starts_with(['"', '@']) && line.contains("\"=")
}

/// In key names an entity is never meant, escaped text or not: no key of
/// Windows is called `VEN_8086&amp;DEV_7113`.
fn plain_line(line: &str, escaped: bool) -> String {
    let trimmed = line.trim_end();
    let untagged = BREAK_TAGS.iter().find_map(|tag| trimmed.strip_suffix(tag)).unwrap_or(line);
    if escaped || untagged.trim_start().starts_with('[') {
        decode_entities(untagged)
    } else {
        untagged.to_owned()
    }
}

fn decode_entities(line: &str) -> String {
    let mut result = line.to_owned();
    if line.contains('&') {
        for (entity, character) in ENTITIES {
            result = result.replace(entity, character.encode_utf8(&mut [0; 4]));
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, lines: &[usize]) {
        let (plain, repairs) = unescape(text);
        assert_eq!(plain, expected);
        assert_eq!(repairs.iter().map(|repair| repair.line).collect::<Vec<_>>(), lines);
    }

    #[test]
    fn escaped_text_becomes_plain() {
        check("[K]\r\n&quot;a&quot;=&quot;x &amp;amp; y&quot;<br>\n", "[K]\r\n\"a\"=\"x &amp; y\"\n", &[2]);
        check("@=&quot;x&quot;", "@=\"x\"", &[1]);
    }

    #[test]
    fn entities_in_plain_text_are_data() {
        check("\"a\"=\"&quot;&amp;\"\n", "\"a\"=\"&quot;&amp;\"\n", &[]);
    }

    #[test]
    fn entities_beside_real_quotation_marks_are_data() {
        check("\"a\"=\"x\n&quot;y&quot;\"\n", "\"a\"=\"x\n&quot;y&quot;\"\n", &[]);
    }

    #[test]
    fn key_names_never_hold_entities() {
        check("[HKEY_USERS\\VEN_8086&amp;DEV_7113]", "[HKEY_USERS\\VEN_8086&DEV_7113]", &[1]);
    }
}
