//! Volumes that are full, or fill up in the middle of a repair: a small tmpfs,
//! and NTFS in a file. Skipped, and says so, where nothing can be mounted.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use pemedic::hive::Value;
use pemedic::session::{ApplyReport, Choices, Confirmation, HistoryState, Outcome, SessionError};

use crate::support::ntfs::{Image, copy_tree, run};
use crate::support::target::{Target, TestSession, WINDOWS_XP, article, set};

const FIX: &str = r"
[[step]]
key = 'HKLM\SOFTWARE\Vendor\App'
set = { Mode = 1 }
[[step]]
key = 'HKLM\SYSTEM\CurrentControlSet\Services\App'
set = { Start = 2 }
[[step]]
key = 'HKCU\Software\App'
set = { Mode = 1 }
[[step]]
restore-file = '{SystemRoot}\system32\lost.dll'
from = '{SystemRoot}\system32\dllcache\lost.dll'
[[step]]
move-aside = '{SystemRoot}\system32\bad.dll'
";

const TMPFS_BYTES: u64 = 12 << 20;
const TMPFS_FILES: usize = 200;

/// A mounted volume with a target on it, and what fills it.
struct Small {
    root: PathBuf,
    fillers: usize,
    _keep: Box<dyn std::any::Any>,
}

/// A mounted tmpfs; dropping it unmounts.
struct Tmpfs {
    folder: tempfile::TempDir,
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        run("umount", &[], &[self.folder.path()]);
    }
}

fn target() -> Target {
    let target = Target::new(WINDOWS_XP, |hives| {
        for editor in [&mut hives.software, &mut hives.system, &mut hives.user] {
            for number in 0..12 {
                let name = format!("{number:02}");
                set(editor, "Filler", &name, &Value::binary(vec![number; 15_000]));
            }
        }
    });
    target.write(r"C:\WINDOWS\system32\dllcache\lost.dll", &"the lost library".repeat(9000));
    target.write(r"C:\WINDOWS\system32\bad.dll", "bad");
    target
}

impl Small {
    fn tmpfs(target: &Target) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let options = format!("size={TMPFS_BYTES},nr_inodes={TMPFS_FILES}");
        if !run("mount", &["-t", "tmpfs", "-o", &options, "none"], &[folder.path()]) {
            return None;
        }
        let mounted = Tmpfs { folder };
        let root = mounted.folder.path().to_owned();
        copy_tree(target.root(), &root);
        Some(Self { root, fillers: 0, _keep: Box::new(mounted) })
    }

    fn ntfs(target: &Target) -> Option<Self> {
        let image = Image::with_files(target.root())?;
        let mounted = image.mount()?;
        let root = mounted.root.clone();
        // Unmounted before the image goes.
        Some(Self { root, fillers: 0, _keep: Box::new((mounted, image)) })
    }

    fn filler(&mut self) -> PathBuf {
        self.fillers += 1;
        self.root.join(format!("filler-{}", self.fillers))
    }

    /// Fills the volume until not one byte and not one file more fits.
    fn fill(&mut self) {
        for part in [1 << 20, 64 << 10, 4 << 10, 512, 1] {
            let Ok(mut file) = File::create(self.filler()) else { continue };
            let part = vec![0x5a; part];
            while file.write_all(&part).is_ok() {}
            let _ = file.sync_all();
        }
        self.fill_with_files(0);
    }

    /// Creates files until only `left` more fit; where there is no such limit,
    /// some.
    fn fill_with_files(&mut self, left: usize) {
        let mut made = Vec::new();
        for _ in 0..TMPFS_FILES {
            let path = self.filler();
            if File::create(&path).is_err() {
                break;
            }
            made.push(path);
        }
        made.iter().rev().take(left).for_each(|path| fs::remove_file(path).unwrap());
    }

    fn make_room(&mut self) {
        for entry in fs::read_dir(&self.root).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with("filler-") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }

    /// Everything but what fills it; receipts only with `with_receipts`.
    fn files(&self, with_receipts: bool) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut waiting = vec![self.root.clone()];
        while let Some(folder) = waiting.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let is_own = name == "pemedic" && !with_receipts;
                if name.starts_with("filler-") || is_own {
                    continue;
                }
                if entry.file_type().unwrap().is_dir() {
                    waiting.push(entry.path());
                } else {
                    found.push((entry.path(), fs::read(entry.path()).unwrap()));
                }
            }
        }
        found.sort();
        found
    }

    fn session(&self, target: &Target) -> TestSession {
        let session = target.session(&[article(FIX)]);
        TestSession { session: session.session.with_target(&self.root) }
    }
}

fn apply_observed(
    session: &TestSession,
    observer: &mut dyn FnMut(&pemedic::session::Progress),
) -> Result<ApplyReport, SessionError> {
    let prepared = session.plan(&["kb1"]);
    session.session.apply(&prepared, Confirmation::default(), observer, &AtomicBool::new(false))
}

/// With the volume as it is now, the repair still works and comes back.
fn assert_still_works(session: &TestSession) {
    session.apply(&["kb1"]);
    session.undo();
}

fn refuses_without_room(volume: Option<Small>, target: &Target) {
    let Some(mut volume) = volume else { return };
    let session = volume.session(target);
    let before = volume.files(true);
    volume.fill();
    let prepared = session.plan(&["kb1"]);
    let guard = prepared.plan().guards.iter().find(|guard| guard.id == "no-space").expect("a guard refuses");
    assert!(guard.saw.contains("bytes free"), "{guard:?}");
    let report = session.carry_out(&prepared);
    assert_eq!(report.outcome, Outcome::Refused);
    assert!(volume.files(true) == before && !volume.root.join("pemedic").exists());
    volume.make_room();
    assert_still_works(&session);
}

#[test]
fn a_full_volume_is_refused_and_nothing_is_left_on_it() {
    let target = target();
    refuses_without_room(Small::tmpfs(&target), &target);
}

#[test]
fn a_full_ntfs_volume_is_refused_and_nothing_is_left_on_it() {
    let target = target();
    refuses_without_room(Small::ntfs(&target), &target);
}

/// There are bytes enough, but one file too many, at every file in turn.
#[test]
fn a_volume_without_room_for_another_file_is_rolled_back_at_every_file() {
    let target = target();
    let (mut rolled_back, mut left) = (0, 0);
    loop {
        let Some(mut volume) = Small::tmpfs(&target) else { return };
        let session = volume.session(&target);
        let before = volume.files(false);
        volume.fill_with_files(left);
        let report = apply_observed(&session, &mut |_| {}).unwrap();
        if report.outcome == Outcome::Applied {
            break;
        }
        assert_eq!(report.outcome, Outcome::RolledBack);
        assert!(report.failure.unwrap().to_lowercase().contains("space"), "{left} left");
        assert!(volume.files(false) == before, "{left} left: rolled back, but not as before");
        let receipts = session.session.history().unwrap();
        assert!(receipts.receipts.iter().all(|receipt| receipt.state == HistoryState::RolledBack));
        if receipts.receipts.is_empty() {
            assert!(!volume.root.join("pemedic").exists(), "{left} left: left behind");
        }
        volume.make_room();
        assert_still_works(&session);
        rolled_back += 1;
        left += 1;
        assert!(left < TMPFS_FILES);
    }
    eprintln!("rolled back with room for 0 to {} more files", left - 1);
    assert!(rolled_back > 8);
}

/// Something else fills the volume between two steps of the repair.
fn fills_up_in_the_middle(small: impl Fn(&Target) -> Option<Small>) {
    let target = target();
    let (mut applied, mut rolled_back) = (0, 0);
    for at in 0.. {
        let Some(mut volume) = small(&target) else { return };
        let session = volume.session(&target);
        let before = volume.files(false);
        let (mut steps, mut full) = (0, false);
        let outcome = apply_observed(&session, &mut |_| {
            if steps == at {
                volume.fill();
                full = true;
            }
            steps += 1;
        });
        if !full {
            break;
        }
        match outcome.unwrap_or_else(|error| panic!("full at step {at}: {}", error.message)).outcome {
            Outcome::Applied => applied += 1,
            outcome => {
                assert!(volume.files(false) == before, "full at step {at}: {outcome:?}, but not as before");
                rolled_back += 1;
            }
        }
        assert_settled(&mut volume, &session, at);
    }
    eprintln!("filled up between steps: {applied} applied, {rolled_back} rolled back or refused");
    assert!(rolled_back > 3);
}

fn assert_settled(volume: &mut Small, session: &TestSession, at: usize) {
    volume.make_room();
    let notes = session.session.recover(&mut |_| {}).unwrap();
    let history = session.session.history().unwrap();
    let unfinished = |receipt: &&_| matches!(receipt, HistoryState::Unfinished);
    let states: Vec<_> = history.receipts.iter().map(|receipt| receipt.state).collect();
    assert!(!states.iter().any(|state| unfinished(&state)), "full at step {at}: {notes:?}");
    let files = volume.files(true);
    let left = files.iter().find(|(path, _)| path.to_string_lossy().contains(".pemedic-new"));
    assert_eq!(left.map(|(path, _)| path), None, "full at step {at}");
    if states.contains(&HistoryState::Applied) {
        let undo = session.session.undo_plan(None, &[], &Choices::default()).unwrap();
        assert_eq!(session.carry_out(&undo).outcome, Outcome::Applied);
    } else {
        assert_still_works(session);
    }
}

#[test]
fn a_volume_that_fills_up_in_the_middle_is_rolled_back() {
    fills_up_in_the_middle(Small::tmpfs);
}

#[test]
fn an_ntfs_volume_that_fills_up_in_the_middle_is_rolled_back() {
    fills_up_in_the_middle(Small::ntfs);
}
