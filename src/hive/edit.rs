//! Changing a hive in memory.

mod cells;
mod free_space;
mod keys;
mod lists;
mod restore;
mod security;
mod values;

use self::free_space::FreeSpace;
use self::keys::check_deletable;
pub(super) use self::keys::check_depth;
use super::audit::{Defect, Survey};
use super::cell::{CellOffset, Cells};
use super::field::put;
use super::format::Format;
use super::key_node::{KeyNode, at, flag};
use super::name::StoredName;
use super::{FileTime, Hive, HiveError, KeyPath, KeyTree, Value, base_block, key_node};

/// A hive being changed in memory; nothing reaches the disk before
/// [`super::store::commit`].
pub struct Editor {
    hive: Hive,
    space: FreeSpace,
    time: FileTime,
    /// What the audit said before the first edit.
    before: Survey,
    /// Key nodes that were given a new place: the new one, then the old one.
    moved: Vec<(CellOffset, CellOffset)>,
}

/// An edited image, ready to be committed.
#[must_use = "an edited hive does nothing until it is committed"]
pub struct Edited {
    image: Vec<u8>,
}

impl Editor {
    pub(super) fn new(hive: Hive, time: FileTime) -> Self {
        let mut before = Survey::of(&hive.image);
        let free = std::mem::take(&mut before.free);
        let space = FreeSpace::new(std::mem::take(&mut before.bins), free.into_iter());
        Self { hive, space, time, before, moved: Vec::new() }
    }

    /// The hive as edited so far.
    pub fn hive(&self) -> &Hive {
        &self.hive
    }

    /// Sets a value, creating it where absent. The key must exist. Its time
    /// stamp becomes the edit's.
    ///
    /// # Errors
    /// [`HiveError::NoSuchKey`], [`HiveError::Damaged`] under the edit,
    /// [`HiveError::Limit`].
    pub fn set_value(&mut self, key: &KeyPath, name: &str, value: &Value) -> Result<(), HiveError> {
        let node = self.require_key(key)?;
        if KeyNode::read(&self.cells(), node)?.has_flag(flag::PREDEFINED_HANDLE) {
            return Err(HiveError::Limit(format!("key {key} stands for another one and holds no values")));
        }
        self.put_value(node, name, value)?;
        self.touch(node)
    }

    /// Deletes a value.
    ///
    /// # Errors
    /// As [`Editor::set_value`], and [`HiveError::NoSuchValue`].
    pub fn delete_value(&mut self, key: &KeyPath, name: &str) -> Result<(), HiveError> {
        let node = self.require_key(key)?;
        let stored = StoredName::of_value(name, self.format())?;
        let Some((index, value)) = self.find_value(node, stored.as_name())? else {
            return Err(HiveError::NoSuchValue { key: key.clone(), value: name.to_owned() });
        };
        self.remove_value(node, index, value)?;
        self.touch(node)
    }

    /// Moves a value to another place among the values of its key (the last one
    /// where there are fewer): undo brings the order back. The data and the
    /// time stamp stay.
    ///
    /// # Errors
    /// As [`Editor::delete_value`].
    pub fn place_value(&mut self, key: &KeyPath, name: &str, index: usize) -> Result<(), HiveError> {
        let node = self.require_key(key)?;
        let stored = StoredName::of_value(name, self.format())?;
        let Some((present, _)) = self.find_value(node, stored.as_name())? else {
            return Err(HiveError::NoSuchValue { key: key.clone(), value: name.to_owned() });
        };
        self.move_in_list(node, present, index)
    }

    /// Creates a key and its missing ancestors, each with its parent's
    /// security; an existing key is left as it is.
    ///
    /// # Errors
    /// As [`Editor::set_value`].
    pub fn create_key(&mut self, key: &KeyPath) -> Result<(), HiveError> {
        check_depth(key.names().len())?;
        // Nothing is created when a later name is impossible.
        for name in key.names() {
            StoredName::of_key(name, self.format())?;
        }
        let mut node = self.cells().root;
        for name in key.names() {
            let stored = StoredName::of_key(name, self.format())?;
            node = match self.find_subkey(node, &stored)? {
                Some(subkey) => subkey,
                None => self.add_key(node, name)?,
            };
        }
        Ok(())
    }

    /// Deletes a key with everything below it.
    ///
    /// # Errors
    /// As [`Editor::set_value`].
    pub fn delete_key(&mut self, key: &KeyPath) -> Result<(), HiveError> {
        let node = self.require_key(key)?;
        check_deletable(&KeyNode::read(&self.cells(), node)?, key)?;
        self.remove_key(node)
    }

    /// Gives a key another name under the same parent.
    ///
    /// # Errors
    /// As [`Editor::set_value`], and [`HiveError::KeyExists`].
    pub fn rename_key(&mut self, key: &KeyPath, name: &str) -> Result<(), HiveError> {
        let node = self.require_key(key)?;
        let cells = self.cells();
        let found = KeyNode::read(&cells, node)?;
        check_deletable(&found, key)?;
        let stored = StoredName::of_key(name, self.format())?;
        let namesake = self.find_subkey(found.link(at::PARENT), &stored)?;
        if namesake.is_some_and(|namesake| namesake != node) {
            return Err(HiveError::KeyExists(key.parent().unwrap_or_default().join(name)));
        }
        self.change_name(node, &stored)
    }

    /// Puts a key tree back as [`Hive::tree`] returned it, under `parent`,
    /// with its security, classes, flags and time stamps.
    ///
    /// # Errors
    /// As [`Editor::rename_key`].
    pub fn restore_tree(&mut self, parent: &KeyPath, tree: &KeyTree) -> Result<(), HiveError> {
        let node = self.require_key(parent)?;
        let stored = StoredName::of_key(&tree.name, self.format())?;
        if self.find_subkey(node, &stored)?.is_some() {
            return Err(HiveError::KeyExists(parent.join(&tree.name)));
        }
        self.add_tree(node, parent.names().len(), tree)?;
        self.touch(node)
    }

    /// Sets a key's time stamp: undo brings the old one back.
    ///
    /// # Errors
    /// As [`Editor::set_value`].
    pub fn set_last_written(&mut self, key: &KeyPath, time: FileTime) -> Result<(), HiveError> {
        let node = self.require_key(key)?;
        put(self.payload_mut(node)?, at::LAST_WRITTEN, &time.0.to_le_bytes());
        Ok(())
    }

    /// Ends the edit: final base block (clean, sequence above everything seen,
    /// checksum).
    ///
    /// # Errors
    /// [`HiveError::Damaged`] where the audit of the result finds a defect
    /// that the original did not have; [`HiveError::Limit`] where no sequence
    /// number is left above those seen.
    pub fn finish(mut self) -> Result<Edited, HiveError> {
        let sequence = self.hive.report.highest_sequence.checked_add(1).ok_or_else(no_sequence_left)?;
        base_block::seal(&mut self.hive.image, sequence, self.time);
        let after = Survey::of(&self.hive.image);
        match after.defects.into_iter().find(|defect| !self.was_there(defect)) {
            Some(defect) => Err(defect.into()),
            None => Ok(Edited { image: self.hive.image }),
        }
    }

    /// Whether the original had this defect, if need be in a key node that has
    /// moved since.
    fn was_there(&self, defect: &Defect) -> bool {
        let mut offset = defect.offset;
        for (new, old) in self.moved.iter().rev() {
            let inside = offset.checked_sub(new.absolute());
            if let Some(inside) = inside.filter(|inside| *inside < key_node::HEAD_SIZE as u64) {
                offset = old.absolute() + inside;
            }
        }
        self.before.has(offset, defect.rule)
    }

    fn cells(&self) -> Cells<'_> {
        self.hive.cells()
    }

    fn format(&self) -> Format {
        self.hive.format
    }
}

fn no_sequence_left() -> HiveError {
    HiveError::Limit(
        "the hive or a transaction log beside it carries the last possible sequence number, so an edited \
         hive could not be told from what the logs hold; move the logs (.LOG, .LOG1, .LOG2) to another folder"
            .to_owned(),
    )
}

impl Edited {
    /// The bytes to be committed.
    pub fn image(&self) -> &[u8] {
        &self.image
    }

    /// The bytes to be committed, as a hive again.
    ///
    /// # Errors
    /// As [`Hive::from_image`].
    pub fn into_hive(self) -> Result<Hive, HiveError> {
        Hive::from_image(self.image)
    }
}

#[cfg(test)]
mod tests;
