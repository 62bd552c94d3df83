//! Events of the event log in a text: classic and XML form, lists, PowerShell
//! and command output, in any language. Labels and numbers carry it.

use std::sync::LazyLock;

use serde::Serialize;

use crate::kb::article::Event;
use crate::kb::code::{self, Cue, Found};

use super::sentence;
use super::words::{Names, Word};

/// An event in a text; its source is not always there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastedEvent {
    /// Source, as the text has it.
    pub source: Option<String>,
    /// Event id.
    pub id: u32,
    /// Whether the text gives no number and only says what the event says.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inferred: bool,
}

impl PastedEvent {
    /// Whether an article's event is this one. `None`: the id is the same, and
    /// the text does not say the source.
    pub fn is(&self, event: &Event) -> Option<bool> {
        if self.id != event.id {
            return Some(false);
        }
        let source = self.source.as_deref()?;
        Some(same_source(source, &event.source))
    }
}

/// Whether two names are the same event source: the long provider names of
/// Vista and later and the short ones before it.
pub fn same_source(a: &str, b: &str) -> bool {
    normal_source(a) == normal_source(b)
}

/// A source's name in the form in which sources are compared: lower case, short.
pub fn normal_source(name: &str) -> String {
    let lower = name.to_lowercase();
    let short = lower.strip_prefix("microsoft-windows-").unwrap_or(&lower);
    let short = short.strip_suffix(" eventlog provider").unwrap_or(short);
    let short: String = short.chars().filter(|c| c.is_alphanumeric()).collect();
    let same = SAME_SOURCES.iter().find(|(long, _)| *long == short);
    same.map_or(short, |(_, known)| (*known).to_owned())
}

/// Other names of sources, in normal form.
const SAME_SOURCES: &[(&str, &str)] = &[
    ("distributedcom", "dcom"),
    ("iisw3svc", "w3svc"),
    ("userprofilesservice", "userprofileservice"),
    ("userenv", "userprofileservice"),
    ("complusplus", "complus"),
    ("scm", "servicecontrolmanager"),
    ("kernelboot", "kernelboot"),
    ("wersystemerrorreporting", "bugcheck"),
    ("savedump", "bugcheck"),
    ("systemerror", "bugcheck"),
];

/// Labels of the source, in lower case.
const SOURCE_LABELS: &[&str] = &[
    "source",
    "event source",
    "provider",
    "providername",
    "provider name",
    "eventsource",
    "quelle",
    "ereignisquelle",
    "origine",
    "source de l'événement",
    "origen",
    "origen del evento",
    "fonte",
    "origine evento",
    "origem",
    "источник",
    "источник события",
    "źródło",
    "źródło zdarzenia",
    "zdroj",
    "kaynak",
    "bron",
    "källa",
    "kilde",
    "lähde",
    "forrás",
    "sursă",
    "来源",
    "事件来源",
    "來源",
    "ソース",
    "イベント ソース",
    "원본",
    "이벤트 원본",
    "προέλευση",
];

/// A source or an id, where it stands.
enum Piece<'a> {
    Source(&'a str),
    Id(u32),
}

/// How far a source and an id of one event stand apart at most, in bytes.
const EVENT_BYTES: usize = 700;
/// At most so many events are told apart.
const EVENTS_MAX: usize = 200;

static SOURCES: LazyLock<Names<&'static str>> = LazyLock::new(|| {
    Names::new(code::sources().chain(LONG_SOURCES.iter().copied()).map(|source| (source, source)))
});

/// Names of sources from Vista on, behind `Microsoft-Windows-`, which the code
/// table has under their older ones.
const LONG_SOURCES: &[&str] =
    &["DistributedCOM", "User Profiles Service", "WER-SystemErrorReporting", "IIS-W3SVC", "GroupPolicy"];

/// Every event of a text; `found` are the numbers of [`code::find`].
pub(super) fn find(text: &str, words: &[Word], found: &[Found<'_>]) -> Vec<PastedEvent> {
    let mut pieces: Vec<(usize, Piece<'_>)> =
        labelled_sources(text).map(|(at, s)| (at, Piece::Source(s))).collect();
    for number in found.iter().filter(|found| found.cue == Cue::Event) {
        pieces.extend(id_of(text, number).map(|id| (number.at, Piece::Id(id))));
    }
    let known = SOURCES.find(words);
    for (source, first, last) in &known {
        pieces.push((first.from, Piece::Source(source)));
        pieces.extend(id_in_list(text, source, first.from, last.to));
    }
    pieces.sort_by_key(|(at, _)| *at);
    let mut events = paired(&pieces);
    for (_, id) in sentence::find(text) {
        let Some(id) = id else { continue };
        let explicit = events.iter().any(|event: &PastedEvent| event.id == id || !event.inferred);
        if !explicit {
            push(
                &mut events,
                PastedEvent { source: Some("Service Control Manager".to_owned()), id, inferred: true },
            );
        }
    }
    events
}

/// Each id with the nearest source, the one before it first.
fn paired(pieces: &[(usize, Piece<'_>)]) -> Vec<PastedEvent> {
    let mut events = Vec::new();
    for (index, (at, piece)) in pieces.iter().enumerate() {
        let Piece::Id(id) = piece else { continue };
        let source_of = |(place, piece): &(usize, Piece<'_>)| match piece {
            Piece::Source(source) if place.abs_diff(*at) <= EVENT_BYTES => Some((*source).to_owned()),
            _ => None,
        };
        let before = pieces[..index].iter().rev().take(4).find_map(source_of);
        let source = before.or_else(|| pieces[index + 1..].iter().take(2).find_map(source_of));
        push(&mut events, PastedEvent { source, id: *id, inferred: false });
    }
    events
}

fn push(events: &mut Vec<PastedEvent>, event: PastedEvent) {
    if events.len() < EVENTS_MAX && !events.contains(&event) {
        events.push(event);
    }
}

/// The id of a number with an event's label; an `InstanceId` carries the id in
/// its lower half (Win32 reference, "Event Identifiers").
fn id_of(text: &str, number: &Found<'_>) -> Option<u32> {
    let qualifiers = text[..number.at].trim_end_matches(['\'', '"', '=']).ends_with("Qualifiers");
    let value = number.number.value;
    let facility = value >> 16 & 0xFFF;
    (!qualifiers && (value < 0x1_0000 || facility == 0)).then_some(value & 0xFFFF)
}

/// `Source: W3SVC`, `<Provider Name='Service Control Manager'`.
fn labelled_sources(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().filter_map(move |line| {
        let (label, value) = line.split_once([':', '\u{FF1A}']).filter(|(label, _)| label.len() <= 48)?;
        let label = label.trim().trim_start_matches(['-', '|', '>']).trim().to_lowercase();
        let value = value.trim();
        let is_source = !value.is_empty() && value.len() <= 100 && SOURCE_LABELS.contains(&label.as_str());
        is_source.then(|| (value.as_ptr().addr() - text.as_ptr().addr(), value))
    });
    let providers = text.match_indices("<Provider Name=").filter_map(move |(at, mark)| {
        let rest = &text[at + mark.len()..];
        let name = rest.get(1..)?.split(['\'', '"']).next()?;
        Some((at, name)).filter(|(_, name)| name.len() <= 100)
    });
    lines.chain(providers)
}

/// A line of an event list: the source, then the id (`Service Control Manager
/// 7000`, with tabs, commas or spaces between).
fn id_in_list<'a>(text: &str, source: &str, from: usize, to: usize) -> Option<(usize, Piece<'a>)> {
    let rest = text[to..].lines().next()?;
    let gap = rest.len() - rest.trim_start_matches(['\t', ' ', ',', ';', '|', '"', ':', '(', '#']).len();
    let rest =
        rest[gap..].trim_start_matches("Event ID").trim_start_matches("ID").trim_start_matches([' ', ':']);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let ends = rest
        .as_bytes()
        .get(digits)
        .is_none_or(|b| matches!(b, b'\t' | b' ' | b',' | b';' | b'"' | b')' | b'|'));
    let id: u32 = rest[..digits].parse().ok().filter(|id| (1..0x1_0000).contains(id))?;
    let known = id >= 1000 || code::is_event(source, id) || text[to..].starts_with(['\t', ',', ';']);
    (ends && known && gap > 0).then_some((from + 1, Piece::Id(id)))
}

#[cfg(test)]
mod tests;
