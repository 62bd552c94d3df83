//! What this process may do, and how it fails.

use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{ERROR_NOT_ALL_ASSIGNED, GetLastError, LUID};
use windows_sys::Win32::Security::{
    AdjustTokenPrivileges, LUID_AND_ATTRIBUTES, LookupPrivilegeValueW, SE_PRIVILEGE_ENABLED,
    TOKEN_ADJUST_PRIVILEGES, TOKEN_PRIVILEGES, TOKEN_QUERY,
};
use windows_sys::Win32::System::Diagnostics::Debug::{
    SEM_FAILCRITICALERRORS, SEM_NOOPENFILEERRORBOX, SetErrorMode,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

use super::{check, wide};

/// An empty card reader answers with an error instead of a dialog box nobody sees.
pub(crate) fn never_ask_for_a_medium() {
    // SAFETY: sets a flag word of this process; no pointers.
    unsafe { SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX) };
}

/// Switches a privilege of this process on, by its name ("Privilege Constants").
///
/// # Errors
/// Those of the system; `ERROR_NOT_ALL_ASSIGNED` where the account does not
/// hold the privilege.
pub(crate) fn enable_privilege(name: &str) -> io::Result<()> {
    let mut luid = LUID { LowPart: 0, HighPart: 0 };
    let name = wide(name);
    // SAFETY: `name` ends in NUL and `luid` is writable; a null system name is this one.
    check(unsafe { LookupPrivilegeValueW(null(), name.as_ptr(), &raw mut luid) })?;
    let wanted = TOKEN_PRIVILEGES {
        PrivilegeCount: 1,
        Privileges: [LUID_AND_ATTRIBUTES { Luid: luid, Attributes: SE_PRIVILEGE_ENABLED }],
    };
    let token = process_token()?;
    // SAFETY: the token is open; `wanted` holds the one privilege it counts; the
    // earlier state is not asked for.
    let adjusted = unsafe {
        AdjustTokenPrivileges(token.as_raw_handle(), 0, &raw const wanted, 0, null_mut(), null_mut())
    };
    // SAFETY: reads a number of this thread. Success of the call does not mean
    // that the privilege was there.
    let code = unsafe { GetLastError() };
    check(adjusted)?;
    if code == ERROR_NOT_ALL_ASSIGNED {
        return Err(io::Error::from_raw_os_error(code.cast_signed()));
    }
    Ok(())
}

fn process_token() -> io::Result<OwnedHandle> {
    let mut token = null_mut();
    // SAFETY: the pseudo handle needs no closing; `token` is writable.
    check(unsafe {
        OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &raw mut token)
    })?;
    // SAFETY: the call succeeded, so `token` is a handle that nobody else owns.
    Ok(unsafe { OwnedHandle::from_raw_handle(token) })
}
