//! The real disk, through the standard library.

use std::fs::{self, Metadata};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::{DirEntry, EntryKind, Storage};
use crate::hive::FileTime;

#[cfg(unix)]
use super::disk_unix as system;
#[cfg(windows)]
use super::disk_windows as system;

/// How much is read at once; a multiple of every sector size.
const READ_PART_BYTES: usize = 1 << 20;

/// The real disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Storage for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        system::open(path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn read_at(&self, path: &Path, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        let mut file = system::open(path)?;
        file.seek(io::SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        // Devices take whole sectors only, so nothing smaller is asked for.
        while bytes.len() < len {
            let before = bytes.len();
            bytes.resize(len.min(before + READ_PART_BYTES), 0);
            let read = file.read(&mut bytes[before..])?;
            bytes.truncate(before + read);
            if read == 0 {
                break;
            }
        }
        Ok(bytes)
    }

    fn entry(&self, path: &Path) -> io::Result<Option<DirEntry>> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        match fs::symlink_metadata(path) {
            Ok(metadata) => Ok(Some(dir_entry(name.into_owned(), &metadata))),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<DirEntry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            match entry.metadata() {
                Ok(metadata) => entries.push(dir_entry(name, &metadata)),
                // Gone since the directory was read.
                Err(error) if is_absence(&error) => {}
                // One damaged entry must not hide all others of its directory.
                Err(_) => entries.push(unreadable_entry(name)),
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn create_dir(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir(directory)
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        system::create_new(path)?.write_all(bytes)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        system::sync_file(path)
    }

    fn sync_dir(&self, directory: &Path) -> io::Result<()> {
        system::sync_dir(directory)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        system::rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        system::remove_file(path)
    }

    fn remove_dir(&self, directory: &Path) -> io::Result<()> {
        fs::remove_dir(directory)
    }

    fn copy_metadata(&self, from: &Path, to: &Path) -> io::Result<()> {
        system::copy_metadata(from, to)
    }

    fn free_space(&self, directory: &Path) -> io::Result<u64> {
        system::free_space(directory)
    }

    fn is_read_only(&self, directory: &Path) -> io::Result<bool> {
        system::is_read_only(directory)
    }

    fn holders(&self, files: &[PathBuf]) -> Vec<(PathBuf, String)> {
        super::holders::of(files)
    }

    fn sync_volume(&self, directory: &Path) -> io::Result<()> {
        system::sync_volume(directory)
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn dir_entry(name: String, metadata: &Metadata) -> DirEntry {
    let kind = if metadata.is_symlink() || system::is_reparse_point(metadata) {
        EntryKind::Link
    } else if metadata.is_dir() {
        EntryKind::Directory
    } else if metadata.is_file() {
        EntryKind::File
    } else {
        EntryKind::Other
    };
    let len = if kind == EntryKind::File { metadata.len() } else { 0 };
    let created = metadata.created().ok().and_then(FileTime::from_system_time);
    let modified = metadata.modified().ok().and_then(FileTime::from_system_time);
    DirEntry { name, kind, len, created, modified }
}

fn unreadable_entry(name: String) -> DirEntry {
    DirEntry { name, kind: EntryKind::Other, len: 0, created: None, modified: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn write_new_refuses_an_existing_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("SYSTEM");
        Disk.write_new(&path, b"old").unwrap();
        let error = Disk.write_new(&path, b"new").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(Disk.read(&path).unwrap(), b"old");
    }

    #[test]
    fn a_part_of_a_large_file_is_read_up_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hiberfil.sys");
        Disk.write_new(&path, b"HIBR and a lot more").unwrap();
        assert_eq!(Disk.read_at(&path, 0, 4).unwrap(), b"HIBR");
        assert_eq!(Disk.read_at(&path, 11, 100).unwrap(), b"lot more"[..]);
        assert_eq!(Disk.read_at(&path, 100, 4).unwrap(), b"");
    }

    #[test]
    fn a_whole_volume_can_be_flushed() {
        let folder = tempfile::tempdir().unwrap();
        Disk.sync_volume(folder.path()).unwrap();
    }

    #[test]
    fn entries_say_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("SYSTEM");
        assert_eq!(Disk.entry(&path).unwrap(), None);
        Disk.write_new(&path, b"four").unwrap();
        assert_eq!(Disk.entry(&path.join("below")).unwrap(), None);
        Disk.create_dir(&folder.path().join("TxR")).unwrap();
        let entries = Disk.list(folder.path()).unwrap();
        let said = |entry: &DirEntry| (entry.name.clone(), entry.kind, entry.len);
        let file = ("SYSTEM".to_owned(), EntryKind::File, 4);
        let directory = ("TxR".to_owned(), EntryKind::Directory, 0);
        assert_eq!(Disk.entry(&path).unwrap().as_ref().map(said), Some(file.clone()));
        assert_eq!(entries.iter().map(said).collect::<Vec<_>>(), [file, directory]);
        assert!(entries[0].modified.is_some_and(|time| time <= FileTime::now()));
    }

    #[test]
    fn rename_replaces_and_syncs_succeed() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("SYSTEM"), folder.path().join("SYSTEM.new"));
        Disk.write_new(&old, b"old").unwrap();
        Disk.write_new(&new, b"new").unwrap();
        Disk.sync_file(&new).unwrap();
        Disk.rename(&new, &old).unwrap();
        Disk.sync_dir(folder.path()).unwrap();
        assert_eq!(Disk.read(&old).unwrap(), b"new");
        assert_eq!(Disk.list(folder.path()).unwrap().len(), 1);
    }

    #[test]
    fn a_read_only_file_can_be_synced_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("SYSTEM");
        Disk.write_new(&path, b"x").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        Disk.sync_file(&path).unwrap();
        Disk.remove_file(&path).unwrap();
        assert_eq!(Disk.entry(&path).unwrap(), None);
    }

    #[test]
    fn volume_questions_are_answered() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Disk.free_space(folder.path()).unwrap() > 0);
        assert!(!Disk.is_read_only(folder.path()).unwrap());
    }
}
