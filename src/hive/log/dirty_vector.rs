//! Dirty pages of the old format (regf specification, "Dirty vector" and
//! "Dirty pages"): `DIRT`, a bitmap with one bit for each 512 bytes of the
//! bins, and from the next sector on those 512 bytes that have their bit set.

use crate::hive::base_block::SECTOR_SIZE;
use crate::hive::bin::BIN_ALIGNMENT;
use crate::hive::field::u32_at;

const SIGNATURE: &[u8] = b"DIRT";

/// A bitmap and its pages, all of them there.
pub(super) struct DirtyVector<'a> {
    bitmap: &'a [u8],
    pages: &'a [u8],
    bins_size: usize,
}

impl<'a> DirtyVector<'a> {
    /// Reads what follows the first sector of a log for bins of this size;
    /// `None` where something is missing.
    pub(super) fn read(log: &'a [u8], bins_size: usize) -> Option<Self> {
        if bins_size == 0 || !bins_size.is_multiple_of(BIN_ALIGNMENT) {
            return None;
        }
        let rest = log.get(SECTOR_SIZE..)?.strip_prefix(SIGNATURE)?;
        let bitmap = rest.get(..bins_size / SECTOR_SIZE / 8)?;
        let pages_start = (SIGNATURE.len() + bitmap.len()).next_multiple_of(SECTOR_SIZE);
        let pages = log.get(SECTOR_SIZE + pages_start..)?;
        let vector = Self { bitmap, pages, bins_size };
        (vector.page_count() * SECTOR_SIZE <= pages.len()).then_some(vector)
    }

    pub(super) fn page_count(&self) -> usize {
        self.bitmap.iter().map(|byte| byte.count_ones() as usize).sum()
    }

    /// The pages: where each belongs, counted from the first bin, and its bytes.
    pub(super) fn pages(&self) -> impl Iterator<Item = (usize, &'a [u8])> {
        let bitmap = self.bitmap;
        let set = (0..self.bins_size / SECTOR_SIZE).filter(move |bit| bitmap[bit / 8] >> (bit % 8) & 1 != 0);
        set.map(|bit| bit * SECTOR_SIZE).zip(self.pages.chunks_exact(SECTOR_SIZE))
    }

    /// The first bin whose header comes from this log and is none: the log's
    /// pages have no hashes, so this is the only proof that they were written.
    pub(super) fn first_wrong_bin(&self, bins: &[u8]) -> Option<usize> {
        let mut dirty = self.pages().peekable();
        let mut start = 0;
        while start < self.bins_size {
            while dirty.next_if(|(offset, _)| *offset < start).is_some() {}
            let logged = dirty.peek().filter(|(offset, _)| *offset == start).map(|(_, page)| *page);
            let header = logged.or_else(|| bins.get(start..start + SECTOR_SIZE)).unwrap_or_default();
            let Some(size) = bin_size(header, start) else { return logged.map(|_| start) };
            start += size;
        }
        None
    }
}

/// The size a bin's header gives, if it is the header of the bin that starts
/// here.
fn bin_size(header: &[u8], start: usize) -> Option<usize> {
    let size = u32_at(header, 8) as usize;
    let right = header.starts_with(b"hbin")
        && u32_at(header, 4) as usize == start
        && size > 0
        && size.is_multiple_of(BIN_ALIGNMENT);
    right.then_some(size)
}
