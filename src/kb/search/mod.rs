//! Ranking: which articles fit what the machine said.
//!
//! Codes, events, services, messages and words are weighed by how telling they
//! are in this knowledge base (what few articles have tells much), and
//! combinations count. Every result says why it is there and how sure it is;
//! what fits nothing gets nothing above [`Confidence::Weak`].

mod build;
mod evidence;
mod fold;
mod judge;
mod places;
mod postings;
mod query;
mod rank;
mod sentence;
mod typo;
mod vocabulary;

use std::collections::HashMap;

use serde::Serialize;

use self::sentence::Sentences;
use self::vocabulary::{ByHash, Vocabulary};
use super::code::CodeKey;
use super::fix::FixId;
use super::paste;
use super::release::{AppliesTo, Release};

/// How sure a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Offered, not claimed.
    Weak,
    /// Probably the right one.
    Likely,
    /// The right one.
    Certain,
}

/// One result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// The article's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// For ordering; more is better.
    pub score: f64,
    /// What in the text speaks for it.
    pub why: Vec<String>,
}

/// What is known of the target besides the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The target's Windows release.
    pub release: Option<Release>,
    /// Fixes that a scan of the target found needed.
    pub needed: Vec<FixId>,
}

/// The knowledge base, prepared for searching. Lists of articles are in
/// ascending order.
pub struct Index {
    entries: Vec<Entry>,
    vocabulary: Vocabulary,
    sentences: Sentences,
    codes: HashMap<CodeKey, Vec<u32>>,
    /// By id: the articles and the hash of the source each gives.
    events: HashMap<u32, Vec<(u32, u64)>>,
    /// By key name in lower case.
    services: HashMap<String, Vec<u32>>,
    /// By id or alias in lower case.
    names: HashMap<String, Vec<u32>>,
    /// By the hash of a key or of one above it.
    keys: ByHash<Vec<u32>>,
    /// Beginnings of file names.
    patterns: Vec<(String, u32)>,
}

struct Entry {
    id: String,
    title: String,
    applies_to: Vec<AppliesTo>,
    /// Articles to read beside it.
    related: Vec<String>,
    /// How many codes it lists.
    codes: u16,
    /// How many services it lists.
    services: u16,
}

impl Index {
    /// Ranks the articles for a text, the best first.
    pub fn search(&self, text: &str, context: &Context) -> Vec<Hit> {
        self.rank(text, &paste::understand(text), context)
    }

    /// Bytes the index holds, about; the articles themselves not counted.
    pub fn size_bytes(&self) -> usize {
        let lists = |count: usize| count * 48;
        let entries: usize =
            self.entries.iter().map(|entry| size_of::<Entry>() + entry.id.len() + entry.title.len()).sum();
        let maps = lists(
            self.codes.len() + self.events.len() + self.services.len() + self.names.len() + self.keys.len(),
        );
        self.vocabulary.size_bytes() + self.sentences.size_bytes() + entries + maps
    }
}

/// How telling it is to be one of `count` articles among `all`: 1 for a single
/// one, next to 0 for all (normalised inverse document frequency).
fn telling(all: usize, count: usize) -> f64 {
    let all = all as f64 + 1.0;
    ((all / count.max(1) as f64).ln() / all.ln().max(f64::MIN_POSITIVE)).clamp(0.02, 1.0)
}

#[cfg(test)]
mod tests;
