//! The Windows side of the disk; run under Wine as well.

use super::super::{Disk, Storage as _};
use super::*;

const ATTRIBUTE_HIDDEN_AND_SYSTEM: u32 = 0x2 | 0x4;

fn two_files() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("SYSTEM"), folder.path().join("SYSTEM.new"));
    fs::write(&from, "old").unwrap();
    fs::write(&to, "new").unwrap();
    (folder, from, to)
}

fn metadata_of(path: &Path) -> BasicMetadata {
    file_metadata::read(&open_for(path, ACCESS_READ_ATTRIBUTES).unwrap()).unwrap()
}

#[test]
fn attributes_and_all_times_are_copied() {
    let (_folder, from, to) = two_files();
    let long_ago = 0x01C0_0000_1234_5678;
    let wanted = BasicMetadata { times: [long_ago; 4], attributes: ATTRIBUTE_HIDDEN_AND_SYSTEM };
    file_metadata::write(&open_for(&from, ACCESS_WRITE_ATTRIBUTES).unwrap(), wanted).unwrap();
    Disk.copy_metadata(&from, &to).unwrap();
    let copied = metadata_of(&to);
    assert_eq!(copied.attributes, metadata_of(&from).attributes);
    assert_eq!(copied.attributes & ATTRIBUTE_HIDDEN_AND_SYSTEM, ATTRIBUTE_HIDDEN_AND_SYSTEM);
    assert_eq!(copied.times[2], long_ago);
    assert_eq!(copied.times[0], metadata_of(&from).times[0]);
}

#[test]
fn a_write_protected_file_is_replaced_and_stays_protected() {
    let (_folder, from, to) = two_files();
    set_write_protected(&from, true).unwrap();
    Disk.copy_metadata(&from, &to).unwrap();
    Disk.sync_file(&to).unwrap();
    Disk.rename(&to, &from).unwrap();
    assert_eq!(fs::read(&from).unwrap(), b"new");
    assert!(is_write_protected(&from));
    Disk.remove_file(&from).unwrap();
}

#[test]
fn a_volume_knows_its_root_device_and_state() {
    let folder = tempfile::tempdir().unwrap();
    let root = volume::root_of(folder.path()).unwrap();
    assert!(root.to_str().unwrap().ends_with(":\\"), "{root:?}");
    let device = volume::device_of(folder.path()).unwrap();
    assert!(device.to_str().unwrap().starts_with(r"\\?\Volume{"), "{device:?}");
    assert!(!device.to_str().unwrap().ends_with('\\'), "{device:?}");
    assert!(!Disk.is_read_only(folder.path()).unwrap());
    assert!(volume::all().unwrap().iter().any(|volume| volume.mount_points.contains(&root)));
}

#[test]
fn paths_beyond_the_old_limit_are_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("d".repeat(120)).join("e".repeat(120));
    fs::create_dir_all(&deep).unwrap();
    let (from, to) = (deep.join("new"), deep.join("NTUSER.DAT"));
    fs::write(&from, "new").unwrap();
    fs::write(&to, "old").unwrap();
    Disk.rename(&from, &to).unwrap();
    assert_eq!(fs::read(&to).unwrap(), b"new");
}

#[test]
fn privileges_are_asked_for_by_their_real_names() {
    for privilege in PRIVILEGES {
        // 1300: the account lacks it; any other code would be a wrong name.
        let result = process::enable_privilege(privilege);
        assert!(matches!(&result, Ok(()) | Err(_)
            if result.as_ref().err().and_then(io::Error::raw_os_error).unwrap_or(1300) == 1300));
    }
    assert!(process::enable_privilege("SeNoSuchPrivilege").is_err());
}
