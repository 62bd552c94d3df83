//! Walks on a real disk.

use std::fs;

use crate::hive::storage::Disk;

use super::*;

fn names(path: &str) -> Vec<String> {
    path.split('\\').map(str::to_owned).collect()
}

fn volume() -> tempfile::TempDir {
    let volume = tempfile::tempdir().unwrap();
    fs::create_dir_all(volume.path().join("WINNT/system32/config")).unwrap();
    fs::write(volume.path().join("WINNT/system32/config/software"), "regf").unwrap();
    volume
}

#[test]
fn existing_names_come_back_in_true_case() {
    let volume = volume();
    let reached = walk(&Disk, volume.path(), &names(r"winnt\SYSTEM32\Config\SOFTWARE")).unwrap();
    assert_eq!(reached.host, volume.path().join("WINNT/system32/config/software"));
    assert_eq!(reached.names, names(r"WINNT\system32\config\software"));
    assert_eq!(reached.entry.unwrap().len, 4);
}

#[test]
fn missing_names_are_taken_as_written() {
    let volume = volume();
    let reached = walk(&Disk, volume.path(), &names(r"winnt\Fonts\Arial.ttf")).unwrap();
    assert_eq!(reached.host, volume.path().join("WINNT/Fonts/Arial.ttf"));
    assert_eq!(reached.entry, None);
}

#[test]
fn nothing_is_below_a_file() {
    let volume = volume();
    let reached = walk(&Disk, volume.path(), &names(r"winnt\system32\config\software\x\y")).unwrap();
    assert_eq!(reached.entry, None);
}

#[test]
fn the_volume_itself_is_a_directory() {
    let volume = volume();
    let reached = walk(&Disk, volume.path(), &[]).unwrap();
    assert_eq!(reached.entry.unwrap().kind, EntryKind::Directory);
}

#[test]
#[cfg(not(windows))] // where names differ only in case there are two files
fn names_that_differ_only_in_case_are_refused() {
    let volume = volume();
    fs::create_dir(volume.path().join("WinNT")).unwrap();
    if fs::read_dir(volume.path()).unwrap().count() == 1 {
        eprintln!("skipped: the temporary folder's volume ignores case");
        return;
    }
    let error = walk(&Disk, volume.path(), &names(r"WINNT\system32")).unwrap_err();
    assert!(matches!(error, PathError::Ambiguous { .. }), "{error}");
}

#[test]
fn what_cannot_be_listed_is_an_error_and_not_an_absence() {
    let volume = volume();
    let error = list(&Disk, &volume.path().join("WINNT/system32/config/software")).unwrap_err();
    assert!(matches!(error, PathError::Io { .. }), "{error}");
}

#[cfg(unix)]
#[test]
fn no_link_is_followed_wherever_it_stands_or_points() {
    use std::os::unix::fs::symlink;
    let volume = volume();
    symlink(volume.path().join("WINNT"), volume.path().join("Documents and Settings")).unwrap();
    symlink("software", volume.path().join("WINNT/system32/config/SAM")).unwrap();
    symlink("nowhere", volume.path().join("dangling")).unwrap();
    for path in [r"documents and settings\system32", r"winnt\system32\config\sam", r"dangling\x"] {
        let error = walk(&Disk, volume.path(), &names(path)).unwrap_err();
        assert!(matches!(error, PathError::ThroughLink { .. }), "{path}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn compressed_system_files_are_files_and_not_ways_elsewhere() {
    use std::os::unix::fs::symlink;
    let volume = volume();
    symlink("unsupported reparse tag 0x80000017", volume.path().join("WINNT/system32/a.dll")).unwrap();
    symlink("unsupported reparse tag 0xa0000003", volume.path().join("WINNT/system32/b")).unwrap();
    let reached = walk(&Disk, volume.path(), &names(r"winnt\system32\A.DLL")).unwrap();
    assert_eq!(reached.entry.unwrap().kind, EntryKind::File);
    assert!(walk(&Disk, volume.path(), &names(r"winnt\system32\b")).is_err());
}
