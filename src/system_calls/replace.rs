//! Renaming that is on the disk when it returns.

use std::io;
use std::path::Path;

use windows_sys::Win32::Storage::FileSystem::{
    MOVEFILE_REPLACE_EXISTING, MOVEFILE_WRITE_THROUGH, MoveFileExW,
};

use super::{check, wide_path};

/// Renames within a volume, replacing a file of the new name in one step, and
/// returns when the rename has been written.
///
/// Not `ReplaceFileW`: that is several renames, between which the name can be
/// missing ("`ReplaceFileW`", `ERROR_UNABLE_TO_MOVE_REPLACEMENT_2`), and a machine
/// without its SYSTEM hive does not start.
///
/// # Errors
/// Those of the system.
pub(crate) fn rename_write_through(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = (wide_path(from)?, wide_path(to)?);
    // SAFETY: both strings end in NUL and outlive the call.
    check(unsafe {
        MoveFileExW(from.as_ptr(), to.as_ptr(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)
    })
}
