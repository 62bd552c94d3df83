//! The running Windows' own words for a code.

use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::HMODULE;
use windows_sys::Win32::System::Diagnostics::Debug::{
    FORMAT_MESSAGE_FROM_HMODULE, FORMAT_MESSAGE_FROM_SYSTEM, FORMAT_MESSAGE_IGNORE_INSERTS, FormatMessageW,
};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;

use super::{text_before_nul, wide};

/// Longer texts are cut; no message of the system is.
const TEXT_UNITS: usize = 4096;

/// The text of a Win32 error or an HRESULT, in the language of this system.
pub(crate) fn system_text(code: u32) -> Option<String> {
    text(FORMAT_MESSAGE_FROM_SYSTEM, null_mut(), code)
}

/// The text of an NTSTATUS, which ntdll holds.
pub(crate) fn status_text(code: u32) -> Option<String> {
    let name = wide("ntdll.dll");
    // SAFETY: `name` ends in NUL; ntdll is loaded in every process and never unloaded.
    let module = unsafe { GetModuleHandleW(name.as_ptr()) };
    if module.is_null() {
        return None;
    }
    text(FORMAT_MESSAGE_FROM_HMODULE, module, code)
}

fn text(from: u32, module: HMODULE, code: u32) -> Option<String> {
    let mut units = vec![0; TEXT_UNITS];
    // SAFETY: `units` is writable and as long as announced; inserts are ignored,
    // so no arguments are read.
    let len = unsafe {
        FormatMessageW(
            from | FORMAT_MESSAGE_IGNORE_INSERTS,
            module,
            code,
            0,
            units.as_mut_ptr(),
            u32::try_from(TEXT_UNITS).unwrap_or(0),
            null(),
        )
    };
    let text = text_before_nul(units.get(..len as usize)?).to_string_lossy().trim().to_owned();
    (!text.is_empty()).then_some(text)
}
