//! Events of the event log that technicians meet.

use std::sync::LazyLock;

use super::reading::{Kind, Reading};
use super::table;

/// An event in our own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KnownEvent {
    source: &'static str,
    id: u32,
    meaning: &'static str,
    cause: Option<&'static str>,
}

/// `source<TAB>id<TAB>meaning<TAB>cause`.
static KNOWN: LazyLock<Vec<KnownEvent>> =
    LazyLock::new(|| table::lines_of("events").filter_map(known).collect());

fn known(line: &'static str) -> Option<KnownEvent> {
    let mut fields = line.split('\t');
    let (source, id, meaning) = (fields.next()?, fields.next()?.parse().ok()?, fields.next()?);
    Some(KnownEvent { source, id, meaning, cause: fields.next() })
}

/// Every known event with this id.
pub(super) fn readings(id: u32) -> Vec<Reading> {
    let events = KNOWN.iter().filter(|event| event.id == id);
    let reading = |event: &KnownEvent| Reading {
        kind: Kind::Event,
        number: id.to_string(),
        symbol: None,
        source: Some(event.source),
        meaning: event.meaning.to_owned(),
        cause: event.cause,
        origin: None,
        also: Vec::new(),
    };
    events.map(reading).collect()
}

/// The sources of the table, each once.
pub fn sources() -> impl Iterator<Item = &'static str> {
    let mut last = "";
    KNOWN
        .iter()
        .map(|event| event.source)
        .filter(move |source| std::mem::replace(&mut last, source) != *source)
}

/// Whether the table has this event.
pub fn is_event(source: &str, id: u32) -> bool {
    KNOWN.iter().any(|event| event.id == id && event.source == source)
}
