//! Finding codes in any text, in one pass.
//!
//! A code inside something longer (a GUID, an address, a version, a date, a
//! hash, a KB number) is no code.

use super::cue::{Cue, Cues};
use super::facility;
use super::key::CodeKey;
use super::number::{self, Number, Written};
use super::reading::Kind;
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
    /// The family, where the writing says it (a symbol).
    pub kind: Option<Kind>,
    /// What the words beside it say.
    pub cue: Cue,
}

impl Found<'_> {
    /// Where it ends, in bytes.
    pub fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

/// Every code in a text. With `asked` the text is known to be about codes, so
/// that a bare `1245`, `7000` or `7B` is one as well.
pub fn find(text: &str, asked: bool) -> Vec<Found<'_>> {
    let mut scan = Scan { text, asked, cues: Cues::of(text), found: Vec::new() };
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if !is_word(*byte) {
            at += 1;
            continue;
        }
        let length = bytes[at..].iter().position(|b| !is_word(*b)).unwrap_or(bytes.len() - at);
        at = match text[at + length..].strip_prefix("://") {
            // The address of a page names codes without reporting any.
            Some(address) => text.len() - address.len() + end_of_address(address),
            None => scan.run(at, at + length),
        };
    }
    scan.found
}

fn end_of_address(address: &str) -> usize {
    address
        .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ')' | ']'))
        .unwrap_or(address.len())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

struct Scan<'a> {
    text: &'a str,
    asked: bool,
    cues: Cues<'a>,
    found: Vec<Found<'a>>,
}

impl<'a> Scan<'a> {
    /// Looks at one run of word characters; gives where to go on.
    fn run(&mut self, start: usize, end: usize) -> usize {
        let token = &self.text[start..end];
        let digits = token.bytes().any(|b| b.is_ascii_digit());
        let code = Self::symbol(token, start);
        let code = code.or_else(|| digits.then(|| self.prefixed(token, start)).flatten());
        let code = code.or_else(|| (digits || self.asked).then(|| self.bare(token, start)).flatten());
        let code = code.or_else(|| digits.then(|| self.decimal(token, start)).flatten());
        let Some(code) = code else { return end };
        let next = code.end().max(end);
        self.found.push(code);
        next
    }

    fn symbol(token: &'a str, at: usize) -> Option<Found<'a>> {
        if !token.contains('_') || !token.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let row = table().symbol(&token.to_ascii_uppercase()).filter(|row| row.value != 0)?;
        let number = Number { value: row.value, written: Written::Hex };
        Some(Found { text: token, at, number, kind: Some(row.kind), cue: Cue::Error })
    }

    /// `0x…`, also glued to words, also cut in two by a space or a line break.
    fn prefixed(&self, token: &'a str, at: usize) -> Option<Found<'a>> {
        let text = number::prefixed(token)?;
        let at = at + (text.as_ptr().addr() - token.as_ptr().addr());
        let cue = self.cues.before(at);
        if text.len() == 6
            && let Some(found) = self.cut_in_two(text, at, cue)
        {
            return Some(found);
        }
        let code = match Number::parse(text) {
            Some(number) if number.value >= 0x1_0000 => {
                self.is_status(number.value, cue) || Self::is_short(text)
            }
            Some(number) => self.is_small(number.value, text, at, cue),
            None => return None,
        };
        let number = Number::parse(text)?;
        code.then_some(Found { text, at, number, kind: None, cue })
    }

    fn is_status(&self, value: u32, cue: Cue) -> bool {
        match value >> 28 {
            8.. => is_listed(value) || facility::is_known(value) || cue != Cue::None || self.asked,
            _ => is_listed(value) || CodeKey::of_stop(value) != CodeKey::Stop(value),
        }
    }

    /// Seven digits that begin like a status: a question, not a code.
    fn is_short(text: &str) -> bool {
        text.len() == 9 && text[2..].starts_with(['8', 'c', 'C'])
    }

    /// Below 0x10000 a number is a code only where something says so.
    fn is_small(&self, value: u32, text: &str, at: usize, cue: Cue) -> bool {
        let padded = text.len() >= 10 && is_listed(value);
        let beside_symbol =
            self.found.last().is_some_and(|found| found.kind.is_some() && at - found.end() <= 4);
        value != 0 && (padded || self.asked || beside_symbol || matches!(cue, Cue::Error | Cue::Stop))
    }

    /// `0x8007 04DD`
    fn cut_in_two(&self, text: &'a str, at: usize, cue: Cue) -> Option<Found<'a>> {
        let rest = self.text[at + text.len()..].strip_prefix([' ', '\n', '-'])?;
        let four = rest.get(..4).filter(|four| four.bytes().all(|b| b.is_ascii_hexdigit()))?;
        if rest.as_bytes().get(4).copied().is_some_and(is_word) {
            return None;
        }
        let number = Number::parse(&format!("{text}{four}"))?;
        let text = &self.text[at..at + text.len() + 5];
        is_listed(number.value).then_some(Found { text, at, number, kind: None, cue })
    }

    /// Eight digits without `0x`; with `asked` also `7B`.
    fn bare(&self, token: &'a str, at: usize) -> Option<Found<'a>> {
        let cue = self.cues.before(at);
        let number = Number::parse(token).filter(|n| matches!(n.written, Written::BareHex | Written::Hex));
        let letters = token.bytes().any(|b| b.is_ascii_alphabetic());
        let short = (self.asked || cue == Cue::Stop) && letters && token.len() <= 3;
        let number = number.or_else(|| short.then(|| number::short_hex(token)).flatten())?;
        let code = match number.value {
            0 => false,
            1..0x1_0000 if token.len() == 8 => is_listed(number.value) && (cue == Cue::Stop || self.asked),
            1..0x1_0000 => is_listed(number.value),
            value => is_listed(value) || facility::is_known(value),
        };
        (code && !self.is_joined(at, at + token.len())).then_some(Found {
            text: token,
            at,
            number,
            kind: None,
            cue,
        })
    }

    fn decimal(&self, token: &'a str, at: usize) -> Option<Found<'a>> {
        if let Some(negative) = self.negative(token, at) {
            return Some(negative);
        }
        let misread = || number::misread_decimal(token);
        let number = Number::parse(token).filter(|n| n.written == Written::Decimal).or_else(misread)?;
        if number.value == 0 || self.is_joined(at, at + token.len()) {
            return None;
        }
        if (0x1_0000..0x4000_0000).contains(&number.value) {
            return None;
        }
        let cue = self.cues.beside(at, at + token.len());
        let code = match number.value {
            ..0x1_0000 => cue != Cue::None || self.asked,
            value => is_listed(value) || cue == Cue::Event,
        };
        code.then_some(Found { text: token, at, number, kind: None, cue })
    }

    /// `-2147023651`, where the sign stands alone before the number.
    fn negative(&self, token: &'a str, at: usize) -> Option<Found<'a>> {
        let before = self.text[..at].strip_suffix(['-', '\u{2212}'])?;
        if before.ends_with(|c: char| c.is_alphanumeric()) {
            return None;
        }
        let text = &self.text[before.len()..at + token.len()];
        let number = Number::parse(text).filter(|number| is_listed(number.value))?;
        Some(Found { text, at: before.len(), number, kind: None, cue: Cue::Error })
    }

    /// Part of a version, a date, a time, a GUID, a path, an address or a KB
    /// number.
    fn is_joined(&self, at: usize, end: usize) -> bool {
        let before = &self.text.as_bytes()[..at];
        let after = &self.text.as_bytes()[end..];
        let joint = |b: u8| matches!(b, b'-' | b'.' | b':' | b'/' | b'\\');
        let group = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_hexdigit);
        let left = match before {
            [.., digit, mark] if joint(*mark) && digit.is_ascii_digit() => true,
            [.., a, b, c, d, b'-'] => group(&[*a, *b, *c, *d]),
            _ => false,
        };
        let right = match after {
            [mark, digit, ..] if joint(*mark) && digit.is_ascii_digit() => true,
            [b'-', a, b, c, d, ..] => group(&[*a, *b, *c, *d]),
            _ => false,
        };
        let words = self.text[..at].trim_end_matches([' ', '/', '-']).as_bytes();
        let kb = matches!(words, [.., b'k' | b'K', b'b' | b'B']);
        left || right || kb
    }
}

/// A value that the table or a wrapped Win32 error explains.
fn is_listed(value: u32) -> bool {
    match CodeKey::of_status(value) {
        CodeKey::Win32(error) => table().rows_of(error).iter().any(|row| row.kind == Kind::Win32),
        CodeKey::Status(status) => !table().rows_of(status).is_empty(),
        CodeKey::Stop(_) => false,
    }
}
