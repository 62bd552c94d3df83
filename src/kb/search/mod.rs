//! Ranking: which articles fit what the machine said.
//!
//! Codes, events, services, messages and words are weighed by how telling they
//! are in this knowledge base. Every result says why it is there and how sure
//! it is; what fits nothing gets nothing above [`Confidence::Weak`].

mod words;

use std::collections::HashMap;

use serde::Serialize;

use super::article::{Article, Event};
use super::code::{self, CodeKey};
use super::fix::FixId;
use super::paste::{self, Understanding};
use super::release::Release;

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

/// The knowledge base, prepared for searching.
pub struct Index {
    entries: Vec<Entry>,
    codes: HashMap<CodeKey, Vec<u32>>,
    words: HashMap<String, Vec<u32>>,
}

struct Entry {
    id: String,
    title: String,
    events: Vec<Event>,
}

/// At most this many results are given.
const RESULTS_MAX: usize = 50;

impl Index {
    /// Prepares articles for searching.
    pub fn build(articles: &[Article]) -> Self {
        let mut index = Self { entries: Vec::new(), codes: HashMap::new(), words: HashMap::new() };
        for (article, at) in articles.iter().zip(0_u32..) {
            let codes = article.codes.iter().flat_map(|written| code::explain(written));
            for key in codes.flat_map(|code| code.keys) {
                push_once(index.codes.entry(key).or_default(), at);
            }
            for word in words::of(&words::searchable(article)) {
                push_once(index.words.entry(word).or_default(), at);
            }
            let (id, title) = (article.id.clone(), article.title.clone());
            index.entries.push(Entry { id, title, events: article.events.clone() });
        }
        index
    }

    /// Ranks the articles for a text, the best first.
    pub fn search(&self, text: &str, context: &Context) -> Vec<Hit> {
        self.rank(text, &paste::understand(text), context)
    }

    /// Like [`Index::search`], for a text that has been understood already.
    pub fn rank(&self, text: &str, understood: &Understanding, context: &Context) -> Vec<Hit> {
        let mut evidence: HashMap<u32, Evidence> = HashMap::new();
        self.weigh_codes(understood, &mut evidence);
        self.weigh_events(understood, &mut evidence);
        for word in words::of(text) {
            let Some(articles) = self.words.get(&word) else { continue };
            for at in articles {
                evidence.entry(*at).or_default().add(self.telling(articles) * 0.5, || format!("word {word}"));
            }
        }
        let mut hits: Vec<Hit> =
            evidence.into_iter().filter_map(|(at, found)| self.hit(at, found, context)).collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        hits.truncate(RESULTS_MAX);
        hits
    }

    /// Inverse document frequency: what few articles have tells much.
    #[expect(clippy::cast_precision_loss, reason = "counts of articles are far below 2^52")]
    fn telling(&self, articles: &[u32]) -> f64 {
        ((self.entries.len() as f64 + 1.0) / (articles.len() as f64 + 0.5)).ln()
    }

    fn weigh_codes(&self, understood: &Understanding, evidence: &mut HashMap<u32, Evidence>) {
        for code in &understood.codes {
            for articles in code.code.keys.iter().filter_map(|key| self.codes.get(key)) {
                for at in articles {
                    let found = evidence.entry(*at).or_default();
                    found.add(3.0 + 2.0 * self.telling(articles), || format!("code {}", code.code.text));
                    found.confidence = found.confidence.max(Confidence::Likely);
                }
            }
        }
    }

    fn weigh_events(&self, understood: &Understanding, evidence: &mut HashMap<u32, Evidence>) {
        for event in &understood.events {
            let fits = |entry: &Entry| entry.events.iter().any(|known| event.is(known) != Some(false));
            let articles: Vec<u32> =
                self.entries.iter().zip(0..).filter(|(entry, _)| fits(entry)).map(|(_, at)| at).collect();
            for at in &articles {
                let found = evidence.entry(*at).or_default();
                found.add(2.0 + self.telling(&articles), || format!("event {}", event.id));
            }
        }
    }

    fn hit(&self, at: u32, found: Evidence, context: &Context) -> Option<Hit> {
        let entry = self.entries.get(at as usize)?;
        let needed = context.needed.iter().any(|fix| fix.article == entry.id);
        let mut why = found.why;
        if needed {
            why.push("a scan of the target found it needed".to_owned());
        }
        let score = if needed { found.score * 1.5 } else { found.score };
        Some(Hit {
            id: entry.id.clone(),
            title: entry.title.clone(),
            confidence: found.confidence,
            score,
            why,
        })
    }
}

/// What speaks for one article.
struct Evidence {
    score: f64,
    confidence: Confidence,
    why: Vec<String>,
}

impl Default for Evidence {
    fn default() -> Self {
        Self { score: 0.0, confidence: Confidence::Weak, why: Vec::new() }
    }
}

impl Evidence {
    fn add(&mut self, weight: f64, why: impl FnOnce() -> String) {
        self.score += weight;
        if self.why.len() < 8 {
            self.why.push(why());
        }
    }
}

fn push_once(list: &mut Vec<u32>, at: u32) {
    if list.last() != Some(&at) {
        list.push(at);
    }
}
