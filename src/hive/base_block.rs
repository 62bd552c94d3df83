//! The base block: the first 4096 bytes of a hive file.
//!
//! regf specification, "Base block":
//!
//! | offset | size | field |
//! |---|---|---|
//! | 0 | 4 | signature `regf` |
//! | 4 | 4 | primary sequence number |
//! | 8 | 4 | secondary sequence number |
//! | 12 | 8 | last written |
//! | 20, 24 | 4, 4 | major and minor version |
//! | 28 | 4 | file type: 0 primary |
//! | 32 | 4 | file format: 1 direct memory load |
//! | 36 | 4 | root cell offset |
//! | 40 | 4 | size of the bins |
//! | 44 | 4 | clustering factor |
//! | 48 | 64 | file name, UTF-16LE |
//! | 144 | 4 | flags |
//! | 508 | 4 | checksum of the 508 bytes before |

use super::field::{put, u32_at, u64_at};
use super::format::Format;
use super::{CellOffset, FileTime, HiveError};

/// Size of the base block; the first bin follows.
pub(super) const BASE_BLOCK_SIZE: usize = 4096;
/// The flag of a hive whose keys may be layered (regf specification, "Base
/// block", flags).
const LAYERED_KEYS: u32 = 2;
/// The flag of a hive with pending or anticipated transactions (likewise).
const TRANSACTIONS_PENDING: u32 = 1;
/// Logs are laid out in sectors of this size, whatever the disk's are (regf
/// specification, "Sector size and clustering factor").
pub(super) const SECTOR_SIZE: usize = 512;
const CHECKED_SIZE: usize = 508;
const FILE_TYPE: usize = 28;
const FLAGS: usize = 144;
pub(super) const ROOT: usize = 36;
pub(super) const BINS_SIZE: usize = 40;

/// A base block as stored: its first sector, which holds all that means
/// something on a disk, and which is all that transaction logs copy.
#[derive(Clone, Copy)]
pub(super) struct BaseBlock<'a>(&'a [u8; SECTOR_SIZE]);

impl<'a> BaseBlock<'a> {
    /// Takes the base block of a hive file and checks what every reader relies
    /// on: signature and version.
    pub(super) fn parse(file: &'a [u8]) -> Result<Self, HiveError> {
        if file.len() < BASE_BLOCK_SIZE {
            let why = format!("{} bytes are too few for a base block of {BASE_BLOCK_SIZE}", file.len());
            return Err(HiveError::NotAHive(why));
        }
        Self::parse_copy(file)
    }

    /// Takes the copy of a base block that a transaction log starts with: one
    /// sector, under the same checks.
    pub(super) fn parse_copy(log: &'a [u8]) -> Result<Self, HiveError> {
        let Some(block) = log.first_chunk() else {
            let why = format!("{} bytes are too few for a base block", log.len());
            return Err(HiveError::NotAHive(why));
        };
        if !block.starts_with(b"regf") {
            return Err(HiveError::NotAHive("it does not begin with `regf`".to_owned()));
        }
        let block = Self(block);
        block.format()?;
        Ok(block)
    }

    pub(super) fn format(self) -> Result<Format, HiveError> {
        Format::new(self.field(20), self.field(24))
    }

    pub(super) fn primary_sequence(self) -> u32 {
        self.field(4)
    }

    pub(super) fn secondary_sequence(self) -> u32 {
        self.field(8)
    }

    pub(super) fn last_written(self) -> FileTime {
        FileTime(u64_at(self.0, 12))
    }

    pub(super) fn file_type(self) -> u32 {
        self.field(FILE_TYPE)
    }

    pub(super) fn file_format(self) -> u32 {
        self.field(32)
    }

    pub(super) fn root(self) -> CellOffset {
        CellOffset::new(self.field(ROOT))
    }

    /// Size of the bins in bytes, as stored.
    pub(super) fn bins_size(self) -> u32 {
        self.field(BINS_SIZE)
    }

    pub(super) fn has_layered_keys(self) -> bool {
        self.field(FLAGS) & LAYERED_KEYS != 0
    }

    pub(super) fn stored_checksum(self) -> u32 {
        self.field(CHECKED_SIZE)
    }

    pub(super) fn computed_checksum(self) -> u32 {
        checksum(self.0)
    }

    /// Whether Windows would load the file without its logs (regf
    /// specification, "Dirty state of a hive").
    pub(super) fn is_clean(self) -> bool {
        self.primary_sequence() == self.secondary_sequence() && self.is_intact()
    }

    pub(super) fn is_intact(self) -> bool {
        is_intact(self.0)
    }

    /// The resource manager's identity: null, or the hive's own for good.
    pub(super) fn resource_manager(self) -> &'a [u8] {
        &self.0[112..128]
    }

    pub(super) fn clustering_factor(self) -> u32 {
        self.field(44)
    }

    fn field(self, at: usize) -> u32 {
        u32_at(self.0, at)
    }
}

/// Whether the checksum says that this base block, or a log's copy of one, is
/// as it was written.
pub(super) fn is_intact(block: &[u8]) -> bool {
    block.len() >= SECTOR_SIZE && u32_at(block, CHECKED_SIZE) == checksum(block)
}

/// XOR of the first 127 double words; 0 and -1 are avoided (regf
/// specification, "Base block", notes).
fn checksum(block: &[u8]) -> u32 {
    let words = block.chunks_exact(4).take(CHECKED_SIZE / 4);
    match words.fold(0, |sum, word| sum ^ u32_at(word, 0)) {
        0 => 1,
        u32::MAX => u32::MAX - 1,
        sum => sum,
    }
}

pub(super) fn set_root(file: &mut [u8], root: CellOffset) {
    put(file, ROOT, &root.get().to_le_bytes());
}

pub(super) fn set_bins_size(file: &mut [u8], size: u32) {
    put(file, BINS_SIZE, &size.to_le_bytes());
}

/// Makes the base block that of a completely written hive: both sequence
/// numbers, both time stamps (the first bin keeps a copy for the case that the
/// base block is lost), checksum.
pub(super) fn seal(file: &mut [u8], sequence: u32, time: FileTime) {
    put(file, 12, &time.0.to_le_bytes());
    put(file, BASE_BLOCK_SIZE + 20, &time.0.to_le_bytes());
    mark_clean(file, sequence);
}

/// Makes the base block that of a completely written primary file, and leaves
/// all else in it.
pub(super) fn mark_clean(file: &mut [u8], sequence: u32) {
    put(file, 4, &sequence.to_le_bytes());
    put(file, 8, &sequence.to_le_bytes());
    put(file, FILE_TYPE, &0_u32.to_le_bytes());
    let sum = checksum(file);
    put(file, CHECKED_SIZE, &sum.to_le_bytes());
}

/// Sets the one flag that a log entry carries: pending transactions.
pub(super) fn set_transactions_pending(file: &mut [u8], pending: bool) {
    let flags =
        (u32_at(file, FLAGS) & !TRANSACTIONS_PENDING) | if pending { TRANSACTIONS_PENDING } else { 0 };
    put(file, FLAGS, &flags.to_le_bytes());
}

/// A new base block, without root, bins and seal.
pub(super) fn blank(format: Format) -> Vec<u8> {
    let mut block = vec![0; BASE_BLOCK_SIZE];
    put(&mut block, 0, b"regf");
    put(&mut block, 20, &1_u32.to_le_bytes());
    put(&mut block, 24, &format.minor().to_le_bytes());
    put(&mut block, 32, &1_u32.to_le_bytes());
    put(&mut block, ROOT, &CellOffset::NONE.get().to_le_bytes());
    put(&mut block, 44, &1_u32.to_le_bytes());
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_avoids_zero_and_all_ones() {
        let mut block = vec![0; BASE_BLOCK_SIZE];
        assert_eq!(checksum(&block), 1);
        block[..4].fill(0xff);
        assert_eq!(checksum(&block), u32::MAX - 1);
        block[507] = 0x80;
        assert_eq!(checksum(&block), 0x7fff_ffff);
    }

    #[test]
    fn a_sealed_block_is_clean() {
        let mut file = blank(Format::new(1, 5).unwrap());
        file.resize(2 * BASE_BLOCK_SIZE, 0);
        assert!(!BaseBlock::parse(&file).unwrap().is_clean());
        seal(&mut file, 7, FileTime(9));
        let block = BaseBlock::parse(&file).unwrap();
        assert!(block.is_clean());
        assert_eq!((block.primary_sequence(), block.last_written()), (7, FileTime(9)));
    }

    #[test]
    fn foreign_files_are_refused() {
        assert!(matches!(BaseBlock::parse(b"regf"), Err(HiveError::NotAHive(_))));
        assert!(matches!(BaseBlock::parse(&[0; 5000]), Err(HiveError::NotAHive(_))));
        let mut future = blank(Format::new(1, 5).unwrap());
        future[24] = 7;
        let refused = BaseBlock::parse(&future).err();
        assert_eq!(refused, Some(HiveError::UnsupportedVersion { major: 1, minor: 7 }));
    }
}
