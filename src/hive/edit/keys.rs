//! Creating, deleting and renaming keys.

use super::Editor;
use crate::hive::base_block::BaseBlock;
use crate::hive::field::{put, u16_at};
use crate::hive::key_node::{self, DEPTH_LIMIT, KeyNode, NewKey, at, flag};
use crate::hive::name::StoredName;
use crate::hive::{CellOffset, HiveError, KeyPath};

/// The virtualization bit that new subkeys inherit with its neighbours
/// (`REG_KEY_RECURSE_FLAG`), and the bits themselves, in the control field.
const RECURSE: u16 = 0x8;
const VIRTUALIZATION: u16 = 0xf;
/// Layer semantics, in the second byte of the access field; the value that
/// subkeys must share (`IsSupersedeTree`).
const LAYER_SEMANTICS: u32 = 0x300;
const SUPERSEDE_TREE: u32 = 0x300;

impl Editor {
    /// The key at a path.
    pub(super) fn require_key(&self, path: &KeyPath) -> Result<CellOffset, HiveError> {
        let mut key = self.cells().root;
        self.require_sound(key)?;
        for name in path.names() {
            key = match self.find_subkey(key, &StoredName::wide(name))? {
                Some(subkey) => subkey,
                None => return Err(HiveError::NoSuchKey(path.clone())),
            };
        }
        Ok(key)
    }

    /// The subkey of a name, where the keys and lists on the way are sound.
    pub(super) fn find_subkey(
        &self,
        parent: CellOffset,
        name: &StoredName,
    ) -> Result<Option<CellOffset>, HiveError> {
        let cells = self.cells();
        let Some(list) = KeyNode::read(&cells, parent)?.subkeys(&cells)? else { return Ok(None) };
        // A list out of order would hide a key.
        for leaf in list.cells() {
            self.require_sound(leaf)?;
        }
        let Some(subkey) = list.search(&cells, name.as_name())?.found else { return Ok(None) };
        self.require_sound(subkey.offset)?;
        Ok(Some(subkey.offset))
    }

    /// Adds a key that is not there yet, with its parent's security.
    pub(super) fn add_key(&mut self, parent: CellOffset, name: &str) -> Result<CellOffset, HiveError> {
        let stored = StoredName::of_key(name, self.format())?;
        let cells = self.cells();
        let above = KeyNode::read(&cells, parent)?;
        let security = above.link(at::SECURITY);
        let control = inherited_control(above.short_field(at::CONTROL));
        let access = if BaseBlock::parse(&self.hive.image)?.has_layered_keys() {
            inherited_access(above.field(at::ACCESS))
        } else {
            0
        };
        self.share_security(security)?;
        let key = self.place_key(parent, &stored, 0, security)?;
        put(self.payload_mut(key)?, at::CONTROL, &control.to_le_bytes());
        self.put_u32(key, at::ACCESS, access)?;
        Ok(key)
    }

    /// Allocates a key node and hangs it under its parent.
    pub(super) fn place_key(
        &mut self,
        parent: CellOffset,
        name: &StoredName,
        flags: u16,
        security: CellOffset,
    ) -> Result<CellOffset, HiveError> {
        let new = NewKey { name, flags, parent, security, time: self.time };
        let key = self.allocate(new.payload_size())?;
        new.encode(self.payload_mut(key)?);
        self.insert_subkey(parent, key, name)?;
        self.change_subkey_count(parent, 1)?;
        self.raise_subkey_name(parent, name)?;
        Ok(key)
    }

    fn change_subkey_count(&mut self, parent: CellOffset, difference: i32) -> Result<(), HiveError> {
        let cells = self.cells();
        let node = KeyNode::read(&cells, parent)?;
        let volatile = node.field(at::SUBKEY_COUNT + 4);
        let count = node.field(at::SUBKEY_COUNT).saturating_add_signed(difference);
        self.put_u32(parent, at::SUBKEY_COUNT, count)?;
        if count == 0 && volatile == 0 {
            put(self.payload_mut(parent)?, at::LARGEST_SUBKEY_NAME, &[0; 2]);
            self.put_u32(parent, at::LARGEST_CLASS, 0)?;
        }
        self.touch(parent)
    }

    /// Raises the parent's largest subkey name; the bits above it in the same
    /// field stay.
    fn raise_subkey_name(&mut self, parent: CellOffset, name: &StoredName) -> Result<(), HiveError> {
        let size = u16::try_from(name.as_name().utf16_size()).unwrap_or(u16::MAX);
        let payload = self.payload_mut(parent)?;
        if u16_at(payload, at::LARGEST_SUBKEY_NAME) < size {
            put(payload, at::LARGEST_SUBKEY_NAME, &size.to_le_bytes());
        }
        Ok(())
    }

    /// Stamps a key with the edit's time.
    pub(super) fn touch(&mut self, key: CellOffset) -> Result<(), HiveError> {
        let time = self.time.0.to_le_bytes();
        put(self.payload_mut(key)?, at::LAST_WRITTEN, &time);
        Ok(())
    }

    /// Unlinks and frees a key with everything below it.
    pub(super) fn remove_key(&mut self, key: CellOffset) -> Result<(), HiveError> {
        let doomed = self.subtree(key)?;
        let cells = self.cells();
        let node = KeyNode::read(&cells, key)?;
        let (parent, name) = (node.link(at::PARENT), self.stored_name(key)?);
        self.remove_subkey(parent, &name)?;
        self.change_subkey_count(parent, -1)?;
        doomed.into_iter().try_for_each(|key| self.free_key(key))
    }

    /// A key and all below it, each once.
    fn subtree(&self, key: CellOffset) -> Result<Vec<CellOffset>, HiveError> {
        let cells = self.cells();
        let limit = cells.bins().len() / key_node::HEAD_SIZE;
        let mut keys = vec![key];
        let mut next = 0;
        while let Some(key) = keys.get(next).copied() {
            next += 1;
            let node = KeyNode::read(&cells, key)?;
            if keys.len() > limit {
                return Err(endless_tree(key));
            }
            if let Some(list) = node.subkeys(&cells)? {
                for subkey in list.iter(&cells) {
                    keys.push(subkey?);
                }
            }
        }
        Ok(keys)
    }

    fn free_key(&mut self, key: CellOffset) -> Result<(), HiveError> {
        let cells = self.cells();
        let node = KeyNode::read(&cells, key)?;
        let values: Vec<CellOffset> = node.values(&cells)?.collect();
        let mut doomed = Vec::new();
        if !values.is_empty() {
            doomed.push(node.link(at::VALUE_LIST));
        }
        if node.class(&cells)?.is_some() {
            doomed.push(node.link(at::CLASS));
        }
        if let Some(list) = node.subkeys(&cells)? {
            doomed.extend(list.cells());
        }
        doomed.push(key);
        let security = node.link(at::SECURITY);
        values.into_iter().try_for_each(|value| self.free_value(value))?;
        self.release_security(security)?;
        doomed.into_iter().try_for_each(|cell| self.free(cell))
    }

    /// Gives a key another name; the node may move.
    pub(super) fn change_name(&mut self, key: CellOffset, name: &StoredName) -> Result<(), HiveError> {
        let old_name = self.stored_name(key)?;
        let cells = self.cells();
        let node = KeyNode::read(&cells, key)?;
        let (parent, flags) = (node.link(at::PARENT), node.flags());
        let class_size = u32::try_from(node.class_size()).unwrap_or(u32::MAX);
        self.remove_subkey(parent, &old_name)?;
        self.change_subkey_count(parent, -1)?;
        let moved = self.resize(key, key_node::HEAD_SIZE + name.as_name().bytes().len())?;
        key_node::encode_name(self.payload_mut(moved)?, flags, name);
        if moved != key {
            self.moved.push((moved, key));
            self.adopt_subkeys(moved)?;
        }
        self.insert_subkey(parent, moved, name)?;
        self.change_subkey_count(parent, 1)?;
        self.raise_subkey_name(parent, name)?;
        // Without any subkey for a moment, the parent has forgotten this.
        self.raise(parent, at::LARGEST_CLASS, class_size)?;
        self.touch(moved)
    }

    /// Tells a moved key's subkeys where their parent is.
    fn adopt_subkeys(&mut self, key: CellOffset) -> Result<(), HiveError> {
        let cells = self.cells();
        let Some(list) = KeyNode::read(&cells, key)?.subkeys(&cells)? else { return Ok(()) };
        let subkeys: Vec<CellOffset> = list.iter(&cells).collect::<Result<_, _>>()?;
        subkeys.into_iter().try_for_each(|subkey| self.put_u32(subkey, at::PARENT, key.get()))
    }

    /// A key's name as it is stored now.
    fn stored_name(&self, key: CellOffset) -> Result<StoredName, HiveError> {
        Ok(KeyNode::read(&self.cells(), key)?.name.to_stored())
    }
}

/// The virtualization bits a new subkey gets (regf specification,
/// "Virtualization control flags").
fn inherited_control(parent: u16) -> u16 {
    if parent & RECURSE != 0 { parent & VIRTUALIZATION } else { 0 }
}

/// The layered-key bits a new subkey gets (regf specification, "Layered
/// keys").
fn inherited_access(parent: u32) -> u32 {
    if parent & LAYER_SEMANTICS == SUPERSEDE_TREE { SUPERSEDE_TREE } else { 0 }
}

fn endless_tree(key: CellOffset) -> HiveError {
    HiveError::Damaged {
        offset: key.absolute(),
        expected: "a tree of keys".to_owned(),
        found: "keys that contain each other".to_owned(),
    }
}

/// Refuses what Windows refuses as well.
pub(super) fn check_deletable(node: &KeyNode<'_>, path: &KeyPath) -> Result<(), HiveError> {
    if path.is_root() || node.has_flag(flag::HIVE_ENTRY) {
        return Err(HiveError::Limit("the root key of a hive cannot be deleted or renamed".to_owned()));
    }
    if node.has_flag(flag::NO_DELETE) {
        return Err(HiveError::Limit(format!("key {path} is marked as one that must not be deleted")));
    }
    Ok(())
}

/// Refuses keys deeper than Windows opens.
pub(in crate::hive) fn check_depth(depth: usize) -> Result<(), HiveError> {
    if depth > DEPTH_LIMIT {
        return Err(HiveError::Limit(format!("keys nest at most {DEPTH_LIMIT} deep, not {depth}")));
    }
    Ok(())
}
