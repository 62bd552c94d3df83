//! File operations on the disk, and their way back.

use std::io;
use std::path::Path;

use crate::hive::storage::{Storage, StorageError};

use super::durable::{beside, remove_if_there, sync_parent, write_synced};
use super::error::RepairError;
use super::workspace::{FileOperation, stored_path};

/// Does one operation; durable when this returns. `on_volume` is the receipt's
/// folder on the target's own volume.
pub(crate) fn carry_out(
    storage: &dyn Storage,
    operation: &FileOperation,
    on_volume: &Path,
) -> Result<(), RepairError> {
    let moved = match operation {
        FileOperation::MoveAside { from, stored } => {
            rename(storage, &from.host, &stored_path(on_volume, stored))
        }
        FileOperation::Rename { from, to } => rename(storage, &from.host, &to.host),
        FileOperation::Return { from, to } => rename(storage, &from.host, &to.host),
        FileOperation::Copy { from, to } => copy(storage, &from.host, &to.host),
    };
    Ok(moved?)
}

/// Renames where nothing may be replaced.
pub(crate) fn rename(storage: &dyn Storage, from: &Path, to: &Path) -> Result<(), StorageError> {
    let there = storage.entry(to).map_err(StorageError::at("cannot look at", to))?;
    if there.is_some() && !differ_in_case_only(from, to) {
        let reason = io::Error::new(io::ErrorKind::AlreadyExists, "something has this name already");
        return Err(StorageError::at("cannot move a file to", to)(reason));
    }
    storage.rename(from, to).map_err(StorageError::at("cannot move a file to", to))?;
    sync_parent(storage, to)?;
    sync_parent(storage, from)
}

fn differ_in_case_only(a: &Path, b: &Path) -> bool {
    a != b && a.to_string_lossy().to_uppercase() == b.to_string_lossy().to_uppercase()
}

fn copy(storage: &dyn Storage, from: &Path, to: &Path) -> Result<(), StorageError> {
    if storage.entry(to).map_err(StorageError::at("cannot look at", to))?.is_some() {
        let reason = io::Error::new(io::ErrorKind::AlreadyExists, "something has this name already");
        return Err(StorageError::at("cannot copy a file to", to)(reason));
    }
    let bytes = storage.read(from).map_err(StorageError::at("cannot read", from))?;
    let new = beside(to);
    remove_if_there(storage, &new)?;
    let written = copy_to(storage, from, &bytes, &new)
        .and_then(|()| storage.rename(&new, to).map_err(StorageError::at("cannot put in place", to)));
    if let Err(error) = written {
        // The first failure is the one to report; recovery removes the rest.
        let _ = storage.remove_file(&new);
        return Err(error);
    }
    sync_parent(storage, to)
}

fn copy_to(storage: &dyn Storage, from: &Path, bytes: &[u8], new: &Path) -> Result<(), StorageError> {
    write_synced(storage, new, bytes)?;
    storage
        .copy_metadata(from, new)
        .map_err(StorageError::at("cannot copy owner, rights, attributes and times to", new))?;
    storage.sync_file(new).map_err(StorageError::at("cannot flush", new))
}
