//! On which side of a change the target is: as before it, or as after it.

use std::path::PathBuf;

use crate::hive::storage::{Storage, StorageError};
use crate::windows::{Installation, Located};

use super::change::Change;
use super::digest::sha256;
use super::error::RepairError;
use super::receipt::Receipts;
use super::record::{FileContent, Record};
use super::workspace::{Workspace, stored_path};

/// Where the target stands with respect to a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// As it was before.
    Before,
    /// As the change left it.
    After,
    /// Neither: something else changed it.
    Other,
    /// A file with both its names: a power cut fell between the two folders
    /// of a move on a file system that does not journal (FAT).
    Both,
}

impl Side {
    /// The side of several changes together.
    pub(crate) fn of_all(sides: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut sides = sides.into_iter();
        let first = sides.next()?;
        Some(if sides.all(|side| side == first) { first } else { Self::Other })
    }
}

/// The side of a registry change, looked at in a workspace.
pub(crate) fn of_registry(record: &Record, workspace: &Workspace<'_>) -> Result<Side, RepairError> {
    match &record.change {
        Change::Value(change) => {
            let at = workspace.locate_one(&change.key)?;
            let present = workspace.value(&at, &change.value)?;
            Ok(if present == change.after {
                Side::After
            } else if present == change.before {
                Side::Before
            } else {
                Side::Other
            })
        }
        Change::KeyCreated(change) | Change::KeyRestored(change) => {
            let there = workspace.key_exists(&workspace.locate_one(&change.key)?)?;
            Ok(if there { Side::After } else { Side::Before })
        }
        Change::KeyDeleted(change) => {
            let there = workspace.key_exists(&workspace.locate_one(&change.key)?)?;
            Ok(if there { Side::Before } else { Side::After })
        }
        Change::KeyRenamed(change) => {
            let old = workspace.locate_one(&change.key)?;
            let new = renamed(&old, change.after.as_deref().unwrap_or_default());
            let old_there = workspace.key_exists(&old)?;
            let new_there = workspace.key_exists(&new)?;
            Ok(of_names(old_there, new_there))
        }
        Change::FileMovedAside(_) | Change::FileRenamed(_) | Change::FileRestored(_) => Ok(Side::Other),
    }
}

/// The same key under another name.
pub(crate) fn renamed(at: &Located, name: &str) -> Located {
    let path = at.path.parent().unwrap_or_default().join(name);
    let parent = at.full_name.rsplit_once('\\').map_or("", |(parent, _)| parent);
    Located { path, full_name: format!("{parent}\\{name}"), ..at.clone() }
}

fn of_names(old_there: bool, new_there: bool) -> Side {
    match (old_there, new_there) {
        (true, false) => Side::Before,
        (false, true) => Side::After,
        _ => Side::Other,
    }
}

/// Where a file change has its ends on the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileEnds {
    /// Where the file is before the change; `None` for a copy.
    pub before: Option<PathBuf>,
    /// Where it is after the change.
    pub after: PathBuf,
}

/// The ends of a file change. `on_volume` is the folder of the receipt on the
/// target's own volume.
pub(crate) fn file_ends(
    record: &Record,
    installation: &Installation,
    storage: &dyn Storage,
    on_volume: &std::path::Path,
) -> Result<Option<FileEnds>, RepairError> {
    let resolve = |path: &str| installation.resolve(storage, path);
    let content = record.content.as_ref();
    match &record.change {
        Change::FileMovedAside(change) => {
            let Some(stored) = content.and_then(|content| content.stored.as_deref()) else { return Ok(None) };
            let before = Some(resolve(&change.file)?.host);
            Ok(Some(FileEnds { before, after: stored_path(on_volume, stored) }))
        }
        Change::FileRenamed(change) => {
            let Some((folder, old)) = change.file.rsplit_once('\\') else { return Ok(None) };
            let folder = resolve(folder)?.host;
            let new = change.after.as_deref().unwrap_or_default();
            // The exact names: on the host they may differ only in case.
            Ok(Some(FileEnds { before: Some(folder.join(old)), after: folder.join(new) }))
        }
        Change::FileRestored(change) => {
            let returned = content.and_then(|content| content.returned_from.as_deref());
            let receipts = on_volume.parent().unwrap_or(on_volume);
            let before = returned.map(|name| stored_path(receipts, name));
            Ok(Some(FileEnds { before, after: resolve(&change.file)?.host }))
        }
        _ => Ok(None),
    }
}

/// The side of a file change. A file counts as being at one of the ends only
/// with the content it had: a later change may have given its name to another.
pub(crate) fn of_file(
    ends: &FileEnds,
    content: Option<&FileContent>,
    storage: &dyn Storage,
) -> Result<Side, RepairError> {
    let there = |path: &PathBuf| -> Result<Option<bool>, RepairError> {
        if storage.entry(path).map_err(StorageError::at("cannot look at", path))?.is_none() {
            return Ok(None);
        }
        let Some(expected) = content.and_then(|content| content.sha256.as_deref()) else {
            return Ok(Some(true));
        };
        let bytes = storage.read(path).map_err(StorageError::at("cannot read", path))?;
        Ok(Some(sha256(&bytes) == expected))
    };
    let after = there(&ends.after)?;
    if let Some(before) = &ends.before {
        let before = there(before)?;
        let known = content.is_some_and(|content| content.sha256.is_some());
        if known && before == Some(true) && after == Some(true) {
            return Ok(Side::Both);
        }
        return Ok(of_names(before == Some(true), after == Some(true)));
    }
    // A copy: the file is there with the content that was copied.
    Ok(match after {
        None => Side::Before,
        Some(true) => Side::After,
        Some(false) => Side::Other,
    })
}

/// Where a file that an earlier receipt holds lies on the volume.
pub(crate) fn stored_in(receipts: &Receipts, receipt: &str, stored: &str) -> PathBuf {
    stored_path(&receipts.on_volume(receipt), stored)
}
