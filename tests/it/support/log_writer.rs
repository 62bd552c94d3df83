//! Transaction logs as Windows writes them, from two states of a hive.
//!
//! Written from the regf specification alone and sharing no code with the
//! reader, so that both must be wrong in the same way to agree.

use pemedic::hive::log::LogFile;

const BASE_BLOCK: usize = 4096;
const SECTOR: usize = 512;

/// File types of a log's base block.
const TYPE_OLD: u32 = 1;
const TYPE_NEW: u32 = 6;

pub fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn put(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
}

/// Sets both sequence numbers and the checksum: different ones make the hive
/// dirty.
pub fn set_sequences(image: &mut [u8], primary: u32, secondary: u32) {
    put(image, 4, primary);
    put(image, 8, secondary);
    set_checksum(image);
}

/// Sets the resource manager's identity, which is the hive's own.
pub fn set_identity(image: &mut [u8], identity: u8) {
    image[112..128].fill(identity);
    set_checksum(image);
}

pub fn set_checksum(image: &mut [u8]) {
    let sum = (0..508).step_by(4).fold(0, |sum, at| sum ^ number(image, at));
    put(
        image,
        508,
        match sum {
            0 => 1,
            u32::MAX => u32::MAX - 1,
            sum => sum,
        },
    );
}

fn log_block(image: &[u8], file_type: u32, sequence: u32) -> Vec<u8> {
    let mut block = image[..SECTOR].to_vec();
    put(&mut block, 28, file_type);
    set_sequences(&mut block, sequence, sequence);
    block
}

/// Sectors of the bins that differ, as (offset in the bins, bytes after).
fn dirty_sectors<'a>(before: &[u8], after: &'a [u8]) -> Vec<(usize, &'a [u8])> {
    let sectors =
        after[BASE_BLOCK..].chunks(SECTOR).enumerate().map(|(index, sector)| (index * SECTOR, sector));
    sectors
        .filter(|(at, sector)| before.get(BASE_BLOCK + at..BASE_BLOCK + at + SECTOR) != Some(*sector))
        .collect()
}

/// A log of the new format.
pub struct NewLog {
    bytes: Vec<u8>,
    next: u32,
}

impl NewLog {
    /// A log whose first entry will have this sequence number; `image` is the
    /// hive as it was in memory then.
    pub fn new(image: &[u8], sequence: u32) -> Self {
        Self { bytes: log_block(image, TYPE_NEW, sequence), next: sequence }
    }

    /// Adds an entry that turns the bins of `before` into those of `after`.
    pub fn entry(mut self, before: &[u8], after: &[u8]) -> Self {
        let dirty = dirty_sectors(before, after);
        let mut entry = vec![0; 40];
        entry[..4].copy_from_slice(b"HvLE");
        put(&mut entry, 12, self.next);
        put(&mut entry, 16, number(after, 40));
        put(&mut entry, 20, u32::try_from(dirty.len()).unwrap());
        for (at, sector) in &dirty {
            entry.extend(u32::try_from(*at).unwrap().to_le_bytes());
            entry.extend(u32::try_from(sector.len()).unwrap().to_le_bytes());
        }
        for (_, sector) in &dirty {
            entry.extend_from_slice(sector);
        }
        entry.resize(entry.len().next_multiple_of(SECTOR), 0);
        let len = u32::try_from(entry.len()).unwrap();
        put(&mut entry, 4, len);
        seal_entry(&mut entry);
        self.bytes.extend(entry);
        self.next += 1;
        self
    }

    pub fn named(self, name: &str) -> LogFile {
        LogFile { name: name.to_owned(), bytes: self.bytes }
    }
}

/// Sets both hashes of an entry.
pub fn seal_entry(entry: &mut [u8]) {
    let pages = marvin32(&entry[40..]);
    entry[24..32].copy_from_slice(&pages.to_le_bytes());
    let header = marvin32(&entry[..32]);
    entry[32..40].copy_from_slice(&header.to_le_bytes());
}

/// A log of the old format that turns the bins of `before` into those of
/// `after`; like Windows, it logs whole pages of 4096 bytes.
pub fn old_log(before: &[u8], after: &[u8], sequence: u32) -> Vec<u8> {
    let bins = &after[BASE_BLOCK..BASE_BLOCK + number(after, 40) as usize];
    let mut bitmap = vec![0_u8; bins.len() / BASE_BLOCK];
    let mut pages = Vec::new();
    for (index, page) in bins.chunks(BASE_BLOCK).enumerate() {
        let start = BASE_BLOCK * (index + 1);
        if before.get(start..start + BASE_BLOCK) != Some(page) {
            bitmap[index] = 0xff;
            pages.extend_from_slice(page);
        }
    }
    let mut log = log_block(after, TYPE_OLD, sequence);
    log.extend(b"DIRT");
    log.extend(bitmap);
    log.resize(log.len().next_multiple_of(SECTOR), 0);
    log.extend(pages);
    log
}

/// Marvin32 under the seed of log entries, for lengths divisible by four.
fn marvin32(bytes: &[u8]) -> u64 {
    assert_eq!(bytes.len() % 4, 0);
    let (mut low, mut high) = (0x7a4e_55c5_u32, 0x82ef_4d88_u32);
    let words = bytes.chunks(4).map(|word| number(word, 0)).chain([0x80, 0]);
    for word in words {
        low = low.wrapping_add(word);
        high ^= low;
        low = low.rotate_left(20).wrapping_add(high);
        high = high.rotate_left(9) ^ low;
        low = low.rotate_left(27).wrapping_add(high);
        high = high.rotate_left(19);
    }
    u64::from(high) << 32 | u64::from(low)
}
