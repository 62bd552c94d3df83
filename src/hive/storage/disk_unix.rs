//! What Unix systems do their own way: metadata, syncing, volume questions.

use std::collections::BTreeSet;
use std::ffi::{CStr, CString};
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::{StatVfsMountFlags, XattrFlags};
use rustix::io::Errno;

/// What NTFS keeps beside a file's content, as its Linux drivers show it. They
/// answer for these names without listing them: security descriptor,
/// attributes and times of ntfs-3g (manual page "Extended Attributes",
/// `system.ntfs_*`), security descriptor of the kernel's ntfs3
/// (`Documentation/filesystems/ntfs3.rst`). The 8.3 name is left out: it
/// belongs to the directory entry, and two files cannot share one.
const UNLISTED_ATTRIBUTES: [&CStr; 4] =
    [c"system.ntfs_acl", c"system.ntfs_security", c"system.ntfs_attrib", c"system.ntfs_times"];

/// Linux allows 64 KiB for a value and for the list of names (`limits.h`);
/// ntfs-3g shows whole named streams, which may be larger.
const ATTRIBUTE_SIZE_MAX: usize = 1 << 20;

/// How often a value may grow between asking its size and reading it.
const READ_ATTEMPTS: usize = 4;

pub(super) fn is_reparse_point(_metadata: &Metadata) -> bool {
    false
}

pub(super) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

pub(super) fn create_new(path: &Path) -> io::Result<File> {
    File::create_new(path)
}

pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

pub(super) fn sync_volume(directory: &Path) -> io::Result<()> {
    rustix::fs::syncfs(File::open(directory)?).map_err(Into::into)
}

pub(super) fn sync_file(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

pub(super) fn sync_dir(directory: &Path) -> io::Result<()> {
    match File::open(directory)?.sync_all() {
        // File systems without directory syncing say so in this way (fsync(2)).
        Err(error) if error.raw_os_error() == Some(Errno::INVAL.raw_os_error()) => Ok(()),
        result => result,
    }
}

pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

pub(super) fn free_space(directory: &Path) -> io::Result<u64> {
    let volume = rustix::fs::statvfs(directory)?;
    Ok(volume.f_bavail.saturating_mul(volume.f_frsize))
}

pub(super) fn is_read_only(directory: &Path) -> io::Result<bool> {
    Ok(rustix::fs::statvfs(directory)?.f_flag.contains(StatVfsMountFlags::RDONLY))
}

/// The owner goes first, because changing it clears mode bits; the times go
/// last, because everything else changes them.
pub(super) fn copy_metadata(from: &Path, to: &Path) -> io::Result<()> {
    let wanted = fs::symlink_metadata(from)?;
    let present = fs::symlink_metadata(to)?;
    if (wanted.uid(), wanted.gid()) != (present.uid(), present.gid()) {
        std::os::unix::fs::lchown(to, Some(wanted.uid()), Some(wanted.gid()))?;
    }
    if wanted.mode() != fs::symlink_metadata(to)?.mode() {
        fs::set_permissions(to, fs::Permissions::from_mode(wanted.mode() & 0o7777))?;
    }
    for name in attribute_names(from)? {
        copy_attribute(&name, from, to)?;
    }
    let times = fs::FileTimes::new().set_accessed(wanted.accessed()?).set_modified(wanted.modified()?);
    File::open(to)?.set_times(times)
}

fn attribute_names(path: &Path) -> io::Result<BTreeSet<CString>> {
    let mut names: BTreeSet<CString> = UNLISTED_ATTRIBUTES.iter().map(|name| CString::from(*name)).collect();
    let listed =
        read_growing(|buffer| rustix::fs::llistxattr(path, buffer), || rustix::fs::llistxattr_query(path));
    match listed {
        Ok(listed) => names.extend(
            listed
                .split(|byte| *byte == 0)
                .filter(|name| !name.is_empty())
                .filter_map(|name| CString::new(name).ok()),
        ),
        Err(Errno::NOTSUP) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(names)
}

/// Copies one extended attribute; where the source has none, or does not let
/// it be read, the destination keeps what it was created with.
fn copy_attribute(name: &CStr, from: &Path, to: &Path) -> io::Result<()> {
    let wanted = match attribute(name, from) {
        Ok(value) => value,
        Err(Errno::NODATA | Errno::NOTSUP | Errno::PERM | Errno::ACCESS | Errno::INVAL) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if attribute(name, to).is_ok_and(|present| present == wanted) {
        return Ok(());
    }
    rustix::fs::lsetxattr(to, name, &wanted, XattrFlags::empty()).map_err(|error| {
        let reason = io::Error::from(error);
        io::Error::new(reason.kind(), format!("extended attribute {}: {reason}", name.to_string_lossy()))
    })
}

fn attribute(name: &CStr, path: &Path) -> Result<Vec<u8>, Errno> {
    read_growing(
        |buffer| rustix::fs::lgetxattr(path, name, buffer),
        || rustix::fs::lgetxattr_query(path, name),
    )
}

/// Reads what may grow between `size` and `read`.
fn read_growing(
    read: impl Fn(&mut [u8]) -> Result<usize, Errno>,
    size: impl Fn() -> Result<usize, Errno>,
) -> Result<Vec<u8>, Errno> {
    for _ in 0..READ_ATTEMPTS {
        let len = size()?;
        if len > ATTRIBUTE_SIZE_MAX {
            return Err(Errno::TOOBIG);
        }
        let mut buffer = vec![0; len];
        if len == 0 {
            return Ok(buffer);
        }
        match read(&mut buffer) {
            Ok(read) => {
                buffer.truncate(read);
                return Ok(buffer);
            }
            Err(Errno::RANGE) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Errno::RANGE)
}

#[cfg(test)]
mod tests {
    use super::super::{Disk, EntryKind, Storage as _};
    use super::*;
    use std::time::{Duration, SystemTime};

    fn two_files() -> (tempfile::TempDir, std::path::PathBuf, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::write(&from, "a").unwrap();
        fs::write(&to, "b").unwrap();
        (folder, from, to)
    }

    #[test]
    fn mode_and_times_are_copied() {
        let (_folder, from, to) = two_files();
        let long_ago = SystemTime::UNIX_EPOCH + Duration::new(1_000_000_000, 123_456_700);
        fs::set_permissions(&from, fs::Permissions::from_mode(0o440)).unwrap();
        let times = fs::FileTimes::new().set_accessed(long_ago).set_modified(long_ago);
        File::open(&from).unwrap().set_times(times).unwrap();
        Disk.copy_metadata(&from, &to).unwrap();
        let copied = fs::metadata(&to).unwrap();
        assert_eq!(copied.mode() & 0o7777, 0o440);
        assert_eq!((copied.modified().unwrap(), copied.accessed().unwrap()), (long_ago, long_ago));
    }

    #[test]
    fn owner_is_copied_where_the_user_may() {
        let (_folder, from, to) = two_files();
        if std::os::unix::fs::chown(&from, Some(1234), Some(2345)).is_err() {
            eprintln!("skipped: only root may give files away");
            return;
        }
        Disk.copy_metadata(&from, &to).unwrap();
        let copied = fs::metadata(&to).unwrap();
        assert_eq!((copied.uid(), copied.gid()), (1234, 2345));
    }

    #[test]
    fn extended_attributes_are_copied() {
        let (_folder, from, to) = two_files();
        if rustix::fs::setxattr(&from, c"user.stream", b"content", XattrFlags::empty()).is_err() {
            eprintln!("skipped: no extended attributes on the temporary folder's volume");
            return;
        }
        rustix::fs::setxattr(&from, c"user.empty", b"", XattrFlags::empty()).unwrap();
        Disk.copy_metadata(&from, &to).unwrap();
        assert_eq!(attribute(c"user.stream", &to).unwrap(), b"content");
        assert_eq!(attribute(c"user.empty", &to).unwrap(), b"");
    }

    #[test]
    fn links_are_shown_and_not_followed() {
        let (folder, from, _) = two_files();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&from, &link).unwrap();
        assert_eq!(Disk.entry(&link).unwrap().unwrap().kind, EntryKind::Link);
        let dangling = folder.path().join("dangling");
        std::os::unix::fs::symlink("nowhere", &dangling).unwrap();
        let kinds: Vec<EntryKind> =
            Disk.list(folder.path()).unwrap().into_iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [EntryKind::Link, EntryKind::File, EntryKind::Link, EntryKind::File]);
    }
}
