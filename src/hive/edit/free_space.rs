//! Which cells are free: found by size for allocation, by place for merging.

use std::collections::{BTreeMap, BTreeSet};

use crate::hive::CellOffset;
use crate::hive::bin::{BIN_ALIGNMENT, BIN_HEADER_SIZE, Bin};
use crate::hive::cell::FreeCell;

/// The free cells of a hive and the bins they are in.
#[derive(Debug, Default)]
pub(super) struct FreeSpace {
    by_start: BTreeMap<u32, u32>,
    by_size: BTreeSet<(u32, u32)>,
    bins: Vec<Bin>,
}

impl FreeSpace {
    pub(super) fn new(bins: Vec<Bin>, cells: impl Iterator<Item = FreeCell>) -> Self {
        let by_start: BTreeMap<u32, u32> = cells.map(|cell| (cell.start, cell.size)).collect();
        let by_size = by_start.iter().map(|(start, size)| (*size, *start)).collect();
        Self { by_start, by_size, bins }
    }

    /// Takes the smallest cell of at least `size` bytes, the first of equals.
    pub(super) fn take_best(&mut self, size: u32) -> Option<FreeCell> {
        let (size, start) = *self.by_size.range((size, 0)..).next()?;
        self.take(FreeCell { start, size })
    }

    /// Takes the free cell that begins at `start`.
    pub(super) fn take_at(&mut self, start: u32) -> Option<FreeCell> {
        let size = *self.by_start.get(&start)?;
        self.take(FreeCell { start, size })
    }

    /// Takes the free cell that ends at `end`.
    pub(super) fn take_ending_at(&mut self, end: u32) -> Option<FreeCell> {
        let (start, size) = self.by_start.range(..end).next_back()?;
        let cell = FreeCell { start: *start, size: *size };
        (cell.end() == end).then(|| self.take(cell)).flatten()
    }

    /// The size of the free cell at `start`.
    pub(super) fn size_at(&self, start: u32) -> Option<u32> {
        self.by_start.get(&start).copied()
    }

    pub(super) fn insert(&mut self, cell: FreeCell) {
        self.by_start.insert(cell.start, cell.size);
        self.by_size.insert((cell.size, cell.start));
    }

    fn take(&mut self, cell: FreeCell) -> Option<FreeCell> {
        self.by_size.remove(&(cell.size, cell.start));
        self.by_start.remove(&cell.start).map(|_| cell)
    }

    /// The bin around an offset.
    pub(super) fn bin_of(&self, offset: CellOffset) -> Option<Bin> {
        let after = self.bins.partition_point(|bin| bin.start <= offset.index());
        let bin = *self.bins.get(after.checked_sub(1)?)?;
        (offset.index() < bin.end()).then_some(bin)
    }

    /// Joins neighbouring bins that hold nothing until they offer `room` bytes
    /// for one cell; those at the end of the hive may lack some. Returns the
    /// joined bin.
    pub(super) fn join_empty_bins(&mut self, room: usize, hive_end: usize) -> Option<Bin> {
        let (first, count) = self.find_empty_bins(room, hive_end)?;
        let joined = self.bins.get(first..first + count)?;
        let bin = Bin { start: joined.first()?.start, size: joined.iter().map(|bin| bin.size).sum() };
        let empty: Vec<Bin> = self.bins.splice(first..first + count, [bin]).collect();
        for empty in empty {
            self.take_at(u32::try_from(empty.cells_start()).ok()?);
        }
        Some(bin)
    }

    fn find_empty_bins(&self, room: usize, hive_end: usize) -> Option<(usize, usize)> {
        let mut run: Option<(usize, Bin)> = None;
        for index in self.empty_bins() {
            let bin = *self.bins.get(index)?;
            let (first, joined) = match run {
                Some((first, joined)) if joined.end() == bin.start => {
                    (first, Bin { start: joined.start, size: joined.size + bin.size })
                }
                _ => (index, bin),
            };
            if joined.room() >= room || joined.end() == hive_end {
                return Some((first, index + 1 - first));
            }
            run = Some((first, joined));
        }
        None
    }

    /// The indexes of bins that hold nothing, in order: only free cells as
    /// large as a page can fill one.
    fn empty_bins(&self) -> BTreeSet<usize> {
        let least = u32::try_from(BIN_ALIGNMENT - BIN_HEADER_SIZE).unwrap_or(0);
        let large = self.by_size.range((least, 0)..);
        let bins = large.filter_map(|(_, start)| {
            self.bins.binary_search_by_key(&(*start as usize), |bin| bin.cells_start()).ok()
        });
        bins.filter(|index| self.bins.get(*index).is_some_and(|bin| self.is_empty(*bin))).collect()
    }

    fn is_empty(&self, bin: Bin) -> bool {
        u32::try_from(bin.cells_start())
            .ok()
            .and_then(|start| self.size_at(start))
            .is_some_and(|size| size as usize == bin.room())
    }

    /// Records a bin at the end of the hive, or a larger size of the last one.
    pub(super) fn set_last_bin(&mut self, bin: Bin) {
        self.bins.pop_if(|last| last.start == bin.start);
        self.bins.push(bin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space(cells: &[(u32, u32)]) -> FreeSpace {
        let bins = (0..4).map(|index| Bin { start: index * 4096, size: 4096 }).collect();
        FreeSpace::new(bins, cells.iter().map(|(start, size)| FreeCell { start: *start, size: *size }))
    }

    #[test]
    fn the_best_fit_is_the_smallest_that_is_large_enough() {
        let mut space = space(&[(32, 64), (200, 16), (400, 24), (600, 24)]);
        assert_eq!(space.take_best(20), Some(FreeCell { start: 400, size: 24 }));
        assert_eq!(space.take_best(20), Some(FreeCell { start: 600, size: 24 }));
        assert_eq!(space.take_best(20), Some(FreeCell { start: 32, size: 64 }));
        assert_eq!(space.take_best(20), None);
    }

    #[test]
    fn neighbours_are_found_on_both_sides() {
        let mut space = space(&[(32, 64), (200, 16)]);
        assert_eq!(space.take_ending_at(96), Some(FreeCell { start: 32, size: 64 }));
        assert_eq!(space.take_ending_at(200), None);
        assert_eq!(space.take_at(200), Some(FreeCell { start: 200, size: 16 }));
        assert_eq!(space.take_at(200), None);
    }

    #[test]
    fn only_whole_empty_bins_are_joined() {
        let mut joinable = space(&[(32, 4064), (4128, 4064), (8224, 64), (12320, 4064)]);
        assert_eq!(joinable.join_empty_bins(8000, 16384), Some(Bin { start: 0, size: 8192 }));
        assert_eq!(joinable.bin_of(CellOffset::new(5000)), Some(Bin { start: 0, size: 8192 }));
        // The last bin may be extended even if it is too small.
        assert_eq!(joinable.join_empty_bins(8000, 16384), Some(Bin { start: 12288, size: 4096 }));
        assert_eq!(joinable.join_empty_bins(8000, 16384), None);
    }
}
