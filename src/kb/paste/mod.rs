//! Understanding any pasted text: what codes, events, services, drivers, keys
//! and files it names, whatever it was copied from.
//!
//! Structure and numbers carry the meaning, so that the text may be in any
//! language. Knows nothing of articles.

mod event;

use serde::Serialize;

use super::article::Event;
use super::code::{self, ErrorCode};
use super::release::Release;

/// What a pasted text says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Understanding {
    /// Codes, in the order of their first appearance, each once.
    pub codes: Vec<ErrorCode>,
    /// Events, each once.
    pub events: Vec<PastedEvent>,
    /// Services by key name.
    pub services: Vec<String>,
    /// Drivers by file name.
    pub drivers: Vec<String>,
    /// Registry keys as written, with the root's short name.
    pub keys: Vec<String>,
    /// File names.
    pub files: Vec<String>,
    /// Windows releases named.
    pub releases: Vec<Release>,
}

/// An event in a text; its source is not always there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastedEvent {
    /// Source, as the text has it.
    pub source: Option<String>,
    /// Event id.
    pub id: u32,
}

impl PastedEvent {
    /// Whether an article's event is this one.
    pub fn is(&self, event: &Event) -> bool {
        let same_source = |source: &String| source.eq_ignore_ascii_case(&event.source);
        self.id == event.id && self.source.as_ref().is_none_or(same_source)
    }
}

/// Reads a text of any kind and length.
pub fn understand(text: &str) -> Understanding {
    let mut codes: Vec<ErrorCode> = Vec::new();
    for code in code::explain(text) {
        if codes.iter().all(|seen| seen.value != code.value) {
            codes.push(code);
        }
    }
    Understanding { codes, events: event::find(text), ..Understanding::default() }
}
