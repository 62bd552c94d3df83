//! Log entries of the new format (regf specification, "Log entries").
//!
//! | offset | size | field |
//! |---|---|---|
//! | 0 | 4 | signature `HvLE` |
//! | 4 | 4 | size of the entry in bytes |
//! | 8 | 4 | flags: bit 0 of the base block's |
//! | 12 | 4 | sequence number |
//! | 16 | 4 | size of the bins when the entry was written |
//! | 20 | 4 | number of pages |
//! | 24 | 8 | hash of everything from offset 40 to the end |
//! | 32 | 8 | hash of the 32 bytes before |
//! | 40 | 8 each | pages: offset from the first bin, size |
//! | … | … | the pages themselves, in the same order |

use super::marvin32;
use crate::hive::base_block::SECTOR_SIZE;
use crate::hive::bin::BIN_ALIGNMENT;
use crate::hive::field::{u32_at, u64_at};

const HEADER_SIZE: usize = 40;
const REFERENCE_SIZE: usize = 8;

/// An entry whose hashes say that it is as it was written.
pub(super) struct LogEntry<'a> {
    pub(super) sequence: u32,
    /// Whether transactions were pending (flag bit 0).
    pub(super) transactions_pending: bool,
    /// Size of the bins once the entry is applied, in bytes.
    pub(super) bins_size: usize,
    /// Length of the entry in the log, in bytes.
    pub(super) size: usize,
    page_count: usize,
    bytes: &'a [u8],
}

/// Why no entry can be read at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoEntry {
    /// There is none: the log ends here.
    End,
    /// There is one, but its hashes or sizes are wrong: its write was cut off.
    Torn,
}

impl<'a> LogEntry<'a> {
    /// Reads and proves the entry at the start of `bytes`.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, NoEntry> {
        if !bytes.starts_with(b"HvLE") {
            return Err(NoEntry::End);
        }
        let size = u32_at(bytes, 4) as usize;
        let entry = bytes.get(..size).filter(|_| size >= SECTOR_SIZE && size.is_multiple_of(SECTOR_SIZE));
        let entry = entry.filter(|entry| are_hashes_right(entry)).ok_or(NoEntry::Torn)?;
        let read = Self {
            sequence: u32_at(entry, 12),
            transactions_pending: u32_at(entry, 8) & 1 != 0,
            bins_size: u32_at(entry, 16) as usize,
            size,
            page_count: u32_at(entry, 20) as usize,
            bytes: entry,
        };
        if read.is_consistent() { Ok(read) } else { Err(NoEntry::Torn) }
    }

    /// The pages: where each belongs, counted from the first bin, and its bytes.
    pub(super) fn pages(&self) -> impl Iterator<Item = (usize, &'a [u8])> {
        let bytes = self.bytes;
        let mut data = HEADER_SIZE + REFERENCE_SIZE * self.page_count;
        (0..self.page_count).map_while(move |index| {
            let reference = HEADER_SIZE + REFERENCE_SIZE * index;
            let (offset, size) = (u32_at(bytes, reference) as usize, u32_at(bytes, reference + 4) as usize);
            let page = bytes.get(data..data.checked_add(size)?)?;
            data += size;
            Some((offset, page))
        })
    }

    pub(super) fn page_count(&self) -> usize {
        self.page_count
    }

    /// Sizes fit each other: every page is inside the entry and inside the
    /// bins. The hashes are no secret, so they do not vouch for this.
    fn is_consistent(&self) -> bool {
        let references_fit = self.page_count <= (self.size - HEADER_SIZE) / REFERENCE_SIZE;
        references_fit
            && self.page_count > 0
            && self.bins_size > 0
            && self.bins_size.is_multiple_of(BIN_ALIGNMENT)
            && self.pages().count() == self.page_count
            && self.pages().all(|(offset, page)| offset + page.len() <= self.bins_size)
    }
}

fn are_hashes_right(entry: &[u8]) -> bool {
    is_header_right(entry) && u64_at(entry, 24) == marvin32::hash(&entry[HEADER_SIZE..])
}

fn is_header_right(entry: &[u8]) -> bool {
    entry.len() >= HEADER_SIZE && u64_at(entry, 32) == marvin32::hash(&entry[..32])
}

/// The sequence numbers of all entries in a log that have a whole header, also
/// of those that no recovery would reach: leftovers of earlier use.
pub(super) fn sequences_in(log: &[u8]) -> impl Iterator<Item = u32> {
    let sectors = log.chunks_exact(SECTOR_SIZE).skip(1);
    sectors
        .filter(|sector| sector.starts_with(b"HvLE") && is_header_right(sector))
        .map(|sector| u32_at(sector, 12))
}
