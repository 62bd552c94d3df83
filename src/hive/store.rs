//! Hive files on disk: loading with their logs, and the one durable writer.
//!
//! The commit protocol and the argument for it are in `docs/hive-commit.md`.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::log::LogFile;
use super::storage::{DirEntry, EntryKind, Storage, StorageError};
use super::{Edited, Hive, HiveError};

/// Offsets inside a hive are 31 bits wide, because the highest one tells
/// volatile storage from stable (`HCELL_INDEX`): no larger file is a hive.
pub const HIVE_SIZE_MAX_BYTES: u64 = 1 << 31;

/// Windows starts a new log long before it outgrows its hive; real ones hold a
/// few megabytes. A bound for memory, not a fact of the format.
pub const LOG_SIZE_MAX_BYTES: u64 = 1 << 29;

/// Ends the name under which an image is written before it takes the hive's
/// name. Windows looks for hives by their exact names and never opens it.
const NEW_IMAGE_SUFFIX: &str = ".pemedic-new";

/// Room beside the image itself for what the file system notes about it.
const FREE_SPACE_MARGIN_BYTES: u64 = 64 * 1024;

/// How much of a new image is read back at once.
const READ_BACK_BYTES: usize = 1 << 20;

/// The names of transaction logs, in the order Windows would try them.
const LOG_SUFFIXES: [&str; 3] = [".LOG1", ".LOG2", ".LOG"];

/// Why a hive file could not be loaded or committed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such file.
    #[error("there is no hive file {}", .0.display())]
    Missing(PathBuf),
    /// The disk failed, or what is on it is not what a hive file may be. After
    /// a commit: the old hive is in place.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The hive is not usable.
    #[error("{}: {source}", path.display())]
    Hive {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: HiveError,
    },
    /// The new hive is in place, but the disk did not confirm that it will
    /// still be there after a power cut; then the old one may be back, whole.
    #[error("the new hive is in place, but the disk did not confirm that it is permanent: {0}")]
    Unconfirmed(StorageError),
}

impl StoreError {
    /// Whether the volume had no room.
    pub fn is_full(&self) -> bool {
        let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
        matches!(self, Self::Storage(error) if full.contains(&error.source.kind()))
    }
}

/// Loads a hive file with the transaction logs beside it (`.LOG`, `.LOG1`,
/// `.LOG2`, in any case of letters).
///
/// # Errors
/// [`StoreError`].
pub fn load(storage: &dyn Storage, path: &Path) -> Result<Hive, StoreError> {
    let entry = hive_entry(storage, path)?;
    let in_hive = |source| StoreError::Hive { path: path.to_path_buf(), source };
    check_size(&entry, HIVE_SIZE_MAX_BYTES).map_err(in_hive)?;
    let logs = read_logs(storage, path)?;
    let primary = storage.read(path).map_err(StorageError::at("cannot read", path))?;
    Hive::open(primary, &logs).map_err(in_hive)
}

/// Replaces a hive file by an edited image so that at every instant the disk
/// holds the old hive or the new one; owner, access rights, attributes and
/// times survive.
///
/// # Errors
/// [`StoreError`]: the old hive is intact and nothing is left behind, except
/// after [`StoreError::Unconfirmed`].
pub fn commit(storage: &dyn Storage, path: &Path, edited: &Edited) -> Result<(), StoreError> {
    commit_bytes(storage, path, edited.image())
}

/// Puts a kept copy of a hive file back by the same protocol: rollback needs
/// the exact old bytes.
///
/// # Errors
/// As [`commit`].
pub fn commit_bytes(storage: &dyn Storage, path: &Path, image: &[u8]) -> Result<(), StoreError> {
    hive_entry(storage, path)?;
    remove_leftover(storage, path)?;
    check_room(storage, path, image.len())?;
    let beside = new_image_path(path);
    let prepared = prepare(storage, path, &beside, image).and_then(|()| {
        storage
            .rename(&beside, path)
            .map_err(StorageError::at("cannot replace (held open or read-only?)", path))
    });
    if let Err(error) = prepared {
        // The first failure is the one to report; what cannot be removed now
        // is removed by the next commit.
        let _ = storage.remove_file(&beside);
        return Err(error.into());
    }
    let directory = directory_of(path);
    storage
        .sync_dir(directory)
        .map_err(StorageError::at("cannot flush the folder", directory))
        .map_err(StoreError::Unconfirmed)
}

/// Puts a kept copy of a hive file, on the same volume, in the hive's place by
/// renaming it: a rollback where the volume has no room for another file. The
/// caller has checked what is in the copy; afterwards the copy is the hive.
///
/// # Errors
/// As [`commit`].
pub fn commit_copy(storage: &dyn Storage, path: &Path, copy: &Path) -> Result<(), StoreError> {
    hive_entry(storage, path)?;
    remove_leftover(storage, path)?;
    give_metadata(storage, path, copy)?;
    storage.rename(copy, path).map_err(StorageError::at("cannot replace (held open or read-only?)", path))?;
    [directory_of(path), directory_of(copy)].into_iter().try_for_each(|directory| {
        let synced = storage.sync_dir(directory);
        synced
            .map_err(StorageError::at("cannot flush the folder", directory))
            .map_err(StoreError::Unconfirmed)
    })
}

/// Writes a hive file where there is none: for the small installations that
/// pemedic itself makes, never for a target's hives.
///
/// # Errors
/// [`StoreError::Storage`], also where there is a file of that name.
pub fn create_new(storage: &dyn Storage, path: &Path, edited: &Edited) -> Result<(), StoreError> {
    storage.write_new(path, edited.image()).map_err(StorageError::at("cannot create", path))?;
    storage.sync_file(path).map_err(StorageError::at("cannot flush", path))?;
    let directory = directory_of(path);
    storage.sync_dir(directory).map_err(StorageError::at("cannot flush the folder", directory))?;
    Ok(())
}

/// Removes what a commit that was cut off left beside a hive file; returns
/// whether there was something. Certain once the folder is flushed.
///
/// # Errors
/// [`StoreError::Storage`].
pub fn remove_leftover(storage: &dyn Storage, path: &Path) -> Result<bool, StoreError> {
    let beside = new_image_path(path);
    let found = storage.entry(&beside).map_err(StorageError::at("cannot look for", &beside))?;
    if found.is_none() {
        return Ok(false);
    }
    storage.remove_file(&beside).map_err(StorageError::at("cannot remove the unfinished", &beside))?;
    Ok(true)
}

/// Writes the image beside the hive, complete, durable and proved by reading
/// it again, with everything the file carries apart from its content.
fn prepare(storage: &dyn Storage, path: &Path, beside: &Path, image: &[u8]) -> Result<(), StorageError> {
    storage.write_new(beside, image).map_err(StorageError::at("cannot write", beside))?;
    give_metadata(storage, path, beside)?;
    match first_difference(storage, beside, image).map_err(StorageError::at("cannot read back", beside))? {
        None => Ok(()),
        Some(at) => {
            let reason = format!("the disk returns other bytes than were written, first at {at:#x}");
            Err(StorageError::at("cannot trust", beside)(io::Error::other(reason)))
        }
    }
}

/// Gives a file that is to become the hive what the hive's file carries, and
/// makes it durable.
fn give_metadata(storage: &dyn Storage, path: &Path, to: &Path) -> Result<(), StorageError> {
    storage
        .copy_metadata(path, to)
        .map_err(StorageError::at("cannot copy owner, rights, attributes and times to", to))?;
    storage.sync_file(to).map_err(StorageError::at("cannot flush", to))
}

/// Where a file first differs from what was written to it. It is read in
/// parts: a second copy of the largest hives would not fit beside the first.
pub(crate) fn first_difference(
    storage: &dyn Storage,
    path: &Path,
    image: &[u8],
) -> io::Result<Option<usize>> {
    let mut at = 0;
    loop {
        let rest = &image[at..];
        let expected = &rest[..rest.len().min(READ_BACK_BYTES)];
        let is_last = expected.len() == rest.len();
        // One byte more than is left shows a file that is too long.
        let read = storage.read_at(path, at as u64, expected.len() + usize::from(is_last))?;
        if read != expected {
            let same = read.iter().zip(expected).take_while(|(a, b)| a == b).count();
            return Ok(Some(at + same));
        }
        if is_last {
            return Ok(None);
        }
        at += expected.len();
    }
}

/// A volume that cannot take the image is better refused before it is filled.
fn check_room(storage: &dyn Storage, path: &Path, image_len: usize) -> Result<(), StorageError> {
    let directory = directory_of(path);
    let cannot_write = |source| StorageError::at("cannot write beside", path)(source);
    if storage.is_read_only(directory).map_err(StorageError::at("cannot examine the volume of", directory))? {
        let reason = "the volume is mounted read-only; mount it for writing";
        return Err(cannot_write(io::Error::new(io::ErrorKind::ReadOnlyFilesystem, reason)));
    }
    let free =
        storage.free_space(directory).map_err(StorageError::at("cannot examine the volume of", directory))?;
    let needed = (image_len as u64).saturating_add(FREE_SPACE_MARGIN_BYTES);
    if free < needed {
        let reason = format!("the volume has {free} bytes free, {needed} are needed; make room on it");
        return Err(cannot_write(io::Error::new(io::ErrorKind::StorageFull, reason)));
    }
    Ok(())
}

/// The hive's own directory entry: a link is refused, because replacing it
/// would leave the file it points to as it was.
fn hive_entry(storage: &dyn Storage, path: &Path) -> Result<DirEntry, StoreError> {
    let entry = storage.entry(path).map_err(StorageError::at("cannot look for", path))?;
    match entry {
        None => Err(StoreError::Missing(path.to_path_buf())),
        Some(entry) if entry.kind == EntryKind::File => Ok(entry),
        Some(entry) => {
            let what = match entry.kind {
                EntryKind::Link => "a link; name the file itself",
                EntryKind::Directory => "a folder",
                _ => "not a regular file",
            };
            let reason = io::Error::new(io::ErrorKind::InvalidInput, format!("this is {what}"));
            Err(StorageError::at("cannot use as a hive", path)(reason).into())
        }
    }
}

fn check_size(entry: &DirEntry, max_bytes: u64) -> Result<(), HiveError> {
    if entry.len > max_bytes {
        let reason = format!("{} has {} bytes; at most {max_bytes} are possible", entry.name, entry.len);
        return Err(HiveError::Limit(reason));
    }
    Ok(())
}

fn read_logs(storage: &dyn Storage, path: &Path) -> Result<Vec<LogFile>, StoreError> {
    let Some(hive_name) = path.file_name().and_then(|name| name.to_str()) else { return Ok(Vec::new()) };
    let directory = directory_of(path);
    let entries = storage.list(directory).map_err(StorageError::at("cannot list", directory))?;
    let mut logs = Vec::new();
    for suffix in LOG_SUFFIXES {
        let Some(entry) = find_log(&entries, &format!("{hive_name}{suffix}")) else { continue };
        let log_path = directory.join(&entry.name);
        check_size(entry, LOG_SIZE_MAX_BYTES)
            .map_err(|source| StoreError::Hive { path: log_path.clone(), source })?;
        let bytes = storage.read(&log_path).map_err(StorageError::at("cannot read", &log_path))?;
        logs.push(LogFile { name: entry.name.clone(), bytes });
    }
    Ok(logs)
}

/// The file of this name, the exact spelling first: a case-sensitive file
/// system may hold several.
fn find_log<'a>(entries: &'a [DirEntry], name: &str) -> Option<&'a DirEntry> {
    let files = || entries.iter().filter(|entry| entry.kind == EntryKind::File);
    files()
        .find(|entry| entry.name == name)
        .or_else(|| files().find(|entry| entry.name.to_lowercase() == name.to_lowercase()))
}

fn new_image_path(path: &Path) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, ToOwned::to_owned);
    name.push(NEW_IMAGE_SUFFIX);
    path.with_file_name(name)
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests;
