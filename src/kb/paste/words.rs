//! The words of a text with their places, and names of several words in it.

use std::collections::HashMap;

/// A word: its place in bytes and a hash of its lower-case form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) hash: u64,
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Words of letters, digits and `+`, in order (FNV-1a of their lower case).
pub(super) fn of(text: &str) -> impl Iterator<Item = Word> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        while at < bytes.len() && !is_word(bytes[at]) {
            at += 1;
        }
        let from = at;
        let mut hash = SEED;
        while at < bytes.len() && is_word(bytes[at]) {
            hash = (hash ^ u64::from(bytes[at].to_ascii_lowercase())).wrapping_mul(PRIME);
            at += 1;
        }
        (at > from).then_some(Word { from, to: at, hash })
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'+' || byte >= 0x80
}

/// Names of one or more words, to be found in any text.
pub(super) struct Names<T> {
    /// By the hash of the first word: the hashes of the others, and what the
    /// name stands for; longer names first.
    by_first: HashMap<u64, Vec<(Vec<u64>, T)>>,
}

impl<T: Copy> Names<T> {
    /// Prepares names.
    pub(super) fn new<'a>(names: impl Iterator<Item = (&'a str, T)>) -> Self {
        let mut by_first: HashMap<u64, Vec<(Vec<u64>, T)>> = HashMap::new();
        for (name, stands_for) in names {
            let mut words = of(name).map(|word| word.hash);
            if let Some(first) = words.next() {
                by_first.entry(first).or_default().push((words.collect(), stands_for));
            }
        }
        for names in by_first.values_mut() {
            names.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self { by_first }
    }

    /// Every name in the text, with the place of its words.
    pub(super) fn find(&self, words: &[Word]) -> Vec<(T, Word, Word)> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(first) = words.get(at) {
            let rest = &words[at + 1..];
            let candidates = self.by_first.get(&first.hash).map(Vec::as_slice).unwrap_or_default();
            let fits = |name: &&(Vec<u64>, T)| {
                name.0.len() <= rest.len() && name.0.iter().zip(rest).all(|(hash, word)| *hash == word.hash)
            };
            at += 1;
            if let Some((others, stands_for)) = candidates.iter().find(fits) {
                let last = others.len().checked_sub(1).and_then(|at| rest.get(at)).unwrap_or(first);
                found.push((*stands_for, *first, *last));
                at += others.len();
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_is_found_without_regard_to_case() {
        let names = Names::new([("windows update", 1), ("windows update medic service", 2)].into_iter());
        let words: Vec<Word> = of("The Windows-Update Medic Service and windows UPDATE").collect();
        let found: Vec<i32> = names.find(&words).iter().map(|(which, ..)| *which).collect();
        assert_eq!(found, [2, 1]);
    }
}
