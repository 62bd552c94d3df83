//! The Windows executable as a file: what it asks of the system that loads it,
//! what it says about itself.

use std::path::PathBuf;

use pelite::pe64::{Pe as _, PeFile};

/// What the release build imports and every x64 `WinPE` 10 and 11 holds: the
/// kernel's own libraries, the C library of the system, the random numbers
/// behind Rust's hash maps, and an API set that the loader itself resolves.
const IN_EVERY_WINPE: [&str; 7] = [
    "advapi32.dll",
    "api-ms-win-core-synch-l1-2-0.dll",
    "bcryptprimitives.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "ntdll.dll",
    "user32.dll",
];

/// A boot stick and a 512 MB machine want a small one. The goal is 5 MB;
/// `winpe/README.md` says what it is and where the bytes are. This holds what
/// has been reached.
const SIZE_MAX_BYTES: u64 = 5_700_000;

/// The executable named by `PEMEDIC_WINDOWS_EXE` (which then must exist), else
/// the release build beside this one.
fn executable() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("PEMEDIC_WINDOWS_EXE") {
        return Some(named.into());
    }
    let built =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/x86_64-pc-windows-gnu/release/pemedic.exe");
    if !built.exists() {
        eprintln!("skipped: no Windows release build at {}", built.display());
        return None;
    }
    Some(built)
}

fn image() -> Option<pelite::FileMap> {
    executable().map(|path| pelite::FileMap::open(&path).unwrap())
}

#[test]
fn it_needs_only_what_every_winpe_has() {
    let Some(image) = image() else { return };
    let file = PeFile::from_bytes(&image).unwrap();
    let imported: Vec<String> = file
        .imports()
        .unwrap()
        .iter()
        .map(|dll| dll.dll_name().unwrap().to_str().unwrap().to_lowercase())
        .collect();
    assert!(!imported.is_empty());
    let missing: Vec<&String> =
        imported.iter().filter(|dll| !IN_EVERY_WINPE.contains(&dll.as_str())).collect();
    assert!(missing.is_empty(), "a base WinPE lacks {missing:?}");
}

#[test]
fn it_is_small() {
    let Some(path) = executable() else { return };
    let size = std::fs::metadata(path).unwrap().len();
    assert!(size <= SIZE_MAX_BYTES, "{size} bytes are more than {SIZE_MAX_BYTES}");
}

#[test]
fn it_carries_version_icon_and_manifest() {
    let Some(image) = image() else { return };
    let resources = PeFile::from_bytes(&image).unwrap().resources().unwrap();
    let version = resources.version_info().unwrap();
    let language = version.translation()[0];
    assert_eq!(version.value(language, "ProductName").unwrap(), "pemedic");
    assert_eq!(version.value(language, "ProductVersion").unwrap(), env!("CARGO_PKG_VERSION"));
    let (_, icon) = resources.icons().next().unwrap().unwrap();
    assert_eq!(icon.entries().len(), 4);
    let manifest = resources.manifest().unwrap();
    for wanted in ["asInvoker", "longPathAware", "UTF-8"] {
        assert!(manifest.contains(wanted), "{wanted} is not in {manifest}");
    }
}

#[test]
fn it_is_a_console_program_for_x64() {
    let Some(image) = image() else { return };
    let file = PeFile::from_bytes(&image).unwrap();
    /// `IMAGE_FILE_MACHINE_AMD64`, `IMAGE_SUBSYSTEM_WINDOWS_CUI` (PE format).
    const AMD64_CONSOLE: (u16, u16) = (0x8664, 3);
    assert_eq!((file.file_header().Machine, file.optional_header().Subsystem), AMD64_CONSOLE);
}
