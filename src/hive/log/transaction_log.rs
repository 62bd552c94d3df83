//! One transaction log: which format it has, and whether it can be used.

use super::LogFile;
use super::dirty_vector::DirtyVector;
use super::entry::{LogEntry, NoEntry, sequences_in};
use crate::hive::base_block::{BaseBlock, SECTOR_SIZE};
use crate::hive::{FileTime, HiveError};

/// File types of a log's base block (regf specification, "Base block" of both
/// formats); 2 is Windows 2000's and older.
const TYPE_OLD: u32 = 1;
const TYPE_VERY_OLD: u32 = 2;
const TYPE_NEW: u32 = 6;

/// The formats of transaction logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogFormat {
    /// A bitmap and the dirty pages of one write: up to Windows 8.
    Old,
    /// Entries, one for each flush: since Windows 8.1.
    New,
}

/// A log whose base block is whole.
#[derive(Clone, Copy)]
pub(super) struct TransactionLog<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) block: BaseBlock<'a>,
    pub(super) format: LogFormat,
}

impl<'a> TransactionLog<'a> {
    /// Reads a log's base block; where it cannot be used, says why.
    pub(super) fn read(log: &'a LogFile) -> Result<Self, String> {
        let bytes = log.bytes.as_slice();
        if bytes.iter().take(SECTOR_SIZE).all(|byte| *byte == 0) {
            return Err("empty".to_owned());
        }
        let block = BaseBlock::parse_copy(bytes).map_err(|error| match error {
            HiveError::NotAHive(why) => format!("no transaction log: {why}"),
            other => other.to_string(),
        })?;
        if !block.is_intact() {
            return Err("its base block is damaged: the checksum is wrong".to_owned());
        }
        let format = match block.file_type() {
            TYPE_OLD | TYPE_VERY_OLD => LogFormat::Old,
            TYPE_NEW => LogFormat::New,
            other => return Err(format!("no transaction log: its file type is {other}")),
        };
        if block.clustering_factor() != 1 {
            return Err("it was written for sectors of another size than 512 bytes".to_owned());
        }
        if block.primary_sequence() != block.secondary_sequence() {
            let (primary, secondary) = (block.primary_sequence(), block.secondary_sequence());
            return Err(format!("its own write was cut off (sequence numbers {primary} and {secondary})"));
        }
        Ok(Self { bytes, block, format })
    }

    /// The entries of a new-format log in order, as far as they follow each
    /// other, and why they end.
    pub(super) fn entries(&self) -> Entries<'a> {
        let rest = self.bytes.get(SECTOR_SIZE..).unwrap_or_default();
        Entries { rest, next: self.block.primary_sequence(), end: None }
    }

    /// The dirty pages of an old-format log.
    pub(super) fn dirty_vector(&self) -> Option<DirtyVector<'a>> {
        DirtyVector::read(self.bytes, self.block.bins_size() as usize)
    }

    pub(super) fn last_written(&self) -> FileTime {
        self.block.last_written()
    }
}

/// See [`TransactionLog::entries`].
pub(super) struct Entries<'a> {
    rest: &'a [u8],
    next: u32,
    /// Why there are no more entries, once there are none.
    pub(super) end: Option<EntriesEnd>,
}

/// Where a log's usable entries end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntriesEnd {
    /// Nothing follows, or an entry of earlier use of the log.
    Finished,
    /// The entry that should follow was cut off.
    Torn,
}

impl<'a> Iterator for Entries<'a> {
    type Item = LogEntry<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.end.is_some() {
            return None;
        }
        let entry = match LogEntry::read(self.rest) {
            Ok(entry) if entry.sequence == self.next => entry,
            Ok(_) | Err(NoEntry::End) => {
                self.end = Some(EntriesEnd::Finished);
                return None;
            }
            Err(NoEntry::Torn) => {
                self.end = Some(EntriesEnd::Torn);
                return None;
            }
        };
        self.rest = &self.rest[entry.size..];
        self.next = self.next.wrapping_add(1);
        Some(entry)
    }
}

/// The highest sequence number a log holds anywhere.
pub(super) fn highest_sequence(log: &LogFile) -> u32 {
    let block = BaseBlock::parse_copy(&log.bytes).ok().filter(|block| block.is_intact());
    let in_block = block.map_or(0, |block| block.primary_sequence().max(block.secondary_sequence()));
    sequences_in(&log.bytes).fold(in_block, u32::max)
}
