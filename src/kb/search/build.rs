//! Preparing articles for searching.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};
use std::thread;

use super::sentence::{Place, Sentences};
use super::vocabulary::{ByHash, Term, Vocabulary, hash_of};
use super::{Entry, Index, fold, telling};
use crate::kb::article::Article;
use crate::kb::code::{self, CodeKey};
use crate::kb::paste;

/// How much a word counts by its place, 1 to 7.
mod weight {
    pub(super) const BODY: u8 = 2;
    pub(super) const SYMPTOMS: u8 = 4;
    pub(super) const LIST: u8 = 5;
    pub(super) const PHRASE: u8 = 6;
    pub(super) const TITLE: u8 = 7;
}

/// Least number of letters before the star of a file pattern.
const PATTERN_LETTERS_MIN: usize = 3;

/// Fewest components of a registry key that name a place worth finding.
pub(super) const KEY_DEPTH_MIN: usize = 4;

/// Fewer articles than this are not worth a thread.
const ARTICLES_PER_THREAD_MIN: usize = 500;
/// At most so many threads prepare articles.
const THREADS_MAX: usize = 8;

impl Index {
    /// Prepares articles for searching, on all processors where there are many.
    pub fn build(articles: &[Article]) -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let threads = (articles.len() / ARTICLES_PER_THREAD_MIN).clamp(1, processors.min(THREADS_MAX));
        let share = articles.len().div_ceil(threads).max(1);
        let mut parts = thread::scope(|scope| {
            let shares = articles.chunks(share).zip((0..).step_by(share)).skip(1);
            let others: Vec<_> =
                shares.map(|(share, from)| scope.spawn(move || Builder::of(share, from))).collect();
            let first = Builder::of(articles.get(..share.min(articles.len())).unwrap_or_default(), 0);
            // A thread that could not finish takes only its own articles out of the search.
            let parts =
                std::iter::once(first).chain(others.into_iter().filter_map(|other| other.join().ok()));
            parts.collect::<Vec<_>>().into_iter()
        });
        let mut builder = parts.next().unwrap_or_else(Builder::new);
        parts.for_each(|part| builder.absorb(part));
        builder.finish()
    }
}

/// An index in the making.
struct Builder {
    index: Index,
    /// Greatest weight of each word in the article at hand.
    weights: Vec<u8>,
    /// Words of the article at hand.
    touched: Vec<Term>,
}

impl Builder {
    /// An empty index.
    fn new() -> Self {
        let index = Index {
            entries: Vec::new(),
            vocabulary: Vocabulary::new(),
            sentences: Sentences::default(),
            codes: HashMap::new(),
            events: HashMap::new(),
            services: HashMap::new(),
            names: HashMap::new(),
            keys: ByHash::default(),
            patterns: Vec::new(),
        };
        Self { index, weights: Vec::new(), touched: Vec::new() }
    }

    /// Articles of which the first has the number `from`.
    fn of(articles: &[Article], from: usize) -> Self {
        let mut builder = Self::new();
        for (article, at) in articles.iter().zip(from..) {
            builder.add(article, u32::try_from(at).unwrap_or(u32::MAX));
        }
        builder
    }

    /// Takes over later articles.
    fn absorb(&mut self, later: Self) {
        let (mine, later) = (&mut self.index, later.index);
        let numbers = mine.vocabulary.absorb(&later.vocabulary);
        mine.sentences.absorb(&later.sentences, &numbers);
        mine.entries.extend(later.entries);
        absorb(&mut mine.codes, later.codes);
        absorb(&mut mine.events, later.events);
        absorb(&mut mine.services, later.services);
        absorb(&mut mine.names, later.names);
        absorb(&mut mine.keys, later.keys);
        mine.patterns.extend(later.patterns);
    }

    /// The index of all articles added.
    fn finish(mut self) -> Index {
        let all = self.index.entries.len();
        #[expect(clippy::cast_possible_truncation, reason = "a weight from 0 to 1")]
        self.index.vocabulary.finish(|count| telling(all, count) as f32);
        self.index.sentences.finish(&self.index.vocabulary);
        self.index
    }

    /// Adds an article.
    fn add(&mut self, article: &Article, at: u32) {
        let codes = self.codes(article, at);
        self.identifiers(article, at);
        self.sentences(article, at);
        self.words(article);
        for term in self.touched.drain(..) {
            let weight = std::mem::take(&mut self.weights[term as usize]);
            self.index.vocabulary.note(term, at, weight);
        }
        self.index.entries.push(Entry {
            id: article.id.clone(),
            title: article.title.clone(),
            applies_to: article.applies_to.clone(),
            related: article.related.clone(),
            codes,
            services: u16::try_from(article.services.len()).unwrap_or(u16::MAX),
        });
    }

    /// Codes in any written form; a short hexadecimal number is a stop code.
    fn codes(&mut self, article: &Article, at: u32) -> u16 {
        let mut keys: Vec<CodeKey> = Vec::new();
        for code in article.codes.iter().map(|written| code::keys(written)) {
            let stop = code.iter().any(|key| matches!(key, CodeKey::Stop(_)));
            keys.extend(code.into_iter().filter(|key| !stop || !matches!(key, CodeKey::Win32(_))));
        }
        keys.sort_unstable();
        keys.dedup();
        for key in &keys {
            self.index.codes.entry(*key).or_default().push(at);
        }
        u16::try_from(keys.len()).unwrap_or(u16::MAX)
    }

    fn identifiers(&mut self, article: &Article, at: u32) {
        for event in &article.events {
            self.index.events.entry(event.id).or_default().push((at, source_hash(&event.source)));
        }
        for service in &article.services {
            push_once(self.index.services.entry(service.to_lowercase()).or_default(), at);
        }
        for name in std::iter::once(&article.id).chain(&article.aliases) {
            push_once(self.index.names.entry(name.to_lowercase()).or_default(), at);
        }
        for key in paste::keys(&article.body) {
            self.key(&key, at);
        }
        self.index.patterns.extend(patterns(&article.body).map(|pattern| (pattern, at)));
    }

    /// A registry key is found by itself and by the keys above it.
    fn key(&mut self, key: &str, at: u32) {
        let Some(components) = paste::normal_key(key) else { return };
        for depth in KEY_DEPTH_MIN..=components.len() {
            let place = hash_of(components[..depth].join("\\").as_bytes());
            push_once(self.index.keys.entry(place).or_default(), at);
        }
    }

    fn sentences(&mut self, article: &Article, at: u32) {
        let messages = article.messages.iter().map(|text| (text, Place::Message, weight::PHRASE));
        let phrases = article.phrases.iter().map(|text| (text, Place::Phrase, weight::PHRASE));
        let title = std::iter::once((&article.title, Place::Title, weight::TITLE));
        let mut terms = Vec::new();
        for (text, place, weight) in messages.chain(phrases).chain(title) {
            terms.clear();
            self.fold(text, weight, |term| terms.push(term));
            // A single word says it all only where nothing else stood beside it.
            let alone = place == Place::Message && !text.contains(' ');
            if terms.len() < 2 && !alone {
                continue;
            }
            self.index.sentences.add(&terms, at, place);
        }
    }

    fn words(&mut self, article: &Article) {
        self.fold(&article.id, weight::TITLE, |_| ());
        for name in article.aliases.iter().chain(&article.products).chain(&article.services) {
            self.fold(name, weight::LIST, |_| ());
        }
        for event in &article.events {
            self.fold(&event.source, weight::LIST, |_| ());
        }
        for (line, symptoms) in prose(&article.body) {
            self.fold(line, if symptoms { weight::SYMPTOMS } else { weight::BODY }, |_| ());
        }
    }

    /// Puts the words of a text into the vocabulary and notes them for the
    /// article at hand.
    fn fold(&mut self, text: &str, weight: u8, mut each: impl FnMut(Term)) {
        let Self { index, weights, touched } = self;
        fold::each_written(text, |word, _| {
            let term = index.vocabulary.add_written(word);
            if !index.vocabulary.is_telling(term) {
                return;
            }
            if weights.len() <= term as usize {
                weights.resize(term as usize * 2 + 1, 0);
            }
            let greatest = &mut weights[term as usize];
            if *greatest == 0 {
                touched.push(term);
            }
            *greatest = (*greatest).max(weight);
            each(term);
        });
    }
}

/// Adds the lists of later articles to lists by the same thing.
fn absorb<K: Eq + Hash, T, S: BuildHasher>(mine: &mut HashMap<K, Vec<T>, S>, later: HashMap<K, Vec<T>, S>) {
    for (thing, articles) in later {
        mine.entry(thing).or_default().extend(articles);
    }
}

/// Sources of events are compared by the hash of their normal form.
pub(super) fn source_hash(source: &str) -> u64 {
    hash_of(paste::normal_source(source).as_bytes())
}

fn push_once(list: &mut Vec<u32>, at: u32) {
    if list.last() != Some(&at) {
        list.push(at);
    }
}

/// The lines of an article that people read as its own: no fenced blocks and
/// nothing that sends the reader to another article. With each, whether it
/// stands under Symptoms.
fn prose(body: &str) -> impl Iterator<Item = (&str, bool)> {
    let (mut fenced, mut symptoms) = (false, false);
    let points = body.contains(".md)");
    body.lines().filter_map(move |line| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            return None;
        }
        if !fenced && let Some(heading) = line.strip_prefix("## ") {
            symptoms = heading.trim() == "Symptoms";
        }
        let elsewhere = points && line.contains(".md)");
        (!fenced && !elsewhere).then_some((line, symptoms))
    })
}

/// File patterns such as `…\MachineKeys\c23*`: what stands before the star.
fn patterns(body: &str) -> impl Iterator<Item = String> {
    body.match_indices('*').filter_map(|(at, _)| {
        let name = body[..at]
            .bytes()
            .rev()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            .count();
        let folder = body[..at - name].ends_with(['\\', '/', '`', '"', '\'']);
        let digits = body[at - name..at].bytes().any(|b| b.is_ascii_digit());
        (folder && digits && name >= PATTERN_LETTERS_MIN).then(|| body[at - name..at].to_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_leaves_out_fences_and_pointers_elsewhere() {
        let body = "## Symptoms\n\nIt fails.\n- see [KB 1](kb1.md) for Exchange\n```toml fix\nid = 1\n```\n## Cause\nWhy";
        let lines: Vec<(&str, bool)> = prose(body).filter(|(line, _)| !line.is_empty()).collect();
        assert_eq!(lines, [("## Symptoms", true), ("It fails.", true), ("## Cause", false), ("Why", false)]);
    }

    #[test]
    fn file_patterns_are_found() {
        let found: Vec<String> =
            patterns("'{X}\\RSA\\MachineKeys\\c23*' and `C-00000291*.sys` but **bold** a*b").collect();
        assert_eq!(found, ["c23", "c-00000291"]);
    }
}
