//! Writing a receipt's folder, and taking an unfinished one away.

use std::path::{Path, PathBuf};

use crate::hive::storage::{Storage, StorageError};

use super::super::durable::{beside, create_folders, remove_if_there, replace, sync_parent, write_synced};
use super::super::error::RepairError;
use super::{FILES, HIVES, KEYS, RECEIPT_FILE, Receipt, key_file};

/// A receipt's folder on the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folder {
    /// Where the receipt is.
    pub path: PathBuf,
    /// The folder of the same name on the target's own volume, which holds the
    /// files moved aside; the same unless there is a `--log-dir`.
    pub on_volume: PathBuf,
}

/// Contents that go into the folder beside `receipt.toml`: name within the
/// folder, and bytes.
pub(crate) type Files<'b> = Vec<(String, &'b [u8])>;

impl Folder {
    /// Creates the folder with everything but `receipt.toml`, durable. Deleted
    /// keys get their files, and the records their names.
    pub(crate) fn create(
        &self,
        storage: &dyn Storage,
        receipt: &mut Receipt,
        copies: &Files<'_>,
    ) -> Result<(), RepairError> {
        self.create_with_ancestors(storage)?;
        for (name, bytes) in copies {
            self.write(storage, name, bytes)?;
        }
        let mut number = 0;
        for record in &mut receipt.changes {
            let Some(tree) = &record.tree else { continue };
            number += 1;
            let name = format!("{KEYS}/{number:03}.toml");
            let text = key_file::write(tree).map_err(|error| self.unusable(&error.to_string()))?;
            self.write(storage, &name, text.as_bytes())?;
            record.key_file = Some(name);
        }
        let moves = |record: &super::super::record::Record| {
            record.content.as_ref().is_some_and(|content| content.stored.is_some())
        };
        if receipt.changes.iter().any(moves) {
            let below = |folder: &Path, names: &[&str]| create_folders(storage, folder, names);
            self.create_on_volume(storage)?;
            below(&self.on_volume, &[FILES])?;
        }
        for folder in [HIVES, KEYS] {
            self.sync_if_there(storage, folder)?;
        }
        Ok(())
    }

    /// Writes or replaces `receipt.toml`.
    pub(crate) fn save(&self, storage: &dyn Storage, receipt: &Receipt) -> Result<(), RepairError> {
        let text = toml::to_string(receipt).map_err(|error| self.unusable(&error.to_string()))?;
        Ok(replace(storage, &self.path.join(RECEIPT_FILE), text.as_bytes())?)
    }

    /// Removes what an interrupted [`Folder::save`] left.
    pub(crate) fn remove_leftover(&self, storage: &dyn Storage) -> Result<(), RepairError> {
        let leftover = beside(&self.path.join(RECEIPT_FILE));
        if remove_if_there(storage, &leftover)? {
            sync_parent(storage, &leftover)?;
        }
        Ok(())
    }

    /// Removes the full copies of the hives: they equal what is on the disk.
    pub(crate) fn drop_copies(&self, storage: &dyn Storage) -> Result<(), RepairError> {
        Ok(remove_files(storage, &self.path.join(HIVES))?)
    }

    /// Removes the folder and what this program put there; the folders above
    /// go if they are empty. Files moved aside are never removed.
    pub(crate) fn discard(&self, storage: &dyn Storage) -> Result<(), RepairError> {
        let receipt = self.path.join(RECEIPT_FILE);
        remove_if_there(storage, &beside(&receipt))?;
        remove_if_there(storage, &receipt)?;
        for name in [HIVES, KEYS] {
            remove_files(storage, &self.path.join(name))?;
        }
        remove_empty(storage, &self.on_volume.join(FILES));
        remove_empty(storage, &self.path);
        if self.on_volume != self.path {
            remove_empty(storage, &self.on_volume);
        }
        // `receipts` and `pemedic` on the volume; a --log-dir is the user's own.
        for folder in self.on_volume.ancestors().skip(1).take(2) {
            remove_empty(storage, folder);
        }
        if let Some(parent) = self.path.parent()
            && storage.entry(parent).is_ok_and(|entry| entry.is_some())
        {
            sync_parent(storage, &self.path)?;
        }
        Ok(())
    }

    /// `\pemedic\receipts\NAME`, or `TARGET-ID/NAME` in the `--log-dir`.
    fn create_with_ancestors(&self, storage: &dyn Storage) -> Result<(), RepairError> {
        if self.path == self.on_volume {
            return self.create_on_volume(storage);
        }
        create_below(storage, &self.path, 3)
    }

    /// `\pemedic\receipts\NAME`.
    fn create_on_volume(&self, storage: &dyn Storage) -> Result<(), RepairError> {
        create_below(storage, &self.on_volume, 3)
    }

    fn write(&self, storage: &dyn Storage, name: &str, bytes: &[u8]) -> Result<(), RepairError> {
        if let Some((folder, _)) = name.split_once('/') {
            create_folders(storage, &self.path, &[folder])?;
        }
        let path = super::super::workspace::stored_path(&self.path, name);
        Ok(write_synced(storage, &path, bytes)?)
    }

    fn sync_if_there(&self, storage: &dyn Storage, name: &str) -> Result<(), StorageError> {
        let folder = self.path.join(name);
        match storage.entry(&folder).map_err(StorageError::at("cannot look at", &folder))? {
            Some(_) => {
                storage.sync_dir(&folder).map_err(StorageError::at("cannot flush the folder", &folder))
            }
            None => Ok(()),
        }
    }

    fn unusable(&self, why: &str) -> RepairError {
        RepairError::BadReceipt { receipt: self.path.clone(), why: why.to_owned() }
    }
}

/// Creates a folder and its last `levels` - 1 ancestors.
fn create_below(storage: &dyn Storage, folder: &Path, levels: usize) -> Result<(), RepairError> {
    let mut base = folder;
    let mut names = Vec::new();
    for _ in 0..levels {
        let (Some(parent), Some(name)) = (base.parent(), base.file_name()) else { break };
        names.push(name.to_string_lossy());
        base = parent;
    }
    names.reverse();
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    create_folders(storage, base, &names)?;
    Ok(())
}

/// Removes the files of a folder and the folder.
fn remove_files(storage: &dyn Storage, folder: &Path) -> Result<(), StorageError> {
    if storage.entry(folder).map_err(StorageError::at("cannot look at", folder))?.is_none() {
        return Ok(());
    }
    for entry in storage.list(folder).map_err(StorageError::at("cannot list", folder))? {
        let file = folder.join(&entry.name);
        storage.remove_file(&file).map_err(StorageError::at("cannot remove", &file))?;
    }
    storage.remove_dir(folder).map_err(StorageError::at("cannot remove", folder))
}

/// Removes a folder if it is there and empty; what is in it is not ours.
fn remove_empty(storage: &dyn Storage, folder: &Path) {
    let is_empty = matches!(storage.list(folder), Ok(entries) if entries.is_empty());
    if is_empty {
        // A folder that stays does no harm.
        let _ = storage.remove_dir(folder);
    }
}
