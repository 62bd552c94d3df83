//! The disk behind one narrow interface, so that every I/O can be made to fail.

mod disk;
#[cfg(unix)]
mod disk_unix;
#[cfg(windows)]
mod disk_windows;
mod holders;

use std::io;
use std::path::{Path, PathBuf};

use super::FileTime;

pub use disk::Disk;

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// File name as stored; what is not Unicode in it is replaced by U+FFFD.
    pub name: String,
    /// What it is; links are never followed.
    pub kind: EntryKind,
    /// Length in bytes of a file.
    pub len: u64,
    /// When it was made, where the system says so.
    pub created: Option<FileTime>,
    /// When its content was last written.
    pub modified: Option<FileTime>,
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
    /// Anything else, also what cannot be examined.
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
    /// Reads up to `len` bytes from the byte at `offset`, fewer at the end: for
    /// hibernation files, which are as large as the machine's memory, and for
    /// devices, which want both numbers to be multiples of their sector.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn read_at(&self, path: &Path, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        let bytes = self.read(path)?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        let end = start.saturating_add(len).min(bytes.len());
        Ok(bytes[start..end].to_vec())
    }
    /// What is at `path`, without following a link; `None` for nothing.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn entry(&self, path: &Path) -> io::Result<Option<DirEntry>>;
    /// The entries of a directory by name; links are not followed.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn list(&self, directory: &Path) -> io::Result<Vec<DirEntry>>;
    /// Creates one directory.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn create_dir(&self, directory: &Path) -> io::Result<()>;
    /// Creates a new file with this content; fails if it exists. A failure may
    /// leave a part of the file behind, which the caller removes.
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
    /// Renames within one volume, replacing an existing file atomically.
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
    /// Which of these files another program has open, each with that program's
    /// name; as far as the system tells. A storage without other programs has none.
    fn holders(&self, files: &[PathBuf]) -> Vec<(PathBuf, String)> {
        let _ = files;
        Vec::new()
    }
    /// Makes everything written to the volume that holds `directory` durable,
    /// before the machine is restarted.
    ///
    /// # Errors
    /// As [`Storage::read`].
    fn sync_volume(&self, directory: &Path) -> io::Result<()> {
        self.sync_dir(directory)
    }
}

/// Takes what the system grants for work on another installation's files: on
/// Windows the privileges that override access rights, and no dialog boxes for
/// empty drives. Once, before the first access. Without the privileges the work
/// goes as far as access rights let it.
pub fn prepare_process() {
    #[cfg(windows)]
    disk_windows::prepare_process();
}

/// A storage failure with the place it happened at.
#[derive(Debug, thiserror::Error)]
#[error("{what} {}: {source}", path.display())]
pub struct StorageError {
    /// What was tried: "cannot read", "cannot rename".
    pub what: &'static str,
    /// Where.
    pub path: PathBuf,
    /// Why it failed.
    pub source: io::Error,
}

impl StorageError {
    /// For `map_err`: what was tried, and where.
    pub fn at(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self { what, path, source }
    }
}
