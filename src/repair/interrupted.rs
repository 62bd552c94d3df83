//! A note on the target while a repair runs whose receipt is elsewhere, so
//! that a start without `--log-dir` knows that one was interrupted.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::hive::storage::{Storage, StorageError};

use super::durable::{beside, create_folders, remove_if_there, replace, sync_parent};
use super::error::RepairError;
use super::receipt::{Folder, ID_FILE, Receipts, from_toml};

/// In `\pemedic` of the target's volume.
const NOTE_FILE: &str = "interrupted.toml";

/// Larger is no note of ours.
const NOTE_BYTES_MAX: u64 = 64 << 10;

/// Where the receipt of a running repair is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Interrupted {
    /// The receipt's folder at that time.
    pub receipt: PathBuf,
}

impl Interrupted {
    /// Whether it is about the receipt of this name.
    pub(crate) fn is_of(&self, name: &str) -> bool {
        self.receipt.file_name().is_some_and(|file| file.to_string_lossy() == name)
    }
}

/// Removes what interrupted writing left of the note and of the target's id.
pub(crate) fn remove_leftovers(storage: &dyn Storage, receipts: &Receipts) -> Result<(), RepairError> {
    let own = receipts.own_folder();
    for file in [NOTE_FILE, ID_FILE] {
        let leftover = beside(&own.join(file));
        if remove_if_there(storage, &leftover)? {
            sync_parent(storage, &leftover)?;
        }
    }
    Ok(())
}

/// Writes the note before the first change.
pub(crate) fn announce(
    storage: &dyn Storage,
    receipts: &Receipts,
    folder: &Folder,
) -> Result<(), RepairError> {
    let own = receipts.own_folder();
    if let (Some(volume), Some(name)) = (own.parent(), own.file_name()) {
        create_folders(storage, volume, &[&name.to_string_lossy()])?;
    }
    let note = Interrupted { receipt: folder.path.clone() };
    let text = toml::to_string(&note)
        .map_err(|error| RepairError::BadReceipt { receipt: folder.path.clone(), why: error.to_string() })?;
    Ok(replace(storage, &own.join(NOTE_FILE), text.as_bytes())?)
}

/// Takes the note away.
pub(crate) fn withdraw(storage: &dyn Storage, receipts: &Receipts) -> Result<(), RepairError> {
    let own = receipts.own_folder();
    let note = own.join(NOTE_FILE);
    let removed = remove_if_there(storage, &note)? | remove_if_there(storage, &beside(&note))?;
    if removed {
        sync_parent(storage, &note)?;
    }
    // Only if the note was all that was in it.
    let _ = storage.remove_dir(own);
    Ok(())
}

/// The note of a repair that was interrupted.
pub(crate) fn find(storage: &dyn Storage, receipts: &Receipts) -> Result<Option<Interrupted>, RepairError> {
    let path = receipts.own_folder().join(NOTE_FILE);
    let entry = storage.entry(&path).map_err(StorageError::at("cannot look at", &path))?;
    if entry.is_none_or(|entry| entry.len > NOTE_BYTES_MAX) {
        return Ok(None);
    }
    let bytes = storage.read(&path).map_err(StorageError::at("cannot read", &path))?;
    let note = std::str::from_utf8(&bytes).ok().and_then(|text| from_toml(text).ok());
    let unreadable = Interrupted { receipt: PathBuf::from("(unreadable)") };
    Ok(Some(note.unwrap_or(unreadable)))
}
