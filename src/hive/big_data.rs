//! Big data: values above 16,344 bytes in segments, from version 1.4 on.
//!
//! regf specification, "Big data": signature `db`, number of segments at 2,
//! offset of the segment list at 4. All segments but the last are full.

use super::audit::Defect;
use super::cell::{CellOffset, Cells, Offsets};
use super::field::{put, u16_at, u32_at};
use super::format::SEGMENT_SIZE;

/// Payload size of a big data record.
pub(super) const BIG_DATA_SIZE: usize = 8;
/// Where the segment list's offset is.
pub(super) const LIST: usize = 4;

/// A big data record whose segment count fits its data.
pub(super) struct BigData<'a> {
    pub(super) list: CellOffset,
    pub(super) segments: Offsets<'a>,
    size: usize,
}

impl<'a> BigData<'a> {
    /// Reads the record at `offset` that holds `size` bytes.
    pub(super) fn read(cells: &Cells<'a>, offset: CellOffset, size: usize) -> Result<Self, Defect> {
        let payload = cells.payload(offset)?;
        if payload.len() < BIG_DATA_SIZE || !payload.starts_with(b"db") {
            let found = payload.get(..2).unwrap_or_default().escape_ascii().to_string();
            return Err(Defect::new(offset.absolute(), "big-data-signature", "db", found));
        }
        if size > cells.bins().len() {
            // Segments that repeat must not multiply into memory.
            let found = format!("{size} bytes");
            return Err(Defect::new(offset.absolute(), "big-data-size", "less than the hive itself", found));
        }
        let count = usize::from(u16_at(payload, 2));
        if count != segment_count(size) {
            let expected = format!("{} segments for {size} bytes", segment_count(size));
            return Err(Defect::new(offset.absolute(), "big-data-count", expected, count.to_string()));
        }
        let list = CellOffset::new(u32_at(payload, LIST));
        Ok(Self { list, segments: cells.offsets(list, count)?, size })
    }

    /// The data of the `index`-th segment.
    pub(super) fn piece(
        &self,
        cells: &Cells<'a>,
        index: usize,
        segment: CellOffset,
    ) -> Result<&'a [u8], Defect> {
        let wanted = SEGMENT_SIZE.min(self.size - index * SEGMENT_SIZE);
        let payload = cells.payload(segment)?;
        payload.get(..wanted).ok_or_else(|| {
            let found = format!("{} bytes", payload.len());
            Defect::new(segment.absolute(), "big-data-segment", format!("a segment of {wanted} bytes"), found)
        })
    }

    pub(super) fn concat(&self, cells: &Cells<'a>) -> Result<Vec<u8>, Defect> {
        // Segments were checked to exist by count only: grow as they come.
        let mut data = Vec::new();
        for (index, segment) in self.segments.iter().enumerate() {
            data.extend_from_slice(self.piece(cells, index, segment)?);
        }
        Ok(data)
    }
}

/// Segments that `size` bytes need.
pub(super) fn segment_count(size: usize) -> usize {
    size.div_ceil(SEGMENT_SIZE)
}

/// Writes a record into a zeroed payload.
pub(super) fn encode(payload: &mut [u8], count: u16, list: CellOffset) {
    put(payload, 0, b"db");
    put(payload, 2, &count.to_le_bytes());
    put(payload, LIST, &list.get().to_le_bytes());
}
