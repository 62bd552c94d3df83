//! Small files written so that a crash leaves the old or the new content.

use std::path::{Path, PathBuf};

use crate::hive::storage::{EntryKind, Storage, StorageError};
use crate::hive::store;

/// Ends the name of a file that is not complete yet.
pub(crate) const NEW_SUFFIX: &str = ".pemedic-new";

/// The name under which a file is written before it takes its own.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().map(ToOwned::to_owned).unwrap_or_default();
    name.push(NEW_SUFFIX);
    path.with_file_name(name)
}

/// Writes or replaces a file; durable when this returns.
pub(crate) fn replace(storage: &dyn Storage, path: &Path, bytes: &[u8]) -> Result<(), StorageError> {
    let new = beside(path);
    remove_if_there(storage, &new)?;
    let written = write_synced(storage, &new, bytes)
        .and_then(|()| storage.rename(&new, path).map_err(StorageError::at("cannot put in place", path)));
    if let Err(error) = written {
        // The first failure is the one to report; the next start removes it.
        let _ = storage.remove_file(&new);
        return Err(error);
    }
    sync_parent(storage, path)
}

/// Writes a new file, its content durable and proved by reading it again; its
/// name is not yet durable.
pub(crate) fn write_synced(storage: &dyn Storage, path: &Path, bytes: &[u8]) -> Result<(), StorageError> {
    storage.write_new(path, bytes).map_err(StorageError::at("cannot write", path))?;
    storage.sync_file(path).map_err(StorageError::at("cannot flush", path))?;
    let difference = store::first_difference(storage, path, bytes);
    if difference.map_err(StorageError::at("cannot read back", path))?.is_some() {
        let reason = std::io::Error::other("the disk returns other bytes than were written");
        return Err(StorageError::at("cannot trust", path)(reason));
    }
    Ok(())
}

/// Makes the entries of a file's folder durable.
pub(crate) fn sync_parent(storage: &dyn Storage, path: &Path) -> Result<(), StorageError> {
    let Some(folder) = path.parent() else { return Ok(()) };
    storage.sync_dir(folder).map_err(StorageError::at("cannot flush the folder", folder))
}

/// Removes a file that may not exist; says whether it did.
pub(crate) fn remove_if_there(storage: &dyn Storage, path: &Path) -> Result<bool, StorageError> {
    let entry = storage.entry(path).map_err(StorageError::at("cannot look for", path))?;
    if entry.is_none() {
        return Ok(false);
    }
    storage.remove_file(path).map_err(StorageError::at("cannot remove", path))?;
    Ok(true)
}

/// Creates a folder and its missing ancestors below `base`, their names
/// durable; returns those created, the highest first.
pub(crate) fn create_folders(
    storage: &dyn Storage,
    base: &Path,
    names: &[&str],
) -> Result<Vec<PathBuf>, StorageError> {
    let mut created = Vec::new();
    let mut folder = base.to_owned();
    for name in names {
        let parent = folder.clone();
        folder.push(name);
        match storage.entry(&folder).map_err(StorageError::at("cannot look at", &folder))? {
            Some(entry) if entry.kind == EntryKind::Directory => {}
            Some(_) => {
                let reason = std::io::Error::other("something that is no folder has its name");
                return Err(StorageError::at("cannot use", &folder)(reason));
            }
            None => {
                storage.create_dir(&folder).map_err(StorageError::at("cannot create", &folder))?;
                storage.sync_dir(&parent).map_err(StorageError::at("cannot flush the folder", &parent))?;
                created.push(folder.clone());
            }
        }
    }
    Ok(created)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hive::storage::Disk;

    #[test]
    fn replacing_leaves_nothing_beside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("receipt.toml");
        std::fs::write(beside(&path), "left by a crash").unwrap();
        replace(&Disk, &path, b"one").unwrap();
        replace(&Disk, &path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(Disk.list(folder.path()).unwrap().len(), 1);
    }

    #[test]
    fn folders_are_created_once() {
        let folder = tempfile::tempdir().unwrap();
        let created = create_folders(&Disk, folder.path(), &["pemedic", "receipts"]).unwrap();
        assert_eq!(created.len(), 2);
        assert!(create_folders(&Disk, folder.path(), &["pemedic", "receipts"]).unwrap().is_empty());
    }

    #[test]
    fn a_file_in_place_of_a_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pemedic"), "").unwrap();
        assert!(create_folders(&Disk, folder.path(), &["pemedic", "receipts"]).is_err());
    }
}
