//! The ring of key security records and how many keys use each.

use super::Defect;
use super::keys::Walk;
use crate::hive::CellOffset;
use crate::hive::key_node::{KeyNode, at};
use crate::hive::key_security::{KEY_COUNT, KeySecurity, NEXT, PREVIOUS};

/// One record.
#[derive(Clone, Copy)]
struct Record {
    offset: CellOffset,
    stored_count: u32,
    seen_count: u32,
}

/// The records by offset.
#[derive(Default)]
pub(super) struct Ring {
    records: Vec<Record>,
    /// Where the last key's record is: neighbours mostly share it.
    last: usize,
}

impl Ring {
    /// Follows the ring from the root key's record.
    pub(super) fn walk(walk: &mut Walk<'_>, root: &KeyNode<'_>) -> Self {
        let mut ring = Self::default();
        let first = root.link(at::SECURITY);
        let mut from = walk.cells.field_offset(root.offset, at::SECURITY);
        let (mut offset, mut before) = (first, None);
        // Ends: each record is claimed at most once.
        while walk.claim(offset, from, "key security record") {
            let Some(record) = walk.defects.keep(KeySecurity::read(&walk.cells, offset)) else { break };
            check_descriptor(walk, &record);
            if let Some(before) = before {
                check_previous(walk, &record, before);
            }
            ring.records.push(Record::new(&record));
            if record.next() == first {
                if let Some(first) = walk.defects.keep(KeySecurity::read(&walk.cells, first)) {
                    check_previous(walk, &first, offset);
                }
                break;
            }
            from = walk.cells.field_offset(offset, NEXT);
            (before, offset) = (Some(offset), record.next());
        }
        ring.records.sort_by_key(|record| record.offset);
        ring
    }

    /// Counts a key that uses the record at `offset`.
    pub(super) fn count(&mut self, walk: &mut Walk<'_>, offset: CellOffset, from: u64) {
        if self.records.get(self.last).is_none_or(|record| record.offset != offset) {
            match self.records.binary_search_by_key(&offset, |record| record.offset) {
                Ok(index) => self.last = index,
                Err(index) => {
                    let Some(record) = unlinked(walk, offset, from) else { return };
                    self.records.insert(index, record);
                    self.last = index;
                }
            }
        }
        if let Some(record) = self.records.get_mut(self.last) {
            record.seen_count += 1;
        }
    }

    /// The same records, counted from zero.
    pub(super) fn uncounted_copy(&self) -> Self {
        let records = self.records.iter().map(|record| Record { seen_count: 0, ..*record });
        Self { records: records.collect(), last: 0 }
    }

    /// Whether no record outside the ring was met by only one of the two.
    pub(super) fn has_same_records(&self, other: &Self) -> bool {
        self.records.len() == other.records.len()
    }

    /// Adds the counts of a copy.
    pub(super) fn add_counts(&mut self, copy: &Self) {
        for (record, copied) in self.records.iter_mut().zip(&copy.records) {
            record.seen_count += copied.seen_count;
        }
    }

    pub(super) fn check_counts(self, walk: &mut Walk<'_>) {
        for record in self.records {
            if record.stored_count != record.seen_count {
                let place = walk.cells.field_offset(record.offset, KEY_COUNT);
                let (seen, stored) = (record.seen_count, record.stored_count);
                let defect = Defect::new(place, "security-count", format!("{seen} keys"), stored.to_string());
                walk.defects.add(defect);
            }
        }
    }
}

impl Record {
    fn new(record: &KeySecurity<'_>) -> Self {
        Self { offset: record.offset, stored_count: record.key_count(), seen_count: 0 }
    }
}

/// A record that a key uses though the ring does not lead to it.
fn unlinked(walk: &mut Walk<'_>, offset: CellOffset, from: u64) -> Option<Record> {
    // A second key with the same wrong offset adds a second defect: each is
    // where the key is.
    if !walk.claim(offset, from, "key security record") {
        return None;
    }
    let record = walk.defects.keep(KeySecurity::read(&walk.cells, offset))?;
    let expected = "a record in the ring that begins at the root key's";
    walk.defects.add(Defect::new(offset.absolute(), "security-unlinked", expected, "one outside it"));
    Some(Record::new(&record))
}

fn check_previous(walk: &mut Walk<'_>, record: &KeySecurity<'_>, before: CellOffset) {
    if record.previous() != before {
        let place = walk.cells.field_offset(record.offset, PREVIOUS);
        let (expected, found) = (before.get(), record.previous().get());
        let defect = Defect::new(place, "security-ring", format!("{expected:#x}"), format!("{found:#x}"));
        walk.defects.add(defect);
    }
}

/// Revision 1 and self-relative, as the kernel requires of stored descriptors
/// (Microsoft, "`SECURITY_DESCRIPTOR` structure").
fn check_descriptor(walk: &mut Walk<'_>, record: &KeySecurity<'_>) {
    const SELF_RELATIVE: u8 = 0x80;
    let is_valid = matches!(record.descriptor, [1, _, _, control, ..] if control & SELF_RELATIVE != 0)
        && record.descriptor.len() >= 20;
    if !is_valid {
        let start = record.descriptor.get(..4).unwrap_or(record.descriptor);
        let found = format!("{} bytes beginning {start:02x?}", record.descriptor.len());
        let expected = "a self-relative security descriptor";
        walk.defects.add(Defect::new(record.offset.absolute(), "security-descriptor", expected, found));
    }
}
