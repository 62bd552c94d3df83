//! Understanding any pasted text: what codes, events, services, drivers, keys
//! and files it names, whatever it was copied from.
//!
//! Structure and numbers carry the meaning, so that the text may be in any
//! language. Every pass is linear in the text's length. Knows nothing of
//! articles but the shape of an event.

mod event;
mod format;
mod frame;
mod path;
mod plain;
mod sentence;
mod service;
mod stop;
mod summary;
mod windows;
mod words;

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;

use super::code::{self, Cue, ErrorCode, Found, Kind};
use super::release::Release;

pub use event::{PastedEvent, normal_source, same_source};
pub use format::Format;
pub use frame::without as without_frame;
pub use path::{keys, normal_key};
pub use sentence::is_service_sentence;
pub use service::PastedService;
pub use stop::Stop;

/// What a pasted text says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Understanding {
    /// What it was copied from.
    pub formats: Vec<Format>,
    /// Codes, in the order of their first appearance, each once.
    pub codes: Vec<PastedCode>,
    /// Events, each once.
    pub events: Vec<PastedEvent>,
    /// Services, each once.
    pub services: Vec<PastedService>,
    /// Drivers by file name (`.sys`).
    pub drivers: Vec<String>,
    /// Other file names, without folders.
    pub files: Vec<String>,
    /// Registry keys as written.
    pub keys: Vec<String>,
    /// Windows releases named.
    pub releases: Vec<Release>,
    /// The stop code with its parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
}

/// A code with the part it plays in its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastedCode {
    /// The code with its readings.
    #[serde(flatten)]
    pub code: ErrorCode,
    /// The part it plays.
    pub role: Role,
    /// How often it is there.
    pub times: u32,
}

/// The part a code plays in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A stop code.
    Stop,
    /// The reason given in an event (`%%1083`).
    Reason,
    /// An error.
    Error,
    /// A parameter of a stop code.
    Parameter,
}

/// Fewer words than this, and bare numbers are taken for codes.
const ASKED_WORDS_MAX: usize = 6;
/// At most so many different codes are told apart.
const CODES_MAX: usize = 100;

/// Reads a text of any kind and length.
pub fn understand(text: &str) -> Understanding {
    let text = frame::without(text);
    let text = plain::of(&text);
    let text = text.as_ref();
    let words: Vec<words::Word> = words::of(text).collect();
    let asked = words.len() <= ASKED_WORDS_MAX;
    let found = code::find(text, asked);
    let stop = stop::find(text, &found);
    let (drivers, files) = path::files(text)
        .into_iter()
        .partition(|file| Path::new(file).extension().is_some_and(|ending| ending == "sys"));
    let brackets = stop.as_ref().map(|(_, from, to)| (*from, *to));
    let mut codes = codes(text, &found, brackets);
    codes.extend(stop::named(text, &words, &codes));
    let events = event::find(text, &words, &found);
    let mut formats = format::of(text);
    if !events.is_empty() && !formats.contains(&Format::Event) {
        formats.push(Format::Event);
    }
    Understanding {
        formats,
        codes,
        events,
        services: service::find(text, &words, asked),
        drivers,
        files,
        keys: path::keys(text),
        releases: windows::find(text, &words),
        stop: stop.map(|(stop, ..)| stop),
    }
}

/// Each code once, with its role.
fn codes(text: &str, found: &[Found<'_>], brackets: Option<(usize, usize)>) -> Vec<PastedCode> {
    let mut place: HashMap<(u32, Option<Kind>), usize> = HashMap::new();
    let mut codes: Vec<PastedCode> = Vec::new();
    for code in found.iter().filter(|code| code.cue != Cue::Event) {
        let key = (code.number.value, code.kind);
        if let Some(seen) = place.get(&key).and_then(|at| codes.get_mut(*at)) {
            seen.times = seen.times.saturating_add(1);
            continue;
        }
        if codes.len() >= CODES_MAX {
            break;
        }
        let inside = brackets.is_some_and(|(from, to)| (from..to).contains(&code.at));
        let role = role(text, code, inside);
        let explained = ErrorCode::of(code);
        let named = explained.readings.iter().any(|reading| reading.symbol.is_some());
        // A small parameter is a count or a kind, never an error.
        if role == Role::Parameter && !(named && code.number.value >> 31 == 1) {
            continue;
        }
        place.insert(key, codes.len());
        codes.push(PastedCode { code: explained, role, times: 1 });
    }
    codes
}

fn role(text: &str, code: &Found<'_>, in_brackets: bool) -> Role {
    if in_brackets {
        Role::Parameter
    } else if code.cue == Cue::Stop || code.kind == Some(Kind::Stop) {
        Role::Stop
    } else if text[..code.at].ends_with("%%") {
        Role::Reason
    } else {
        Role::Error
    }
}

#[cfg(test)]
mod tests;
