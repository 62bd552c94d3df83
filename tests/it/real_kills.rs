//! The program killed for real, at random instants of applies and undos on a
//! real disk: at that very instant every hive is the old one or the new one,
//! and the next start finishes or takes back the rest.
//!
//! In every run a few kills on hives of some MiB; hundreds on large real hives
//! with `cargo test --test it real_kills:: -- --ignored --nocapture`.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use pemedic::hive::Value;
use pemedic::session::{Choices, Confirmation, HistoryState, Options, Outcome, ReceiptSummary, Session};
use sha2::{Digest as _, Sha256};

use crate::support::corpus::hive_file;
use crate::support::random::Random;
use crate::support::target::{Target, WINDOWS_XP, article, set};

const FIX: &str = r"
[[step]]
key = 'HKLM\SOFTWARE\Vendor\Fixed'
set = { Mode = 1 }
[[step]]
key = 'HKLM\SYSTEM\CurrentControlSet\Services\Fixed'
set = { Start = 2 }
[[step]]
move-aside = '{SystemRoot}\System32\bad.dll'
";

/// Kills in an ordinary test run.
const KILLS: usize = 20;
/// Kills on real hives, unless `PEMEDIC_KILLS` says otherwise.
const KILLS_ON_REAL_HIVES: usize = 300;

#[test]
fn a_kill_at_any_instant_leaves_old_or_new() {
    let target = Target::new(WINDOWS_XP, |hives| {
        for editor in [&mut hives.software, &mut hives.system] {
            for number in 0..150 {
                let key = format!(r"Filler\{number:03}");
                set(editor, &key, "Data", &Value::binary(vec![u8::try_from(number).unwrap(); 14_000]));
            }
        }
    });
    target.write(r"C:\WINDOWS\system32\bad.dll", "bad");
    Range::new(target.root()).kill(KILLS, "generated hives");
}

/// The target is what `../shared/hives/win7` holds: 38 MB and 16 MB.
#[test]
#[ignore = "takes many minutes"]
fn hundreds_of_kills_on_real_hives_leave_old_or_new() {
    let volume = tempfile::tempdir().unwrap();
    let system = volume.path().join("Windows").join("System32");
    fs::create_dir_all(system.join("config")).unwrap();
    for name in ["SOFTWARE", "SYSTEM"] {
        let Some(bytes) = hive_file(&format!("win7/{name}")) else { return };
        fs::write(system.join("config").join(name), bytes).unwrap();
    }
    fs::write(system.join("bad.dll"), "bad").unwrap();
    let kills = std::env::var("PEMEDIC_KILLS").ok().and_then(|count| count.parse().ok());
    Range::new(volume.path()).kill(kills.unwrap_or(KILLS_ON_REAL_HIVES), "real hives");
}

/// Every file below a folder: its path within it and the digest of its content.
type Tree = BTreeMap<PathBuf, [u8; 32]>;

/// A target, and the two courses in which the program is killed on it.
struct Range {
    scratch: tempfile::TempDir,
    target: PathBuf,
    session: Session,
    courses: Vec<Course>,
}

/// Runs of one kind: where they begin, and how long one takes.
struct Course {
    words: &'static [&'static str],
    is_apply: bool,
    start: PathBuf,
    whole: Duration,
    until_receipt: Duration,
}

/// What was found after kills.
#[derive(Default)]
struct Tally {
    nothing_begun: usize,
    ended: usize,
    rolled_back: usize,
    finished: usize,
}

impl Range {
    fn new(target: &Path) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let pack = scratch.path().join("kb");
        fs::create_dir(&pack).unwrap();
        let (name, text) = article(FIX);
        fs::write(pack.join(name), text).unwrap();
        let options = Options { target: Some(target.to_owned()), packs: vec![pack], ..Options::default() };
        let session = Session::open(options);
        let mut range = Self { scratch, target: target.to_owned(), session, courses: Vec::new() };
        for words in [&["apply", "kb1", "--yes"][..], &["undo", "--yes"]] {
            let course = range.course(words);
            range.courses.push(course);
        }
        range
    }

    /// Keeps the target as it is now, then lets a run end undisturbed.
    fn course(&self, words: &'static [&'static str]) -> Course {
        let start = self.scratch.path().join(words[0]);
        copy(&self.target, &start);
        let begun = Instant::now();
        let mut child = self.start(words);
        self.wait_for_receipt(receipt_count(&start));
        let until_receipt = begun.elapsed();
        assert!(child.wait().unwrap().success());
        Course { words, is_apply: words[0] == "apply", start, whole: begun.elapsed(), until_receipt }
    }

    fn start(&self, words: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pemedic"));
        command.args(words).arg("--target").arg(&self.target).arg("--kb").arg(self.scratch.path().join("kb"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Until the folder of one more receipt is there.
    fn wait_for_receipt(&self, before: usize) {
        let begun = Instant::now();
        while receipt_count(&self.target) == before {
            assert!(begun.elapsed() < Duration::from_secs(300), "no receipt appears");
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    fn kill(&self, kills: usize, on: &str) {
        let mut random = Random::new(20_040_914);
        let mut tally = Tally::default();
        for number in 0..kills {
            let course = &self.courses[number % 2];
            put(&course.start, &self.target);
            // Every fourth at any instant, the others while there is a receipt.
            let from = if number % 8 >= 6 { Duration::ZERO } else { course.until_receipt };
            let micros = u64::try_from(course.whole.saturating_sub(from).as_micros()).unwrap().max(1);
            let delay = Duration::from_micros(random.next() % micros);
            self.kill_once(course, from.is_zero(), delay);
            let place = format!("kill {number} after {delay:?} of {:?}", course.words);
            let is_applied = self.check(course, &place, &mut tally);
            if number % 5 == 0 {
                self.check_way_back(is_applied, &place);
            }
        }
        let Tally { nothing_begun, ended, rolled_back, finished } = tally;
        eprintln!(
            "{kills} kills on {on}: {nothing_begun} before anything was written, {ended} after the end, \
             in between {rolled_back} rolled back and {finished} finished at the next start"
        );
    }

    fn kill_once(&self, course: &Course, at_any_instant: bool, delay: Duration) {
        let mut child = self.start(course.words);
        if !at_any_instant {
            self.wait_for_receipt(receipt_count(&course.start));
        }
        std::thread::sleep(delay);
        // SIGKILL: the program is not asked and cannot clean up.
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Now and after the next start: old or new, nothing in between. Returns
    /// whether the repair stands.
    fn check(&self, course: &Course, place: &str, tally: &mut Tally) -> bool {
        let before = tree(&course.start);
        let killed = tree(&self.target);
        self.check_instant(course, &outside(&before), &outside(&killed), place);
        let notes = self.session.recover(&mut |_| {}).unwrap_or_else(|error| panic!("{place}: {error}"));
        let settled = tree(&self.target);
        let left = settled.keys().find(|path| path.to_string_lossy().contains(".pemedic-new"));
        assert_eq!(left, None, "{place}: left behind");
        let history = self.session.history().unwrap();
        assert!(history.problems.is_empty(), "{place}: {:?}", history.problems);
        let receipts = history.receipts;
        let unfinished = receipts.iter().any(|receipt| receipt.state == HistoryState::Unfinished);
        assert!(!unfinished, "{place}: {receipts:?}");
        assert_eq!(receipts.len(), receipt_count(&self.target), "{place}: folders without a receipt");
        let is_old = outside(&settled) == outside(&before);
        match (notes.is_empty(), killed == before) {
            (true, true) => tally.nothing_begun += 1,
            (true, false) => tally.ended += 1,
            (false, _) if is_old => tally.rolled_back += 1,
            (false, _) => tally.finished += 1,
        }
        let stands =
            |receipt: &ReceiptSummary| receipt.undoes.is_none() && receipt.state == HistoryState::Applied;
        let is_applied = receipts.iter().any(stands);
        assert_eq!(
            is_applied,
            course.is_apply != is_old,
            "{place}: the receipts say otherwise: {receipts:?}"
        );
        is_applied
    }

    /// What Windows would find if it were started now.
    fn check_instant(&self, course: &Course, before: &Tree, killed: &Tree, place: &str) {
        let receipt = newest_receipt(&self.target, &course.start);
        for path in before.keys().filter(|path| path.to_string_lossy().contains("config")) {
            assert!(killed.contains_key(path), "{place}: {} is gone", path.display());
        }
        for (path, digest) in killed {
            let is_old = before.get(path) == Some(digest);
            let is_new = receipt.as_ref().is_some_and(|receipt| receipt.contains(&hex(digest)));
            let is_unfinished = path.to_string_lossy().ends_with(".pemedic-new");
            assert!(is_old || is_new || is_unfinished, "{place}: {} is neither old nor new", path.display());
        }
    }

    /// The other way still works, by the receipts there are.
    fn check_way_back(&self, is_applied: bool, place: &str) {
        let prepared = if is_applied {
            self.session.undo_plan(None, &[], &Choices::default())
        } else {
            self.session.plan(&["kb1".to_owned()], &Choices::default())
        };
        let cancel = AtomicBool::new(false);
        let report = self.session.apply(&prepared.unwrap(), Confirmation::default(), &mut |_| {}, &cancel);
        assert_eq!(report.unwrap().outcome, Outcome::Applied, "{place}");
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn tree(root: &Path) -> Tree {
    let mut found = Tree::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_owned();
                found.insert(name, digest(&fs::read(&path).unwrap()));
            }
        }
    }
    found
}

/// What is not in the receipts.
fn outside(tree: &Tree) -> Tree {
    let mut outside = tree.clone();
    outside.retain(|path, _| !path.starts_with("pemedic"));
    outside
}

fn receipts(target: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(target.join("pemedic").join("receipts"));
    listed.into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn receipt_count(target: &Path) -> usize {
    receipts(target).len()
}

/// The text of the receipt that the run wrote, if it came so far.
fn newest_receipt(target: &Path, start: &Path) -> Option<String> {
    let known: Vec<_> =
        receipts(start).iter().filter_map(|path| path.file_name().map(ToOwned::to_owned)).collect();
    let newest = receipts(target).into_iter().find(|path| !known.iter().any(|name| path.ends_with(name)))?;
    fs::read_to_string(newest.join("receipt.toml")).ok()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Makes `to` the same as `from`.
fn put(from: &Path, to: &Path) {
    for entry in fs::read_dir(to).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            fs::remove_dir_all(entry.path()).unwrap();
        } else {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}
