//! Where cells begin, which are allocated and which were reached: three bits
//! for every eight bytes.
//!
//! The maps stay in the processor's cache where the hive does not: a reference
//! to a cell is checked without touching the cell.

use crate::hive::CellOffset;
use crate::hive::cell::Cell;

/// The unit of the maps; every cell begins at a multiple of it.
const GRANULE: usize = 8;

/// The cells of a hive.
pub(super) struct CellMap {
    words: Vec<Word>,
}

/// 64 granules: side by side, because they are asked for together.
#[derive(Clone, Copy, Default)]
struct Word {
    allocated: u64,
    /// Free cells and the headers of bins: both end the cell before.
    free: u64,
    reached: u64,
}

/// What the map knows of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// No cell begins here.
    NoCell,
    /// A free cell.
    Free,
    /// An allocated cell, reached for the first time.
    First,
    /// An allocated cell that was reached before.
    Again,
}

impl CellMap {
    pub(super) fn new(bins_size: usize) -> Self {
        let words = bins_size.div_ceil(GRANULE * 64);
        Self { words: vec![Word::default(); words] }
    }

    /// Bytes that a map of a hive of this size takes.
    pub(super) fn size(bins_size: usize) -> usize {
        bins_size.div_ceil(GRANULE * 64) * size_of::<Word>()
    }

    /// The same cells, none reached.
    pub(super) fn unreached_copy(&self) -> Self {
        Self { words: self.words.iter().map(|word| Word { reached: 0, ..*word }).collect() }
    }

    /// Adds what copies have reached; refuses, and stays as it is, where two
    /// reached the same.
    pub(super) fn join<'a>(&mut self, copies: impl Iterator<Item = &'a Self>) -> bool {
        let mut reached: Vec<u64> = self.words.iter().map(|word| word.reached).collect();
        for copy in copies {
            for (reached, word) in reached.iter_mut().zip(&copy.words) {
                if *reached & word.reached != 0 {
                    return false;
                }
                *reached |= word.reached;
            }
        }
        for (word, reached) in self.words.iter_mut().zip(reached) {
            word.reached = reached;
        }
        true
    }

    /// Notes the beginning of a cell.
    pub(super) fn add(&mut self, offset: usize, cell: Cell) {
        let (word, bit) = place(offset);
        if let Some(word) = self.words.get_mut(word) {
            if cell.is_allocated {
                word.allocated |= bit;
            } else {
                word.free |= bit;
            }
        }
    }

    /// Notes the beginning of a bin.
    pub(super) fn add_bin(&mut self, start: usize) {
        self.add(start, Cell { size: 0, is_allocated: false });
    }

    /// Marks a place as reached.
    pub(super) fn reach(&mut self, offset: CellOffset) -> Reach {
        let (word, bit) = place(offset.index());
        let Some(word) = self.words.get_mut(word) else { return Reach::NoCell };
        if !offset.index().is_multiple_of(GRANULE) {
            return Reach::NoCell;
        }
        let was_reached = word.reached & bit != 0;
        if word.allocated & bit != 0 {
            word.reached |= bit;
            return if was_reached { Reach::Again } else { Reach::First };
        }
        if word.free & bit == 0 {
            return Reach::NoCell;
        }
        word.reached |= bit;
        Reach::Free
    }

    /// Whether the cell at `offset` has `size` bytes, header included: nothing
    /// begins before.
    pub(super) fn has_room(&self, offset: CellOffset, size: usize) -> bool {
        let granules = size.div_ceil(GRANULE);
        let mut next = offset.index() / GRANULE + 1;
        let end = offset.index() / GRANULE + granules;
        while next < end {
            let Some(word) = self.words.get(next / 64) else { return false };
            let begun = (word.allocated | word.free) >> (next % 64);
            if begun != 0 {
                return next + begun.trailing_zeros() as usize >= end;
            }
            next += 64 - next % 64;
        }
        true
    }

    /// The cells that were not reached, in order.
    pub(super) fn unreached(&self) -> impl Iterator<Item = usize> + '_ {
        let words = self.words.iter().map(|word| (word.allocated | word.free) & !word.reached);
        words.enumerate().flat_map(|(index, word)| Bits(word).map(move |bit| (index * 64 + bit) * GRANULE))
    }
}

fn place(offset: usize) -> (usize, u64) {
    let granule = offset / GRANULE;
    (granule / 64, 1 << (granule % 64))
}

/// The places of the set bits of a word.
struct Bits(u64);

impl Iterator for Bits {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let bit = self.0.trailing_zeros();
        if bit == 64 {
            return None;
        }
        self.0 &= self.0 - 1;
        Some(bit as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_reached_once() {
        let mut map = CellMap::new(4096);
        for (offset, is_allocated) in [(32, true), (40, true), (2048, false), (4088, true)] {
            map.add(offset, Cell { size: 8, is_allocated });
        }
        assert_eq!(map.reach(CellOffset::new(2048)), Reach::Free);
        for nowhere in [48, 36, 0x1_0000, u32::MAX] {
            assert_eq!(map.reach(CellOffset::new(nowhere)), Reach::NoCell);
        }
        assert_eq!(map.reach(CellOffset::new(40)), Reach::First);
        assert_eq!(map.reach(CellOffset::new(40)), Reach::Again);
        assert!(map.unreached().eq([32, 4088]));
    }

    #[test]
    fn copies_are_joined_where_they_reached_different_cells() {
        let mut map = CellMap::new(4096);
        for offset in [32, 40, 2048] {
            map.add(offset, Cell { size: 8, is_allocated: true });
        }
        map.reach(CellOffset::new(32));
        let (mut first, mut second) = (map.unreached_copy(), map.unreached_copy());
        assert_eq!(first.reach(CellOffset::new(40)), Reach::First);
        assert_eq!(second.reach(CellOffset::new(40)), Reach::First);
        assert!(!map.join([&first, &second].into_iter()));
        assert!(map.unreached().eq([40, 2048]));
        assert!(map.join([&first].into_iter()));
        assert!(map.unreached().eq([2048]));
    }

    #[test]
    fn room_ends_where_the_next_cell_or_bin_begins() {
        let mut map = CellMap::new(16384);
        map.add_bin(0);
        map.add(32, Cell { size: 24, is_allocated: true });
        map.add(56, Cell { size: 8136, is_allocated: true });
        map.add_bin(8192);
        for (offset, room) in [(32, 24), (56, 8136)] {
            for (size, fits) in
                [(8, true), (room, true), (room + 1, false), (room + 64, false), (1 << 20, false)]
            {
                assert_eq!(map.has_room(CellOffset::new(offset), size), fits, "{size} at {offset}");
            }
        }
    }
}
