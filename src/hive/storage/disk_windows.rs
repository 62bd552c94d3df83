//! What Windows does its own way, as far as the standard library reaches.
//!
//! Owner, access rights, hidden and system attributes and alternate streams
//! need calls that are not safe Rust; they live in the crate's one unsafe
//! module for Windows, not here. What is here copies the read-only attribute
//! and the three times.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::{FileTimesExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

/// `FILE_ATTRIBUTE_REPARSE_POINT` (Windows, "File Attribute Constants").
const ATTRIBUTE_REPARSE_POINT: u32 = 0x400;
/// `FILE_FLAG_BACKUP_SEMANTICS` (`CreateFileW`): needed to open a directory,
/// and overrides access rights where the privileges are held.
const FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
/// `FILE_WRITE_ATTRIBUTES` ("File Access Rights Constants").
const ACCESS_WRITE_ATTRIBUTES: u32 = 0x100;
/// `FILE_ADD_FILE` ("File Access Rights Constants").
const ACCESS_ADD_FILE: u32 = 0x2;

pub(super) fn is_reparse_point(metadata: &Metadata) -> bool {
    metadata.file_attributes() & ATTRIBUTE_REPARSE_POINT != 0
}

/// `FlushFileBuffers` wants write access, which the read-only attribute denies
/// even to its owner: it is lifted for the moment of opening.
pub(super) fn sync_file(path: &Path) -> io::Result<()> {
    let open = || OpenOptions::new().write(true).custom_flags(FLAG_BACKUP_SEMANTICS).open(path);
    let file = match open() {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && is_write_protected(path)? => {
            set_write_protected(path, false)?;
            let opened = open();
            set_write_protected(path, true)?;
            opened?
        }
        result => result?,
    };
    file.sync_all()
}

/// NTFS writes its own log in order, so a rename never becomes durable before
/// what was logged ahead of it. Flushing the directory as well is an attempt:
/// file systems and access rights that do not allow it are no failure.
pub(super) fn sync_dir(directory: &Path) -> io::Result<()> {
    let opened =
        OpenOptions::new().read(true).write(true).custom_flags(FLAG_BACKUP_SEMANTICS).open(directory);
    match opened.and_then(|directory| directory.sync_all()) {
        Err(error) if is_hardware_failure(&error) => Err(error),
        _ => Ok(()),
    }
}

/// Codes of `winerror.h` that mean the medium, not the request:
/// `ERROR_NOT_READY`, `ERROR_CRC`, `ERROR_WRITE_FAULT`, `ERROR_GEN_FAILURE`,
/// `ERROR_DISK_FULL`, `ERROR_IO_DEVICE`, `ERROR_DEVICE_NOT_CONNECTED`.
fn is_hardware_failure(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(21 | 23 | 29 | 31 | 112 | 1117 | 1167))
}

pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && is_write_protected(path)? => {
            set_write_protected(path, false)?;
            fs::remove_file(path)
        }
        result => result,
    }
}

pub(super) fn free_space(directory: &Path) -> io::Result<u64> {
    fs4::available_space(directory)
}

/// Asking for the right to add a file changes nothing, and a write-protected
/// volume refuses it with its own error code.
pub(super) fn is_read_only(directory: &Path) -> io::Result<bool> {
    let opened =
        OpenOptions::new().access_mode(ACCESS_ADD_FILE).custom_flags(FLAG_BACKUP_SEMANTICS).open(directory);
    match opened {
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
        _ => Ok(false),
    }
}

pub(super) fn copy_metadata(from: &Path, to: &Path) -> io::Result<()> {
    let wanted = fs::symlink_metadata(from)?;
    let times = fs::FileTimes::new()
        .set_created(wanted.created()?)
        .set_accessed(wanted.accessed()?)
        .set_modified(wanted.modified()?);
    let file: File = OpenOptions::new()
        .access_mode(ACCESS_WRITE_ATTRIBUTES)
        .custom_flags(FLAG_BACKUP_SEMANTICS)
        .open(to)?;
    file.set_times(times)?;
    set_write_protected(to, wanted.permissions().readonly())
}

fn is_write_protected(path: &Path) -> io::Result<bool> {
    Ok(fs::symlink_metadata(path)?.permissions().readonly())
}

fn set_write_protected(path: &Path, write_protected: bool) -> io::Result<()> {
    let mut permissions = fs::symlink_metadata(path)?.permissions();
    if permissions.readonly() == write_protected {
        return Ok(());
    }
    permissions.set_readonly(write_protected);
    fs::set_permissions(path, permissions)
}
