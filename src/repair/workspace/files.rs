//! Files as they will be: the disk with the file operations planned so far.

use std::path::{Path, PathBuf};

use crate::hive::storage::{DirEntry, EntryKind, StorageError};
use crate::windows::TargetPath;
use crate::windows::file_times::FileTimes;
use crate::windows::file_version::{self, FileVersionError};
use crate::windows::installation::Found;

use super::super::digest::sha256;
use super::super::error::RepairError;
use super::super::intent::StoredFile;
use super::super::record::FileContent;
use super::Workspace;

/// Files up to this length are read whole for their hash.
const HASHED_FILE_BYTES_MAX: u64 = 64 << 20;

/// Most files one pattern may name; a pattern that names more is a mistake.
const PATTERN_FILES_MAX: usize = 1000;

/// What is done to a file on the disk, exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileOperation {
    /// Rename into the receipt's folder, under this name within it.
    MoveAside { from: TargetPath, stored: String },
    /// Rename within the folder.
    Rename { from: TargetPath, to: TargetPath },
    /// Copy with owner, rights, attributes and times.
    Copy { from: TargetPath, to: TargetPath },
    /// Rename from an earlier receipt's folder.
    Return { from: StoredFile, to: TargetPath },
}

impl FileOperation {
    /// The file concerned, as Windows writes it.
    pub(crate) fn subject(&self) -> String {
        match self {
            Self::MoveAside { from, .. } | Self::Rename { from, .. } => from.windows.clone(),
            Self::Copy { to, .. } | Self::Return { to, .. } => to.windows.clone(),
        }
    }
}

/// A file and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FilePlace {
    /// Where.
    pub path: TargetPath,
    /// What is there.
    pub entry: DirEntry,
}

/// The operations so far and their effect on which names exist.
#[derive(Default)]
pub(super) struct FileOverlay {
    operations: Vec<FileOperation>,
    /// Later ones win: a place, and what is there now (`None`: nothing).
    effects: Vec<(TargetPath, Option<DirEntry>)>,
    moved_aside: usize,
}

impl FileOverlay {
    pub(super) fn into_operations(self) -> Vec<FileOperation> {
        self.operations
    }

    pub(super) fn push(&mut self, operation: FileOperation) {
        self.operations.push(operation);
    }

    pub(super) fn put(&mut self, at: &TargetPath, entry: Option<DirEntry>) {
        self.effects.push((at.clone(), entry));
    }

    /// A name within the receipt's folder for the next file moved aside.
    pub(super) fn next_stored_name(&mut self, file: &str) -> String {
        self.moved_aside += 1;
        format!("files/{:03}-{file}", self.moved_aside)
    }

    fn effect(&self, host: &Path) -> Option<&Option<DirEntry>> {
        self.effects.iter().rev().find(|(path, _)| path.host == host).map(|(_, entry)| entry)
    }
}

impl Workspace<'_> {
    /// What is at a path as Windows writes it.
    pub(crate) fn look(&self, windows_path: &str) -> Result<(TargetPath, Option<DirEntry>), RepairError> {
        let (path, entry) = if self.disk_rests {
            self.registry.look(windows_path)?
        } else {
            self.installation.look(self.storage, windows_path)?
        };
        let entry = self.files.effect(&path.host).cloned().unwrap_or(entry);
        Ok((path, entry))
    }

    /// The files and folders that a path names, with `*` and `?` in its last
    /// component; without them the one file, if it exists. By name.
    pub(crate) fn find(&self, windows_pattern: &str) -> Result<Vec<FilePlace>, RepairError> {
        let on_disk = self.installation.matches(self.storage, windows_pattern)?;
        let mut found: Vec<FilePlace> = on_disk
            .into_iter()
            .filter_map(|Found { path, entry }| match self.files.effect(&path.host) {
                None => Some(FilePlace { path, entry }),
                Some(changed) => changed.clone().map(|entry| FilePlace { path, entry }),
            })
            .collect();
        self.add_new_names(windows_pattern, &mut found)?;
        found.sort_by(|a, b| a.entry.name.cmp(&b.entry.name));
        if found.len() > PATTERN_FILES_MAX {
            let message = format!(
                "{windows_pattern} names {} files; more than {PATTERN_FILES_MAX} are not touched at once",
                found.len()
            );
            return Err(RepairError::Limit(message));
        }
        Ok(found)
    }

    /// Adds the files that exist only since an operation planned earlier.
    fn add_new_names(&self, pattern: &str, found: &mut Vec<FilePlace>) -> Result<(), RepairError> {
        let Some((folder, last)) = pattern.rsplit_once('\\') else { return Ok(()) };
        if self.files.effects.is_empty() || folder.ends_with(':') {
            return Ok(());
        }
        let folder = self.installation.resolve(self.storage, folder)?;
        for (path, _) in &self.files.effects {
            let in_folder = path.host.parent() == Some(folder.host.as_path());
            let known = found.iter().any(|place| place.path.host == path.host);
            if let (true, false, Some(Some(entry))) = (in_folder, known, self.files.effect(&path.host))
                && crate::windows::path::pattern::matches(last, &entry.name)
            {
                found.push(FilePlace { path: path.clone(), entry: entry.clone() });
            }
        }
        Ok(())
    }

    /// The same folder, another name.
    pub(crate) fn sibling(&self, file: &TargetPath, name: &str) -> Result<TargetPath, RepairError> {
        let folder = file.windows.rsplit_once('\\').map_or("", |(folder, _)| folder);
        Ok(self.look(&format!("{folder}\\{name}"))?.0)
    }

    /// The version in a program's resources; `None` without one.
    pub(crate) fn file_version(&self, place: &FilePlace) -> Result<Option<[u16; 4]>, FileVersionError> {
        file_version::read(self.storage, &place.path.host)
    }

    /// Whether a file still is what a receipt left.
    pub(crate) fn has_content(
        &self,
        place: &FilePlace,
        left: Option<&FileContent>,
    ) -> Result<bool, RepairError> {
        let now = self.content_of(&place.path.host, &place.entry)?;
        Ok(left.is_some_and(|left| {
            left.folder == now.folder && left.size == now.size && left.sha256 == now.sha256
        }))
    }

    /// What the receipt keeps of a file.
    pub(super) fn content_of(&self, host: &Path, entry: &DirEntry) -> Result<FileContent, RepairError> {
        let folder = entry.kind == EntryKind::Directory;
        let sha256 = if !folder && entry.len <= HASHED_FILE_BYTES_MAX {
            let bytes = self.storage.read(host).map_err(StorageError::at("cannot read", host))?;
            Some(sha256(&bytes))
        } else {
            None
        };
        Ok(FileContent {
            stored: None,
            source: None,
            returned_from: None,
            folder,
            size: entry.len,
            sha256,
            created: entry.created.map(|time| time.to_string()),
            modified: entry.modified.map(|time| time.to_string()),
        })
    }
}

/// A file in words: `382224 bytes, created …, modified …`.
pub(crate) fn describe(entry: &DirEntry, host: &Path) -> String {
    let times = FileTimes::of(entry, host);
    let mut text = match entry.kind {
        EntryKind::Directory => "folder".to_owned(),
        _ => format!("{} bytes", entry.len),
    };
    if let Some(created) = times.created {
        text.push_str(&format!(", created {created}"));
    }
    if let Some(modified) = times.modified {
        text.push_str(&format!(", modified {modified}"));
    }
    text
}

/// Where a stored file is, below a receipt's folder.
pub(crate) fn stored_path(receipt_folder: &Path, stored: &str) -> PathBuf {
    stored.split('/').fold(receipt_folder.to_owned(), |path, name| path.join(name))
}
