//! Hive files on disk: loading with their logs, and the one durable writer.

use std::path::{Path, PathBuf};

use super::storage::{Storage, StorageError};
use super::{Edited, Hive, HiveError};

/// Why a hive file could not be loaded or committed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such file.
    #[error("there is no hive file {0}")]
    Missing(PathBuf),
    /// The disk failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The hive is not usable.
    #[error("{path}: {source}")]
    Hive {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: HiveError,
    },
}

/// Loads a hive file with the transaction logs beside it (`.LOG`, `.LOG1`,
/// `.LOG2`, in any case of letters).
///
/// # Errors
/// [`StoreError`].
pub fn load(storage: &dyn Storage, path: &Path) -> Result<Hive, StoreError> {
    let _ = storage;
    todo!("{path:?}")
}

/// Replaces a hive file by an edited image so that at every instant the disk
/// holds the old hive or the new one; owner, access rights, attributes and
/// times survive.
///
/// # Errors
/// [`StoreError`]: the old hive is intact and nothing is left behind.
pub fn commit(storage: &dyn Storage, path: &Path, edited: &Edited) -> Result<(), StoreError> {
    commit_bytes(storage, path, edited.image())
}

/// Puts a kept copy of a hive file back by the same protocol: rollback needs
/// the exact old bytes.
///
/// # Errors
/// As [`commit`].
pub fn commit_bytes(storage: &dyn Storage, path: &Path, image: &[u8]) -> Result<(), StoreError> {
    let _ = storage;
    todo!("{path:?} {}", image.len())
}
