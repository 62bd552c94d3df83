//! The Windows calls the standard library lacks, each behind a safe function.
//!
//! The only module of the crate that may hold `unsafe`. Every wrapper takes and
//! returns Rust types, owns what it opens and turns failures into
//! [`std::io::Error`] with the system's own code. Knows nothing of hives,
//! installations or screens; every layer may use it.
#![allow(unsafe_code)]

pub(crate) mod file_metadata;
pub(crate) mod message;
pub(crate) mod process;
pub(crate) mod replace;
pub(crate) mod screen_buffer;
pub(crate) mod security;
pub(crate) mod streams;
pub(crate) mod volume;

use std::io;
use std::path::Path;

/// A string as the wide functions want it: UTF-16 with a final NUL.
fn wide(text: impl AsRef<std::ffi::OsStr>) -> Vec<u16> {
    use std::os::windows::ffi::OsStrExt;
    text.as_ref().encode_wide().chain(Some(0)).collect()
}

/// The text before the first NUL of a buffer that a call filled.
fn text_before_nul(units: &[u16]) -> std::ffi::OsString {
    use std::os::windows::ffi::OsStringExt;
    let len = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
    std::ffi::OsString::from_wide(&units[..len])
}

/// A path no function cuts at 260 characters: absolute, with `\\?\` before a
/// drive letter ("Maximum Path Length Limitation"). WinPE does not switch long
/// paths on, whatever a manifest asks for.
fn wide_path(path: &Path) -> io::Result<Vec<u16>> {
    use std::path::{Component, Prefix};
    let absolute = std::path::absolute(path)?;
    let needs_prefix = matches!(
        absolute.components().next(),
        Some(Component::Prefix(prefix)) if matches!(prefix.kind(), Prefix::Disk(_))
    );
    if !needs_prefix {
        return Ok(wide(absolute));
    }
    let mut verbatim = std::ffi::OsString::from(r"\\?\");
    verbatim.push(absolute);
    Ok(wide(verbatim))
}

/// The result of a call that reports failure by zero.
fn check(result: i32) -> io::Result<()> {
    if result == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
