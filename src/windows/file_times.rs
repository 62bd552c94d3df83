//! When a file on the target was made and last written.
//!
//! A volume read under Linux shows the moment a file was made only through the
//! driver: ntfs-3g as an extended attribute (manual page "Extended
//! Attributes", `system.ntfs_crtime_be`), the kernel's drivers as birth time.
//! On a copy of an installation the birth time is when the copy was made, which
//! is after the last writing; so it never counts as later than that.

use std::path::Path;

use crate::hive::FileTime;
use crate::hive::storage::DirEntry;

/// A file's times, as far as they can be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileTimes {
    /// When it was made.
    pub created: Option<FileTime>,
    /// When its content was last written.
    pub modified: Option<FileTime>,
}

impl FileTimes {
    /// The times of the entry at `host`.
    pub fn of(entry: &DirEntry, host: &Path) -> Self {
        let modified = entry.modified;
        let made = if cfg!(windows) { entry.created } else { ntfs_created(host).or(earlier(entry)) };
        Self { created: made, modified }
    }
}

/// The birth time, or the last writing where that was before it.
fn earlier(entry: &DirEntry) -> Option<FileTime> {
    match (entry.created, entry.modified) {
        (Some(created), Some(modified)) => Some(created.min(modified)),
        (created, modified) => created.or(modified),
    }
}

#[cfg(unix)]
fn ntfs_created(host: &Path) -> Option<FileTime> {
    let mut bytes = [0; 8];
    let len = rustix::fs::lgetxattr(host, c"system.ntfs_crtime_be", &mut bytes).ok()?;
    (len == bytes.len()).then(|| FileTime(u64::from_be_bytes(bytes)))
}

#[cfg(not(unix))]
fn ntfs_created(_host: &Path) -> Option<FileTime> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hive::storage::EntryKind;

    fn entry(created: Option<u64>, modified: Option<u64>) -> DirEntry {
        DirEntry {
            name: "c23".to_owned(),
            kind: EntryKind::File,
            len: 0,
            created: created.map(FileTime),
            modified: modified.map(FileTime),
        }
    }

    #[test]
    fn a_copy_is_not_younger_than_its_content() {
        assert_eq!(earlier(&entry(Some(9), Some(5))), Some(FileTime(5)));
        assert_eq!(earlier(&entry(Some(3), Some(5))), Some(FileTime(3)));
        assert_eq!(earlier(&entry(None, Some(5))), Some(FileTime(5)));
        assert_eq!(earlier(&entry(None, None)), None);
    }

    #[test]
    fn an_ordinary_file_has_times() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c23");
        std::fs::write(&path, "x").unwrap();
        let entry = entry(Some(9), Some(5));
        assert_eq!(FileTimes::of(&entry, &path).modified, Some(FileTime(5)));
    }
}
