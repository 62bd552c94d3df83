//! Every word of the articles, with the articles that have it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::fold::{self, STOP_WORDS};
use super::postings::Postings;

/// A word's number in the vocabulary.
pub(super) type Term = u32;

/// A map by ready-made hashes.
pub(super) type ByHash<T> = HashMap<u64, T, BuildHasherDefault<Ready>>;

/// Words by the hash of their text; the text itself is kept for typos.
pub(super) struct Vocabulary {
    /// By the hash of the folded form.
    terms: ByHash<Term>,
    /// By the hash of the written forms met: each is folded once.
    written: ByHash<Term>,
    text: String,
    ends: Vec<u32>,
    letters: Vec<u64>,
    postings: Vec<Postings>,
    /// How telling each word is, once all articles are there.
    telling: Vec<f32>,
    /// Telling words by their text, once all articles are there.
    sorted: Vec<Term>,
    /// Words below this number tell nothing.
    first_telling: Term,
}

/// Hashes that are ready-made ([`hash_of`]).
#[derive(Default)]
pub(super) struct Ready(u64);

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

/// Eight bytes at a time, mixed by multiplication, so that all bits differ.
pub(super) fn hash_of(bytes: &[u8]) -> u64 {
    hash_with(bytes, 0)
}

/// As [`hash_of`], the same for capitals of ASCII and their small letters.
fn hash_of_written(word: &str) -> u64 {
    const SMALL: u64 = 0x2020_2020_2020_2020;
    hash_with(word.as_bytes(), if word.is_ascii() { SMALL } else { 0 })
}

/// The hash of bytes with these bits set in every eight of them.
fn hash_with(bytes: &[u8], bits: u64) -> u64 {
    let mix = |hash: u64, word: u64| {
        let product = (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        product ^ product >> 32
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let start = 0xcbf2_9ce4_8422_2325 ^ (bytes.len() as u64).rotate_left(56);
    let hash = words.iter().fold(start, |hash, word| mix(hash, u64::from_le_bytes(*word) | bits));
    let rest = rest.iter().fold(0, |rest: u64, byte| rest << 8 | u64::from(*byte));
    let last = mix(hash, rest | bits).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    last ^ last >> 29
}

/// Which letters and digits a word has, one bit each.
pub(super) fn letters_of(word: &str) -> u64 {
    word.bytes().fold(0, |letters, byte| letters | 1 << (byte & 0x3F))
}

impl Vocabulary {
    /// A vocabulary with nothing but the words that tell nothing.
    pub(super) fn new() -> Self {
        let mut vocabulary = Self {
            terms: ByHash::default(),
            written: ByHash::default(),
            text: String::new(),
            ends: Vec::new(),
            letters: Vec::new(),
            postings: Vec::new(),
            telling: Vec::new(),
            sorted: Vec::new(),
            first_telling: 0,
        };
        for word in STOP_WORDS {
            vocabulary.add_written(word);
        }
        vocabulary.first_telling = Term::try_from(vocabulary.postings.len()).unwrap_or(Term::MAX);
        vocabulary
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.postings.len()
    }

    /// The number of a word as written, if any article has it.
    pub(super) fn term(&self, written: &str) -> Option<Term> {
        let known = self.written.get(&hash_of_written(written));
        let folded = || self.terms.get(&hash_of(fold::folded(written).as_bytes()));
        known.or_else(folded).copied()
    }

    /// Whether a word tells something at all.
    pub(super) fn is_telling(&self, term: Term) -> bool {
        term >= self.first_telling
    }

    /// The number of a word as written, given to it now where it is new.
    pub(super) fn add_written(&mut self, written: &str) -> Term {
        let hash = hash_of_written(written);
        if let Some(term) = self.written.get(&hash) {
            return *term;
        }
        let term = self.add(&fold::folded(written));
        self.written.insert(hash, term);
        term
    }

    /// The number of a folded word, given to it now where it is new.
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
        static NONE: Postings = Postings::new();
        self.postings.get(term as usize).unwrap_or(&NONE)
    }

    /// Notes that an article has a word. Articles come in ascending order.
    pub(super) fn note(&mut self, term: Term, article: u32, weight: u8) {
        if let Some(postings) = self.postings.get_mut(term as usize) {
            postings.push(article, weight);
        }
    }

    /// Takes over the words of a vocabulary of later articles; gives the new
    /// number of each of them.
    pub(super) fn absorb(&mut self, later: &Self) -> Vec<Term> {
        let mut numbers = Vec::with_capacity(later.len());
        for (old, postings) in (0..).zip(&later.postings) {
            let term = self.add(later.text(old));
            numbers.push(term);
            if let Some(mine) = self.postings.get_mut(term as usize) {
                mine.append(postings);
            }
        }
        let forms =
            later.written.iter().filter_map(|(hash, old)| Some((*hash, *numbers.get(*old as usize)?)));
        self.written.extend(forms);
        numbers
    }

    /// A word's text.
    pub(super) fn text(&self, term: Term) -> &str {
        let at = term as usize;
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let to = self.ends.get(at).copied().unwrap_or(from);
        self.text.get(from as usize..to as usize).unwrap_or_default()
    }

    /// How telling a word is, 0 to 1.
    pub(super) fn telling(&self, term: Term) -> f32 {
        self.telling.get(term as usize).copied().unwrap_or(0.0)
    }

    /// Every word with its letters.
    pub(super) fn all(&self) -> impl Iterator<Item = (Term, u64)> {
        (0..).zip(self.letters.iter().copied())
    }

    /// The telling words that begin so.
    pub(super) fn beginning(&self, start: &str) -> &[Term] {
        let from = self.sorted.partition_point(|term| self.text(*term) < start);
        let rest = self.sorted.get(from..).unwrap_or_default();
        &rest[..rest.partition_point(|term| self.text(*term).starts_with(start))]
    }

    /// All articles are there: weighs the words by how many have them.
    pub(super) fn finish(&mut self, telling: impl Fn(usize) -> f32) {
        self.postings.iter_mut().for_each(Postings::shrink);
        self.text.shrink_to_fit();
        self.telling = self.postings.iter().map(|list| telling(list.count() as usize)).collect();
        let terms = (0..).zip(&self.postings).map(|(term, _)| term);
        let mut sorted: Vec<Term> = terms.filter(|term| self.is_telling(*term)).collect();
        sorted.sort_unstable_by(|a, b| self.text(*a).cmp(self.text(*b)));
        self.sorted = sorted;
    }

    /// Bytes held, about.
    pub(super) fn size_bytes(&self) -> usize {
        let lists: usize = self.postings.iter().map(Postings::size_bytes).sum();
        let maps = (self.terms.capacity() + self.written.capacity()) * 17;
        lists + maps + self.text.capacity() + self.len() * 20
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_one_number_and_keep_their_text() {
        let mut vocabulary = Vocabulary::new();
        let (svchost, bits) = (vocabulary.add("svchost"), vocabulary.add("bits"));
        assert_eq!(vocabulary.add("svchost"), svchost);
        assert_eq!(vocabulary.term("svchost"), Some(svchost));
        assert_eq!(vocabulary.term("dhcp"), None);
        assert_eq!((vocabulary.text(svchost), vocabulary.text(bits)), ("svchost", "bits"));
    }

    #[test]
    fn forms_of_a_word_have_one_number() {
        let mut vocabulary = Vocabulary::new();
        let term = vocabulary.add_written("services");
        assert_eq!(vocabulary.add_written("service"), term);
        assert_eq!(vocabulary.add_written("SERVICES"), term);
        assert_ne!(vocabulary.add_written("служба"), vocabulary.add_written("служби"));
        assert_eq!(vocabulary.term("servicing"), Some(term));
    }

    #[test]
    fn a_later_vocabulary_is_taken_over_in_order() {
        let (mut first, mut later) = (Vocabulary::new(), Vocabulary::new());
        let disk = first.add_written("disk");
        first.note(disk, 3, 2);
        let (mouse, disks) = (later.add_written("mouse"), later.add_written("disks"));
        later.note(mouse, 5, 1);
        later.note(disks, 5, 7);
        later.note(disks, 9, 4);
        let numbers = first.absorb(&later);
        assert_eq!(numbers[disks as usize], disk);
        assert_eq!(first.postings(disk).iter().collect::<Vec<_>>(), [(3, 2), (5, 7), (9, 4)]);
        assert_eq!(first.postings(numbers[mouse as usize]).iter().collect::<Vec<_>>(), [(5, 1)]);
    }

    #[test]
    fn words_are_found_by_their_beginning() {
        let mut vocabulary = Vocabulary::new();
        let terms = ["key", "keyboard", "mouse", "keyed"].map(|word| vocabulary.add(word));
        vocabulary.finish(|_| 1.0);
        assert_eq!(vocabulary.beginning("keyb"), [terms[1]]);
        assert_eq!(vocabulary.beginning("key").len(), 3);
        assert_eq!(vocabulary.beginning("x"), [0; 0]);
    }

    #[test]
    fn hashes_differ_by_every_byte_and_by_length() {
        let words: [&[u8]; 7] = [b"", b"\0", b"\0\0", b"a", b"b", b"abcdefgh", b"abcdefgh\0"];
        let mut hashes: Vec<u64> = words.iter().map(|word| hash_of(word)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), words.len());
    }
}
