//! Where the known words of a text stand.

use super::vocabulary::Term;

/// At most so many places of a word are kept.
const PLACES_MAX: usize = 64;

/// The known words of a text with their places.
pub(super) struct Places {
    /// By word: 0, or 1 more than its place in `lists`.
    slots: Vec<u32>,
    /// The words in the order of their first appearance.
    lists: Vec<(Term, Vec<u32>)>,
}

impl Places {
    /// No places yet, of words below a number.
    pub(super) fn new(terms: usize) -> Self {
        Self { slots: vec![0; terms], lists: Vec::new() }
    }

    /// Notes a place of a word. Places come in ascending order. Whether it is
    /// the first one.
    pub(super) fn add(&mut self, term: Term, place: u32) -> bool {
        let Some(slot) = self.slots.get_mut(term as usize) else { return false };
        if *slot == 0 {
            self.lists.push((term, vec![place]));
            *slot = u32::try_from(self.lists.len()).unwrap_or(0);
            return true;
        }
        if let Some((_, places)) = self.lists.get_mut(*slot as usize - 1)
            && places.len() < PLACES_MAX
        {
            places.push(place);
        }
        false
    }

    /// Every word, once.
    pub(super) fn terms(&self) -> impl Iterator<Item = Term> {
        self.lists.iter().map(|(term, _)| *term)
    }

    /// Whether a word is there.
    pub(super) fn has(&self, term: Term) -> bool {
        self.slots.get(term as usize).is_some_and(|slot| *slot > 0)
    }

    /// The places of a word.
    pub(super) fn of(&self, term: Term) -> &[u32] {
        let slot = self.slots.get(term as usize).and_then(|slot| slot.checked_sub(1));
        let list = slot.and_then(|at| self.lists.get(at as usize));
        list.map(|(_, places)| places.as_slice()).unwrap_or_default()
    }

    /// The place of a word nearest to another place.
    pub(super) fn nearest(&self, term: Term, at: u32) -> Option<u32> {
        self.of(term).iter().copied().min_by_key(|place| place.abs_diff(at))
    }

    /// Whether a word stands from one place to another.
    pub(super) fn has_near(&self, term: Term, from: u32, to: u32) -> bool {
        let places = self.of(term);
        let at = places.partition_point(|place| *place < from);
        places.get(at).is_some_and(|place| *place <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_at_their_places() {
        let mut places = Places::new(10);
        assert!(places.add(4, 0) && places.add(2, 1) && !places.add(4, 9));
        assert_eq!((places.of(4), places.of(3)), ([0, 9].as_slice(), [].as_slice()));
        assert_eq!(places.nearest(4, 6), Some(9));
        assert!(places.has(2) && places.has_near(2, 0, 1) && !places.has_near(2, 2, 8));
        assert!(!places.add(99, 2) && !places.has(99));
        assert_eq!(places.terms().collect::<Vec<_>>(), [4, 2]);
    }
}
