//! Finding codes in any text, in one pass.

use super::number::{Number, Written};
use super::table::table;

/// A code in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// As written.
    pub text: &'a str,
    /// Where it starts, in bytes.
    pub at: usize,
    /// Its value.
    pub number: Number,
}

/// Every code in a text: hexadecimal statuses, symbols, `%%1245`, negative
/// and large decimal HRESULTs, and small numbers right behind a word for error.
pub fn find(text: &str) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !is_word(bytes[at]) {
            at += 1;
            continue;
        }
        let end = at + bytes[at..].iter().position(|b| !is_word(*b)).unwrap_or(bytes.len() - at);
        if let Some(code) = code_at(text, at, end) {
            found.push(code);
        }
        at = end;
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn code_at(text: &str, start: usize, end: usize) -> Option<Found<'_>> {
    let token = &text[start..end];
    let before = &text[..start];
    let after = text[end..].as_bytes();
    if token.bytes().any(|b| b == b'_') {
        let row = table().symbol(&token.to_ascii_uppercase())?;
        let number = Number { value: row.value, written: Written::Hex };
        return Some(Found { text: token, at: start, number });
    }
    if before.ends_with('-') {
        let lone = before.len() < 2 || !is_word(before.as_bytes()[before.len() - 2]);
        let number = lone.then(|| Number::parse(&text[start - 1..end])).flatten()?;
        return Some(Found { text: &text[start - 1..end], at: start - 1, number });
    }
    let number = Number::parse(token)?;
    let joined = after.first().is_some_and(|b| *b == b'-') && after.get(1).copied().is_some_and(is_word);
    let code = match number.written {
        Written::Hex => token.len() > 2 && (number.value >> 16 != 0 || has_cue(before)),
        Written::BareHex => !joined,
        _ if before.ends_with("%%") => true,
        _ if joined || before.ends_with(['.', ':', '/']) => false,
        _ if number.value >> 31 == 1 => true,
        _ => number.value < 0x1_0000 && has_cue(before),
    };
    code.then_some(Found { text: token, at: start, number })
}

/// Whether the words right before name an error.
fn has_cue(before: &str) -> bool {
    let tail: String = before.chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect();
    let tail = tail.to_lowercase();
    ["error", "code", "failed", "stop", "fehler", "erreur", "ошибк", "错误", "失败"]
        .iter()
        .any(|cue| tail.contains(cue))
}
