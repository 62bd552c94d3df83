//! A text as the index sees it: its words, typos put right.

use std::ops::Range;

use super::fold::{self, GUID_BYTES};
use super::places::Places;
use super::typo::Typos;
use super::vocabulary::{Term, Vocabulary};

/// A text's words.
pub(super) struct Query<'a> {
    /// Where the known words stand.
    pub(super) places: Places,
    /// Each different word.
    pub(super) words: Vec<QueryWord>,
    /// Long names with digits, in lower case: files may be called so.
    pub(super) names: Vec<String>,
    text: &'a str,
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
    /// Where it ends in the text.
    end: usize,
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

impl<'a> Query<'a> {
    /// Reads a text.
    pub(super) fn of(text: &'a str, vocabulary: &Vocabulary) -> Self {
        let read = read(text, vocabulary);
        let typed = read.len() <= TYPED_WORDS_MAX;
        let unfinished = read.len() <= UNFINISHED_WORDS_MAX && text.ends_with(|c: char| c.is_alphanumeric());
        let mut typos = Typos::new(vocabulary);
        let mut words: Vec<QueryWord> = Vec::new();
        let mut places = Places::new(vocabulary.len());
        for (word, at) in read.iter().zip(0..) {
            let last = unfinished && at as usize + 1 == read.len();
            let guessed = word.term.is_none();
            let meant = match word.term {
                Some(term) if last => typos.finished(term),
                Some(_) => Vec::new(),
                None if typed => typos.put_right(&word.folded, last),
                None => Vec::new(),
            };
            let best = meant.first().map(|(term, _)| *term).or(word.term);
            if best.map_or(typed, |best| places.add(best, at)) {
                let terms = word.term.filter(|_| meant.is_empty()).map_or(meant, |term| vec![(term, 1.0)]);
                words.push(QueryWord { terms, guessed, end: word.end });
            }
        }
        most_telling(&mut words, vocabulary);
        let ends = read.iter().map(|word| word.end).collect();
        Self { places, words, names: names(text), text, ends }
    }

    /// A word as it was written.
    pub(super) fn shown(&self, word: &QueryWord) -> &'a str {
        shown(self.text, word.end)
    }

    /// The text from one word to another, shortened.
    pub(super) fn quote(&self, from: u32, to: u32) -> String {
        let end = |at: u32| self.ends.get(at as usize).copied().unwrap_or(0);
        let start = end(from) - shown(self.text, end(from)).len();
        let quote = self.text.get(start..end(to)).unwrap_or_default();
        let words: Vec<&str> = quote.split_whitespace().collect();
        let line = words.join(" ");
        match line.char_indices().nth(QUOTE_CHARS_MAX) {
            Some((cut, _)) => format!("{}…", &line[..cut]),
            None => line,
        }
    }
}

/// Of a long text only the most telling words are weighed.
fn most_telling(words: &mut Vec<QueryWord>, vocabulary: &Vocabulary) {
    if words.len() > WORDS_MAX {
        let weight = |word: &QueryWord| word.terms.first().map_or(0.0, |(term, _)| vocabulary.telling(*term));
        words.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        words.truncate(WORDS_MAX);
    }
}

/// The words of a text that tell something.
fn read(text: &str, vocabulary: &Vocabulary) -> Vec<Read> {
    let mut read: Vec<Read> = Vec::new();
    let mut tags = tags(text).peekable();
    fold::each_written(text, |word, end| {
        while tags.next_if(|tag| tag.end < end).is_some() {}
        if tags.peek().is_some_and(|tag| tag.start < end) {
            return;
        }
        let term = vocabulary.term(word);
        if term.is_some_and(|term| !vocabulary.is_telling(term)) || term.is_none() && is_number(word) {
            return;
        }
        let folded =
            if term.is_none() && read.len() <= TYPED_WORDS_MAX { fold::folded(word) } else { String::new() };
        read.push(Read { term, folded, end });
    });
    read
}

/// Longest tag of XML, in bytes.
const TAG_BYTES_MAX: usize = 300;

/// The tags of an event in XML: their names are not what the machine said.
fn tags(text: &str) -> impl Iterator<Item = Range<usize>> {
    let begins =
        |rest: &[u8]| matches!(rest, [b'<', next, ..] if next.is_ascii_alphabetic() || *next == b'/');
    text.match_indices('<').filter_map(move |(start, _)| {
        let rest = &text.as_bytes()[start..];
        let length = rest.iter().take(TAG_BYTES_MAX).position(|b| *b == b'>')?;
        begins(rest).then_some(start..start + length)
    })
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
