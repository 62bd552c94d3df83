//! Volumes: which there are, where they are mounted, what state they are in.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{ERROR_NO_MORE_FILES, HANDLE, INVALID_HANDLE_VALUE};
use windows_sys::Win32::Storage::FileSystem::{
    FindFirstVolumeW, FindNextVolumeW, FindVolumeClose, GetDriveTypeW, GetVolumeInformationW,
    GetVolumeNameForVolumeMountPointW, GetVolumePathNameW, GetVolumePathNamesForVolumeNameW,
};
use windows_sys::Win32::System::SystemServices::FILE_READ_ONLY_VOLUME;

use super::{check, text_before_nul, wide, wide_path};

/// A volume name is 49 characters: `\\?\Volume{GUID}\`.
const VOLUME_NAME_UNITS: usize = 64;
/// The longest path the system knows ("Naming Files, Paths, and Namespaces").
const PATH_UNITS: usize = 32_768;
/// `GetDriveTypeW`.
const DRIVE_REMOTE: u32 = 4;
const DRIVE_CDROM: u32 = 5;
/// A bound for the loop; no machine has so many.
const VOLUMES_MAX: usize = 4_096;

/// One volume of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Volume {
    /// `\\?\Volume{GUID}\`, usable as a root folder.
    pub(crate) name: PathBuf,
    /// Letters and folders it is mounted at, none for hidden ones.
    pub(crate) mount_points: Vec<PathBuf>,
    /// `DRIVE_FIXED` and so on (`GetDriveTypeW`).
    drive_type: u32,
}

impl Volume {
    /// A disk of this machine: no network folder, no optical medium.
    pub(crate) fn is_local_disk(&self) -> bool {
        !matches!(self.drive_type, DRIVE_REMOTE | DRIVE_CDROM)
    }
}

/// All volumes, also those without a letter.
///
/// # Errors
/// Those of the system.
pub(crate) fn all() -> io::Result<Vec<Volume>> {
    let mut name = [0; VOLUME_NAME_UNITS];
    let len = u32::try_from(name.len()).unwrap_or(0);
    // SAFETY: `name` is writable and as long as announced.
    let handle = unsafe { FindFirstVolumeW(name.as_mut_ptr(), len) };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    let search = Search(handle);
    let mut volumes = Vec::new();
    while volumes.len() < VOLUMES_MAX {
        volumes.push(volume(text_before_nul(&name)));
        // SAFETY: the search is open; `name` is writable and as long as announced.
        if let Err(error) = check(unsafe { FindNextVolumeW(search.0, name.as_mut_ptr(), len) }) {
            if error.raw_os_error() == Some(ERROR_NO_MORE_FILES.cast_signed()) {
                break;
            }
            return Err(error);
        }
    }
    Ok(volumes)
}

struct Search(HANDLE);

impl Drop for Search {
    fn drop(&mut self) {
        // SAFETY: the handle came from `FindFirstVolumeW` and is closed once.
        unsafe { FindVolumeClose(self.0) };
    }
}

fn volume(name: OsString) -> Volume {
    let wide_name = wide(&name);
    // SAFETY: `wide_name` ends in NUL.
    let drive_type = unsafe { GetDriveTypeW(wide_name.as_ptr()) };
    // A volume whose mount points cannot be had is still reached by its name.
    let mount_points = mount_points(&wide_name).unwrap_or_default();
    Volume { name: name.into(), mount_points, drive_type }
}

fn mount_points(name: &[u16]) -> io::Result<Vec<PathBuf>> {
    let mut paths = vec![0; PATH_UNITS];
    let mut len = 0;
    // SAFETY: `name` ends in NUL; `paths` is writable and as long as announced.
    check(unsafe {
        GetVolumePathNamesForVolumeNameW(
            name.as_ptr(),
            paths.as_mut_ptr(),
            u32::try_from(PATH_UNITS).unwrap_or(0),
            &raw mut len,
        )
    })?;
    let listed = &paths[..(len as usize).min(PATH_UNITS)];
    let each = listed.split(|unit| *unit == 0).filter(|path| !path.is_empty());
    Ok(each.map(|path| text_before_nul(path).into()).collect())
}

/// The root of the volume that holds `path`.
///
/// # Errors
/// Those of the system.
pub(crate) fn root_of(path: &Path) -> io::Result<PathBuf> {
    let path = wide_path(path)?;
    let mut root = vec![0; PATH_UNITS];
    // SAFETY: the path ends in NUL; `root` is writable and as long as announced.
    check(unsafe {
        GetVolumePathNameW(path.as_ptr(), root.as_mut_ptr(), u32::try_from(PATH_UNITS).unwrap_or(0))
    })?;
    let root = text_before_nul(&root).to_string_lossy().into_owned();
    // The volume functions are documented for `D:\`, not for `\\?\D:\`.
    let letter = root.strip_prefix(r"\\?\").filter(|rest| rest.as_bytes().get(1) == Some(&b':'));
    Ok(letter.unwrap_or(&root).into())
}

/// The volume that holds `path` as a device, for reading its sectors:
/// `\\?\Volume{GUID}` without the final backslash.
///
/// # Errors
/// Those of the system.
pub(crate) fn device_of(path: &Path) -> io::Result<PathBuf> {
    let root = root_of(path)?;
    if let Some(root) = root.to_str().filter(|root| root.starts_with(r"\\?\Volume{")) {
        return Ok(root.trim_end_matches('\\').into());
    }
    let root = wide(root);
    let mut name = [0; VOLUME_NAME_UNITS];
    // SAFETY: `root` ends in NUL; `name` is writable and as long as announced.
    check(unsafe {
        GetVolumeNameForVolumeMountPointW(
            root.as_ptr(),
            name.as_mut_ptr(),
            u32::try_from(VOLUME_NAME_UNITS).unwrap_or(0),
        )
    })?;
    let name = text_before_nul(&name).to_string_lossy().into_owned();
    Ok(name.trim_end_matches('\\').into())
}

/// Whether the volume that holds `path` refuses every write.
///
/// # Errors
/// Those of the system.
pub(crate) fn is_read_only(path: &Path) -> io::Result<bool> {
    let root = wide(root_of(path)?);
    let mut flags = 0;
    // SAFETY: `root` ends in NUL; `flags` is writable; what is not asked for is null.
    check(unsafe {
        GetVolumeInformationW(
            root.as_ptr(),
            null_mut(),
            0,
            null_mut(),
            null_mut(),
            &raw mut flags,
            null_mut(),
            0,
        )
    })?;
    Ok(flags & FILE_READ_ONLY_VOLUME != 0)
}
