//! Sentences of articles (messages, phrases, titles) found in a text, also where
//! they are cut short, misquoted, or have names put into their places.

use super::places::Places;
use super::vocabulary::{ByHash, Term, Vocabulary, hash_of};

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

/// An article that has a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    sentence: u32,
    /// The article.
    pub(super) article: u32,
    /// Where it has the sentence.
    pub(super) place: Place,
}

/// All sentences, and the way to them by their words.
#[derive(Default)]
pub(super) struct Sentences {
    terms: Vec<Term>,
    /// Where the words of each sentence end in `terms`.
    ends: Vec<u32>,
    /// By sentence, once all articles are there.
    owners: Vec<Owner>,
    /// Numbers by the hash of the words, until all articles are there.
    numbers: ByHash<u32>,
    by_term: ByTerm,
}

/// Sentences by word: those of word n are `list[starts[n]..starts[n + 1]]`.
#[derive(Default)]
struct ByTerm {
    starts: Vec<u32>,
    list: Vec<u32>,
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

/// Longest sentence that is kept, in words.
const TERMS_MAX: usize = 40;
/// At most so many entries of word lists are visited for one text.
const VISITS_MAX: usize = 150_000;
/// At most so many sentences are looked at closely.
const CANDIDATES_MAX: usize = 300;
/// Least share of a sentence that must be there.
const COVERAGE_MIN: f32 = 0.4;

/// One word stands for a sentence only if it is all of it, but for a rest.
const WHOLE: f64 = 0.9;

impl Sentences {
    /// Adds a sentence of an article. Articles come in ascending order.
    pub(super) fn add(&mut self, terms: &[Term], article: u32, place: Place) {
        let terms = &terms[..terms.len().min(TERMS_MAX)];
        if terms.is_empty() {
            return;
        }
        let hash = terms
            .iter()
            .fold(0, |hash: u64, term| hash_of(&(hash.rotate_left(5) ^ u64::from(*term)).to_le_bytes()));
        let next = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        let sentence = *self.numbers.entry(hash).or_insert(next);
        if sentence == next {
            self.terms.extend_from_slice(terms);
            self.ends.push(u32::try_from(self.terms.len()).unwrap_or(u32::MAX));
        }
        self.owners.push(Owner { sentence, article, place });
    }

    /// Takes over the sentences of later articles, whose words have new numbers.
    pub(super) fn absorb(&mut self, later: &Self, numbers: &[Term]) {
        let mut terms = Vec::with_capacity(TERMS_MAX);
        for owner in &later.owners {
            terms.clear();
            let old = later.terms(owner.sentence).iter();
            terms.extend(old.filter_map(|term| numbers.get(*term as usize)));
            self.add(&terms, owner.article, owner.place);
        }
    }

    /// All articles are there: orders the owners and lists the sentences of
    /// each word.
    ///
    /// A sentence is listed only under its most telling words: whatever has
    /// [`COVERAGE_MIN`] of its meaning has at least one of them.
    pub(super) fn finish(&mut self, vocabulary: &Vocabulary) {
        self.numbers = ByHash::default();
        self.owners.sort_by_key(|owner| owner.sentence);
        let mut entries: Vec<(Term, u32)> = Vec::new();
        let mut terms: Vec<Term> = Vec::new();
        for (sentence, _) in (0..).zip(&self.ends) {
            terms.clear();
            terms.extend_from_slice(self.terms(sentence));
            terms.sort_unstable_by(|a, b| {
                vocabulary.telling(*b).total_cmp(&vocabulary.telling(*a)).then(a.cmp(b))
            });
            let mut rest: f32 = terms.iter().map(|term| vocabulary.telling(*term)).sum();
            let least = rest * COVERAGE_MIN;
            let mut last = None;
            for term in &terms {
                if rest < least {
                    break;
                }
                rest -= vocabulary.telling(*term);
                if last.replace(*term) != Some(*term) {
                    entries.push((*term, sentence));
                }
            }
        }
        self.by_term = ByTerm::of(&entries, vocabulary.len());
    }

    /// The articles that have a sentence.
    pub(super) fn owners(&self, sentence: u32) -> &[Owner] {
        let from = self.owners.partition_point(|owner| owner.sentence < sentence);
        let rest = self.owners.get(from..).unwrap_or_default();
        &rest[..rest.partition_point(|owner| owner.sentence == sentence)]
    }

    fn terms(&self, sentence: u32) -> &[Term] {
        let at = sentence as usize;
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let to = self.ends.get(at).copied().unwrap_or(from);
        self.terms.get(from as usize..to as usize).unwrap_or_default()
    }

    /// Every sentence of which enough is in the text, words weighed by how
    /// telling they are.
    pub(super) fn find(&self, places: &Places, vocabulary: &Vocabulary) -> Vec<Match> {
        let mut terms: Vec<(usize, Term)> =
            places.terms().map(|term| (self.by_term.of_term(term).len(), term)).collect();
        terms.sort_unstable();
        let mut seen = vec![false; self.ends.len()];
        let mut candidates: Vec<(f32, u32)> = Vec::new();
        let mut visits = 0;
        for (count, term) in terms {
            visits += count;
            if visits > VISITS_MAX {
                break;
            }
            for sentence in self.by_term.of_term(term) {
                let Some(seen) = seen.get_mut(*sentence as usize).filter(|seen| !**seen) else { continue };
                *seen = true;
                candidates.extend(self.share(*sentence, places, vocabulary).map(|there| (there, *sentence)));
            }
        }
        if candidates.len() > CANDIDATES_MAX {
            candidates.select_nth_unstable_by(CANDIDATES_MAX, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            candidates.truncate(CANDIDATES_MAX);
        }
        candidates.iter().filter_map(|(_, sentence)| self.closely(*sentence, places, vocabulary)).collect()
    }

    /// How much of a sentence's meaning is anywhere in the text, if enough.
    fn share(&self, sentence: u32, places: &Places, vocabulary: &Vocabulary) -> Option<f32> {
        let (mut there, mut all) = (0.0, 0.0);
        for term in self.terms(sentence) {
            let telling = vocabulary.telling(*term);
            all += telling;
            if places.has(*term) {
                there += telling;
            }
        }
        (there >= all * COVERAGE_MIN).then_some(there)
    }

    /// The densest occurrence of a sentence's words.
    fn closely(&self, sentence: u32, places: &Places, vocabulary: &Vocabulary) -> Option<Match> {
        let terms = self.terms(sentence);
        let telling = |term: &Term| f64::from(vocabulary.telling(*term));
        let weight: f64 = terms.iter().map(telling).sum();
        let reach = u32::try_from(terms.len()).unwrap_or(0) * 3 / 2 + 6;
        let anchor = terms.iter().filter(|term| places.has(**term));
        let anchor = anchor.max_by(|a, b| telling(a).total_cmp(&telling(b)))?;
        let covered = |at: u32| -> f64 {
            let (from, to) = (at.saturating_sub(reach), at.saturating_add(reach));
            terms.iter().filter(|term| places.has_near(**term, from, to)).map(telling).sum()
        };
        let occurrences = places.of(*anchor).iter().map(|at| (covered(*at), *at));
        let (best, at) = occurrences.max_by(|a, b| a.0.total_cmp(&b.0))?;
        let near = |term: &Term| places.nearest(*term, at).filter(|place| place.abs_diff(at) <= reach);
        let (from, to) = terms
            .iter()
            .filter_map(near)
            .fold((at, at), |(from, to), place| (from.min(place), to.max(place)));
        let coverage = if weight > 0.0 { best / weight } else { 0.0 };
        let order = Self::order(terms, places);
        let enough = coverage >= f64::from(COVERAGE_MIN) && (from < to || coverage >= WHOLE);
        enough.then_some(Match { sentence, coverage, order, weight, from, to })
    }

    /// Share of neighbouring words that stand within three places of each
    /// other in the text, in the same order.
    #[expect(clippy::cast_precision_loss, reason = "a sentence has few words")]
    fn order(terms: &[Term], places: &Places) -> f64 {
        let pairs = terms.windows(2).filter(|pair| match pair {
            [a, b] => places.of(*a).iter().any(|at| places.has_near(*b, at + 1, at + 3)),
            _ => false,
        });
        if terms.len() < 2 { 1.0 } else { pairs.count() as f64 / (terms.len() - 1) as f64 }
    }

    /// Bytes held, about.
    pub(super) fn size_bytes(&self) -> usize {
        let lists = self.by_term.starts.capacity() + self.by_term.list.capacity();
        (self.terms.capacity() + self.ends.capacity() + lists) * 4
            + self.owners.capacity() * size_of::<Owner>()
    }
}

impl ByTerm {
    /// The lists of sentences, by counting.
    fn of(entries: &[(Term, u32)], terms: usize) -> Self {
        let mut starts = vec![0_u32; terms + 2];
        for (term, _) in entries {
            if let Some(count) = starts.get_mut(*term as usize + 2) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut list = vec![0; entries.len()];
        for (term, sentence) in entries {
            if let Some(next) = starts.get_mut(*term as usize + 1)
                && let Some(place) = list.get_mut(*next as usize)
            {
                *place = *sentence;
                *next += 1;
            }
        }
        Self { starts, list }
    }

    fn of_term(&self, term: Term) -> &[u32] {
        let bound = |at: usize| self.starts.get(at).copied().unwrap_or(0) as usize;
        self.list.get(bound(term as usize)..bound(term as usize + 1)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sentence: &[&str], text: &[&str]) -> Option<(f64, f64)> {
        let mut vocabulary = Vocabulary::new();
        let mut terms =
            |words: &[&str]| -> Vec<Term> { words.iter().map(|word| vocabulary.add(word)).collect() };
        let (sentence, text) = (terms(sentence), terms(text));
        vocabulary.finish(|_| 1.0);
        let (mut earlier, mut later) = (Sentences::default(), Sentences::default());
        later.add(&sentence, 7, Place::Message);
        let same: Vec<Term> = (0..Term::MAX).take(vocabulary.len()).collect();
        earlier.absorb(&later, &same);
        earlier.finish(&vocabulary);
        let mut places = Places::new(vocabulary.len());
        (0..).zip(&text).for_each(|(at, term)| _ = places.add(*term, at));
        let matches = earlier.find(&places, &vocabulary);
        let first = matches.first()?;
        assert_eq!(earlier.owners(first.sentence)[0].article, 7);
        Some((first.coverage, first.order))
    }

    #[test]
    fn a_whole_sentence_is_covered_in_order() {
        assert_eq!(found(&["a", "b", "c"], &["x", "a", "b", "c", "x"]), Some((1.0, 1.0)));
    }

    #[test]
    fn a_sentence_with_a_name_put_in_is_found() {
        let (coverage, order) = found(&["a", "b", "c", "d"], &["a", "b", "x", "c", "d"]).unwrap();
        assert!(coverage > 0.999 && order > 0.999);
    }

    #[test]
    fn the_same_words_far_apart_are_no_sentence() {
        let mut text = vec!["x"; 400];
        (text[0], text[150], text[300]) = ("a", "b", "c");
        assert_eq!(found(&["a", "b", "c"], &text), None);
    }

    #[test]
    fn less_than_enough_of_a_sentence_is_not_found() {
        assert!(found(&["a", "b", "c", "d", "e"], &["c", "d", "e"]).is_some());
        assert_eq!(found(&["a", "b", "c", "d", "e"], &["e", "x"]), None);
    }
}
