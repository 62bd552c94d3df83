//! Sharing, adding and removing security descriptors.

use super::Editor;
use crate::hive::key_node::{KeyNode, at};
use crate::hive::key_security::{self, KEY_COUNT, KeySecurity, NEXT, PREVIOUS};
use crate::hive::{CellOffset, HiveError};

impl Editor {
    /// Counts one more key with this security.
    pub(super) fn share_security(&mut self, security: CellOffset) -> Result<(), HiveError> {
        let count = KeySecurity::read(&self.cells(), security)?.key_count();
        self.put_u32(security, KEY_COUNT, count.saturating_add(1))
    }

    /// Counts one key less; the last one takes the record out of the ring.
    pub(super) fn release_security(&mut self, security: CellOffset) -> Result<(), HiveError> {
        let cells = self.cells();
        let record = KeySecurity::read(&cells, security)?;
        let (count, next, previous) = (record.key_count(), record.next(), record.previous());
        if count > 1 {
            return self.put_u32(security, KEY_COUNT, count - 1);
        }
        self.put_u32(previous, NEXT, next.get())?;
        self.put_u32(next, PREVIOUS, previous.get())?;
        self.free(security)
    }

    /// The record of a descriptor, counted once more: a present one, else a new
    /// one at the end of the ring that begins at the root key's.
    pub(super) fn adopt_security(&mut self, descriptor: &[u8]) -> Result<CellOffset, HiveError> {
        let cells = self.cells();
        let first = KeyNode::read(&cells, cells.root)?.link(at::SECURITY);
        let limit = cells.bins().len() / key_security::payload_size(&[]);
        let mut record = KeySecurity::read(&cells, first)?;
        for _ in 0..limit {
            if record.descriptor == descriptor {
                let shared = record.offset;
                self.share_security(shared)?;
                return Ok(shared);
            }
            if record.next() == first {
                break;
            }
            record = KeySecurity::read(&cells, record.next())?;
        }
        self.add_security(first, descriptor)
    }

    fn add_security(&mut self, first: CellOffset, descriptor: &[u8]) -> Result<CellOffset, HiveError> {
        let last = KeySecurity::read(&self.cells(), first)?.previous();
        let added = self.allocate(key_security::payload_size(descriptor))?;
        key_security::encode(self.payload_mut(added)?, first, last, descriptor);
        self.put_u32(added, KEY_COUNT, 1)?;
        self.put_u32(last, NEXT, added.get())?;
        self.put_u32(first, PREVIOUS, added.get())?;
        Ok(added)
    }
}
