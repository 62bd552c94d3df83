//! Loading and committing on the real disk.

use std::fs;

use super::super::storage::Disk;
use super::*;

fn folder_with_hive(content: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("SYSTEM");
    fs::write(&path, content).unwrap();
    (folder, path)
}

fn names(folder: &Path) -> Vec<String> {
    Disk.list(folder).unwrap().into_iter().map(|entry| entry.name).collect()
}

#[test]
fn commit_replaces_the_content_and_leaves_nothing_beside() {
    let (folder, path) = folder_with_hive(b"old");
    commit_bytes(&Disk, &path, b"new image").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new image");
    assert_eq!(names(folder.path()), ["SYSTEM"]);
}

#[test]
fn commit_keeps_the_time_of_the_file() {
    let (_folder, path) = folder_with_hive(b"old");
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    commit_bytes(&Disk, &path, b"new image").unwrap();
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), long_ago);
}

#[test]
fn leftover_of_a_crash_is_replaced() {
    let (folder, path) = folder_with_hive(b"old");
    fs::write(folder.path().join("SYSTEM.pemedic-new"), b"half").unwrap();
    commit_bytes(&Disk, &path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(names(folder.path()), ["SYSTEM"]);
    assert!(!remove_leftover(&Disk, &path).unwrap());
}

#[test]
fn leftover_that_is_a_folder_is_an_error_and_the_hive_stays() {
    let (folder, path) = folder_with_hive(b"old");
    fs::create_dir(folder.path().join("SYSTEM.pemedic-new")).unwrap();
    let error = commit_bytes(&Disk, &path, b"new").unwrap_err();
    assert!(error.to_string().contains("SYSTEM.pemedic-new"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[test]
fn missing_hive_is_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("SYSTEM");
    assert!(matches!(commit_bytes(&Disk, &path, b"new"), Err(StoreError::Missing(_))));
    assert!(matches!(load(&Disk, &path), Err(StoreError::Missing(_))));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn folder_in_place_of_the_hive_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = commit_bytes(&Disk, folder.path(), b"new").unwrap_err();
    assert!(error.to_string().contains("this is a folder"), "{error}");
}

#[cfg(unix)]
#[test]
fn link_in_place_of_the_hive_is_refused() {
    let (folder, path) = folder_with_hive(b"old");
    let link = folder.path().join("LINK");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let error = commit_bytes(&Disk, &link, b"new").unwrap_err();
    assert!(error.to_string().contains("this is a link"), "{error}");
    assert!(load(&Disk, &link).is_err());
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[test]
#[cfg(not(windows))] // where names differ only in case there are two files
fn logs_are_found_in_any_case_of_letters() {
    let (folder, path) = folder_with_hive(b"x");
    for name in ["system.log", "SYSTEM.LOG1", "System.Log1", "SYSTEM.log2", "SYSTEM.LOG3", "SYSTEMX.LOG1"] {
        fs::write(folder.path().join(name), name).unwrap();
    }
    fs::create_dir(folder.path().join("SYSTEM.LOG")).unwrap();
    let logs = read_logs(&Disk, &path).unwrap();
    let found: Vec<(&str, &[u8])> =
        logs.iter().map(|log| (log.name.as_str(), log.bytes.as_slice())).collect();
    let expected = ["SYSTEM.LOG1", "SYSTEM.log2", "system.log"].map(|name| (name, name.as_bytes()));
    assert_eq!(found, expected);
}

#[test]
fn oversized_files_are_refused_before_they_are_read() {
    let (_folder, path) = folder_with_hive(b"x");
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_len(HIVE_SIZE_MAX_BYTES + 1).unwrap();
    let error = load(&Disk, &path).err().unwrap();
    assert!(error.to_string().contains("at most 2147483648"), "{error}");
}

#[test]
fn paths_without_a_folder_mean_the_current_one() {
    assert_eq!(directory_of(Path::new("SYSTEM")), Path::new("."));
    assert_eq!(new_image_path(Path::new("a/SYSTEM")), Path::new("a/SYSTEM.pemedic-new"));
}
