//! Bins: runs of 4096-byte pages that cells fill without gaps.
//!
//! regf specification, "Hive bin": signature `hbin`, own offset at 4, size at
//! 8, and in the first bin a time stamp at 20; 32 bytes in all.

use super::audit::Defect;
use super::base_block::BASE_BLOCK_SIZE;
use super::field::{put, u32_at};

/// Bytes before the first cell of a bin.
pub(super) const BIN_HEADER_SIZE: usize = 32;
/// Bins are multiples of this.
pub(super) const BIN_ALIGNMENT: usize = 4096;

/// A bin's place, relative to the first bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bin {
    pub(super) start: usize,
    pub(super) size: usize,
}

impl Bin {
    pub(super) fn end(self) -> usize {
        self.start + self.size
    }

    pub(super) fn cells_start(self) -> usize {
        self.start + BIN_HEADER_SIZE
    }

    /// Bytes for cells.
    pub(super) fn room(self) -> usize {
        self.size - BIN_HEADER_SIZE
    }

    fn read(bins: &[u8], start: usize) -> Result<Self, Defect> {
        let offset = (BASE_BLOCK_SIZE + start) as u64;
        let header = bins.get(start..start + BIN_HEADER_SIZE).unwrap_or_default();
        if !header.starts_with(b"hbin") {
            let found = header.get(..4).unwrap_or_default().escape_ascii().to_string();
            return Err(Defect::new(offset, "bin-signature", "hbin", found));
        }
        let (stored, size) = (u32_at(header, 4) as usize, u32_at(header, 8) as usize);
        if stored != start {
            return Err(Defect::new(offset + 4, "bin-offset", format!("{start:#x}"), format!("{stored:#x}")));
        }
        if size == 0 || !size.is_multiple_of(BIN_ALIGNMENT) || size > bins.len() - start {
            let expected = format!("a multiple of 0x1000, at most {:#x}", bins.len() - start);
            return Err(Defect::new(offset + 8, "bin-size", expected, format!("{size:#x}")));
        }
        Ok(Self { start, size })
    }
}

/// Writes a bin's header; the reserved fields and the time stamp stay.
pub(super) fn write_header(bins: &mut [u8], bin: Bin) {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes();
    put(bins, bin.start, b"hbin");
    put(bins, bin.start + 4, &number(bin.start));
    put(bins, bin.start + 8, &number(bin.size));
}

/// The bins in order. Where one is damaged, the walk goes on at the next page
/// that says it begins a bin there.
pub(super) struct Bins<'a> {
    bins: &'a [u8],
    next: usize,
}

impl<'a> Bins<'a> {
    pub(super) fn new(bins: &'a [u8]) -> Self {
        Self { bins, next: 0 }
    }
}

impl Iterator for Bins<'_> {
    type Item = Result<Bin, Defect>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.bins.len() {
            return None;
        }
        let bin = Bin::read(self.bins, self.next);
        self.next = bin.as_ref().map_or_else(|_| self.next_header(), |bin| bin.end());
        Some(bin)
    }
}

impl Bins<'_> {
    /// The next page that begins a bin; the end where there is none.
    fn next_header(&self) -> usize {
        let pages = (self.next + BIN_ALIGNMENT..self.bins.len()).step_by(BIN_ALIGNMENT);
        pages.into_iter().find(|page| Bin::read(self.bins, *page).is_ok()).unwrap_or(self.bins.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_bins() -> Vec<u8> {
        let mut bins = vec![0; 3 * BIN_ALIGNMENT];
        write_header(&mut bins, Bin { start: 0, size: 2 * BIN_ALIGNMENT });
        write_header(&mut bins, Bin { start: 2 * BIN_ALIGNMENT, size: BIN_ALIGNMENT });
        bins
    }

    #[test]
    fn bins_follow_each_other() {
        let starts: Vec<usize> = Bins::new(&two_bins()).map(|bin| bin.unwrap().start).collect();
        assert_eq!(starts, [0, 2 * BIN_ALIGNMENT]);
    }

    #[test]
    fn the_walk_goes_on_behind_a_damaged_header() {
        for (at, rule) in [(0, "bin-signature"), (4, "bin-offset"), (8, "bin-size")] {
            let mut bins = two_bins();
            bins[at] = 0xee;
            let walked: Vec<_> = Bins::new(&bins).collect();
            assert_eq!(walked.len(), 2);
            assert_eq!(walked[0].as_ref().unwrap_err().rule, rule);
            assert_eq!(walked[1].as_ref().unwrap().start, 2 * BIN_ALIGNMENT);
        }
    }
}
