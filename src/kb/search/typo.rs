//! Words that no article has: unfinished, misspelt or shortened ones.
//!
//! A subsequence matcher finds left-out letters by itself (`svchst`); a letter
//! too many, a wrong one or two exchanged ones are found by leaving out each
//! letter of what was typed in turn. It is asked only about words that can fit:
//! their letters say so at a glance.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::vocabulary::{Term, Vocabulary, letters_of};

/// Shortest word in which typos are looked for, in bytes.
const TYPO_BYTES_MIN: usize = 4;
/// Longest one.
const TYPO_BYTES_MAX: usize = 24;
/// Shortest beginning of a word that is completed.
const PREFIX_BYTES_MIN: usize = 2;
/// At most so many completions of an unfinished word.
const COMPLETIONS_MAX: usize = 12;
/// At most so many comparisons for one text.
const COMPARISONS_MAX: usize = 6000;
/// How surely a completed word is meant.
const COMPLETED: f64 = 0.85;
/// How surely a word with a typo put right is meant.
const PUT_RIGHT: f64 = 0.75;
/// How surely a shortened word is meant.
const SHORTENED: f64 = 0.5;

/// Finds what was meant.
pub(super) struct Typos<'a> {
    vocabulary: &'a Vocabulary,
    matcher: SkimMatcherV2,
    comparisons: usize,
}

impl<'a> Typos<'a> {
    /// For one text.
    pub(super) fn new(vocabulary: &'a Vocabulary) -> Self {
        Self { vocabulary, matcher: SkimMatcherV2::default().respect_case(), comparisons: 0 }
    }

    /// A known word that may still be the beginning of longer ones.
    pub(super) fn finished(&self, term: Term) -> Vec<(Term, f64)> {
        let mut terms = vec![(term, 1.0)];
        let word = self.vocabulary.text(term);
        let longer = self.completions(word).into_iter().filter(|other| *other != term);
        terms.extend(longer.map(|other| (other, COMPLETED)));
        terms
    }

    /// The known words that an unknown one may be.
    pub(super) fn put_right(&mut self, word: &str, unfinished: bool) -> Vec<(Term, f64)> {
        if unfinished {
            let terms: Vec<(Term, f64)> =
                self.completions(word).into_iter().map(|term| (term, COMPLETED)).collect();
            if !terms.is_empty() {
                return terms;
            }
        }
        let number = word.bytes().filter(u8::is_ascii_digit).count() * 2 > word.len();
        let sized = (TYPO_BYTES_MIN..=TYPO_BYTES_MAX).contains(&word.len());
        if sized && !number && word.is_ascii() { self.misspelt(word) } else { Vec::new() }
    }

    /// Words that begin so, those of most articles first.
    fn completions(&self, word: &str) -> Vec<Term> {
        if word.len() < PREFIX_BYTES_MIN {
            return Vec::new();
        }
        let mut terms = self.vocabulary.beginning(word).to_vec();
        let fewest = |term: &Term| (std::cmp::Reverse(self.vocabulary.postings(*term).count()), *term);
        if terms.len() > COMPLETIONS_MAX {
            terms.select_nth_unstable_by_key(COMPLETIONS_MAX, fewest);
            terms.truncate(COMPLETIONS_MAX);
        }
        terms.sort_unstable_by_key(fewest);
        terms
    }

    /// The nearest known words: all that are equally near.
    fn misspelt(&mut self, word: &str) -> Vec<(Term, f64)> {
        let letters = letters_of(word);
        let mut best: Vec<(Term, f64, i64)> = Vec::new();
        for (term, theirs) in self.vocabulary.all() {
            if (letters & !theirs).count_ones() > 1 || (theirs & !letters).count_ones() > LONGER_MAX {
                continue;
            }
            let text = self.vocabulary.text(term);
            let Some(sure) = sure(word, text).filter(|_| self.vocabulary.is_telling(term)) else { continue };
            if self.comparisons >= COMPARISONS_MAX {
                break;
            }
            best.extend(self.compare(word, text).map(|score| (term, sure, score)));
        }
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.2.cmp(&a.2)));
        let top = best.first().map_or(0.0, |(_, sure, _)| *sure);
        best.into_iter()
            .take_while(|(_, sure, _)| *sure >= top)
            .take(3)
            .map(|(term, sure, _)| (term, sure))
            .collect()
    }

    /// How well the matcher likes a known word for a misspelt one.
    fn compare(&mut self, word: &str, text: &str) -> Option<i64> {
        self.comparisons += 1;
        let whole = (text.len() > word.len()).then(|| self.matcher.fuzzy_match(text, word)).flatten();
        whole.or_else(|| {
            let without = |left_out: usize| format!("{}{}", &word[..left_out], &word[left_out + 1..]);
            (0..word.len()).find_map(|left_out| self.matcher.fuzzy_match(text, &without(left_out)))
        })
    }
}

/// How many letters a shortened word may lack.
const LONGER_MAX: u32 = 4;

/// How surely a known word can be meant by a misspelt one.
fn sure(word: &str, text: &str) -> Option<f64> {
    let (a, b) = (word.as_bytes(), text.as_bytes());
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let rest = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let one_wrong = match (&a[..a.len() - rest], &b[..b.len() - rest]) {
        ([], [_]) => true,
        ([_], [] | [_]) => same_start(word, text),
        ([a, b], [c, d]) => a == d && b == c && same_start(word, text),
        _ => false,
    };
    if one_wrong {
        return Some(PUT_RIGHT);
    }
    let lacking =
        text.len().checked_sub(word.len()).filter(|lacking| (2..=LONGER_MAX as usize).contains(lacking));
    let ends = word.as_bytes().last() == text.as_bytes().last();
    (lacking.is_some() && ends && same_start(word, text)).then_some(SHORTENED)
}

/// Of the first two letters at least one is right: typos there are rare.
fn same_start(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    a.first() == b.first() || a.get(1) == b.get(1) || a.first() == b.get(1) && a.get(1) == b.first()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(typed: &str, unfinished: bool) -> Vec<String> {
        let mut vocabulary = Vocabulary::new();
        for word in ["keyboard", "svchost", "registry", "mouse", "profile", "wuauserv", "1083"] {
            let term = vocabulary.add(word);
            vocabulary.note(term, 0, 1);
        }
        vocabulary.finish(|_| 1.0);
        let word = Typos::new(&vocabulary).put_right(typed, unfinished);
        word.iter().map(|(term, _)| vocabulary.text(*term).to_owned()).collect()
    }

    #[test]
    fn one_wrong_letter_is_put_right() {
        for typed in ["keybaord", "keyboad", "keyboarrd", "kezboard", "kyeboard", "eyboard"] {
            assert_eq!(meant(typed, false), ["keyboard"], "{typed}");
        }
        assert_eq!(meant("profle", false), ["profile"]);
        assert_eq!(meant("wuausrv", false), ["wuauserv"]);
    }

    #[test]
    fn an_unfinished_word_is_completed() {
        assert_eq!(meant("keyb", true), ["keyboard"]);
        assert_eq!(meant("re", true), ["registry"]);
    }

    #[test]
    fn other_words_and_numbers_stay_unknown() {
        for typed in ["printer", "1084", "banana", "xyzzy"] {
            assert_eq!(meant(typed, false), [""; 0], "{typed}");
        }
    }
}
