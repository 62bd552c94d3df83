//! Owner, group and access rights of a file, byte for byte.
//!
//! The kernel-object functions are used because the named ones compute
//! inheritance anew from the parent folder and so change what is there.

use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::ERROR_INSUFFICIENT_BUFFER;
use windows_sys::Win32::Security::{GetKernelObjectSecurity, SetKernelObjectSecurity};

use super::check;

/// A descriptor cannot be larger: each of its two lists ends at 64 KiB (`ACL`).
const DESCRIPTOR_SIZE_MAX_BYTES: u32 = 256 * 1024;

/// In the first word of a descriptor, whose upper half is its control field
/// (`SECURITY_DESCRIPTOR_CONTROL`): "was inherited" of both lists, and eight
/// places below each, the request to keep it that way when set.
const AUTO_INHERITED: u32 = 0x0C00 << 16;
const AUTO_INHERIT_REQUEST_SHIFT: u32 = 2;

/// A self-relative security descriptor; words, because the system wants it aligned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SecurityDescriptor {
    words: Vec<u32>,
}

/// Reads the parts named by `parts` (`SECURITY_INFORMATION`).
///
/// # Errors
/// Those of the system.
pub(crate) fn read(file: &File, parts: u32) -> io::Result<SecurityDescriptor> {
    let mut words: Vec<u32> = Vec::new();
    let mut size_bytes = 0;
    loop {
        let have = u32::try_from(words.len() * 4).unwrap_or(u32::MAX);
        // SAFETY: the handle is open; `words` has room for the `have` bytes it announces.
        let result = check(unsafe {
            GetKernelObjectSecurity(
                file.as_raw_handle(),
                parts,
                words.as_mut_ptr().cast(),
                have,
                &raw mut size_bytes,
            )
        });
        match result {
            Ok(()) => return Ok(SecurityDescriptor { words }),
            Err(error) if error.raw_os_error() == Some(ERROR_INSUFFICIENT_BUFFER.cast_signed()) => {
                if size_bytes <= have || size_bytes > DESCRIPTOR_SIZE_MAX_BYTES {
                    return Err(error);
                }
                words = vec![0; size_bytes.div_ceil(4) as usize];
            }
            Err(error) => return Err(error),
        }
    }
}

/// Sets the parts named by `parts`.
///
/// # Errors
/// Those of the system.
pub(crate) fn write(file: &File, parts: u32, descriptor: &SecurityDescriptor) -> io::Result<()> {
    let mut words = descriptor.words.clone();
    if let Some(first) = words.first_mut() {
        *first |= (*first & AUTO_INHERITED) >> AUTO_INHERIT_REQUEST_SHIFT;
    }
    let descriptor = if words.is_empty() { null_mut() } else { words.as_mut_ptr().cast() };
    // SAFETY: the handle is open; `words` holds a descriptor that the system wrote.
    check(unsafe { SetKernelObjectSecurity(file.as_raw_handle(), parts, descriptor) })
}
