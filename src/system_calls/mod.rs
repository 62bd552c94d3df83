//! The Windows calls the standard library lacks, each behind a safe function.
//!
//! The only module of the crate that may hold `unsafe`. Every wrapper takes and
//! returns Rust types, owns what it opens and turns failures into
//! [`std::io::Error`] with the system's own code. Knows nothing of hives,
//! installations or screens; every layer may use it.
#![allow(unsafe_code)]

pub(crate) mod screen_buffer;

/// A string as the wide functions want it: UTF-16 with a final NUL.
fn wide(text: impl AsRef<std::ffi::OsStr>) -> Vec<u16> {
    use std::os::windows::ffi::OsStrExt;
    text.as_ref().encode_wide().chain(Some(0)).collect()
}

/// The result of a call that reports failure by zero.
fn check(result: i32) -> std::io::Result<()> {
    if result == 0 { Err(std::io::Error::last_os_error()) } else { Ok(()) }
}
