//! Services named in a text, by key name or display name.

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use serde::Serialize;

use super::sentence;
use super::words::{Names, Word};

/// A service named in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastedService {
    /// Key name where known, else the name as written.
    pub name: String,
    /// Usual display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<&'static str>,
}

impl fmt::Display for PastedService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.display {
            Some(display) => write!(f, "{} ({display})", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// `key<TAB>display name|another`; `~` marks names that are ordinary words or stand for more than the service.
const SERVICES: &str = include_str!("services.tsv");

/// How a name must stand in a text to be taken for a service.
#[derive(Clone, Copy)]
struct Named {
    key: &'static str,
    display: Option<&'static str>,
    /// Written exactly so, or beside the word service.
    strict: bool,
}

static NAMES: LazyLock<Names<Named>> = LazyLock::new(|| Names::new(SERVICES.lines().flat_map(names_of)));

fn names_of(line: &'static str) -> Vec<(&'static str, Named)> {
    let (key, displays) = line.split_once('\t').unwrap_or((line, ""));
    let ordinary = key.starts_with('~');
    let key = plain(key);
    let mut displays = displays.split('|').filter(|name| !name.is_empty());
    let display = displays.clone().next().map(plain);
    let short = key.len() <= 4 || ordinary;
    let first = (key, Named { key, display, strict: short });
    let others = displays.by_ref().map(|name| {
        let plain = plain(name);
        (plain, Named { key, display, strict: plain != name || !name.contains(' ') })
    });
    std::iter::once(first).chain(others).collect()
}

/// Words that make their neighbour a service.
const CONTEXT: &[&str] = &[
    "service",
    "services",
    "service_name",
    "dienst",
    "start",
    "stop",
    "query",
    "queryex",
    "config",
    "qc",
    "starting",
    "startservice",
    "service:",
    "служба",
    "службу",
    "служби",
    "服务",
    "サービス",
    "servicio",
    "serviço",
    "servizio",
    "tjänsten",
    "usługa",
];

/// The names that key paths, commands and event texts give to services.
pub(super) fn find(text: &str, words: &[Word], asked: bool) -> Vec<PastedService> {
    let mut seen = HashSet::new();
    let mut services = Vec::new();
    for (named, first, last) in NAMES.find(words) {
        let exact =
            &text[first.from..last.to] == named.key && named.key.bytes().any(|b| b.is_ascii_uppercase());
        let asked = asked && text[first.from..last.to].eq_ignore_ascii_case(named.key);
        let exact = exact && named.key.len() > 2;
        let accepted = !named.strict || asked || exact || in_context(text, first.from, last.to);
        if accepted && seen.insert(named.key) {
            services.push(PastedService { name: named.key.to_owned(), display: named.display });
        }
    }
    for (name, _) in sentence::find(text) {
        let known = services.iter().any(|service| is_called(service, name));
        if !known && seen.len() < NAMED_MAX && services.iter().all(|service| service.name != name) {
            services.push(PastedService { name: name.to_owned(), display: None });
        }
    }
    services
}

/// At most so many names that are in no list.
const NAMED_MAX: usize = 100;

fn is_called(service: &PastedService, name: &str) -> bool {
    let same = |known: &str| {
        let name = name.strip_suffix(" Service").unwrap_or(name);
        known.strip_suffix(" Service").unwrap_or(known).eq_ignore_ascii_case(name)
    };
    same(&service.name)
        || service.display.is_some_and(same)
        || NAMES_OF.iter().any(|(key, display)| *key == service.name && same(display))
}

static NAMES_OF: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let lines = SERVICES.lines().filter_map(|line| line.split_once('\t'));
    lines.flat_map(|(key, names)| names.split('|').map(move |name| (plain(key), plain(name)))).collect()
});

fn plain(name: &str) -> &str {
    name.trim_start_matches('~')
}

fn in_context(text: &str, from: usize, to: usize) -> bool {
    let before = text[..from].trim_end_matches([' ', '\'', '"', '(', '\\', ':', '=', '<', '>']);
    let word_before =
        before.rsplit(|c: char| c.is_whitespace() || "\\'\"(".contains(c)).next().unwrap_or_default();
    let after = text[to..].trim_start_matches([' ', '\'', '"', ')', ']', '-']);
    let end = after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len());
    let speaks = |word: &str| CONTEXT.iter().any(|known| word.eq_ignore_ascii_case(known));
    let bracketed = text[..from].ends_with('(') && text[to..].starts_with(')');
    let quoted = text[..from].ends_with(['\'', '"']) && text[to..].starts_with(['\'', '"']);
    speaks(word_before) || speaks(&after[..end]) || bracketed || quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let words: Vec<Word> = super::super::words::of(text).collect();
        find(text, &words, false).into_iter().map(|service| service.name).collect()
    }

    #[test]
    fn key_and_display_names_are_the_same_service() {
        assert_eq!(names("The Background Intelligent Transfer Service failed"), ["BITS"]);
        assert_eq!(names("cannot start service wuauserv on computer '.'"), ["wuauserv"]);
        assert_eq!(names("[*] Starting TermService..."), ["TermService"]);
        assert_eq!(names("Service 'Windows Update (wuauserv)' cannot be started"), ["wuauserv"]);
    }

    #[test]
    fn ordinary_words_are_no_services() {
        assert_eq!(names("bits of power on the disk browser, 64 bits, the server"), [""; 0]);
        assert_eq!(names("The Power service and the Workstation service"), ["Power", "LanmanWorkstation"]);
    }

    #[test]
    fn unknown_services_are_named_by_their_sentence() {
        assert_eq!(names("The World Wide Frob service failed to start due to"), ["World Wide Frob"]);
    }
}
