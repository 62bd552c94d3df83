//! Which cell of a hive belongs to what, by a reader that shares no code with
//! the engine and believes nothing: it panics where the regf specification is
//! not kept.

use std::collections::BTreeMap;
use std::rc::Rc;

const BASE_BLOCK: usize = 4096;
const BIN_HEADER: usize = 32;
const NODE_HEAD: usize = 76;
const VALUE_HEAD: usize = 20;
const SECURITY_HEAD: usize = 20;
const SEGMENT: usize = 16_344;
const NOWHERE: u32 = u32::MAX;
const COMPRESSED_KEY: u16 = 0x20;
const PREDEFINED_HANDLE: u16 = 0x40;

/// What a cell is to its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    Node,
    SubkeyList,
    ValueList,
    /// The key value of this name.
    Value(Rc<str>),
    /// All cells with the data of the value of this name.
    Data(Rc<str>),
    Class,
    Security,
    /// Allocated, and nothing leads to it: real hives have some.
    Lost,
}

/// An allocated cell.
#[derive(Clone, Debug)]
pub struct OwnedCell<'a> {
    /// The key's path as stored; empty for the root and for security.
    pub owner: Rc<str>,
    pub role: Role,
    /// The whole cell with its header.
    pub bytes: &'a [u8],
    /// Bytes after the header that mean something; slack follows.
    pub used: usize,
}

impl OwnedCell<'_> {
    pub fn slack(&self, header: usize) -> &[u8] {
        &self.bytes[(header + self.used).min(self.bytes.len())..]
    }
}

/// Bytes of a cell before its payload.
pub fn header_size(image: &[u8]) -> usize {
    if number(image, 24) == 1 { 8 } else { 4 }
}

/// Every allocated cell by its offset from the first bin.
pub fn owned_cells(image: &[u8]) -> BTreeMap<u32, OwnedCell<'_>> {
    let size = number(image, 40) as usize;
    let bins = &image[BASE_BLOCK..BASE_BLOCK + size];
    let allocated = allocated_cells(bins);
    let minor = number(image, 24);
    let mut walk =
        Walk { bins, header: header_size(image), minor, allocated: &allocated, owned: BTreeMap::new() };
    let mut pending = vec![(number(image, 36), Rc::<str>::from(""))];
    while let Some((node, path)) = pending.pop() {
        walk.key(node, &path, &mut pending);
    }
    let mut owned = walk.owned;
    for (offset, size) in allocated {
        let bytes = &bins[offset as usize..offset as usize + size];
        let lost = OwnedCell { owner: "".into(), role: Role::Lost, bytes, used: size };
        owned.entry(offset).or_insert(lost);
    }
    owned
}

/// Sizes by offset; bins and cells must fill everything.
fn allocated_cells(bins: &[u8]) -> BTreeMap<u32, usize> {
    let mut found = BTreeMap::new();
    let mut start = 0;
    while start < bins.len() {
        assert_eq!(&bins[start..start + 4], b"hbin", "bin at {start:#x}");
        assert_eq!(number(bins, start + 4) as usize, start, "offset of the bin at {start:#x}");
        let end = start + number(bins, start + 8) as usize;
        let mut cell = start + BIN_HEADER;
        while cell < end {
            let size = number(bins, cell).cast_signed();
            assert!(size != 0 && size % 8 == 0, "size {size} of the cell at {cell:#x}");
            let length = size.unsigned_abs() as usize;
            if size < 0 {
                found.insert(u32::try_from(cell).unwrap(), length);
            }
            cell += length;
        }
        assert_eq!(cell, end, "cells of the bin at {start:#x}");
        start = end;
    }
    found
}

struct Walk<'a, 'b> {
    bins: &'a [u8],
    header: usize,
    minor: u32,
    allocated: &'b BTreeMap<u32, usize>,
    owned: BTreeMap<u32, OwnedCell<'a>>,
}

impl<'a> Walk<'a, '_> {
    /// Takes a cell for its only owner; gives its payload.
    fn own(&mut self, offset: u32, owner: &Rc<str>, role: Role, used: usize) -> &'a [u8] {
        let payload = self.payload(offset);
        assert!(used <= payload.len(), "{used} bytes in the cell at {offset:#x}, {owner} {role:?}");
        let bytes = &self.bins[offset as usize..offset as usize + self.allocated[&offset]];
        let cell = OwnedCell { owner: owner.clone(), role: role.clone(), bytes, used };
        let other = self.owned.insert(offset, cell);
        assert!(other.is_none(), "{offset:#x} is {role:?} of {owner} and {other:?}");
        payload
    }

    fn payload(&self, offset: u32) -> &'a [u8] {
        let size = self.allocated.get(&offset).unwrap_or_else(|| panic!("no cell at {offset:#x}"));
        &self.bins[offset as usize + self.header..offset as usize + size]
    }

    fn key(&mut self, offset: u32, path: &Rc<str>, pending: &mut Vec<(u32, Rc<str>)>) {
        let node = self.payload(offset);
        assert_eq!(&node[..2], b"nk");
        self.own(offset, path, Role::Node, NODE_HEAD + usize::from(short(node, 72)));
        let is_handle = short(node, 2) & PREDEFINED_HANDLE != 0;
        let values = if is_handle { 0 } else { number(node, 36) };
        if values > 0 {
            let list = self.own(number(node, 40), path, Role::ValueList, values as usize * 4);
            (0..values as usize).for_each(|index| self.value(number(list, index * 4), path));
        }
        let class_size = usize::from(short(node, 74));
        if number(node, 48) != NOWHERE && class_size > 0 {
            self.own(number(node, 48), path, Role::Class, class_size);
        }
        self.security(number(node, 44));
        if number(node, 20) == 0 {
            return;
        }
        let subkeys = self.list(number(node, 28), path);
        assert_eq!(subkeys.len(), number(node, 20) as usize, "subkeys of {path}");
        for subkey in subkeys {
            let below = self.payload(subkey);
            assert_eq!(number(below, 16), offset, "parent of a subkey of {path}");
            let name =
                self.name(&below[NODE_HEAD..], short(below, 72), short(below, 2) & COMPRESSED_KEY != 0);
            let below = if path.is_empty() { name } else { format!("{path}\\{name}").into() };
            pending.push((subkey, below));
        }
    }

    fn name(&self, bytes: &[u8], size: u16, compressed: bool) -> Rc<str> {
        let bytes = &bytes[..usize::from(size)];
        if compressed && self.minor > 1 {
            return bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into();
        }
        let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| short(unit, 0)).collect();
        String::from_utf16_lossy(&units).into()
    }

    fn list(&mut self, offset: u32, path: &Rc<str>) -> Vec<u32> {
        let list = self.payload(offset);
        let count = usize::from(short(list, 2));
        let step = if matches!(&list[..2], b"lf" | b"lh") { 8 } else { 4 };
        self.own(offset, path, Role::SubkeyList, 4 + count * step);
        let elements: Vec<u32> = (0..count).map(|index| number(list, 4 + index * step)).collect();
        match &list[..2] {
            b"ri" => elements.into_iter().flat_map(|leaf| self.list(leaf, path)).collect(),
            b"li" | b"lf" | b"lh" => elements,
            other => panic!("list {other:?} at {offset:#x}"),
        }
    }

    fn value(&mut self, offset: u32, path: &Rc<str>) {
        let value = self.payload(offset);
        assert_eq!(&value[..2], b"vk");
        let name = self.name(&value[VALUE_HEAD..], short(value, 2), short(value, 16) & 1 != 0);
        self.own(offset, path, Role::Value(name.clone()), VALUE_HEAD + usize::from(short(value, 2)));
        let (stored, data) = (number(value, 4), number(value, 8));
        let size = (stored & 0x7fff_ffff) as usize;
        if stored & 0x8000_0000 != 0 || size == 0 {
            return;
        }
        if self.minor < 4 || size <= SEGMENT {
            self.own(data, path, Role::Data(name), size);
            return;
        }
        let record = self.own(data, path, Role::Data(name.clone()), 8);
        assert_eq!(&record[..2], b"db");
        let count = usize::from(short(record, 2));
        assert_eq!(count, size.div_ceil(SEGMENT), "segments of {name} of {path}");
        let list = self.own(number(record, 4), path, Role::Data(name.clone()), count * 4);
        for index in 0..count {
            let used = SEGMENT.min(size - index * SEGMENT);
            self.own(number(list, index * 4), path, Role::Data(name.clone()), used);
        }
    }

    /// A record is shared: the first key that comes to it takes it.
    fn security(&mut self, offset: u32) {
        if self.owned.contains_key(&offset) {
            assert_eq!(self.owned[&offset].role, Role::Security);
            return;
        }
        let record = self.payload(offset);
        assert_eq!(&record[..2], b"sk");
        let (next, previous) = (self.payload(number(record, 4)), self.payload(number(record, 8)));
        assert_eq!((number(next, 8), number(previous, 4)), (offset, offset), "ring at {offset:#x}");
        self.own(offset, &"".into(), Role::Security, SECURITY_HEAD + number(record, 16) as usize);
    }
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn short(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap())
}
