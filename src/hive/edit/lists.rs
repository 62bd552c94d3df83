//! Adding to and removing from subkey lists.
//!
//! A leaf that is full is split in two halves under an index root, so that
//! adding a subkey moves at most one leaf's elements; leaves that become small
//! are joined again.

use super::Editor;
use crate::hive::field::put;
use crate::hive::key_node::{KeyNode, at};
use crate::hive::name::StoredName;
use crate::hive::subkey_list::{LIST_HEAD_SIZE, List, ListKind, Place, SubkeyList};
use crate::hive::{CellOffset, HiveError};

/// The most elements of a leaf: what one page holds of 4-byte elements, as
/// Windows' own lists show.
const LEAF_LIMIT: usize = 1012;
/// The same for a fast leaf, which Windows then turns into an index leaf.
const FAST_LEAF_LIMIT: usize = 507;

/// A leaf and where it hangs.
#[derive(Clone, Copy)]
struct LeafPlace {
    key: CellOffset,
    /// The index root above, where there is one, and the leaf's place in it.
    root: Option<(CellOffset, usize)>,
    leaf: CellOffset,
    kind: ListKind,
    count: usize,
}

impl LeafPlace {
    fn new(key: CellOffset, list: &SubkeyList<'_>, place: &Place<'_>) -> Self {
        let root = match list {
            SubkeyList::Leaf(_) => None,
            SubkeyList::Root(root) => Some((root.offset, place.leaf_index)),
        };
        Self { key, root, leaf: place.leaf.offset, kind: place.leaf.kind, count: place.leaf.len() }
    }
}

impl Editor {
    /// Puts a key into its parent's list. The count is the caller's.
    pub(super) fn insert_subkey(
        &mut self,
        parent: CellOffset,
        subkey: CellOffset,
        name: &StoredName,
    ) -> Result<(), HiveError> {
        let cells = self.cells();
        let Some(list) = KeyNode::read(&cells, parent)?.subkeys(&cells)? else {
            let kind = self.format().leaf_kind();
            let leaf = self.new_list(kind, &element(kind, subkey, name))?;
            return self.put_u32(parent, at::SUBKEY_LIST, leaf.get());
        };
        let place = list.search(&cells, name.as_name())?;
        let mut leaf = LeafPlace::new(parent, &list, &place);
        let index = place.index;
        if leaf.kind == ListKind::FastLeaf && leaf.count >= FAST_LEAF_LIMIT {
            self.drop_hints(leaf)?;
            leaf.kind = ListKind::IndexLeaf;
        }
        let grown = self.insert_element(leaf.leaf, leaf.kind, index, &element(leaf.kind, subkey, name))?;
        self.relink(leaf, grown)?;
        leaf = LeafPlace { leaf: grown, count: leaf.count + 1, ..leaf };
        if leaf.count > LEAF_LIMIT { self.split_leaf(leaf) } else { Ok(()) }
    }

    /// Takes a key out of its parent's list. The count is the caller's.
    pub(super) fn remove_subkey(&mut self, parent: CellOffset, name: &StoredName) -> Result<(), HiveError> {
        let cells = self.cells();
        let Some(list) = KeyNode::read(&cells, parent)?.subkeys(&cells)? else {
            return Ok(());
        };
        let place = list.search(&cells, name.as_name())?;
        let leaf = LeafPlace::new(parent, &list, &place);
        let index = place.index;
        if leaf.count > 1 {
            let shrunk = self.remove_element(leaf.leaf, leaf.kind, index)?;
            self.relink(leaf, shrunk)?;
            return self.join_leaf(LeafPlace { leaf: shrunk, count: leaf.count - 1, ..leaf });
        }
        self.free(leaf.leaf)?;
        match leaf.root {
            None => self.put_u32(parent, at::SUBKEY_LIST, CellOffset::NONE.get()),
            Some((root, place)) => self.remove_leaf(parent, root, place),
        }
    }

    fn new_list(&mut self, kind: ListKind, elements: &[u8]) -> Result<CellOffset, HiveError> {
        let list = self.allocate(LIST_HEAD_SIZE + elements.len())?;
        self.put_list(list, kind, elements)?;
        Ok(list)
    }

    /// Writes a whole list into a cell that is large enough.
    fn put_list(&mut self, list: CellOffset, kind: ListKind, elements: &[u8]) -> Result<(), HiveError> {
        let payload = self.payload_mut(list)?;
        put(payload, 0, &kind.signature());
        put(payload, LIST_HEAD_SIZE, elements);
        self.put_count(list, elements.len() / kind.element_size())
    }

    fn put_count(&mut self, list: CellOffset, count: usize) -> Result<(), HiveError> {
        let count = u16::try_from(count)
            .map_err(|_| HiveError::Limit("a subkey list cannot have more than 65535 elements".to_owned()))?;
        put(self.payload_mut(list)?, 2, &count.to_le_bytes());
        Ok(())
    }

    fn list(&self, list: CellOffset) -> Result<List<'_>, HiveError> {
        Ok(List::read(&self.cells(), list)?)
    }

    fn insert_element(
        &mut self,
        list: CellOffset,
        kind: ListKind,
        index: usize,
        element: &[u8],
    ) -> Result<CellOffset, HiveError> {
        let count = self.list(list)?.len();
        let (start, end) = (byte_index(kind, index), byte_index(kind, count));
        let list = self.make_room(list, end + element.len())?;
        let payload = self.payload_mut(list)?;
        payload.copy_within(start..end, start + element.len());
        put(payload, start, element);
        self.put_count(list, count + 1)?;
        Ok(list)
    }

    fn remove_element(
        &mut self,
        list: CellOffset,
        kind: ListKind,
        index: usize,
    ) -> Result<CellOffset, HiveError> {
        let count = self.list(list)?.len();
        let (start, end) = (byte_index(kind, index), byte_index(kind, count));
        self.payload_mut(list)?.copy_within(start + kind.element_size()..end, start);
        self.put_count(list, count - 1)?;
        self.trim(list, end - kind.element_size())
    }

    /// Points at a leaf's new place.
    fn relink(&mut self, leaf: LeafPlace, moved: CellOffset) -> Result<(), HiveError> {
        match leaf.root {
            None => self.put_u32(leaf.key, at::SUBKEY_LIST, moved.get()),
            Some((root, index)) => self.put_u32(root, byte_index(ListKind::IndexRoot, index), moved.get()),
        }
    }

    /// Turns a fast leaf into an index leaf, in its cell.
    fn drop_hints(&mut self, leaf: LeafPlace) -> Result<(), HiveError> {
        let offsets: Vec<u8> = self.list(leaf.leaf)?.iter().flat_map(|key| key.get().to_le_bytes()).collect();
        self.put_list(leaf.leaf, ListKind::IndexLeaf, &offsets)?;
        self.zero_from(leaf.leaf, LIST_HEAD_SIZE + offsets.len())
    }

    fn split_leaf(&mut self, leaf: LeafPlace) -> Result<(), HiveError> {
        let half = leaf.count / 2;
        let upper = self
            .list(leaf.leaf)?
            .elements()
            .get(half * leaf.kind.element_size()..)
            .unwrap_or_default()
            .to_vec();
        let second = self.new_list(leaf.kind, &upper)?;
        self.put_count(leaf.leaf, half)?;
        let first = self.resize(leaf.leaf, byte_index(leaf.kind, half))?;
        match leaf.root {
            None => {
                let elements = [first.get().to_le_bytes(), second.get().to_le_bytes()].concat();
                let root = self.new_list(ListKind::IndexRoot, &elements)?;
                self.put_u32(leaf.key, at::SUBKEY_LIST, root.get())
            }
            Some((root, index)) => {
                self.relink(leaf, first)?;
                let element = second.get().to_le_bytes();
                let root = self.insert_element(root, ListKind::IndexRoot, index + 1, &element)?;
                self.put_u32(leaf.key, at::SUBKEY_LIST, root.get())
            }
        }
    }

    /// Joins a leaf with the next or previous one where both are small.
    fn join_leaf(&mut self, leaf: LeafPlace) -> Result<(), HiveError> {
        let Some((root, index)) = leaf.root else { return Ok(()) };
        let last = self.list(root)?.len().saturating_sub(1);
        let first_index = if index < last { index } else { index.saturating_sub(1) };
        let (first, second) = {
            let root = self.list(root)?;
            (self.list(root.get(first_index))?, self.list(root.get((first_index + 1).min(last)))?)
        };
        let is_pair = first.offset != second.offset && first.kind == second.kind;
        if !is_pair || first.len() + second.len() > LEAF_LIMIT / 2 {
            return Ok(());
        }
        let (kind, joined) = (first.kind, [first.elements(), second.elements()].concat());
        let (first, second) = (first.offset, second.offset);
        let grown = self.resize(first, LIST_HEAD_SIZE + joined.len())?;
        self.put_list(grown, kind, &joined)?;
        self.put_u32(root, byte_index(ListKind::IndexRoot, first_index), grown.get())?;
        self.free(second)?;
        self.remove_leaf(leaf.key, root, first_index + 1)
    }

    /// Takes a leaf that is gone out of an index root; a root with one leaf
    /// gives way to the leaf.
    fn remove_leaf(&mut self, key: CellOffset, root: CellOffset, index: usize) -> Result<(), HiveError> {
        let list = self.list(root)?;
        if list.len() > 2 {
            let root = self.remove_element(root, ListKind::IndexRoot, index)?;
            return self.put_u32(key, at::SUBKEY_LIST, root.get());
        }
        let remaining = if list.len() == 2 { list.get(1 - index.min(1)) } else { CellOffset::NONE };
        self.free(root)?;
        self.put_u32(key, at::SUBKEY_LIST, remaining.get())
    }
}

fn byte_index(kind: ListKind, index: usize) -> usize {
    LIST_HEAD_SIZE + index * kind.element_size()
}

fn element(kind: ListKind, subkey: CellOffset, name: &StoredName) -> Vec<u8> {
    let mut element = subkey.get().to_le_bytes().to_vec();
    element.extend(kind.hint(name.as_name()).into_iter().flatten());
    element
}
