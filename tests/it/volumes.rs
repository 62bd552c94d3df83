//! Targets on real NTFS volumes: image files, made by `mkntfs` and mounted by
//! ntfs-3g. Skipped, and says so, where that is not possible.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::Command;

use pemedic::hive::FileTime;
use pemedic::hive::storage::{Disk, EntryKind, Storage as _};
use pemedic::windows::build::InstallationBuilder;
use pemedic::windows::file_times::FileTimes;
use pemedic::windows::path::PathError;
use pemedic::windows::state::{self, State};
use pemedic::windows::{Installation, volumes};

use crate::support::ntfs::{Image, junction_data, run};

fn ten() -> Option<Image> {
    Image::with_windows(&InstallationBuilder::ten())
}

fn hibernation_file(signature: &[u8]) -> Vec<u8> {
    let mut file = signature.to_vec();
    file.resize(8192, 0);
    file
}

fn states(installation: &Installation) -> Vec<State> {
    state::examine(&Disk, installation).into_iter().map(|finding| finding.state).collect()
}

#[test]
fn a_windows_on_ntfs_is_found_whatever_the_case_of_the_path() {
    let Some(image) = ten() else { return };
    let Some(mounted) = image.mount() else { return };
    let found = pemedic::windows::discover(&Disk, &[image.folder.path().to_owned()]);
    let [Ok(installation)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(installation.volume, mounted.root);
    let path = installation.resolve(&Disk, r"c:\WINDOWS\SYSTEM32\CONFIG\system").unwrap();
    assert_eq!(path.windows, r"C:\Windows\System32\config\SYSTEM");
    assert_eq!(states(installation), []);
    assert!(volumes::mounted().contains(&mounted.root));
    assert_eq!(volumes::device_of(&mounted.root), Some(image.file()));
}

#[test]
fn the_time_a_file_was_made_comes_from_ntfs_itself() {
    let Some(image) = Image::new() else { return };
    let Some(mounted) = image.mount() else { return };
    let path = mounted.root.join("c23");
    fs::write(&path, "key").unwrap();
    let made = FileTime(127_396_800_000_000_000);
    let attribute = c"system.ntfs_crtime_be";
    rustix::fs::setxattr(&path, attribute, &made.0.to_be_bytes(), rustix::fs::XattrFlags::empty()).unwrap();
    let entry = Disk.entry(&path).unwrap().unwrap();
    assert_eq!(FileTimes::of(&entry, &path).created, Some(made));
}

#[test]
fn a_hibernated_volume_is_seen_and_mounts_read_only_without_an_error() {
    let Some(image) = ten() else { return };
    {
        let Some(mounted) = image.mount() else { return };
        fs::write(mounted.root.join("hiberfil.sys"), hibernation_file(b"HIBR")).unwrap();
    }
    let Some(mounted) = image.mount() else { return };
    assert!(Disk.is_read_only(&mounted.root).unwrap());
    let installation = Installation::open(&Disk, &mounted.root).unwrap();
    assert_eq!(states(&installation), [State::Hibernated]);
}

#[test]
fn an_interrupted_resume_is_seen_on_a_volume_that_mounts_writable() {
    let Some(image) = ten() else { return };
    for (signature, expected) in [(b"RSTR", vec![State::ResumeInterrupted]), (b"WAKE", vec![])] {
        {
            let Some(mounted) = image.mount() else { return };
            fs::write(mounted.root.join("hiberfil.sys"), hibernation_file(signature)).unwrap();
        }
        let Some(mounted) = image.mount() else { return };
        assert!(!Disk.is_read_only(&mounted.root).unwrap());
        let installation = Installation::open(&Disk, &mounted.root).unwrap();
        assert_eq!(states(&installation), expected);
    }
}

#[test]
fn a_dirty_volume_is_seen_though_it_mounts_silently() {
    let Some(image) = ten() else { return };
    assert_eq!(state::dirty_flag::is_dirty(&Disk, &image.file()).unwrap(), Some(false));
    // ntfsfix repairs nothing here; it asks Windows for a check by the flag.
    if !run("ntfsfix", &[], &[&image.file()]) {
        return;
    }
    assert_eq!(state::dirty_flag::is_dirty(&Disk, &image.file()).unwrap(), Some(true));
    let Some(mounted) = image.mount() else { return };
    let installation = Installation::open(&Disk, &mounted.root).unwrap();
    assert_eq!(states(&installation), [State::VolumeDirty]);
}

#[test]
fn a_hive_open_in_another_program_is_seen() {
    let Some(image) = ten() else { return };
    let Some(mounted) = image.mount() else { return };
    let installation = Installation::open(&Disk, &mounted.root).unwrap();
    let hive = installation.resolve(&Disk, r"%SystemRoot%\System32\config\SOFTWARE").unwrap().host;
    let mut other = Command::new("sleep").arg("60").stdin(fs::File::open(&hive).unwrap()).spawn().unwrap();
    let seen = states(&installation);
    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(seen, [State::HiveHeldOpen]);
}

#[test]
fn a_junction_of_windows_itself_is_not_followed() {
    let Some(image) = ten() else { return };
    let junctions = [("Documents and Settings", r"C:\Users"), ("elsewhere", r"D:\Users")];
    {
        let Some(mounted) = image.mount() else { return };
        for (name, to) in junctions {
            let junction = mounted.root.join(name);
            fs::create_dir(&junction).unwrap();
            let flags = rustix::fs::XattrFlags::empty();
            let attribute = c"system.ntfs_reparse_data";
            rustix::fs::setxattr(&junction, attribute, &junction_data(to), flags).unwrap();
        }
    }
    let Some(mounted) = image.mount() else { return };
    let installation = Installation::open(&Disk, &mounted.root).unwrap();
    for (name, _) in junctions {
        for path in [format!(r"C:\{name}\Technician\NTUSER.DAT"), format!(r"C:\{name}")] {
            let error = installation.resolve(&Disk, &path).unwrap_err();
            assert!(matches!(error, PathError::ThroughLink { .. }), "{error}");
        }
    }
}

/// A folder that becomes a junction under FUSE's eyes cannot be examined once.
#[test]
fn an_entry_that_cannot_be_examined_does_not_hide_the_others() {
    let Some(image) = Image::new() else { return };
    let Some(mounted) = image.mount() else { return };
    let broken = mounted.root.join("broken");
    fs::create_dir(&broken).unwrap();
    fs::write(mounted.root.join("sound"), "x").unwrap();
    let flags = rustix::fs::XattrFlags::empty();
    rustix::fs::setxattr(&broken, c"system.ntfs_reparse_data", &junction_data(r"C:\x"), flags).unwrap();
    let entries = Disk.list(&mounted.root).unwrap();
    let seen: Vec<_> = entries.iter().map(|entry| (entry.name.as_str(), entry.kind)).collect();
    assert_eq!(seen, [("broken", EntryKind::Other), ("sound", EntryKind::File)]);
}

#[test]
fn a_locked_volume_is_known_by_its_boot_sector() {
    let folder = tempfile::tempdir().unwrap();
    let device = folder.path().join("locked");
    let mut sector = vec![0; 4096];
    sector[3..11].copy_from_slice(b"-FVE-FS-");
    fs::write(&device, sector).unwrap();
    assert_eq!(state::locked::examine(&Disk, &device).unwrap().state, State::BitLockerLocked);
    let Some(image) = Image::new() else { return };
    assert_eq!(state::locked::examine(&Disk, &image.file()), None);
}
