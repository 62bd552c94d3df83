//! Which programs have a file open. Under Windows certain (the file is opened
//! for a moment without sharing); under Linux as far as `/proc` lets the user
//! see other programs' files, and never across a virtual machine.

#[cfg(not(windows))]
use std::path::Path;
use std::path::PathBuf;

/// The kernel lists each program's open files as links in `/proc/PID/fd`
/// (proc(5)). Links are read, never followed, so that a dead network volume in
/// another program cannot hang this one.
#[cfg(not(windows))]
pub(super) fn of(files: &[PathBuf]) -> Vec<(PathBuf, String)> {
    let wanted: Vec<PathBuf> =
        files.iter().map(|file| std::fs::canonicalize(file).unwrap_or_else(|_| file.clone())).collect();
    let own = std::process::id().to_string();
    let mut found = Vec::new();
    for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let pid = process.file_name().to_string_lossy().into_owned();
        if pid == own || !pid.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        for descriptor in std::fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten() {
            let Ok(open) = std::fs::read_link(descriptor.path()) else { continue };
            if let Some(at) = wanted.iter().position(|file| *file == open) {
                found.push((files[at].clone(), process_name(&process.path(), &pid)));
                break;
            }
        }
    }
    found
}

#[cfg(not(windows))]
fn process_name(process: &Path, pid: &str) -> String {
    let name = std::fs::read_to_string(process.join("comm")).unwrap_or_default();
    format!("{} (process {pid})", name.trim_end())
}

/// `ERROR_SHARING_VIOLATION` and `ERROR_LOCK_VIOLATION` (winerror.h).
#[cfg(windows)]
pub(super) fn of(files: &[PathBuf]) -> Vec<(PathBuf, String)> {
    use std::os::windows::fs::OpenOptionsExt as _;
    let is_held = |file: &PathBuf| {
        let opened = std::fs::OpenOptions::new().read(true).share_mode(0).open(file);
        opened.is_err_and(|error| matches!(error.raw_os_error(), Some(32 | 33)))
    };
    let held = files.iter().filter(|file| is_held(file));
    held.map(|file| (file.clone(), "another program".to_owned())).collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_hive_open_in_another_program_is_found_until_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("SYSTEM");
        std::fs::write(&file, "regf").unwrap();
        let input = std::fs::File::open(&file).unwrap();
        let spawned = std::process::Command::new("sleep").arg("60").stdin(input).spawn();
        let Ok(mut other) = spawned else {
            eprintln!("skipped: there is no sleep program");
            return;
        };
        let found = of(std::slice::from_ref(&file));
        other.kill().unwrap();
        other.wait().unwrap();
        assert_eq!(found.len(), 1);
        assert!(found[0].1.contains("sleep"), "{}", found[0].1);
        assert_eq!(of(&[file]), []);
    }

    #[test]
    fn what_this_program_itself_has_open_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("SYSTEM");
        let open = std::fs::File::create(&file).unwrap();
        assert_eq!(of(&[file]), []);
        drop(open);
    }
}
