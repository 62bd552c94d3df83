//! Setting and deleting values.

use super::Editor;
use crate::hive::big_data::{self, BIG_DATA_SIZE, BigData};
use crate::hive::field::{put, u32_at};
use crate::hive::format::SEGMENT_SIZE;
use crate::hive::key_node::{KeyNode, at};
use crate::hive::key_value::{self, DataPlace, INLINE_LIMIT, KeyValue};
use crate::hive::name::{Name, StoredName};
use crate::hive::{CellOffset, HiveError, Value};

/// The largest value where data must lie in one cell (Microsoft, "Registry
/// element size limits": 1 MB in the standard format).
const SINGLE_CELL_LIMIT: usize = 1 << 20;
/// The largest value of all: segments are counted in 16 bits.
const BIG_DATA_LIMIT: usize = 0xffff * SEGMENT_SIZE;

impl Editor {
    pub(super) fn put_value(&mut self, key: CellOffset, name: &str, value: &Value) -> Result<(), HiveError> {
        let stored = StoredName::of_value(name, self.format())?;
        self.check_data_size(value.data.len())?;
        let cell = match self.find_value(key, stored.as_name())? {
            Some((_, cell)) => cell,
            None => self.add_value(key, &stored)?,
        };
        self.put_data(cell, value)?;
        let size = u32::try_from(value.data.len()).unwrap_or(u32::MAX);
        self.raise(key, at::LARGEST_VALUE_DATA, size)
    }

    fn check_data_size(&self, size: usize) -> Result<(), HiveError> {
        let limit = if self.format().has_big_data() { BIG_DATA_LIMIT } else { SINGLE_CELL_LIMIT };
        if size > limit {
            let minor = self.format().minor();
            let why = format!("a value of {size} bytes; a hive of format 1.{minor} holds at most {limit}");
            return Err(HiveError::Limit(why));
        }
        Ok(())
    }

    /// The value's place in the list and its cell, where all values before it
    /// are sound.
    pub(super) fn find_value(
        &self,
        key: CellOffset,
        name: Name<'_>,
    ) -> Result<Option<(usize, CellOffset)>, HiveError> {
        let cells = self.cells();
        let node = KeyNode::read(&cells, key)?;
        if node.value_count() > 0 {
            self.require_sound(node.link(at::VALUE_LIST))?;
        }
        for (index, offset) in node.values(&cells)?.enumerate() {
            self.require_sound(offset)?;
            if KeyValue::read(&cells, offset)?.name.is_same(name) {
                return Ok(Some((index, offset)));
            }
        }
        Ok(None)
    }

    fn add_value(&mut self, key: CellOffset, name: &StoredName) -> Result<CellOffset, HiveError> {
        let cell = self.allocate(key_value::payload_size(name))?;
        key_value::encode(self.payload_mut(cell)?, name);
        let cells = self.cells();
        let node = KeyNode::read(&cells, key)?;
        let (count, list) = (node.value_count(), node.link(at::VALUE_LIST));
        let list = if count == 0 {
            // Without values the stored offset may be stale.
            self.allocate(4)?
        } else {
            self.make_room(list, (count + 1) * 4)?
        };
        put(self.payload_mut(list)?, count * 4, &cell.get().to_le_bytes());
        self.put_u32(key, at::VALUE_LIST, list.get())?;
        self.put_u32(key, at::VALUE_COUNT, u32::try_from(count + 1).unwrap_or(u32::MAX))?;
        let name_size = u32::try_from(name.as_name().utf16_size()).unwrap_or(u32::MAX);
        self.raise(key, at::LARGEST_VALUE_NAME, name_size)?;
        Ok(cell)
    }

    /// Lets a list cell hold `size` bytes; grows by half so that filling a long
    /// list does not copy it each time.
    pub(super) fn make_room(&mut self, list: CellOffset, size: usize) -> Result<CellOffset, HiveError> {
        let room = self.payload(list)?.len();
        if size <= room { Ok(list) } else { self.resize(list, size.max(room + room / 2)) }
    }

    pub(super) fn remove_value(
        &mut self,
        key: CellOffset,
        index: usize,
        cell: CellOffset,
    ) -> Result<(), HiveError> {
        self.free_value(cell)?;
        let cells = self.cells();
        let node = KeyNode::read(&cells, key)?;
        let (count, list) = (node.value_count(), node.link(at::VALUE_LIST));
        self.put_u32(key, at::VALUE_COUNT, u32::try_from(count.saturating_sub(1)).unwrap_or(0))?;
        if count <= 1 {
            self.free(list)?;
            self.put_u32(key, at::VALUE_LIST, CellOffset::NONE.get())?;
            self.put_u32(key, at::LARGEST_VALUE_NAME, 0)?;
            return self.put_u32(key, at::LARGEST_VALUE_DATA, 0);
        }
        let payload = self.payload_mut(list)?;
        payload.copy_within((index + 1) * 4..count * 4, index * 4);
        let used = (count - 1) * 4;
        let list = self.trim(list, used)?;
        self.put_u32(key, at::VALUE_LIST, list.get())
    }

    /// Moves one entry of a key's value list; the others keep their order.
    pub(super) fn move_in_list(&mut self, key: CellOffset, from: usize, to: usize) -> Result<(), HiveError> {
        let cells = self.cells();
        let node = KeyNode::read(&cells, key)?;
        let (count, list) = (node.value_count(), node.link(at::VALUE_LIST));
        let to = to.min(count.saturating_sub(1));
        let Some(entries) = self.payload_mut(list)?.get_mut(..count * 4) else { return Ok(()) };
        if from < to {
            entries[from * 4..(to + 1) * 4].rotate_left(4);
        } else if to < from {
            entries[to * 4..(from + 1) * 4].rotate_right(4);
        }
        Ok(())
    }

    /// Zeroes what a list does not use, and gives it back where that is more
    /// than half.
    pub(super) fn trim(&mut self, list: CellOffset, used: usize) -> Result<CellOffset, HiveError> {
        if self.payload(list)?.len() > 2 * used {
            return self.resize(list, used);
        }
        self.zero_from(list, used)?;
        Ok(list)
    }

    /// Frees a key value and its data.
    pub(super) fn free_value(&mut self, cell: CellOffset) -> Result<(), HiveError> {
        self.free_data(cell)?;
        self.free(cell)
    }

    fn free_data(&mut self, cell: CellOffset) -> Result<(), HiveError> {
        let cells = self.cells();
        let value = KeyValue::read(&cells, cell)?;
        match value.place(cells.format)? {
            DataPlace::Inline => Ok(()),
            DataPlace::Cell(data) => self.free(data),
            DataPlace::BigData(record) => {
                let big = BigData::read(&cells, record, value.data_size())?;
                let doomed: Vec<CellOffset> = big.segments.iter().chain([big.list, record]).collect();
                doomed.into_iter().try_for_each(|cell| self.free(cell))
            }
        }
    }

    fn put_data(&mut self, cell: CellOffset, value: &Value) -> Result<(), HiveError> {
        let data = value.data.as_slice();
        if data.len() <= INLINE_LIMIT {
            self.free_data(cell)?;
            key_value::encode_inline(self.payload_mut(cell)?, value.kind, data);
            return Ok(());
        }
        let place = if DataPlace::is_big(self.format(), data.len()) {
            self.free_data(cell)?;
            self.store_big_data(data)?
        } else {
            self.store_data(cell, data)?
        };
        key_value::encode_outside(self.payload_mut(cell)?, value.kind, data.len(), place);
        Ok(())
    }

    /// Stores data in one cell, reusing the value's present one.
    fn store_data(&mut self, cell: CellOffset, data: &[u8]) -> Result<CellOffset, HiveError> {
        let cells = self.cells();
        let place = match KeyValue::read(&cells, cell)?.place(cells.format)? {
            DataPlace::Cell(present) => self.resize(present, data.len())?,
            DataPlace::Inline | DataPlace::BigData(_) => {
                self.free_data(cell)?;
                self.allocate(data.len())?
            }
        };
        put(self.payload_mut(place)?, 0, data);
        Ok(place)
    }

    fn store_big_data(&mut self, data: &[u8]) -> Result<CellOffset, HiveError> {
        let count = big_data::segment_count(data.len());
        let list = self.allocate(count * 4)?;
        for (index, piece) in data.chunks(SEGMENT_SIZE).enumerate() {
            // In hives that Windows wrote, the last segment's cell is as large as
            // the others whatever it holds, and hivex loses data in a smaller one.
            let segment = self.allocate(SEGMENT_SIZE)?;
            put(self.payload_mut(segment)?, 0, piece);
            self.put_u32(list, index * 4, segment.get())?;
        }
        let record = self.allocate(BIG_DATA_SIZE)?;
        let count = u16::try_from(count).unwrap_or(u16::MAX);
        big_data::encode(self.payload_mut(record)?, count, list);
        Ok(record)
    }

    /// Raises a key node's maximum.
    pub(super) fn raise(&mut self, key: CellOffset, at: usize, size: u32) -> Result<(), HiveError> {
        if u32_at(self.payload(key)?, at) < size { self.put_u32(key, at, size) } else { Ok(()) }
    }
}
