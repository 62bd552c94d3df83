//! Attributes and times of a file through its open handle.

use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;
use std::ptr::null_mut;

use windows_sys::Win32::Storage::FileSystem::{
    FILE_BASIC_INFO, FileBasicInfo, GetFileInformationByHandleEx, SetFileInformationByHandle,
};
use windows_sys::Win32::System::IO::DeviceIoControl;
use windows_sys::Win32::System::Ioctl::FSCTL_SET_COMPRESSION;

use super::check;

/// Four times of 8 bytes, 4 of attributes, padded to 8.
const BASIC_SIZE_BYTES: u32 = 40;
const _: () = assert!(size_of::<FILE_BASIC_INFO>() == BASIC_SIZE_BYTES as usize);

/// Times in 100-nanosecond units since 1601, and attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BasicMetadata {
    /// Created, last read, last written, last changed in any way.
    pub(crate) times: [i64; 4],
    /// "File Attribute Constants".
    pub(crate) attributes: u32,
}

/// # Errors
/// Those of the system.
pub(crate) fn read(file: &File) -> io::Result<BasicMetadata> {
    // SAFETY: plain data of integers, for which all zeros is a value.
    let mut basic: FILE_BASIC_INFO = unsafe { std::mem::zeroed() };
    // SAFETY: the handle is open; `basic` is writable and as large as announced.
    check(unsafe {
        GetFileInformationByHandleEx(
            file.as_raw_handle(),
            FileBasicInfo,
            (&raw mut basic).cast(),
            BASIC_SIZE_BYTES,
        )
    })?;
    Ok(BasicMetadata {
        times: [basic.CreationTime, basic.LastAccessTime, basic.LastWriteTime, basic.ChangeTime],
        attributes: basic.FileAttributes,
    })
}

/// A zero, for a time or for the attributes, leaves what is there.
///
/// # Errors
/// Those of the system.
pub(crate) fn write(file: &File, metadata: BasicMetadata) -> io::Result<()> {
    let [created, read, written, changed] = metadata.times;
    let basic = FILE_BASIC_INFO {
        CreationTime: created,
        LastAccessTime: read,
        LastWriteTime: written,
        ChangeTime: changed,
        FileAttributes: metadata.attributes,
    };
    // SAFETY: the handle is open; `basic` is as large as announced.
    check(unsafe {
        SetFileInformationByHandle(
            file.as_raw_handle(),
            FileBasicInfo,
            (&raw const basic).cast(),
            BASIC_SIZE_BYTES,
        )
    })
}

/// Has NTFS store the file compressed, or not.
///
/// # Errors
/// Those of the system; file systems without compression know no such request.
pub(crate) fn set_compressed(file: &File, compressed: bool) -> io::Result<()> {
    // `COMPRESSION_FORMAT_DEFAULT` is 1, none is 0.
    let format = u16::from(compressed);
    let mut returned = 0;
    // SAFETY: the handle is open; the input is the two bytes of `format`; there is no output.
    check(unsafe {
        DeviceIoControl(
            file.as_raw_handle(),
            FSCTL_SET_COMPRESSION,
            (&raw const format).cast(),
            2,
            null_mut(),
            0,
            &raw mut returned,
            null_mut(),
        )
    })
}
