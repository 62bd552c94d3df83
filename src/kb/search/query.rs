//! A text as the index sees it: its words, typos put right.

use std::collections::HashSet;

use super::fold::{self, GUID_BYTES};
use super::sentence::Places;
use super::typo::Typos;
use super::vocabulary::{Term, Vocabulary};

/// A text's words.
pub(super) struct Query {
    /// Where the known words stand.
    pub(super) places: Places,
    /// Each different word.
    pub(super) words: Vec<QueryWord>,
    /// Long names with digits, in lower case: files may be called so.
    pub(super) names: Vec<String>,
    text: String,
    /// Where each word ends in the text.
    ends: Vec<usize>,
}

/// A word of the text and the words of articles it may be.
#[derive(Default)]
pub(super) struct QueryWord {
    /// Known words with how surely they are meant, 0 to 1; empty if unknown.
    pub(super) terms: Vec<(Term, f64)>,
    /// Whether it had to be guessed.
    pub(super) guessed: bool,
    /// As written.
    pub(super) shown: String,
}

/// Up to so many words a text counts as typed: typos are put right, and the
/// last word may be unfinished.
const TYPED_WORDS_MAX: usize = 60;
/// Up to so many words the last word may be unfinished.
const UNFINISHED_WORDS_MAX: usize = 8;
/// Most different words of a long text that are weighed: the most telling.
const WORDS_MAX: usize = 64;

/// Longest quotation from the text, in characters.
const QUOTE_CHARS_MAX: usize = 70;
/// Shortest name that may be a file's, in bytes.
const NAME_BYTES_MIN: usize = 10;
/// At most so many of them.
const NAMES_MAX: usize = 500;

/// A word as it stands in the text.
struct Read {
    term: Option<Term>,
    folded: String,
    end: usize,
}

impl Query {
    /// Reads a text.
    pub(super) fn of(text: &str, vocabulary: &Vocabulary, telling: impl Fn(Term) -> f64) -> Self {
        let read = read(text, vocabulary);
        let typed = read.len() <= TYPED_WORDS_MAX;
        let unfinished = read.len() <= UNFINISHED_WORDS_MAX && text.ends_with(|c: char| c.is_alphanumeric());
        let mut typos = Typos::new(vocabulary);
        let mut words: Vec<QueryWord> = Vec::new();
        let mut seen: HashSet<Term> = HashSet::new();
        let mut terms = Vec::with_capacity(read.len());
        for (at, word) in read.iter().enumerate() {
            let last = unfinished && at + 1 == read.len();
            let meant = match word.term {
                Some(term) if last => typos.finished(term),
                Some(term) => vec![(term, 1.0)],
                None if typed => typos.put_right(&word.folded, last),
                None => Vec::new(),
            };
            let best = meant.first().map(|(term, _)| *term);
            terms.push(best);
            if best.map_or(typed, |best| seen.insert(best)) {
                let shown = shown(text, word.end).to_owned();
                words.push(QueryWord { terms: meant, guessed: word.term.is_none(), shown });
            }
        }
        if words.len() > WORDS_MAX {
            let weight = |word: &QueryWord| word.terms.first().map_or(0.0, |(term, _)| telling(*term));
            words.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
            words.truncate(WORDS_MAX);
        }
        let ends = read.iter().map(|word| word.end).collect();
        Self { places: Places::of(&terms), words, names: names(text), text: text.to_owned(), ends }
    }

    /// The text from one word to another, shortened.
    pub(super) fn quote(&self, from: u32, to: u32) -> String {
        let end = |at: u32| self.ends.get(at as usize).copied().unwrap_or(0);
        let start = end(from) - shown(&self.text, end(from)).len();
        let quote = self.text.get(start..end(to)).unwrap_or_default();
        let words: Vec<&str> = quote.split_whitespace().collect();
        let line = words.join(" ");
        match line.char_indices().nth(QUOTE_CHARS_MAX) {
            Some((cut, _)) => format!("{}…", &line[..cut]),
            None => line,
        }
    }
}

/// The words of a text that tell something.
fn read(text: &str, vocabulary: &Vocabulary) -> Vec<Read> {
    let mut read: Vec<Read> = Vec::new();
    fold::each_word(text, |word, end| {
        let term = vocabulary.term(word);
        if term.is_some_and(|term| !vocabulary.is_telling(term)) || term.is_none() && is_number(word) {
            return;
        }
        let folded =
            if term.is_none() && read.len() <= TYPED_WORDS_MAX { word.to_owned() } else { String::new() };
        read.push(Read { term, folded, end });
    });
    read
}

/// Numbers are codes, dates, addresses: they are understood elsewhere.
fn is_number(word: &str) -> bool {
    word.bytes().filter(u8::is_ascii_digit).count() * 2 >= word.len()
}

/// The word that ends at a place.
fn shown(text: &str, end: usize) -> &str {
    let before = text.get(..end).unwrap_or_default();
    let guid = before.len().checked_sub(GUID_BYTES).and_then(|from| before.get(from..));
    if let Some(guid) = guid.filter(|guid| fold::is_guid(guid.as_bytes())) {
        return guid;
    }
    let word = before
        .char_indices()
        .rev()
        .take(80)
        .take_while(|(_, c)| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}'));
    word.last().map_or("", |(from, _)| &before[from..])
}

fn names(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
    let long = words.filter(|word| word.len() >= NAME_BYTES_MIN && word.bytes().any(|b| b.is_ascii_digit()));
    long.take(NAMES_MAX).map(str::to_lowercase).collect()
}
