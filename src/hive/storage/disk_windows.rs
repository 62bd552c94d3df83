//! What Windows does its own way: access rights overridden, renames written
//! through, owner, rights, attributes, times and streams kept.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::system_calls::file_metadata::{self, BasicMetadata};
use crate::system_calls::{process, replace, security, streams, volume};

/// `FILE_ATTRIBUTE_REPARSE_POINT` and those below: "File Attribute Constants".
const ATTRIBUTE_REPARSE_POINT: u32 = 0x400;
const ATTRIBUTE_COMPRESSED: u32 = 0x800;
const ATTRIBUTE_NORMAL: u32 = 0x80;
/// Read-only, hidden, system, archive, temporary, offline, not indexed: what can
/// be set. The others say how the file is stored.
const ATTRIBUTES_SETTABLE: u32 = 0x1 | 0x2 | 0x4 | 0x20 | 0x100 | 0x1000 | 0x2000;
/// `FILE_FLAG_BACKUP_SEMANTICS` (`CreateFileW`): needed to open a directory,
/// and overrides access rights where the privileges are held.
const FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
/// `FILE_FLAG_OPEN_REPARSE_POINT` (`CreateFileW`): the link, not what it leads to.
const FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
/// "File Access Rights Constants" and "Standard Access Rights".
const ACCESS_ADD_FILE: u32 = 0x2;
const ACCESS_READ_ATTRIBUTES: u32 = 0x80;
const ACCESS_WRITE_ATTRIBUTES: u32 = 0x100;
const ACCESS_READ_CONTROL: u32 = 0x2_0000;
const ACCESS_WRITE_DAC_AND_OWNER: u32 = 0x4_0000 | 0x8_0000;
const ACCESS_SYSTEM_SECURITY: u32 = 0x0100_0000;
/// `SECURITY_INFORMATION`: owner, group, access list, and with the privilege
/// for it the audit list.
const OWNER_GROUP_RIGHTS: u32 = 0x1 | 0x2 | 0x4;
const AUDIT_LIST: u32 = 0x8;

/// Privileges that override access rights, set any owner, and reach the audit
/// list ("Privilege Constants"). The system of a WinPE holds all.
const PRIVILEGES: [&str; 4] =
    ["SeBackupPrivilege", "SeRestorePrivilege", "SeSecurityPrivilege", "SeTakeOwnershipPrivilege"];

pub(super) fn prepare_process() {
    process::never_ask_for_a_medium();
    for privilege in PRIVILEGES {
        // What is not granted shows as "access denied" where it is missed.
        let _ = process::enable_privilege(privilege);
    }
}

/// Options that reach what access rights deny.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.custom_flags(FLAG_BACKUP_SEMANTICS);
    options
}

/// The file itself for its metadata, also where it is a link.
fn open_for(path: &Path, access: u32) -> io::Result<File> {
    options().access_mode(access).custom_flags(FLAG_BACKUP_SEMANTICS | FLAG_OPEN_REPARSE_POINT).open(path)
}

pub(super) fn open(path: &Path) -> io::Result<File> {
    options().read(true).open(path)
}

pub(super) fn create_new(path: &Path) -> io::Result<File> {
    options().write(true).create_new(true).open(path)
}

pub(super) fn is_reparse_point(metadata: &Metadata) -> bool {
    metadata.file_attributes() & ATTRIBUTE_REPARSE_POINT != 0
}

/// Replacing a write-protected file is refused; the protection is lifted, and
/// comes back with the metadata that the new file was given.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match replace::rename_write_through(from, to) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && is_write_protected(to) => {
            set_write_protected(to, false)?;
            replace::rename_write_through(from, to).inspect_err(|_| {
                // The refusal is what matters to the caller.
                let _ = set_write_protected(to, true);
            })
        }
        result => result,
    }
}

/// `FlushFileBuffers` wants write access, which the read-only attribute denies
/// even to its owner: it is lifted for the moment of opening.
pub(super) fn sync_file(path: &Path) -> io::Result<()> {
    let open = || options().write(true).open(path);
    let file = match open() {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && is_write_protected(path) => {
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
    let opened = options().read(true).write(true).open(directory);
    flushed(opened.and_then(|directory| directory.sync_all()))
}

/// Flushing a volume wants an administrator; without one the files were still
/// flushed one by one.
pub(super) fn sync_volume(directory: &Path) -> io::Result<()> {
    let device = volume::device_of(directory);
    let opened = device.and_then(|device| OpenOptions::new().read(true).write(true).open(device));
    flushed(opened.and_then(|device| device.sync_all()))
}

/// Only the medium's failure is one.
fn flushed(result: io::Result<()>) -> io::Result<()> {
    match result {
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
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && is_write_protected(path) => {
            set_write_protected(path, false)?;
            fs::remove_file(path)
        }
        result => result,
    }
}

pub(super) fn free_space(directory: &Path) -> io::Result<u64> {
    fs4::available_space(directory)
}

/// The volume says so itself; where it does not, asking for the right to add a
/// file changes nothing and is refused with the code for write protection.
pub(super) fn is_read_only(directory: &Path) -> io::Result<bool> {
    if volume::is_read_only(directory).unwrap_or(false) {
        return Ok(true);
    }
    match options().access_mode(ACCESS_ADD_FILE).open(directory) {
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
        _ => Ok(false),
    }
}

/// Owner and rights, streams, then attributes and times, which everything else
/// would change again.
pub(super) fn copy_metadata(from: &Path, to: &Path) -> io::Result<()> {
    copy_security(from, to)?;
    for name in stream_names(from)? {
        copy_stream(&with_stream(from, &name), &with_stream(to, &name))?;
    }
    let source = open_for(from, ACCESS_READ_ATTRIBUTES)?;
    let wanted = file_metadata::read(&source)?;
    copy_compression(wanted, to)?;
    let settable = wanted.attributes & ATTRIBUTES_SETTABLE;
    let attributes = if settable == 0 { ATTRIBUTE_NORMAL } else { settable };
    let destination = open_for(to, ACCESS_WRITE_ATTRIBUTES)?;
    file_metadata::write(&destination, BasicMetadata { attributes, ..wanted })
}

/// With the audit list where the privilege is held, else without it. A
/// descriptor that is equal already is not written: an account without any
/// privilege may still repair its own files.
fn copy_security(from: &Path, to: &Path) -> io::Result<()> {
    let whole = copy_security_parts(from, to, ACCESS_SYSTEM_SECURITY, OWNER_GROUP_RIGHTS | AUDIT_LIST);
    if whole.is_ok() {
        return whole;
    }
    match copy_security_parts(from, to, 0, OWNER_GROUP_RIGHTS) {
        // FAT volumes have no descriptors: `ERROR_INVALID_FUNCTION`, `ERROR_NOT_SUPPORTED`.
        Err(error) if matches!(error.raw_os_error(), Some(1 | 50)) => Ok(()),
        result => result,
    }
}

fn copy_security_parts(from: &Path, to: &Path, access: u32, parts: u32) -> io::Result<()> {
    let wanted = security::read(&open_for(from, ACCESS_READ_CONTROL | access)?, parts)?;
    let present = security::read(&open_for(to, ACCESS_READ_CONTROL | access)?, parts)?;
    if wanted == present {
        return Ok(());
    }
    security::write(&open_for(to, ACCESS_WRITE_DAC_AND_OWNER | access)?, parts, &wanted)
}

/// File systems without streams do not know the question.
fn stream_names(path: &Path) -> io::Result<Vec<std::ffi::OsString>> {
    match streams::names(path) {
        // `ERROR_INVALID_FUNCTION`, `ERROR_NOT_SUPPORTED`, `ERROR_INVALID_PARAMETER`,
        // `ERROR_CALL_NOT_IMPLEMENTED`.
        Err(error) if matches!(error.raw_os_error(), Some(1 | 50 | 87 | 120)) => Ok(Vec::new()),
        result => result,
    }
}

fn with_stream(path: &Path, stream: &std::ffi::OsStr) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(stream);
    name.into()
}

fn copy_stream(from: &Path, to: &Path) -> io::Result<()> {
    let mut destination = options().write(true).create(true).truncate(true).open(to)?;
    io::copy(&mut open(from)?, &mut destination)?;
    destination.sync_all()
}

/// A new file takes its folder's way of being stored.
fn copy_compression(wanted: BasicMetadata, to: &Path) -> io::Result<()> {
    let wanted = wanted.attributes & ATTRIBUTE_COMPRESSED;
    let present = file_metadata::read(&open_for(to, ACCESS_READ_ATTRIBUTES)?)?.attributes;
    if wanted == present & ATTRIBUTE_COMPRESSED {
        return Ok(());
    }
    file_metadata::set_compressed(&options().read(true).write(true).open(to)?, wanted != 0)
}

fn is_write_protected(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.permissions().readonly())
}

fn set_write_protected(path: &Path, write_protected: bool) -> io::Result<()> {
    let mut permissions = fs::symlink_metadata(path)?.permissions();
    if permissions.readonly() == write_protected {
        return Ok(());
    }
    permissions.set_readonly(write_protected);
    fs::set_permissions(path, permissions)
}

#[cfg(test)]
mod tests;
