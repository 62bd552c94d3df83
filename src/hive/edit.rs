//! Changing a hive in memory.

use super::{FileTime, Hive, HiveError, KeyPath, KeyTree, Value};

/// A hive being changed in memory; nothing reaches the disk before
/// [`super::store::commit`].
pub struct Editor {
    hive: Hive,
}

/// An edited image, ready to be committed.
#[must_use = "an edited hive does nothing until it is committed"]
pub struct Edited {
    image: Vec<u8>,
}

impl Editor {
    pub(super) fn new(hive: Hive) -> Self {
        Self { hive }
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
        todo!("{key} {name} {value}")
    }

    /// Deletes a value.
    ///
    /// # Errors
    /// As [`Editor::set_value`], and [`HiveError::NoSuchValue`].
    pub fn delete_value(&mut self, key: &KeyPath, name: &str) -> Result<(), HiveError> {
        todo!("{key} {name}")
    }

    /// Creates a key and its missing ancestors, each with its parent's
    /// security; an existing key is left as it is.
    ///
    /// # Errors
    /// As [`Editor::set_value`].
    pub fn create_key(&mut self, key: &KeyPath) -> Result<(), HiveError> {
        todo!("{key}")
    }

    /// Deletes a key with everything below it.
    ///
    /// # Errors
    /// As [`Editor::set_value`].
    pub fn delete_key(&mut self, key: &KeyPath) -> Result<(), HiveError> {
        todo!("{key}")
    }

    /// Gives a key another name under the same parent.
    ///
    /// # Errors
    /// As [`Editor::set_value`], and [`HiveError::KeyExists`].
    pub fn rename_key(&mut self, key: &KeyPath, name: &str) -> Result<(), HiveError> {
        todo!("{key} {name}")
    }

    /// Puts a key tree back as [`Hive::tree`] returned it, under `parent`,
    /// with its security, classes, flags and time stamps.
    ///
    /// # Errors
    /// As [`Editor::rename_key`].
    pub fn restore_tree(&mut self, parent: &KeyPath, tree: &KeyTree) -> Result<(), HiveError> {
        todo!("{parent} {}", tree.name)
    }

    /// Sets a key's time stamp: undo brings the old one back.
    ///
    /// # Errors
    /// As [`Editor::set_value`].
    pub fn set_last_written(&mut self, key: &KeyPath, time: FileTime) -> Result<(), HiveError> {
        todo!("{key} {time}")
    }

    /// Ends the edit: final base block (clean, sequence above everything seen,
    /// checksum).
    ///
    /// # Errors
    /// [`HiveError::Damaged`] where the audit of the result finds a defect
    /// that the original did not have.
    pub fn finish(self) -> Result<Edited, HiveError> {
        Ok(Edited { image: todo!() })
    }
}

impl Edited {
    /// The bytes to be committed.
    pub fn image(&self) -> &[u8] {
        &self.image
    }
}
