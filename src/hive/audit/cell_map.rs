//! Where cells begin and which of them were reached: two bits for every eight
//! bytes.

use crate::hive::CellOffset;

/// The unit of the maps; every cell begins at a multiple of it.
const GRANULE: usize = 8;

/// The cells of a hive.
pub(super) struct CellMap {
    starts: Vec<u64>,
    reached: Vec<u64>,
}

impl CellMap {
    pub(super) fn new(bins_size: usize) -> Self {
        let words = bins_size.div_ceil(GRANULE * 64);
        Self { starts: vec![0; words], reached: vec![0; words] }
    }

    pub(super) fn add(&mut self, offset: usize) {
        let (word, bit) = place(offset);
        if let Some(word) = self.starts.get_mut(word) {
            *word |= bit;
        }
    }

    pub(super) fn is_cell(&self, offset: CellOffset) -> bool {
        let (word, bit) = place(offset.index());
        offset.index().is_multiple_of(GRANULE) && self.starts.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Marks a cell as reached; whether it was the first time.
    pub(super) fn reach(&mut self, offset: CellOffset) -> bool {
        let (word, bit) = place(offset.index());
        let Some(word) = self.reached.get_mut(word) else { return false };
        let is_first = *word & bit == 0;
        *word |= bit;
        is_first
    }

    /// The cells that were not reached, in order.
    pub(super) fn unreached(&self) -> impl Iterator<Item = usize> + '_ {
        let words = self.starts.iter().zip(&self.reached).map(|(starts, reached)| starts & !reached);
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
        for offset in [32, 40, 2048, 4088] {
            map.add(offset);
        }
        assert!(map.is_cell(CellOffset::new(2048)));
        assert!(!map.is_cell(CellOffset::new(48)));
        assert!(!map.is_cell(CellOffset::new(36)));
        assert!(!map.is_cell(CellOffset::NONE));
        assert!(map.reach(CellOffset::new(40)));
        assert!(!map.reach(CellOffset::new(40)));
        assert!(map.unreached().eq([32, 2048, 4088]));
    }
}
