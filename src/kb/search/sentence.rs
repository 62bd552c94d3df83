//! Sentences of articles (messages, phrases, titles) found in a text, also where
//! they are cut short, misquoted, or have names put into their places.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "scores are small, and bytes of a number are cut on purpose"
)]

use std::collections::HashMap;

use super::vocabulary::{Postings, Term, hash_of};

/// Where a sentence stands in its article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// What people say.
    Phrase,
    /// The title.
    Title,
    /// What Windows prints.
    Message,
}

/// A sentence that one or more articles have.
struct Sentence {
    from: u32,
    to: u32,
    /// The articles that have it, and where.
    owners: Vec<(u32, Place)>,
}

/// All sentences, and the way to them by their words.
#[derive(Default)]
pub(super) struct Sentences {
    terms: Vec<Term>,
    list: Vec<Sentence>,
    by_terms: HashMap<u64, u32>,
    by_term: HashMap<Term, Postings>,
}

/// A sentence found in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Match {
    /// Which sentence.
    pub(super) sentence: u32,
    /// Share of its meaning that is there: 0 to 1, words weighed.
    pub(super) coverage: f64,
    /// Share of its neighbours that are neighbours in the text.
    pub(super) order: f64,
    /// How much meaning it has: the sum of its words' weights.
    pub(super) weight: f64,
    /// The first and the last place of it in the text.
    pub(super) from: u32,
    /// See `from`.
    pub(super) to: u32,
}

/// The words of a text, known ones with their places.
pub(super) struct Places {
    by_term: HashMap<Term, Vec<u32>>,
}

/// Longest sentence that is kept, in words.
const TERMS_MAX: usize = 40;
/// At most so many places of a word are kept.
const PLACES_MAX: usize = 64;
/// At most so many sentences are visited for one text.
const VISITS_MAX: usize = 60_000;
/// At most so many sentences are looked at closely.
const CANDIDATES_MAX: usize = 300;
/// Least share of a sentence that must be there.
const COVERAGE_MIN: f64 = 0.4;

impl Places {
    /// Notes the places of words; a word that no article has only takes up room.
    pub(super) fn of(terms: &[Option<Term>]) -> Self {
        let mut by_term: HashMap<Term, Vec<u32>> = HashMap::new();
        for (term, place) in terms.iter().zip(0..) {
            let Some(term) = term else { continue };
            let places = by_term.entry(*term).or_default();
            if places.len() < PLACES_MAX {
                places.push(place);
            }
        }
        Self { by_term }
    }

    fn places(&self, term: Term) -> &[u32] {
        self.by_term.get(&term).map(Vec::as_slice).unwrap_or_default()
    }

    /// The place of a word nearest to another place.
    fn nearest(&self, term: Term, at: u32) -> Option<u32> {
        self.places(term).iter().copied().min_by_key(|place| place.abs_diff(at))
    }

    fn has_near(&self, term: Term, from: u32, to: u32) -> bool {
        let places = self.places(term);
        let at = places.partition_point(|place| *place < from);
        places.get(at).is_some_and(|place| *place <= to)
    }
}

impl Sentences {
    /// Adds a sentence of an article. Articles come in ascending order.
    pub(super) fn add(&mut self, terms: &[Term], article: u32, place: Place) {
        let terms = &terms[..terms.len().min(TERMS_MAX)];
        if terms.is_empty() {
            return;
        }
        let bytes: Vec<u8> = terms.iter().flat_map(|term| term.to_le_bytes()).collect();
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let number = *self.by_terms.entry(hash_of(&bytes)).or_insert(next);
        if let Some(known) = self.list.get_mut(number as usize) {
            known.owners.push((article, place));
            return;
        }
        let from = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        self.terms.extend_from_slice(terms);
        let to = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        self.list.push(Sentence { from, to, owners: vec![(article, place)] });
        for (at, term) in terms.iter().enumerate() {
            if !terms[..at].contains(term) {
                self.by_term.entry(*term).or_default().push(number, 0);
            }
        }
    }

    /// The articles that have a sentence.
    pub(super) fn owners(&self, sentence: u32) -> &[(u32, Place)] {
        self.list.get(sentence as usize).map(|sentence| sentence.owners.as_slice()).unwrap_or_default()
    }

    fn terms(&self, sentence: u32) -> &[Term] {
        let range = self.list.get(sentence as usize).map(|s| s.from as usize..s.to as usize);
        range.and_then(|range| self.terms.get(range)).unwrap_or_default()
    }

    /// Every sentence of which enough is in the text, words weighed by `telling`.
    pub(super) fn find(&self, places: &Places, telling: impl Fn(Term) -> f64) -> Vec<Match> {
        let mut terms: Vec<(u32, Term)> =
            places.by_term.keys().filter_map(|term| Some((self.by_term.get(term)?.count(), *term))).collect();
        terms.sort_unstable();
        let mut gathered: HashMap<u32, f64> = HashMap::new();
        let mut visits = 0;
        for (count, term) in terms {
            visits += count as usize;
            if visits > VISITS_MAX {
                break;
            }
            let weight = telling(term);
            let sentences = self.by_term.get(&term).into_iter().flat_map(Postings::iter);
            sentences.for_each(|(sentence, _)| *gathered.entry(sentence).or_default() += weight);
        }
        let mut candidates: Vec<(u32, f64)> = gathered.into_iter().collect();
        candidates.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        candidates.truncate(CANDIDATES_MAX);
        candidates.iter().filter_map(|(sentence, _)| self.closely(*sentence, places, &telling)).collect()
    }

    /// The densest occurrence of a sentence's words.
    fn closely(&self, sentence: u32, places: &Places, telling: impl Fn(Term) -> f64) -> Option<Match> {
        let terms = self.terms(sentence);
        let weights: Vec<f64> = terms.iter().map(|term| telling(*term)).collect();
        let weight: f64 = weights.iter().sum();
        let reach = u32::try_from(terms.len()).unwrap_or(0) * 3 / 2 + 6;
        let anchor = terms.iter().filter(|term| !places.places(**term).is_empty());
        let anchor = anchor.max_by(|a, b| telling(**a).total_cmp(&telling(**b)))?;
        let covered = |at: u32| -> f64 {
            let (from, to) = (at.saturating_sub(reach), at.saturating_add(reach));
            let near = terms.iter().zip(&weights).filter(|(term, _)| places.has_near(**term, from, to));
            near.map(|(_, weight)| weight).sum()
        };
        let occurrences = places.places(*anchor).iter().map(|at| (covered(*at), *at));
        let (best, at) = occurrences.max_by(|a, b| a.0.total_cmp(&b.0))?;
        let near = |term: &Term| places.nearest(*term, at).filter(|place| place.abs_diff(at) <= reach);
        let (from, to) = terms
            .iter()
            .filter_map(near)
            .fold((at, at), |(from, to), place| (from.min(place), to.max(place)));
        let coverage = if weight > 0.0 { best / weight } else { 0.0 };
        let order = Self::order(terms, places);
        (coverage >= COVERAGE_MIN).then_some(Match { sentence, coverage, order, weight, from, to })
    }

    /// Share of neighbouring words that stand within three places of each
    /// other in the text, in the same order.
    #[expect(clippy::cast_precision_loss, reason = "a sentence has few words")]
    fn order(terms: &[Term], places: &Places) -> f64 {
        let pairs = terms.windows(2).filter(|pair| match pair {
            [a, b] => places.places(*a).iter().any(|at| places.has_near(*b, at + 1, at + 3)),
            _ => false,
        });
        if terms.len() < 2 { 1.0 } else { pairs.count() as f64 / (terms.len() - 1) as f64 }
    }

    /// Bytes held, about.
    pub(super) fn size_bytes(&self) -> usize {
        let owners: usize = self.list.iter().map(|sentence| sentence.owners.capacity() * 8).sum();
        let lists: usize = self.by_term.values().map(|list| list.size_bytes() + 8).sum();
        let tables = self.terms.capacity() * 4 + self.by_terms.capacity() * 16;
        tables + self.list.capacity() * size_of::<Sentence>() + owners + lists
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sentence: &[Term], text: &[Term]) -> Option<(f64, f64)> {
        let mut sentences = Sentences::default();
        sentences.add(sentence, 0, Place::Message);
        let terms: Vec<Option<Term>> = text.iter().map(|term| Some(*term)).collect();
        let matches = sentences.find(&Places::of(&terms), |_| 1.0);
        matches.first().map(|found| (found.coverage, found.order))
    }

    #[test]
    fn a_whole_sentence_is_covered_in_order() {
        assert_eq!(found(&[1, 2, 3], &[9, 1, 2, 3, 9]), Some((1.0, 1.0)));
    }

    #[test]
    fn a_sentence_with_a_name_put_in_is_found() {
        let (coverage, order) = found(&[1, 2, 3, 4], &[1, 2, 8, 3, 4]).unwrap();
        assert!(coverage > 0.999 && order > 0.999);
    }

    #[test]
    fn the_same_words_far_apart_are_no_sentence() {
        let mut text = vec![9; 400];
        (text[0], text[150], text[300]) = (1, 2, 3);
        assert_eq!(found(&[1, 2, 3], &text), None);
    }
}
