//! Stop screens: the stop code and its parameters.

use std::sync::LazyLock;

use serde::Serialize;

use crate::kb::code::{self, Cue, Found, Kind};

use super::words::{Names, Word};
use super::{PastedCode, Role};

/// A stop code with the numbers in brackets behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// The stop code as written.
    pub code: String,
    /// Its parameters as written, at most four.
    pub parameters: Vec<String>,
}

/// The first stop code with parameters: a number or name, then hexadecimal
/// numbers in brackets. Gives their place, so that roles can be told.
pub(super) fn find(text: &str, found: &[Found<'_>]) -> Option<(Stop, usize, usize)> {
    found.iter().filter(|code| code.cue == Cue::Stop || is_stop_name(code)).find_map(|code| {
        let rest = &text[code.end()..];
        let open = rest.find('(').filter(|open| *open <= 120 && !rest[..*open].contains("  \n"))?;
        let inside = rest[open + 1..].split(')').next().filter(|inside| inside.len() <= 160)?;
        let numbers = inside.split([',', ' ', '\t', '\n']).filter(|part| !part.is_empty());
        let parameters: Vec<String> = numbers.take(4).map(str::to_owned).collect();
        let hex = |p: &String| {
            p.trim_start_matches("0x").trim_start_matches("0X").bytes().all(|b| b.is_ascii_hexdigit())
        };
        let start = code.end() + open;
        let stop = Stop { code: code.text.to_owned(), parameters };
        (stop.parameters.len() >= 2 && stop.parameters.iter().all(hex))
            .then(|| (stop, start, start + 1 + inside.len()))
    })
}

fn is_stop_name(code: &Found<'_>) -> bool {
    code.kind == Some(Kind::Stop)
}

/// Stop codes by the words of their symbols.
static NAMES: LazyLock<Names<&'static str>> =
    LazyLock::new(|| Names::new(code::stop_names().map(|symbol| (symbol, symbol))));

/// Names of fewer words than this are ordinary words, unless in capitals.
const NAME_WORDS_MIN: usize = 3;
/// At most so many stop codes by name.
const NAMED_MAX: usize = 4;

/// Stop codes written as words: `BSOD inaccessible boot device`.
pub(super) fn named(text: &str, words: &[Word], known: &[PastedCode]) -> Vec<PastedCode> {
    let mut codes: Vec<PastedCode> = Vec::new();
    for (symbol, first, last) in NAMES.find(words) {
        let written = &text[first.from..last.to];
        let plain = written.contains(' ') && !written.contains(['_', '\n', '\\']);
        let telling =
            symbol.split('_').count() >= NAME_WORDS_MIN || !written.bytes().any(|b| b.is_ascii_lowercase());
        let Some(code) = code::of_stop_name(written, symbol).filter(|_| plain && telling) else { continue };
        let seen = known.iter().chain(&codes).any(|seen| seen.code.keys == code.keys);
        if !seen && codes.len() < NAMED_MAX {
            codes.push(PastedCode { code, role: Role::Stop, times: 1 });
        }
    }
    codes
}
