//! Key nodes: registry keys.
//!
//! regf specification, "Key node"; offsets in the cell's payload:
//!
//! | offset | size | field |
//! |---|---|---|
//! | 0 | 2 | signature `nk` |
//! | 2 | 2 | flags |
//! | 4 | 8 | last written |
//! | 12 | 4 | access bits, layered-key bits (1.1: title index) |
//! | 16 | 4 | parent |
//! | 20, 24 | 4, 4 | subkeys, volatile subkeys |
//! | 28, 32 | 4, 4 | subkey list, volatile subkey list |
//! | 36, 40 | 4, 4 | values, value list |
//! | 44 | 4 | key security |
//! | 48 | 4 | class name |
//! | 52 | 2 | largest subkey name, in UTF-16 bytes |
//! | 54 | 2 | virtualization, user and debug bits |
//! | 56 | 4 | largest subkey class name |
//! | 60, 64 | 4, 4 | largest value name, largest value data |
//! | 68 | 4 | work variable |
//! | 72, 74 | 2, 2 | name length, class name length |
//! | 76 | | name |

use super::FileTime;
use super::audit::Defect;
use super::cell::{CellOffset, Cells};
use super::field::{has_signature, put, u16_at, u32_at, u64_at};
use super::name::{Name, StoredName};
use super::subkey_list::SubkeyList;
#[cfg(test)]
use super::{HiveError, KeyPath};

/// Bytes before the name.
pub(super) const HEAD_SIZE: usize = 76;
/// The deepest key below the root (Microsoft, "Registry element size limits").
pub(super) const DEPTH_LIMIT: usize = 512;

/// Key node flags (regf specification, "Key node", flags).
pub(super) mod flag {
    pub(in crate::hive) const HIVE_ENTRY: u16 = 0x04;
    pub(in crate::hive) const NO_DELETE: u16 = 0x08;
    pub(in crate::hive) const COMPRESSED_NAME: u16 = 0x20;
    pub(in crate::hive) const PREDEFINED_HANDLE: u16 = 0x40;
}

/// Offsets of the fields that edits change.
pub(super) mod at {
    pub(in crate::hive) const FLAGS: usize = 2;
    pub(in crate::hive) const LAST_WRITTEN: usize = 4;
    pub(in crate::hive) const ACCESS: usize = 12;
    pub(in crate::hive) const PARENT: usize = 16;
    pub(in crate::hive) const SUBKEY_COUNT: usize = 20;
    pub(in crate::hive) const SUBKEY_LIST: usize = 28;
    pub(in crate::hive) const VALUE_COUNT: usize = 36;
    pub(in crate::hive) const VALUE_LIST: usize = 40;
    pub(in crate::hive) const SECURITY: usize = 44;
    pub(in crate::hive) const CLASS: usize = 48;
    pub(in crate::hive) const LARGEST_SUBKEY_NAME: usize = 52;
    pub(in crate::hive) const CONTROL: usize = 54;
    pub(in crate::hive) const LARGEST_CLASS: usize = 56;
    pub(in crate::hive) const LARGEST_VALUE_NAME: usize = 60;
    pub(in crate::hive) const LARGEST_VALUE_DATA: usize = 64;
    pub(in crate::hive) const NAME_SIZE: usize = 72;
    pub(in crate::hive) const CLASS_SIZE: usize = 74;
}

/// A key node in its cell, long enough for head and name.
#[derive(Clone, Copy)]
pub(super) struct KeyNode<'a> {
    pub(super) offset: CellOffset,
    head: &'a [u8; HEAD_SIZE],
    pub(super) name: Name<'a>,
}

impl<'a> KeyNode<'a> {
    pub(super) fn read(cells: &Cells<'a>, offset: CellOffset) -> Result<Self, Defect> {
        let payload = cells.payload(offset)?;
        let Some((head, tail)) = payload.split_first_chunk::<HEAD_SIZE>() else {
            let found = format!("{} bytes", payload.len());
            return Err(Defect::new(offset.absolute(), "key-size", "room for a key node", found));
        };
        if !has_signature(head, *b"nk") {
            let found = payload.get(..2).unwrap_or_default().escape_ascii().to_string();
            return Err(Defect::new(offset.absolute(), "key-signature", "nk", found));
        }
        let size = usize::from(u16_at(head, at::NAME_SIZE));
        let Some(name) = tail.get(..size) else {
            let expected = format!("a name within {} bytes", tail.len());
            return Err(Defect::new(offset.absolute(), "key-name", expected, format!("{size} bytes")));
        };
        let is_compressed =
            cells.format.compresses_names() && u16_at(head, at::FLAGS) & flag::COMPRESSED_NAME != 0;
        Ok(Self { offset, head, name: Name::new(name, is_compressed) })
    }

    pub(super) fn flags(&self) -> u16 {
        u16_at(self.head, at::FLAGS)
    }

    pub(super) fn has_flag(&self, flag: u16) -> bool {
        self.flags() & flag != 0
    }

    pub(super) fn last_written(&self) -> FileTime {
        FileTime(u64_at(self.head, at::LAST_WRITTEN))
    }

    pub(super) fn field(&self, at: usize) -> u32 {
        u32_at(self.head, at)
    }

    pub(super) fn short_field(&self, at: usize) -> u16 {
        u16_at(self.head, at)
    }

    pub(super) fn link(&self, at: usize) -> CellOffset {
        CellOffset::new(self.field(at))
    }

    pub(super) fn subkey_count(&self) -> usize {
        self.field(at::SUBKEY_COUNT) as usize
    }

    /// Number of values. A predefined handle key keeps its handle in that field
    /// and has none.
    pub(super) fn value_count(&self) -> usize {
        if self.has_flag(flag::PREDEFINED_HANDLE) { 0 } else { self.field(at::VALUE_COUNT) as usize }
    }

    /// The value offsets; the list's own offset means nothing without values
    /// (NT 4.0 leaves stale ones).
    pub(super) fn values(
        &self,
        cells: &Cells<'a>,
    ) -> Result<impl ExactSizeIterator<Item = CellOffset> + use<'a>, Defect> {
        let offsets = match self.value_count() {
            0 => None,
            count => Some(cells.offsets(self.link(at::VALUE_LIST), count)?),
        };
        Ok(offsets.unwrap_or_default().iter())
    }

    pub(super) fn subkeys(&self, cells: &Cells<'a>) -> Result<Option<SubkeyList<'a>>, Defect> {
        if self.subkey_count() == 0 {
            return Ok(None);
        }
        SubkeyList::read(cells, self.link(at::SUBKEY_LIST)).map(Some)
    }

    /// The class name's bytes, where there is one.
    pub(super) fn class(&self, cells: &Cells<'a>) -> Result<Option<&'a [u8]>, Defect> {
        let (offset, size) = (self.link(at::CLASS), usize::from(self.short_field(at::CLASS_SIZE)));
        if offset.is_none() || size == 0 {
            return Ok(None);
        }
        let payload = cells.payload(offset)?;
        payload.get(..size).map(Some).ok_or_else(|| {
            let found = format!("{} bytes", payload.len());
            Defect::new(offset.absolute(), "class-size", format!("a class name of {size} bytes"), found)
        })
    }

    /// Size of the class name in bytes.
    pub(super) fn class_size(&self) -> usize {
        if self.link(at::CLASS).is_none() { 0 } else { usize::from(self.short_field(at::CLASS_SIZE)) }
    }

    /// The subkey of a name, with its place in the list.
    pub(super) fn find(&self, cells: &Cells<'a>, name: Name<'_>) -> Result<Option<Self>, Defect> {
        match self.subkeys(cells)? {
            Some(list) => Ok(list.search(cells, name)?.found),
            None => Ok(None),
        }
    }
}

/// The key at a path by our decoder alone, which tests compare with.
#[cfg(test)]
pub(super) fn resolve<'a>(cells: &Cells<'a>, path: &KeyPath) -> Result<Option<KeyNode<'a>>, HiveError> {
    let mut node = KeyNode::read(cells, cells.root)?;
    for component in path.names() {
        let name = StoredName::wide(component);
        match node.find(cells, name.as_name())? {
            Some(subkey) => node = subkey,
            None => return Ok(None),
        }
    }
    Ok(Some(node))
}

/// What a new key node is made of.
pub(super) struct NewKey<'a> {
    pub(super) name: &'a StoredName,
    pub(super) flags: u16,
    pub(super) parent: CellOffset,
    pub(super) security: CellOffset,
    pub(super) time: FileTime,
}

impl NewKey<'_> {
    pub(super) fn payload_size(&self) -> usize {
        HEAD_SIZE + self.name.as_name().bytes().len()
    }

    /// Writes the node into a zeroed payload.
    pub(super) fn encode(&self, payload: &mut [u8]) {
        let none = CellOffset::NONE.get().to_le_bytes();
        put(payload, 0, b"nk");
        put(payload, at::LAST_WRITTEN, &self.time.0.to_le_bytes());
        put(payload, at::PARENT, &self.parent.get().to_le_bytes());
        put(payload, at::SECURITY, &self.security.get().to_le_bytes());
        for list in [at::SUBKEY_LIST, at::SUBKEY_LIST + 4, at::VALUE_LIST, at::CLASS] {
            put(payload, list, &none);
        }
        encode_name(payload, self.flags, self.name);
    }
}

/// Writes a name and what depends on it.
pub(super) fn encode_name(payload: &mut [u8], flags: u16, name: &StoredName) {
    let compression = if name.is_compressed() { flag::COMPRESSED_NAME } else { 0 };
    let bytes = name.as_name().bytes();
    let size = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    put(payload, at::FLAGS, &((flags & !flag::COMPRESSED_NAME) | compression).to_le_bytes());
    put(payload, at::NAME_SIZE, &size.to_le_bytes());
    if let Some(tail) = payload.get_mut(HEAD_SIZE..) {
        tail.fill(0);
        put(tail, 0, bytes);
    }
}
