//! Guards: states of a target in which nothing is written.

use std::sync::Arc;

use pemedic::hive::Value;
use pemedic::session::{Choices, ExitClass, GuardEffect, GuardFinding, Options, Outcome, Session};

use crate::support::crash_storage::CrashStorage;
use crate::support::log_writer::set_sequences;
use crate::support::target::{Target, TestSession, WINDOWS_XP, article, set};

const FIX: &str = "[[step]]\nkey = 'HKLM\\SOFTWARE\\Vendor\\App'\nset = { Mode = 1 }\n";

fn xp() -> Target {
    Target::new(WINDOWS_XP, |hives| set(&mut hives.software, r"Vendor\App", "Mode", &Value::dword(0)))
}

fn finding(session: &TestSession, id: &str) -> GuardFinding {
    let prepared = session.plan(&["kb1"]);
    let guards = &prepared.plan().guards;
    guards
        .iter()
        .find(|finding| finding.id == id)
        .unwrap_or_else(|| panic!("{id} is not in {guards:#?}"))
        .clone()
}

/// The guard refuses, says all it should, and nothing is written.
fn assert_refused(target: &Target, session: &TestSession, id: &str) {
    let found = finding(session, id);
    assert_eq!(found.effect, GuardEffect::Refuses);
    assert!(found.saw.len() > 10 && found.why.len() > 10 && found.next.len() > 10, "{found:?}");
    let before = target.files();
    let report = session.carry_out(&session.plan(&["kb1"]));
    assert_eq!(report.outcome, Outcome::Refused);
    assert!(report.failure.unwrap().contains(&found.saw));
    assert_eq!(target.files(), before);
}

fn hibernation_file(target: &Target, signature: &[u8; 4]) {
    let mut page = vec![0; 8192];
    page[..4].copy_from_slice(signature);
    std::fs::write(target.root().join("hiberfil.sys"), page).unwrap();
}

#[test]
fn a_hibernated_windows_is_not_written_to() {
    for signature in [b"HIBR", b"hibr"] {
        let target = xp();
        hibernation_file(&target, signature);
        assert_refused(&target, &target.session(&[article(FIX)]), "hibernated");
    }
    let target = xp();
    hibernation_file(&target, b"RSTR");
    assert_refused(&target, &target.session(&[article(FIX)]), "resume-interrupted");
}

#[test]
fn a_spent_hibernation_file_is_no_obstacle() {
    for signature in [b"WAKE", b"wake", &[0; 4]] {
        let target = xp();
        hibernation_file(&target, signature);
        target.session(&[article(FIX)]).apply(&["kb1"]);
    }
}

#[test]
fn giving_the_image_up_is_a_risky_fix_of_its_own() {
    let target = xp();
    hibernation_file(&target, b"HIBR");
    let (name, text) = article("[[step]]\nmove-aside = '{SystemDrive}\\hiberfil.sys'\n");
    let text = text.replace("safety = \"safe\"", "safety = \"risky\"\nwarning = \"Unsaved work is lost.\"");
    let session = target.session(&[(name, text)]);
    assert_eq!(finding(&session, "hibernated").effect, GuardEffect::Warns);
    let prepared = session.plan(&["kb1"]);
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Refused, "not without permission");
    assert_eq!(session.carry_out_risky(&prepared).outcome, Outcome::Applied);
    assert!(!target.root().join("hiberfil.sys").exists());
    // Bringing the image back over a changed volume would destroy it.
    let undo = session.session.undo_plan(None, &[], &pemedic::session::Choices::default()).unwrap();
    assert!(undo.plan().guards.iter().any(|it| it.id == "stale-image" && it.effect == GuardEffect::Refuses));
    assert_eq!(session.carry_out(&undo).outcome, Outcome::Refused);
}

/// What the guard offers is there.
#[test]
fn the_fix_that_the_guard_names_gives_the_image_up() {
    let target = xp();
    hibernation_file(&target, b"HIBR");
    let session = target.session(&[article(FIX)]);
    let fix = "fast-startup/discard";
    assert!(finding(&session, "hibernated").next.contains(fix));
    let prepared = session.plan(&[fix]);
    assert!(prepared.plan().fixes[0].warning.as_ref().unwrap().contains("lost for good"));
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Refused, "not without permission");
    assert_eq!(session.carry_out_risky(&prepared).outcome, Outcome::Applied);
    session.apply(&["kb1"]);
}

#[test]
fn windows_old_is_not_repaired() {
    let target = xp();
    let old = target.root().join("Windows.old");
    std::fs::create_dir(&old).unwrap();
    for folder in ["WINDOWS", "Documents and Settings"] {
        std::fs::rename(target.root().join(folder), old.join(folder)).unwrap();
    }
    let session = target.session(&[article(FIX)]);
    let session = TestSession { session: session.session.with_target(&old) };
    assert_eq!(finding(&session, "windows-old").effect, GuardEffect::Refuses);
    assert_eq!(session.carry_out(&session.plan(&["kb1"])).outcome, Outcome::Refused);
}

#[test]
fn a_windows_pe_is_not_repaired() {
    let target = Target::new(WINDOWS_XP, |hives| {
        set(
            &mut hives.software,
            r"Microsoft\Windows NT\CurrentVersion\WinPE",
            "Version",
            &Value::string("10.0"),
        );
    });
    assert_refused(&target, &target.session(&[article(FIX)]), "windows-pe");
}

#[test]
fn policies_and_unknown_releases_are_warned_of() {
    let target = Target::new(WINDOWS_XP, |hives| {
        let version = r"Microsoft\Windows NT\CurrentVersion";
        set(&mut hives.software, version, "CurrentMajorVersionNumber", &Value::dword(12));
        set(&mut hives.software, version, "CurrentMinorVersionNumber", &Value::dword(0));
    });
    let fix = "[[step]]\nkey = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\X'\nset = { A = 1 }\n";
    let session = target.session(&[article(fix)]);
    assert_eq!(finding(&session, "newer-windows").effect, GuardEffect::Warns);
    assert_eq!(finding(&session, "policies").effect, GuardEffect::Warns);
    session.apply(&["kb1"]);
}

/// No log says how the write ended that it was in.
#[test]
fn a_hive_that_cannot_be_recovered_is_refused_untouched() {
    let target = xp();
    let mut image = std::fs::read(target.user()).unwrap();
    set_sequences(&mut image, 9, 8);
    std::fs::write(target.user(), &image).unwrap();
    let session = target.session(&[article("[[step]]\nkey = 'HKCU\\Software\\App'\nset = { Mode = 1 }\n")]);
    let before = target.files();
    let prepared = session.plan(&["kb1"]);
    let fix = &prepared.plan().fixes[0];
    assert_eq!(fix.status, pemedic::session::Status::Blocked);
    assert!(fix.reason.contains("NTUSER.DAT") && fix.reason.contains("dirty"), "{}", fix.reason);
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Refused);
    assert_eq!(target.files(), before);
}

/// The same in the hive that says what the installation is.
#[test]
fn an_installation_whose_own_hive_cannot_be_recovered_is_refused() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    let mut image = std::fs::read(target.software()).unwrap();
    set_sequences(&mut image, 9, 8);
    std::fs::write(target.software(), &image).unwrap();
    let error = session.session.plan(&["kb1".to_owned()], &Choices::default()).err().unwrap();
    assert_eq!(error.class, ExitClass::Refused);
    assert!(error.message.contains("software") && error.message.contains("dirty"), "{}", error.message);
    assert!(error.next.unwrap().contains("hive check"));
    assert_eq!(std::fs::read(target.software()).unwrap(), image);
}

/// The fix language has no words for a place outside the target; what comes
/// close is refused when it is read or when it is planned.
#[test]
fn a_hostile_article_leads_nowhere() {
    let outside = tempfile::tempdir().unwrap();
    let victim = outside.path().join("victim");
    std::fs::write(&victim, "precious").unwrap();
    let up = format!("C:\\..\\..\\..\\..{}", victim.display());
    let paths = [
        up.as_str(),
        r"C:\WINDOWS\..\..\victim",
        r"D:\victim",
        r"\\server\share\victim",
        r"\\?\C:\victim",
        r"\??\D:\victim",
        r"C:\WINDOWS\system32\x:stream",
        r"C:\WINDOWS\NUL",
        r"..\victim",
        "/etc/passwd",
        r"{SystemRoot}\..\..\victim",
        r"{registry:HKLM\SOFTWARE\Vendor\App\Path}",
    ];
    for path in paths {
        for step in
            ["move-aside = 'PATH'", "rename-file = 'PATH'\nto = 'x'", "restore-file = 'PATH'\nfrom = 'PATH'"]
        {
            let target = Target::new(WINDOWS_XP, |hives| {
                set(&mut hives.software, r"Vendor\App", "Path", &Value::string(r"C:\..\..\victim"));
            });
            let pack = tempfile::tempdir().unwrap();
            let (name, text) = article(&format!("[[step]]\n{}\n", step.replace("PATH", path)));
            std::fs::write(pack.path().join(name), text).unwrap();
            let options = Options {
                target: Some(target.root().to_owned()),
                packs: vec![pack.path().to_owned()],
                ..Options::default()
            };
            let session = TestSession { session: Session::open(options) };
            let before = target.files();
            let planned = session.session.plan(&["kb1".to_owned()], &Choices::default());
            if let Ok(prepared) = planned {
                assert!(!prepared.plan().has_changes(), "{step} of {path} is planned");
                assert_ne!(session.carry_out_risky(&prepared).outcome, Outcome::Applied);
            }
            assert_eq!(target.files(), before, "{step} of {path}");
        }
    }
    for key in [r"HKLM\HARDWARE\X", r"HKLM\SOFTWARE\..\..\X", r"\\server\HKLM\SOFTWARE\X", r"HKLM", "/etc"] {
        let target = xp();
        let pack = tempfile::tempdir().unwrap();
        let (name, text) = article(&format!("[[step]]\nkey = '{key}'\nset = {{ A = 1 }}\n"));
        std::fs::write(pack.path().join(name), text).unwrap();
        let options = Options {
            target: Some(target.root().to_owned()),
            packs: vec![pack.path().to_owned()],
            ..Options::default()
        };
        let session = TestSession { session: Session::open(options) };
        let before: Vec<String> = target.files().into_iter().map(|(name, _)| name).collect();
        if let Ok(prepared) = session.session.plan(&["kb1".to_owned()], &Choices::default()) {
            let places: Vec<String> =
                prepared.plan().changes().map(pemedic::session::Change::place).collect();
            assert!(places.iter().all(|place| place.starts_with(r"HKLM\SOFTWARE\")), "{key}: {places:?}");
            session.carry_out(&prepared);
        }
        let mut after: Vec<String> = target.files().into_iter().map(|(name, _)| name).collect();
        after.retain(|name| !name.starts_with("pemedic"));
        assert_eq!(after, before, "{key}");
    }
    assert_eq!(std::fs::read(&victim).unwrap(), b"precious");
}

fn in_memory(target: &Target) -> Arc<CrashStorage> {
    let disk = CrashStorage::new();
    for (name, bytes) in target.files() {
        disk.put(target.root().join(name).to_str().unwrap(), &bytes, 7);
    }
    Arc::new(disk)
}

#[test]
fn a_read_only_volume_is_refused() {
    let target = xp();
    let disk = in_memory(&target);
    disk.set_read_only(true);
    let session = target.session(&[article(FIX)]).on(disk);
    assert_eq!(finding(&session, "read-only").effect, GuardEffect::Refuses);
    assert_eq!(session.carry_out(&session.plan(&["kb1"])).outcome, Outcome::Refused);
}

#[test]
fn without_room_nothing_is_begun_and_with_little_room_no_copies_are_made() {
    let target = xp();
    let disk = in_memory(&target);
    let session = target.session(&[article(FIX)]).on(disk.clone());
    disk.set_free_bytes(1 << 20);
    assert_eq!(finding(&session, "no-space").effect, GuardEffect::Refuses);
    let before = disk.files();
    assert_eq!(session.carry_out(&session.plan(&["kb1"])).outcome, Outcome::Refused);
    assert!(disk.files() == before);
    let hive = before.iter().find(|(path, _)| path.ends_with("software")).unwrap().1.0.len() as u64;
    disk.set_free_bytes((2 << 20) + hive + 4096);
    let warned = finding(&session, "no-copies");
    assert_eq!(warned.effect, GuardEffect::Warns);
    session.apply(&["kb1"]);
    let receipts = disk.files();
    let (_, (receipt, _)) = receipts.iter().find(|(path, _)| path.ends_with("receipt.toml")).unwrap();
    assert!(String::from_utf8_lossy(receipt).contains("without-copies = \""));
    assert!(!receipts.keys().any(|path| path.components().any(|part| part.as_os_str() == "hives")));
    session.undo();
}

#[cfg(unix)]
#[test]
fn a_path_through_a_link_is_not_followed() {
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("bad.dll"), "precious").unwrap();
    let target = xp();
    std::os::unix::fs::symlink(elsewhere.path(), target.root().join("WINDOWS").join("linked")).unwrap();
    let session = target.session(&[article("[[step]]\nmove-aside = '{SystemRoot}\\linked\\bad.dll'\n")]);
    let prepared = session.plan(&["kb1"]);
    let fix = &prepared.plan().fixes[0];
    assert_eq!(fix.status, pemedic::session::Status::Blocked);
    assert!(fix.reason.contains("is a junction or link"), "{}", fix.reason);
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Refused);
    assert!(elsewhere.path().join("bad.dll").is_file());
}

#[test]
fn a_hive_damaged_under_the_edit_blocks_the_fix() {
    let target = xp();
    let mut bytes = std::fs::read(target.software()).unwrap();
    // The key node of `App`: its value list leads out of the hive.
    let node = bytes.windows(3).position(|window| window == b"App").unwrap() - 0x4c;
    assert_eq!(&bytes[node..node + 2], b"nk");
    bytes[node + 0x28..node + 0x2c].copy_from_slice(&0x7fff_fff0_u32.to_le_bytes());
    std::fs::write(target.software(), &bytes).unwrap();
    let session = target.session(&[article(FIX)]);
    let prepared = session.plan(&["kb1"]);
    assert_eq!(prepared.plan().fixes[0].status, pemedic::session::Status::Blocked);
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Refused);
    assert_eq!(std::fs::read(target.software()).unwrap(), bytes);
}
