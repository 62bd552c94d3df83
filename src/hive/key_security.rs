//! Key security: security descriptors, shared by keys and linked in a ring.
//!
//! regf specification, "Key security"; offsets in the cell's payload: signature
//! `sk` 0, next 4, previous 8, number of keys 12, descriptor size 16,
//! descriptor 20.

use super::audit::Defect;
use super::cell::{CellOffset, Cells};
use super::field::{put, u32_at};

/// Bytes before the descriptor.
const HEAD_SIZE: usize = 20;
pub(super) const NEXT: usize = 4;
pub(super) const PREVIOUS: usize = 8;
pub(super) const KEY_COUNT: usize = 12;

/// A key security record in its cell, long enough for its descriptor.
#[derive(Clone, Copy)]
pub(super) struct KeySecurity<'a> {
    pub(super) offset: CellOffset,
    head: &'a [u8],
    pub(super) descriptor: &'a [u8],
}

impl<'a> KeySecurity<'a> {
    pub(super) fn read(cells: &Cells<'a>, offset: CellOffset) -> Result<Self, Defect> {
        let payload = cells.payload(offset)?;
        if payload.len() < HEAD_SIZE || !payload.starts_with(b"sk") {
            let found = payload.get(..2).unwrap_or_default().escape_ascii().to_string();
            return Err(Defect::new(offset.absolute(), "security-signature", "sk", found));
        }
        let (head, tail) = payload.split_at(HEAD_SIZE);
        let size = u32_at(head, 16) as usize;
        let Some(descriptor) = tail.get(..size) else {
            let expected = format!("a descriptor within {} bytes", tail.len());
            return Err(Defect::new(offset.absolute(), "security-size", expected, format!("{size} bytes")));
        };
        Ok(Self { offset, head, descriptor })
    }

    pub(super) fn next(&self) -> CellOffset {
        CellOffset::new(u32_at(self.head, NEXT))
    }

    pub(super) fn previous(&self) -> CellOffset {
        CellOffset::new(u32_at(self.head, PREVIOUS))
    }

    /// Number of keys with this security.
    pub(super) fn key_count(&self) -> u32 {
        u32_at(self.head, KEY_COUNT)
    }
}

/// Payload size for a descriptor.
pub(super) fn payload_size(descriptor: &[u8]) -> usize {
    HEAD_SIZE + descriptor.len()
}

/// Writes a record, used by no key yet, into a zeroed payload.
pub(super) fn encode(payload: &mut [u8], next: CellOffset, previous: CellOffset, descriptor: &[u8]) {
    put(payload, 0, b"sk");
    put(payload, NEXT, &next.get().to_le_bytes());
    put(payload, PREVIOUS, &previous.get().to_le_bytes());
    put(payload, 16, &u32::try_from(descriptor.len()).unwrap_or(u32::MAX).to_le_bytes());
    put(payload, HEAD_SIZE, descriptor);
}
