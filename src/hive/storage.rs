//! The disk behind one narrow interface, so that every I/O can be made to fail.

use std::io;
use std::path::{Path, PathBuf};

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// File name as stored.
    pub name: String,
    /// What it is; links are never followed.
    pub kind: EntryKind,
    /// Length in bytes of a file.
    pub len: u64,
}

/// What a directory entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, junction or other reparse point.
    Link,
    /// Anything else.
    Other,
}

/// Everything pemedic does to a disk. Paths are host paths, already resolved
/// inside the target. Nothing is durable before the matching `sync_*`. Shared with
/// worker threads, therefore `Sync`: a storage that counts uses a mutex or atomics.
pub trait Storage: Send + Sync {
    /// Reads a whole file.
    ///
    /// # Errors
    /// Those of the system; likewise below.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// What is at `path`, without following a link; `None` for nothing.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn entry(&self, path: &Path) -> io::Result<Option<DirEntry>>;
    /// The entries of a directory.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn list(&self, directory: &Path) -> io::Result<Vec<DirEntry>>;
    /// Creates one directory.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn create_dir(&self, directory: &Path) -> io::Result<()>;
    /// Creates a new file with this content; fails if it exists.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Makes a file's content durable.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn sync_file(&self, path: &Path) -> io::Result<()>;
    /// Makes a directory's entries durable (as far as the system can).
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn sync_dir(&self, directory: &Path) -> io::Result<()>;
    /// Renames within one volume, replacing the destination atomically.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty directory.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn remove_dir(&self, directory: &Path) -> io::Result<()>;
    /// Gives `to` the owner, access rights, attributes, times and streams of
    /// `from`.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn copy_metadata(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Free bytes on the volume that holds `directory`.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn free_space(&self, directory: &Path) -> io::Result<u64>;
    /// Whether the volume that holds `directory` is mounted read-only.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn is_read_only(&self, directory: &Path) -> io::Result<bool>;
}

/// The real disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Storage for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }
    fn entry(&self, path: &Path) -> io::Result<Option<DirEntry>> {
        todo!("{path:?}")
    }
    fn list(&self, directory: &Path) -> io::Result<Vec<DirEntry>> {
        todo!("{directory:?}")
    }
    fn create_dir(&self, directory: &Path) -> io::Result<()> {
        std::fs::create_dir(directory)
    }
    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        todo!("{path:?} {bytes:?}")
    }
    fn sync_file(&self, path: &Path) -> io::Result<()> {
        todo!("{path:?}")
    }
    fn sync_dir(&self, directory: &Path) -> io::Result<()> {
        todo!("{directory:?}")
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }
    fn remove_dir(&self, directory: &Path) -> io::Result<()> {
        std::fs::remove_dir(directory)
    }
    fn copy_metadata(&self, from: &Path, to: &Path) -> io::Result<()> {
        todo!("{from:?} {to:?}")
    }
    fn free_space(&self, directory: &Path) -> io::Result<u64> {
        todo!("{directory:?}")
    }
    fn is_read_only(&self, directory: &Path) -> io::Result<bool> {
        todo!("{directory:?}")
    }
}

/// A storage failure with the place it happened at.
#[derive(Debug, thiserror::Error)]
#[error("{what} {path}: {source}")]
pub struct StorageError {
    /// What was tried: "cannot read", "cannot rename".
    pub what: &'static str,
    /// Where.
    pub path: PathBuf,
    /// Why it failed.
    pub source: io::Error,
}
