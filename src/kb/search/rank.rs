//! Weighing the evidence of a text for every article it concerns.

use std::collections::{HashMap, HashSet};

use super::build::{KEY_DEPTH_MIN, source_hash};
use super::evidence::{Evidence, Kind};
use super::fold::GUID_BYTES;
use super::query::{Query, QueryWord};
use super::sentence::Place;
use super::vocabulary::{Term, hash_of};
use super::{Context, Hit, Index, judge};
use crate::kb::code::{self, CodeKey};
use crate::kb::paste::{self, PastedCode, Role, Understanding};

/// How many articles may be found by their words alone.
const WORD_RESULTS_MAX: usize = 60;
/// What a word counts that no article has.
const UNKNOWN_WORD: f64 = 0.3;
/// At most so many words are looked at for names of articles.
const NAME_WORDS_MAX: usize = 20_000;
/// In a text of up to so many words the name of an article means the article,
/// even where it is an ordinary word.
const NAMING_WORDS_MAX: usize = 3;
/// How telling a name must be.
const NAME_TELLING_MIN: f64 = 0.4;

/// A text being ranked.
struct Ranking<'a> {
    index: &'a Index,
    understood: &'a Understanding,
    evidence: HashMap<u32, Evidence>,
}

impl Index {
    /// Like [`Index::search`], for a text that has been understood already.
    pub fn rank(&self, text: &str, understood: &Understanding, context: &Context) -> Vec<Hit> {
        let text = paste::without_frame(text);
        let text = text.as_ref();
        let query = Query::of(text, &self.vocabulary);
        let mut ranking = Ranking { index: self, understood, evidence: HashMap::new() };
        ranking.codes();
        ranking.events();
        ranking.services();
        ranking.keys();
        ranking.names(text);
        ranking.technical_names(&query);
        ranking.sentences(&query);
        ranking.words(&query);
        judge::hits(self, understood, context, ranking.evidence)
    }

    /// How telling it is to be one of `count` articles of this base.
    fn telling(&self, count: usize) -> f64 {
        super::telling(self.entries.len(), count)
    }

    fn telling_term(&self, term: Term) -> f64 {
        f64::from(self.vocabulary.telling(term))
    }
}

/// What an article says of many things it says less of each: full weight for
/// as many as one trouble has.
fn focus(things: u16, of_one_trouble: u16) -> f64 {
    0.6 + 0.4 * (f64::from(of_one_trouble) / f64::from(things.max(of_one_trouble))).sqrt()
}

/// How many codes one trouble has.
const CODES_OF_ONE_TROUBLE: u16 = 2;
/// How many services one trouble has.
const SERVICES_OF_ONE_TROUBLE: u16 = 6;

/// What a sentence says that Windows prints of any service: its name and the
/// event count by themselves.
const OF_ANY_SERVICE: f64 = 0.4;

/// How much of a sentence is lost where another has all its words.
const REPEATED: f64 = 0.8;

/// How much a sentence says of which a share is there: next to nothing for a
/// third, for any text shares some words with any sentence.
fn enough(coverage: f64) -> f64 {
    ((coverage - 0.35) / 0.65).clamp(0.0, 1.0).powf(1.5)
}

/// The best of the articles found by words.
fn best(scores: &[f32]) -> Vec<(u32, f32)> {
    let mut found: Vec<(u32, f32)> =
        (0..).zip(scores.iter().copied()).filter(|(_, score)| *score > 0.0).collect();
    if found.len() > WORD_RESULTS_MAX {
        found.select_nth_unstable_by(WORD_RESULTS_MAX, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(WORD_RESULTS_MAX);
    }
    found
}

/// A sentence of an article in the text.
struct Said {
    kind: Kind,
    strength: f64,
    from: u32,
    to: u32,
    reason: String,
}

impl Said {
    /// The same words of the text count once: the share that no stronger
    /// sentence of the article has, of which a little is left to repetitions.
    fn new_share(&self, stronger: &[Self]) -> f64 {
        let common = |other: &Self| {
            let words = (other.to.min(self.to) + 1).saturating_sub(other.from.max(self.from));
            f64::from(words) / f64::from(self.to - self.from + 1)
        };
        1.0 - REPEATED * stronger.iter().map(common).fold(0.0, f64::max)
    }
}

impl Ranking<'_> {
    fn add(&mut self, article: u32, kind: Kind, strength: f64, reason: impl FnOnce() -> String) {
        self.evidence.entry(article).or_default().add(kind, strength, reason);
    }

    fn codes(&mut self) {
        let mut seen = HashSet::new();
        for code in &self.understood.codes {
            for key in &code.code.keys {
                if seen.insert(*key) {
                    self.code(code, *key);
                }
            }
            for near in &code.code.did_you_mean {
                for key in code::explain(&near.value).iter().flat_map(|code| code.keys.clone()) {
                    let articles = self.index.codes.get(&key).cloned().unwrap_or_default();
                    let telling = self.index.telling(articles.len());
                    for article in articles {
                        self.add(article, Kind::NearCode, telling, || {
                            format!("if {} was meant by {}", near.value, code.code.text)
                        });
                    }
                }
            }
        }
    }

    fn code(&mut self, code: &PastedCode, key: CodeKey) {
        let index = self.index;
        let Some(articles) = index.codes.get(&key) else { return };
        let stopped = self.understood.codes.iter().any(|code| code.role == Role::Stop);
        let part = match code.role {
            Role::Stop => 1.0,
            Role::Parameter => 0.5,
            Role::Reason | Role::Error if stopped => 0.6,
            Role::Reason | Role::Error => 0.95,
        };
        let general = if key.is_general() { 0.5 } else { 1.0 };
        let strength = index.telling(articles.len()) * part * general;
        for article in articles {
            if !key.is_general() {
                self.evidence.entry(*article).or_default().has_telling_code = true;
            }
            let focus = index
                .entries
                .get(*article as usize)
                .map_or(1.0, |entry| focus(entry.codes, CODES_OF_ONE_TROUBLE));
            self.add(*article, Kind::Code, strength * focus, || format!("code {}", code.code.text));
        }
    }

    fn events(&mut self) {
        for event in &self.understood.events {
            let known = self.index.events.get(&event.id).map(Vec::as_slice).unwrap_or_default();
            let source = event.source.as_deref().map(source_hash);
            let fits = |known: &u64| source.is_none_or(|pasted| pasted == *known);
            let mut articles: Vec<u32> =
                known.iter().filter(|(_, source)| fits(source)).map(|(at, _)| *at).collect();
            articles.dedup();
            let sure = match (event.inferred, &event.source) {
                (true, _) => 0.5,
                (false, Some(_)) => 1.0,
                (false, None) => 0.6,
            };
            let strength = self.index.telling(articles.len()) * sure;
            for article in articles {
                self.add(article, Kind::Event, strength, || match &event.source {
                    Some(source) => format!("event {} of {source}", event.id),
                    None => format!("event {}", event.id),
                });
            }
        }
    }

    fn services(&mut self) {
        let index = self.index;
        for service in &self.understood.services {
            let Some(articles) = index.services.get(&service.name.to_lowercase()) else { continue };
            let strength = index.telling(articles.len());
            for article in articles {
                let focus = index
                    .entries
                    .get(*article as usize)
                    .map_or(1.0, |entry| focus(entry.services, SERVICES_OF_ONE_TROUBLE));
                self.add(*article, Kind::Service, strength * focus, || format!("service {service}"));
            }
        }
    }

    /// A key counts by the deepest of it and the keys above it that an article
    /// names.
    #[expect(clippy::cast_precision_loss, reason = "a key has few components")]
    fn keys(&mut self) {
        let index = self.index;
        for key in &self.understood.keys {
            let Some(components) = paste::normal_key(key) else { continue };
            let depths = (KEY_DEPTH_MIN..=components.len()).rev();
            let found = depths.filter_map(|depth| {
                let place = hash_of(components[..depth].join("\\").as_bytes());
                Some((depth, index.keys.get(&place)?))
            });
            let Some((depth, articles)) = found.into_iter().next() else { continue };
            let strength = index.telling(articles.len()) * depth as f64 / components.len() as f64;
            for article in articles {
                self.add(*article, Kind::Key, strength, || format!("key {key}"));
            }
        }
    }

    /// Articles named by id, alias or KB number.
    fn names(&mut self, text: &str) {
        let mut seen = HashSet::new();
        let mut before = "";
        let words = || text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
        let short = words().nth(NAMING_WORDS_MAX).is_none();
        for word in words().take(NAME_WORDS_MAX) {
            let number = before.eq_ignore_ascii_case("kb") && word.bytes().all(|b| b.is_ascii_digit());
            let name = if number { format!("kb{word}") } else { word.to_lowercase() };
            before = word;
            let Some(articles) = self.index.names.get(&name) else { continue };
            if !seen.insert(name.clone()) {
                continue;
            }
            let meant = match name.bytes().any(|b| b.is_ascii_digit()) {
                true => 1.0,
                false if short => 0.8,
                false => 0.25,
            };
            let strength = self.index.telling(articles.len()) * meant;
            for article in articles {
                self.add(*article, Kind::Name, strength, || format!("named {name}"));
            }
        }
    }

    /// Names that few articles have: drivers, files, GUIDs, values and programs
    /// (`StartOverride`).
    fn technical_names(&mut self, query: &Query<'_>) {
        let index = self.index;
        for word in query.words.iter().filter(|word| !word.guessed) {
            let Some((term, _)) = word.terms.first() else { continue };
            let telling = index.telling_term(*term);
            let shown = query.shown(word);
            if telling < NAME_TELLING_MIN || !self.is_name(shown) {
                continue;
            }
            for (article, _) in index.vocabulary.postings(*term).iter() {
                self.add(article, Kind::File, telling, || format!("name {shown}"));
            }
        }
        for name in &query.names {
            for (pattern, article) in
                index.patterns.iter().filter(|(pattern, _)| name.starts_with(pattern.as_str()))
            {
                self.add(*article, Kind::File, 1.0, || format!("name {pattern}…"));
            }
        }
    }

    fn is_name(&self, word: &str) -> bool {
        let understood = self.understood;
        let stems =
            understood.drivers.iter().chain(&understood.files).filter_map(|file| file.split('.').next());
        let service = understood.services.iter().any(|service| service.name.eq_ignore_ascii_case(word));
        let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
        let mixed = capitals >= 2 && word.bytes().any(|b| b.is_ascii_lowercase());
        !service
            && (mixed
                || word.len() == GUID_BYTES
                || stems.into_iter().any(|stem| stem.eq_ignore_ascii_case(word)))
    }

    fn sentences(&mut self, query: &Query<'_>) {
        let index = self.index;
        let service_known = self.understood.services.iter().any(|service| service.display.is_some());
        let mut said: HashMap<u32, Vec<Said>> = HashMap::new();
        for found in index.sentences.find(&query.places, &index.vocabulary) {
            let owners = index.sentences.owners(found.sentence);
            let meaning = found.weight / (found.weight + 0.6);
            let quoted = query.quote(found.from, found.to);
            let template = service_known && paste::is_service_sentence(&quoted);
            let general = if template { OF_ANY_SERVICE } else { 1.0 };
            let base = enough(found.coverage) * meaning * index.telling(owners.len()) * general;
            for owner in owners {
                let (kind, strength, what) = match owner.place {
                    Place::Message => (Kind::Message, base * (0.5 + 0.5 * found.order), "message"),
                    Place::Phrase => (Kind::Phrase, base, "words"),
                    Place::Title => (Kind::Phrase, base * 0.9, "title"),
                };
                let reason = format!("{what} \u{201C}{quoted}\u{201D}");
                let (from, to) = (found.from, found.to);
                said.entry(owner.article).or_default().push(Said { kind, strength, from, to, reason });
            }
        }
        for (article, mut said) in said {
            said.sort_by(|a, b| {
                b.strength.total_cmp(&a.strength).then(b.kind.cmp(&a.kind)).then(a.from.cmp(&b.from))
            });
            for (at, one) in said.iter().enumerate() {
                let new = one.new_share(&said[..at]);
                self.add(article, one.kind, one.strength * new, || one.reason.clone());
            }
        }
    }

    /// Single words: how much of the text's meaning an article's words cover.
    fn words(&mut self, query: &Query<'_>) {
        let weight = |word: &QueryWord| match word.terms.first() {
            Some((term, _)) => self.index.telling_term(*term),
            None => UNKNOWN_WORD,
        };
        let all: f64 = query.words.iter().map(weight).sum();
        if all <= 0.0 {
            return;
        }
        let best = best(&self.index.word_scores(query));
        let shared = self.index.shared(query, &best);
        for ((article, score), shared) in best.into_iter().zip(shared) {
            let matched = f64::from(score);
            let strength = (matched / all).min(1.0) * matched / (matched + 1.0);
            self.add(article, Kind::Word, strength, || format!("words {}", shared.join(", ")));
        }
    }
}

/// How many shared words are named.
const SHARED_MAX: usize = 5;

impl Index {
    /// What the words of a text say for each article.
    #[expect(clippy::cast_possible_truncation, reason = "a weight from 0 to 1")]
    fn word_scores(&self, query: &Query<'_>) -> Vec<f32> {
        let mut scores = vec![0.0_f32; self.entries.len()];
        let mut stamps = vec![0_u16; self.entries.len()];
        for (word, stamp) in query.words.iter().zip(1_u16..) {
            for (term, sure) in &word.terms {
                let telling = self.vocabulary.telling(*term) * *sure as f32;
                for (article, weight) in self.vocabulary.postings(*term).iter() {
                    let at = article as usize;
                    if let (Some(score), Some(seen)) = (scores.get_mut(at), stamps.get_mut(at))
                        && *seen != stamp
                    {
                        *seen = stamp;
                        *score += telling * (0.4 + 0.6 * f32::from(weight) / 7.0);
                    }
                }
            }
        }
        scores
    }

    /// For each of some articles the words of a text that it has.
    fn shared<'a>(&self, query: &Query<'a>, articles: &[(u32, f32)]) -> Vec<Vec<&'a str>> {
        let mut shared: Vec<Vec<&str>> = vec![Vec::new(); articles.len()];
        let mut slots: Vec<u8> = vec![u8::MAX; self.entries.len()];
        for ((article, _), slot) in articles.iter().zip(0..u8::MAX) {
            if let Some(place) = slots.get_mut(*article as usize) {
                *place = slot;
            }
        }
        for word in &query.words {
            let shown = query.shown(word);
            for (article, _) in word.terms.iter().flat_map(|(term, _)| self.vocabulary.postings(*term).iter())
            {
                let slot = slots.get(article as usize).copied().unwrap_or(u8::MAX);
                if let Some(words) = shared.get_mut(usize::from(slot))
                    && words.len() < SHARED_MAX
                    && words.last() != Some(&shown)
                {
                    words.push(shown);
                }
            }
        }
        shared
    }
}
