//! Guards on real NTFS volumes, up to the refusal: what is said, and that not
//! one byte of the volume changes. Skipped, and says so, where volumes cannot
//! be made or mounted.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::Command;

use pemedic::hive::Value;
use pemedic::session::{GuardEffect, Options, Outcome, Session, Status};

use crate::support::ntfs::{Image, Mounted, junction_data, run};
use crate::support::target::{Target, TestSession, WINDOWS_XP, article, set};

const FIX: &str = "[[step]]\nkey = 'HKLM\\SOFTWARE\\Vendor\\App'\nset = { Mode = 1 }\n";

fn xp() -> Target {
    Target::new(WINDOWS_XP, |hives| set(&mut hives.software, r"Vendor\App", "Mode", &Value::dword(0)))
}

/// A volume with this target and one more file on it, unmounted.
fn image_with(target: &Target, file: &str, content: &[u8]) -> Option<Image> {
    let image = Image::with_files(target.root())?;
    let mounted = image.mount()?;
    fs::write(mounted.root.join(file), content).unwrap();
    Some(image)
}

fn session(target: &Target, fix: &str, root: &Path) -> TestSession {
    TestSession { session: target.session(&[article(fix)]).session.with_target(root) }
}

fn hibernation_file(signature: [u8; 4]) -> Vec<u8> {
    let mut file = signature.to_vec();
    file.resize(8192, 0);
    file
}

/// Refused by this guard, with what was seen, why it matters and what to do.
fn assert_refuses(session: &TestSession, id: &str, saw: &str, why: &str, next: &str) {
    let prepared = session.plan(&["kb1"]);
    let guards = &prepared.plan().guards;
    let guard = guards.iter().find(|guard| guard.id == id).unwrap_or_else(|| panic!("{id}: {guards:#?}"));
    assert_eq!(guard.effect, GuardEffect::Refuses);
    assert!(guard.saw.contains(saw) && guard.why.contains(why) && guard.next.contains(next), "{guard:#?}");
    let report = session.carry_out(&prepared);
    assert_eq!(report.outcome, Outcome::Refused);
    assert!(report.failure.unwrap().contains(&guard.next));
}

fn assert_untouched(image: &Image, mounted: Mounted, before: &[u8]) {
    drop(mounted);
    assert!(fs::read(image.file()).unwrap() == before, "the volume is not what it was");
}

/// ntfs-3g mounts such a volume read-only and reports success.
#[test]
fn a_hibernated_or_fast_startup_volume_is_refused_and_stays_as_it_was() {
    for signature in [*b"HIBR", *b"hibr"] {
        let target = xp();
        let file = hibernation_file(signature);
        let Some(image) = image_with(&target, "hiberfil.sys", &file) else { return };
        let before = fs::read(image.file()).unwrap();
        let Some(mounted) = image.mount() else { return };
        let session = session(&target, FIX, &mounted.root);
        assert_refuses(&session, "hibernated", "hiberfil.sys", "Fast Startup", "shutdown /s /t 0");
        assert_refuses(&session, "read-only", "read-only", "without an error", "mount it for writing");
        assert_untouched(&image, mounted, &before);
    }
}

/// Such a volume mounts for writing, without a word.
#[test]
fn an_interrupted_resume_is_refused_on_a_volume_that_could_be_written_to() {
    let target = xp();
    let Some(image) = image_with(&target, "hiberfil.sys", &hibernation_file(*b"RSTR")) else { return };
    let Some(mounted) = image.mount() else { return };
    let session = session(&target, FIX, &mounted.root);
    assert_refuses(&session, "resume-interrupted", "RSTR", "resume that session again", "restoration data");
    assert!(!mounted.root.join("pemedic").exists());
}

#[test]
fn a_volume_that_is_mounted_read_only_is_refused() {
    let target = xp();
    let Some(image) = Image::with_files(target.root()) else { return };
    let before = fs::read(image.file()).unwrap();
    let root = image.folder.path().join("mounted");
    if !run("ntfs-3g", &["-o", "ro"], &[&image.file(), &root]) {
        return;
    }
    let mounted = Mounted { root };
    let session = session(&target, FIX, &mounted.root);
    assert_refuses(&session, "read-only", "mounted read-only", "Nothing can be written", "Find out why");
    assert_untouched(&image, mounted, &before);
}

#[test]
fn a_dirty_volume_is_warned_of_and_may_be_repaired() {
    let target = xp();
    let Some(image) = Image::with_files(target.root()) else { return };
    if !run("ntfsfix", &[], &[&image.file()]) {
        return;
    }
    let Some(mounted) = image.mount() else { return };
    let session = session(&target, FIX, &mounted.root);
    let prepared = session.plan(&["kb1"]);
    let guard = prepared.plan().guards.iter().find(|guard| guard.id == "volume-dirty").unwrap();
    assert_eq!(guard.effect, GuardEffect::Warns);
    assert!(guard.next.contains("chkdsk"), "{guard:?}");
    session.apply(&["kb1"]);
    session.undo();
}

#[test]
fn a_repair_on_ntfs_comes_back() {
    let target = xp();
    let Some(image) = image_with(&target, "bad.dll", b"bad") else { return };
    let Some(mounted) = image.mount() else { return };
    let fix = format!("{FIX}[[step]]\nmove-aside = '{{SystemDrive}}\\bad.dll'\n");
    let session = session(&target, &fix, &mounted.root);
    let before = session.content();
    session.apply(&["kb1"]);
    assert!(!mounted.root.join("bad.dll").exists());
    session.undo();
    assert_eq!(session.content(), before);
    assert_eq!(fs::read(mounted.root.join("bad.dll")).unwrap(), b"bad");
}

#[test]
fn a_repaired_hive_keeps_its_rights_attributes_and_times_on_ntfs() {
    let target = xp();
    let Some(image) = Image::with_files(target.root()) else { return };
    let Some(mounted) = image.mount() else { return };
    let hive = mounted.root.join("WINDOWS/system32/config/software");
    let attribute = |name: &std::ffi::CStr| {
        let mut buffer = vec![0; 4096];
        let len = rustix::fs::getxattr(&hive, name, &mut buffer).unwrap();
        buffer.truncate(len);
        buffer
    };
    // Read-only for nobody, but hidden and a system file (FILE_ATTRIBUTE_*).
    let flags = rustix::fs::XattrFlags::empty();
    rustix::fs::setxattr(&hive, c"system.ntfs_attrib", &0x26_u32.to_le_bytes(), flags).unwrap();
    let made_and_written =
        [125_000_000_000_000_000_u64, 126_000_000_000_000_000, 126_000_000_000_000_000].map(u64::to_le_bytes);
    rustix::fs::setxattr(&hive, c"system.ntfs_times", &made_and_written.concat(), flags).unwrap();
    // The first 16 bytes: when it was made, when it was written.
    let seen = || {
        (
            attribute(c"system.ntfs_acl"),
            attribute(c"system.ntfs_attrib"),
            attribute(c"system.ntfs_times")[..16].to_vec(),
        )
    };
    let before = seen();
    let session = session(&target, FIX, &mounted.root);
    let content = fs::read(&hive).unwrap();
    session.apply(&["kb1"]);
    assert_ne!(fs::read(&hive).unwrap(), content);
    assert_eq!(seen(), before);
    session.undo();
    assert_eq!(seen(), before);
}

#[test]
fn a_hive_that_another_program_holds_open_is_refused() {
    let target = xp();
    let Some(image) = Image::with_files(target.root()) else { return };
    let Some(mounted) = image.mount() else { return };
    let session = session(&target, FIX, &mounted.root);
    let hive = mounted.root.join("WINDOWS/system32/config/software");
    let held = fs::File::open(&hive).unwrap();
    let mut holder = Command::new("sleep").arg("60").stdin(held).spawn().unwrap();
    assert_refuses(&session, "hive-held-open", "is open in sleep", "destroy each other", "Close it");
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert!(!mounted.root.join("pemedic").exists());
    session.apply(&["kb1"]);
}

/// Windows' own junctions name a drive letter, which here may be any disk.
#[test]
fn a_path_through_a_junction_is_blocked_whatever_letter_it_names() {
    for to in [r"C:\Users", r"D:\Users", r"Volume{11111111-1111-1111-1111-111111111111}\x"] {
        let target = xp();
        let Some(image) = Image::with_files(target.root()) else { return };
        {
            let Some(mounted) = image.mount() else { return };
            fs::create_dir(mounted.root.join("Users")).unwrap();
            fs::write(mounted.root.join("Users").join("bad.dll"), "precious").unwrap();
            let junction = mounted.root.join("linked");
            fs::create_dir(&junction).unwrap();
            let (attribute, flags) = (c"system.ntfs_reparse_data", rustix::fs::XattrFlags::empty());
            rustix::fs::setxattr(&junction, attribute, &junction_data(to), flags).unwrap();
        }
        let Some(mounted) = image.mount() else { return };
        let session = session(&target, "[[step]]\nmove-aside = 'C:\\linked\\bad.dll'\n", &mounted.root);
        let prepared = session.plan(&["kb1"]);
        let fix = &prepared.plan().fixes[0];
        assert_eq!(fix.status, Status::Blocked, "{to}");
        assert!(
            fix.reason.contains("linked") && fix.reason.contains("could leave the target"),
            "{}",
            fix.reason
        );
        assert_eq!(session.carry_out(&prepared).outcome, Outcome::Refused);
        assert_eq!(fs::read(mounted.root.join("Users").join("bad.dll")).unwrap(), b"precious");
    }
}

/// A loop device with the boot sector of a locked volume: Windows on it cannot
/// be found, so the answer to "where is it" has to say why.
#[test]
fn a_locked_volume_is_named_where_targets_are_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("locked.img");
    let mut volume = vec![0; 1 << 20];
    volume[3..11].copy_from_slice(b"-FVE-FS-");
    fs::write(&file, volume).unwrap();
    let attached = Command::new("losetup").args(["--find", "--show", "--read-only"]).arg(&file).output();
    let Some(attached) = attached.ok().filter(|output| output.status.success()) else {
        eprintln!("skipped: no loop device can be had here");
        return;
    };
    let device = String::from_utf8(attached.stdout).unwrap().trim().to_owned();
    let report = Session::open(Options::default()).targets();
    Command::new("losetup").args(["--detach", &device]).status().unwrap();
    let problems = report.unwrap().problems;
    let said =
        problems.iter().find(|problem| problem.contains(&device)).unwrap_or_else(|| panic!("{problems:?}"));
    for part in ["encrypted with BitLocker", "Nothing on it can be seen", "manage-bde -unlock"] {
        assert!(said.contains(part), "{said}");
    }
}
