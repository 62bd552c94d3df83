//! The alternate data streams of a file.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use windows_sys::Win32::Foundation::{ERROR_HANDLE_EOF, HANDLE, INVALID_HANDLE_VALUE};
use windows_sys::Win32::Storage::FileSystem::{
    FindClose, FindFirstStreamW, FindNextStreamW, FindStreamInfoStandard, WIN32_FIND_STREAM_DATA,
};

use super::{check, text_before_nul, wide_path};

/// The unnamed stream, which is the file's content.
const CONTENT: &str = "::$DATA";
/// So many streams are no accident; a bound for the loop.
const STREAMS_MAX: usize = 4096;

/// Names of the alternate streams, as they are put after a path:
/// `:Zone.Identifier:$DATA`.
///
/// # Errors
/// Those of the system; file systems without streams say
/// `ERROR_INVALID_PARAMETER` or `ERROR_HANDLE_EOF`, the latter being "none" here.
pub(crate) fn names(path: &Path) -> io::Result<Vec<OsString>> {
    let path = wide_path(path)?;
    // SAFETY: plain data of integers, for which all zeros is a value.
    let mut stream: WIN32_FIND_STREAM_DATA = unsafe { std::mem::zeroed() };
    // SAFETY: the path ends in NUL; `stream` is of the type this level returns.
    let handle =
        unsafe { FindFirstStreamW(path.as_ptr(), FindStreamInfoStandard, (&raw mut stream).cast(), 0) };
    if handle == INVALID_HANDLE_VALUE {
        return ended(io::Error::last_os_error()).map(|()| Vec::new());
    }
    let search = Search(handle);
    let mut names = Vec::new();
    while names.len() < STREAMS_MAX {
        let name = text_before_nul(&stream.cStreamName);
        if name != CONTENT {
            names.push(name);
        }
        // SAFETY: the search is open; `stream` is of the type it was started with.
        if let Err(error) = check(unsafe { FindNextStreamW(search.0, (&raw mut stream).cast()) }) {
            ended(error)?;
            break;
        }
    }
    Ok(names)
}

fn ended(error: io::Error) -> io::Result<()> {
    if error.raw_os_error() == Some(ERROR_HANDLE_EOF.cast_signed()) { Ok(()) } else { Err(error) }
}

struct Search(HANDLE);

impl Drop for Search {
    fn drop(&mut self) {
        // SAFETY: the handle came from `FindFirstStreamW` and is closed once.
        unsafe { FindClose(self.0) };
    }
}
