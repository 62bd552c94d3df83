//! Every word of the articles, with the articles that have it.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "scores are small, and bytes of a number are cut on purpose"
)]

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::fold::{self, STOP_WORDS};

/// A word's number in the vocabulary.
pub(super) type Term = u32;

/// Words by the hash of their text; the text itself is kept for typos.
pub(super) struct Vocabulary {
    terms: HashMap<u64, Term, BuildHasherDefault<Ready>>,
    text: String,
    ends: Vec<u32>,
    letters: Vec<u64>,
    postings: Vec<Postings>,
    /// Words below this number tell nothing.
    first_telling: Term,
}

/// Hashes that are ready-made (FNV-1a, spread over the high bits).
#[derive(Default)]
struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash_of(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// FNV-1a with a final mix, so that the high bits differ as well.
pub(super) fn hash_of(bytes: &[u8]) -> u64 {
    let fnv = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (fnv ^ (fnv >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// Which letters and digits a word has, one bit each.
pub(super) fn letters_of(word: &str) -> u64 {
    word.bytes().fold(0, |letters, byte| letters | 1 << (byte & 0x3F))
}

impl Vocabulary {
    /// A vocabulary with nothing but the words that tell nothing.
    pub(super) fn new() -> Self {
        let mut vocabulary = Self {
            terms: HashMap::default(),
            text: String::new(),
            ends: Vec::new(),
            letters: Vec::new(),
            postings: Vec::new(),
            first_telling: 0,
        };
        for word in STOP_WORDS {
            fold::each_word(word, |folded, _| _ = vocabulary.add(folded));
        }
        vocabulary.first_telling = Term::try_from(vocabulary.postings.len()).unwrap_or(Term::MAX);
        vocabulary
    }

    /// The number of a word, if any article has it.
    pub(super) fn term(&self, word: &str) -> Option<Term> {
        self.terms.get(&hash_of(word.as_bytes())).copied()
    }

    /// Whether a word tells something at all.
    pub(super) fn is_telling(&self, term: Term) -> bool {
        term >= self.first_telling
    }

    /// The number of a word, given to it now where it is new.
    pub(super) fn add(&mut self, word: &str) -> Term {
        let next = Term::try_from(self.postings.len()).unwrap_or(Term::MAX);
        let term = *self.terms.entry(hash_of(word.as_bytes())).or_insert(next);
        if term == next {
            self.text.push_str(word);
            self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
            self.letters.push(letters_of(word));
            self.postings.push(Postings::default());
        }
        term
    }

    /// The articles of a word.
    pub(super) fn postings(&self, term: Term) -> &Postings {
        static NONE: Postings = Postings { bytes: Vec::new(), last: 0, count: 0 };
        self.postings.get(term as usize).unwrap_or(&NONE)
    }

    /// Notes that an article has a word. Articles come in ascending order.
    pub(super) fn note(&mut self, term: Term, article: u32, weight: u8) {
        if let Some(postings) = self.postings.get_mut(term as usize) {
            postings.push(article, weight);
        }
    }

    /// A word's text.
    pub(super) fn text(&self, term: Term) -> &str {
        let at = term as usize;
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let to = self.ends.get(at).copied().unwrap_or(from);
        self.text.get(from as usize..to as usize).unwrap_or_default()
    }

    /// Every word with its letters.
    pub(super) fn all(&self) -> impl Iterator<Item = (Term, u64)> {
        (0..).zip(self.letters.iter().copied())
    }

    /// Bytes held, about.
    pub(super) fn size_bytes(&self) -> usize {
        let lists: usize =
            self.postings.iter().map(|list| list.bytes.capacity() + size_of::<Postings>()).sum();
        lists
            + self.text.capacity()
            + self.ends.capacity() * 4
            + self.letters.capacity() * 8
            + self.terms.capacity() * 16
    }

    /// Gives back memory that growing has left unused.
    pub(super) fn shrink(&mut self) {
        self.postings.iter_mut().for_each(|postings| postings.bytes.shrink_to_fit());
        self.text.shrink_to_fit();
    }
}

/// Articles in ascending order, each with a small weight: the distance to the
/// one before, times eight, plus the weight, as a variable-length number.
#[derive(Default)]
pub(super) struct Postings {
    bytes: Vec<u8>,
    last: u32,
    count: u32,
}

impl Postings {
    /// Adds an article, which must not be less than the last one.
    #[expect(clippy::cast_possible_truncation, reason = "only the low seven bits are meant")]
    pub(super) fn push(&mut self, article: u32, weight: u8) {
        let mut number = u64::from(article.wrapping_sub(self.last)) << 3 | u64::from(weight & 7);
        self.last = article;
        self.count += 1;
        while number >= 0x80 {
            self.bytes.push((number & 0x7F) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// How many articles there are.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// Bytes held.
    pub(super) fn size_bytes(&self) -> usize {
        self.bytes.capacity() + size_of::<Self>()
    }

    /// The articles with their weights.
    #[expect(clippy::cast_possible_truncation, reason = "what went in was 32 bits and 3")]
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u8)> {
        let mut bytes = self.bytes.iter();
        let mut article = 0_u32;
        std::iter::from_fn(move || {
            let (mut number, mut shift) = (0_u64, 0);
            loop {
                let byte = *bytes.next()?;
                number |= u64::from(byte & 0x7F) << shift;
                shift += 7;
                if byte < 0x80 || shift > 56 {
                    break;
                }
            }
            article = article.wrapping_add((number >> 3) as u32);
            Some((article, (number & 7) as u8))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postings_come_back_as_they_went_in() {
        let mut postings = Postings::default();
        let articles = [(0, 7), (0, 1), (1, 0), (15, 3), (16, 3), (70_000, 5), (u32::MAX, 2)];
        for (article, weight) in articles {
            postings.push(article, weight);
        }
        assert_eq!(postings.iter().collect::<Vec<_>>(), articles);
        assert_eq!(postings.count(), 7);
    }

    #[test]
    fn words_have_one_number_and_keep_their_text() {
        let mut vocabulary = Vocabulary::new();
        let (svchost, bits) = (vocabulary.add("svchost"), vocabulary.add("bits"));
        assert_eq!(vocabulary.add("svchost"), svchost);
        assert_eq!(vocabulary.term("bits"), Some(bits));
        assert_eq!(vocabulary.term("dhcp"), None);
        assert_eq!((vocabulary.text(svchost), vocabulary.text(bits)), ("svchost", "bits"));
    }
}
