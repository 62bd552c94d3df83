//! Key values: named, typed data of a key.
//!
//! regf specification, "Key value"; offsets in the cell's payload:
//!
//! | offset | size | field |
//! |---|---|---|
//! | 0 | 2 | signature `vk` |
//! | 2 | 2 | name length |
//! | 4 | 4 | data size; the highest bit: the data is in the next field |
//! | 8 | 4 | data offset, or the data |
//! | 12 | 4 | data type |
//! | 16 | 2 | flags (1.1: title index, 4 bytes) |
//! | 20 | | name |

use std::borrow::Cow;

use super::ValueType;
use super::audit::Defect;
use super::big_data::BigData;
use super::cell::{CellOffset, Cells};
use super::field::{has_signature, put, u16_at, u32_at};
use super::format::{Format, SEGMENT_SIZE};
use super::name::{Name, StoredName};
#[cfg(test)]
use super::{NamedValue, Value};

/// Bytes before the name.
const HEAD_SIZE: usize = 20;
/// The most data that fits into the offset field.
pub(super) const INLINE_LIMIT: usize = 4;
/// In the data size: the data is in the offset field.
const INLINE: u32 = 0x8000_0000;
const COMPRESSED_NAME: u16 = 1;
const DATA_SIZE: usize = 4;
/// Where the data's offset is, or the data.
pub(super) const DATA: usize = 8;
const TYPE: usize = 12;
const FLAGS: usize = 16;

/// A key value in its cell, long enough for head and name.
#[derive(Clone, Copy)]
pub(super) struct KeyValue<'a> {
    pub(super) offset: CellOffset,
    head: &'a [u8; HEAD_SIZE],
    pub(super) name: Name<'a>,
}

/// Where a value's data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DataPlace {
    /// In the key value itself.
    Inline,
    /// In one cell.
    Cell(CellOffset),
    /// In the segments of a big data record.
    BigData(CellOffset),
}

impl DataPlace {
    /// Where `size` bytes belong in a hive of this format.
    pub(super) fn is_big(format: Format, size: usize) -> bool {
        format.has_big_data() && size > SEGMENT_SIZE
    }
}

impl<'a> KeyValue<'a> {
    pub(super) fn read(cells: &Cells<'a>, offset: CellOffset) -> Result<Self, Defect> {
        let payload = cells.payload(offset)?;
        let Some((head, tail)) = payload.split_first_chunk::<HEAD_SIZE>() else {
            let found = format!("{} bytes", payload.len());
            return Err(Defect::new(offset.absolute(), "value-size", "room for a key value", found));
        };
        if !has_signature(head, *b"vk") {
            let found = payload.get(..2).unwrap_or_default().escape_ascii().to_string();
            return Err(Defect::new(offset.absolute(), "value-signature", "vk", found));
        }
        let size = usize::from(u16_at(head, 2));
        let Some(name) = tail.get(..size) else {
            let expected = format!("a name within {} bytes", tail.len());
            return Err(Defect::new(offset.absolute(), "value-name", expected, format!("{size} bytes")));
        };
        let is_compressed = cells.format.compresses_names() && u16_at(head, FLAGS) & COMPRESSED_NAME != 0;
        Ok(Self { offset, head, name: Name::new(name, is_compressed) })
    }

    pub(super) fn data_size(&self) -> usize {
        (u32_at(self.head, DATA_SIZE) & !INLINE) as usize
    }

    /// Whether the data is said to be in the key value itself.
    pub(super) fn is_inline(&self) -> bool {
        u32_at(self.head, DATA_SIZE) & INLINE != 0
    }

    /// Bytes that the value takes at least, with its data.
    pub(super) fn stored_size(&self) -> usize {
        HEAD_SIZE + self.name.bytes().len() + self.data_size()
    }

    pub(super) fn kind(&self) -> ValueType {
        ValueType(u32_at(self.head, TYPE))
    }

    pub(super) fn place(&self, format: Format) -> Result<DataPlace, Defect> {
        let size = self.data_size();
        if self.is_inline() {
            if size > INLINE_LIMIT {
                let found = format!("{size} bytes");
                return Err(Defect::new(
                    self.offset.absolute(),
                    "value-data",
                    "at most 4 inline bytes",
                    found,
                ));
            }
            return Ok(DataPlace::Inline);
        }
        let offset = CellOffset::new(u32_at(self.head, DATA));
        Ok(match size {
            // A size of zero has no data whatever the offset says.
            0 => DataPlace::Inline,
            _ if DataPlace::is_big(format, size) => DataPlace::BigData(offset),
            _ => DataPlace::Cell(offset),
        })
    }

    pub(super) fn data(&self, cells: &Cells<'a>) -> Result<Cow<'a, [u8]>, Defect> {
        let size = self.data_size();
        match self.place(cells.format)? {
            DataPlace::Inline => {
                Ok(Cow::Borrowed(self.head.get(DATA..).and_then(|data| data.get(..size)).unwrap_or_default()))
            }
            DataPlace::Cell(offset) => self.check_room(cells, offset).map(Cow::Borrowed),
            DataPlace::BigData(offset) => BigData::read(cells, offset, size)?.concat(cells).map(Cow::Owned),
        }
    }

    /// The data in the cell at `offset`, if it is large enough.
    pub(super) fn check_room(&self, cells: &Cells<'a>, offset: CellOffset) -> Result<&'a [u8], Defect> {
        let (payload, size) = (cells.payload(offset)?, self.data_size());
        payload.get(..size).ok_or_else(|| {
            let found = format!("{} bytes", payload.len());
            Defect::new(offset.absolute(), "value-data", format!("{size} bytes of data"), found)
        })
    }

    /// The value by our decoder alone, which tests compare with.
    #[cfg(test)]
    pub(super) fn to_named_value(self, cells: &Cells<'a>) -> Result<NamedValue, Defect> {
        let value = Value { kind: self.kind(), data: self.data(cells)?.into_owned() };
        Ok(NamedValue { name: self.name.to_string_lossy(), value })
    }
}

/// Payload size of a key value of this name.
pub(super) fn payload_size(name: &StoredName) -> usize {
    HEAD_SIZE + name.as_name().bytes().len()
}

/// Writes a new key value into a zeroed payload, without data.
pub(super) fn encode(payload: &mut [u8], name: &StoredName) {
    let bytes = name.as_name().bytes();
    put(payload, 0, b"vk");
    put(payload, 2, &u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_le_bytes());
    put(payload, DATA_SIZE, &INLINE.to_le_bytes());
    if name.is_compressed() {
        put(payload, FLAGS, &COMPRESSED_NAME.to_le_bytes());
    }
    put(payload, HEAD_SIZE, bytes);
}

/// Makes a key value say that its data is in another cell.
pub(super) fn encode_outside(payload: &mut [u8], kind: ValueType, size: usize, place: CellOffset) {
    put(payload, DATA_SIZE, &u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes());
    put(payload, DATA, &place.get().to_le_bytes());
    encode_type(payload, kind);
}

/// Puts up to four bytes of data into a key value.
pub(super) fn encode_inline(payload: &mut [u8], kind: ValueType, data: &[u8]) {
    let size = INLINE | u32::try_from(data.len()).unwrap_or(0);
    put(payload, DATA_SIZE, &size.to_le_bytes());
    put(payload, DATA, &[0; 4]);
    put(payload, DATA, data);
    encode_type(payload, kind);
}

/// A value that is given a type and data is no tombstone any more; 1.1 keeps a
/// title index where the flags are.
fn encode_type(payload: &mut [u8], kind: ValueType) {
    const TOMBSTONE: u16 = 2;
    put(payload, TYPE, &kind.0.to_le_bytes());
    let flags = u16_at(payload, FLAGS);
    if flags & TOMBSTONE != 0 {
        put(payload, FLAGS, &(flags & !TOMBSTONE).to_le_bytes());
    }
}
