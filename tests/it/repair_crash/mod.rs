//! Whole applies and undos on a disk that fails, loses and tears.
//!
//! The target has four hives that change and files that move, are renamed and
//! are restored. For every I/O of an apply and of an undo, and for every kind
//! of fault, also for the process killed there: afterwards, and after the next
//! start has settled things, the target is as it was or as planned, the receipt
//! says which, undo works, and nothing is left behind. Then the same for the
//! recovery that the next start does.

mod states;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use pemedic::hive::Value;
use pemedic::session::{
    Choices, Confirmation, HistoryState, KeyReport, Outcome, Prepared, Session, SessionError, SharedStorage,
};

use self::states::States;

use crate::support::crash_storage::{CrashStorage, FAULTS, Fault};
use crate::support::target::{Target, TestSession, WINDOWS_XP, set};

const ARTICLE: (&str, &str) = (
    "kb1.md",
    r#"+++
id = "kb1"
title = "Four hives and files"
products = ["Windows XP"]
applies-to = ["windows xp"]
+++
## Symptoms
Nothing works.

## Resolution
Repair all of it.

```toml fix
id = "all"
title = "Repair four hives and files"
applies-to = ["windows xp"]
safety = "safe"
[[step]]
key = 'HKLM\SOFTWARE\Fixed'
set = { Text = "new", Number = 7 }
[[step]]
key = 'HKLM\SOFTWARE\Changed'
set = { Value = "after" }
[[step]]
delete-key = 'HKLM\SOFTWARE\Vendor\Product\Dead'
[[step]]
service = "SENS"
start = ["auto"]
[[step]]
key = 'HKLM\SECURITY\Policy'
set = { Fixed = 1 }
[[step]]
key = 'HKCU\Software\Microsoft'
delete-values = ["Seen"]
[[step]]
restore-file = '{SystemRoot}\system32\lost.dll'
from = '{SystemRoot}\system32\dllcache\lost.dll'
[[step]]
move-aside = '{SystemRoot}\system32\bad.dll'
[[step]]
rename-file = '{SystemRoot}\system32\wrong.dll'
to = "right.dll"
```
"#,
);

/// The target on the real disk, to be loaded into memory.
fn build() -> Target {
    let target = Target::new(WINDOWS_XP, |hives| {
        set(&mut hives.software, "Changed", "Value", &Value::string("before"));
        set(&mut hives.software, r"Vendor\Product\Dead\Below", "A", &Value::binary(vec![1, 2, 3]));
        set(&mut hives.system, r"ControlSet001\Services\SENS", "Start", &Value::dword(4));
    });
    let mut security = pemedic::hive::create(5).unwrap().edit();
    set(&mut security, "Policy", "Other", &Value::dword(3));
    crate::support::target::write_hive(&target.config().join("SECURITY"), security);
    target.write(r"C:\WINDOWS\system32\dllcache\lost.dll", "the lost library");
    target.write(r"C:\WINDOWS\system32\bad.dll", "bad");
    target.write(r"C:\WINDOWS\system32\wrong.dll", "misnamed");
    target
}

struct Rig {
    target: Target,
    original: BTreeMap<PathBuf, Vec<u8>>,
    pristine: CrashStorage,
    /// The articles are loaded once.
    session: TestSession,
    /// Where receipts go.
    receipts: PathBuf,
}

/// Another volume of the same disk, for receipts.
const LOG_DIR: &str = "/stick/logs";

impl Rig {
    fn new() -> Self {
        Self::logging(None)
    }

    /// Receipts go to `log_dir`, or to the target's own volume.
    fn logging(log_dir: Option<PathBuf>) -> Self {
        let target = build();
        let root = target.root().to_owned();
        let files = target.files().into_iter().map(|(name, bytes)| (root.join(name), bytes));
        let original: BTreeMap<_, _> = files.collect();
        let pristine = CrashStorage::new();
        for (path, bytes) in &original {
            pristine.put(path.to_str().unwrap(), bytes, 7);
        }
        pristine.put("/stick/other", b"somebody's", 7);
        let receipts = log_dir.clone().unwrap_or_else(|| root.join("pemedic").join("receipts"));
        let session = target.session_logging(&[ARTICLE], log_dir);
        Self { target, original, pristine, session, receipts }
    }

    fn disk(&self) -> Arc<CrashStorage> {
        Arc::new(self.pristine.settled())
    }

    fn session(&self, disk: &Arc<CrashStorage>) -> TestSession {
        let storage: SharedStorage = disk.clone();
        self.session.on(storage)
    }

    /// Everything outside the receipts.
    fn outside(&self, disk: &CrashStorage) -> BTreeMap<PathBuf, Vec<u8>> {
        let own = self.target.root().join("pemedic");
        let others = |path: &Path| path.starts_with(&own) || path.starts_with("/stick");
        let outside = disk.files().into_iter().filter(|(path, _)| !others(path));
        outside.map(|(path, (bytes, _))| (path, bytes.to_vec())).collect()
    }

    fn is_original(&self, disk: &CrashStorage) -> bool {
        self.outside(disk) == self.original
    }

    /// The registry with its time stamps, and the files that are no hives.
    fn content(&self, session: &Session, disk: &CrashStorage) -> (String, BTreeMap<PathBuf, Vec<u8>>) {
        let line =
            |report: &KeyReport| format!("{} {} {:?}\n", report.key, report.last_written.0, report.values);
        let keys = [r"HKLM\SOFTWARE", r"HKLM\SYSTEM", r"HKLM\SECURITY", "HKCU"];
        let registry =
            keys.iter().flat_map(|key| session.reg_query(key, true).unwrap()).map(|it| line(&it)).collect();
        let mut files = self.outside(disk);
        files.retain(|path, _| path.extension().is_some_and(|extension| extension == "dll"));
        (registry, files)
    }
}

fn apply(session: &Session) -> Result<Outcome, SessionError> {
    let prepared = session.plan(&["kb1".to_owned()], &Choices::default())?;
    carry_out(session, &prepared)
}

fn undo(session: &Session) -> Result<Outcome, SessionError> {
    let prepared = session.undo_plan(None, &[], &Choices::default())?;
    carry_out(session, &prepared)
}

fn carry_out(session: &Session, prepared: &pemedic::session::Prepared) -> Result<Outcome, SessionError> {
    let report = session.apply(prepared, Confirmation::default(), &mut |_| {}, &AtomicBool::new(false))?;
    Ok(report.outcome)
}

/// Nothing half-written, no receipt without an end.
fn assert_tidy(rig: &Rig, disk: &CrashStorage, session: &Session, place: &str) {
    for path in disk.files().keys() {
        let name = path.to_string_lossy();
        let unfinished = name.contains(".pemedic-new") || name.ends_with("interrupted.toml");
        assert!(!unfinished, "{place}: {name} is left");
    }
    for receipt in session.history().unwrap().receipts {
        assert_ne!(receipt.state, HistoryState::Unfinished, "{place}");
    }
    let history = session.history().unwrap();
    assert!(history.problems.is_empty(), "{place}: {:?}", history.problems);
    let folders = disk.folders();
    // In a --log-dir each target has a folder.
    let levels = if rig.receipts == Path::new(LOG_DIR) { 2 } else { 1 };
    let is_receipt = |path: &&PathBuf| {
        path.strip_prefix(&rig.receipts).is_ok_and(|below| below.components().count() == levels)
    };
    let folders: Vec<_> = folders.iter().filter(is_receipt).collect();
    let known = history.receipts;
    assert_eq!(folders.len(), known.len(), "{place}: folders without a receipt: {folders:?} {known:#?}");
}

/// What became of many runs.
#[derive(Default)]
struct Tally {
    runs: usize,
    states: States,
    old: usize,
    new: usize,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { runs, states, old, new } = self;
        let (all, distinct) = (states.all, states.distinct());
        write!(f, "{runs} runs, {all} states of the disk, {distinct} distinct: {old} old, {new} new")
    }
}

/// Whether a fault at an operation is another case than at the one before: a
/// power cut is the same before a read as before the next write, a read has
/// nothing to fail late, and only writes can be short or wrong.
fn matters(fault: Fault, operation: &str) -> bool {
    match fault {
        Fault::Fail => true,
        Fault::FailLate | Fault::PowerOff | Fault::PowerOffLate => !reads(operation),
        Fault::ShortWrite | Fault::FlippedBit => operation.starts_with("write_new "),
    }
}

fn reads(operation: &str) -> bool {
    let kind = operation.split(' ').next().unwrap_or_default();
    matches!(kind, "read" | "entry" | "list" | "free_space" | "is_read_only")
}

/// An apply with one fault, on a plan that was made before.
fn run_with(rig: &Rig, start: &CrashStorage, prepared: &Prepared, step: usize, fault: Fault) -> Run {
    let disk = Arc::new(start.settled());
    disk.inject(step, fault);
    let outcome = carry_out(&rig.session(&disk).session, prepared);
    Run { disk, outcome }
}

struct Run {
    disk: Arc<CrashStorage>,
    outcome: Result<Outcome, SessionError>,
}

/// The operations of a run in which nothing goes wrong.
fn operations_of(rig: &Rig, start: &CrashStorage, run: impl FnOnce(&Session)) -> Vec<String> {
    let disk = Arc::new(start.settled());
    run(&rig.session(&disk).session);
    disk.operations()
}

fn steps(operations: &[String], fault: Fault) -> impl Iterator<Item = usize> {
    (0..operations.len()).filter(move |step| matters(fault, &operations[*step]))
}

type Content = (String, BTreeMap<PathBuf, Vec<u8>>);

/// At the first operation that touches anything outside the receipts, a power
/// cut leaves the whole receipt, even if nothing survives that was not certain.
#[test]
fn the_receipt_is_certain_before_anything_is_changed() {
    let rig = Rig::new();
    let prepared = rig.session(&rig.disk()).plan(&["kb1"]);
    let operations = operations_of(&rig, &rig.pristine, |session| drop(carry_out(session, &prepared)));
    let own = rig.target.root().join("pemedic").display().to_string();
    let root = rig.target.root().display().to_string();
    let changes = |operation: &String| {
        let (_, path) = operation.split_once(' ').unwrap();
        // Creating the receipts' own folder is flushed in the root.
        !reads(operation) && !path.starts_with(&own) && path != root
    };
    let first = operations.iter().position(changes).unwrap();
    let run = run_with(&rig, &rig.pristine, &prepared, first, Fault::PowerOff);
    let disk = Arc::new(run.disk.nothing_uncertain());
    assert!(rig.is_original(&disk), "{}", operations[first]);
    let session = rig.session(&disk).session;
    let history = session.history().unwrap();
    assert_eq!(history.receipts[0].state, HistoryState::Unfinished);
    assert_eq!(history.receipts[0].changes, prepared.plan().changes().count());
    let copies = disk.files().into_keys().filter(|path| path.parent().unwrap().ends_with("hives")).count();
    assert_eq!(copies, 4, "a full copy of each hive");
}

#[test]
fn every_fault_in_an_apply_leaves_old_or_new() {
    every_fault_in_an_apply(&Rig::new(), &FAULTS, "apply");
}

/// The stick with the receipts fails, or is pulled together with the power.
#[test]
fn every_fault_in_an_apply_with_its_receipt_elsewhere_leaves_old_or_new() {
    let rig = Rig::logging(Some(PathBuf::from(LOG_DIR)));
    every_fault_in_an_apply(&rig, &[Fault::Fail, Fault::PowerOff], "apply with --log-dir");
}

fn every_fault_in_an_apply(rig: &Rig, faults: &[Fault], what: &str) {
    let session = rig.session(&rig.disk());
    let before = rig.content(&session.session, &rig.pristine);
    let prepared = session.plan(&["kb1"]);
    let operations = operations_of(rig, &rig.pristine, |session| {
        assert_eq!(carry_out(session, &prepared).unwrap(), Outcome::Applied);
    });
    for fault in faults.iter().copied() {
        let mut tally = Tally::default();
        for step in steps(&operations, fault) {
            let place = format!("{fault:?} at operation {step} ({})", operations[step]);
            let run = run_with(rig, &rig.pristine, &prepared, step, fault);
            tally.runs += 1;
            if matches!(run.outcome, Ok(Outcome::RolledBack | Outcome::Refused)) {
                run.disk.heal();
                assert!(rig.is_original(&run.disk), "{place}: rolled back, but not as before");
            }
            for disk in tally.states.new_after(&run.disk, fault, step) {
                check_after(rig, disk, &before, &place, &mut tally);
            }
        }
        eprintln!("{what}, {fault:?}: {tally}");
    }
}

/// The next start: settled, old or new, and from both the way back and forth works.
fn check_after(rig: &Rig, disk: CrashStorage, before: &Content, place: &str, tally: &mut Tally) {
    let disk = Arc::new(disk);
    let session = rig.session(&disk);
    session.session.recover(&mut |_| {}).unwrap_or_else(|error| panic!("{place}: {error}"));
    assert_tidy(rig, &disk, &session.session, place);
    let receipts = session.session.history().unwrap().receipts;
    if receipts.iter().any(|receipt| receipt.state == HistoryState::Applied) {
        let pending = session.plan(&["kb1"]);
        assert!(!pending.plan().has_changes(), "{place}: noted as applied, but not as planned");
        tally.new += 1;
    } else {
        assert!(rig.is_original(&disk), "{place}: not noted as applied, but not as before");
        tally.old += 1;
        assert_eq!(apply(&session.session).unwrap(), Outcome::Applied, "{place}: cannot be applied any more");
    }
    assert_eq!(undo(&session.session).unwrap(), Outcome::Applied, "{place}: cannot be undone");
    assert!(&rig.content(&session.session, &disk) == before, "{place}: undo did not bring all back");
    assert_tidy(rig, &disk, &session.session, place);
}

/// A disk with the repair applied, and the plan of taking it back.
struct Repaired {
    disk: CrashStorage,
    before: Content,
    applied: Content,
    undo: Prepared,
}

impl Repaired {
    fn new(rig: &Rig) -> Self {
        let disk = rig.disk();
        let session = rig.session(&disk);
        let before = rig.content(&session.session, &disk);
        assert_eq!(apply(&session.session).unwrap(), Outcome::Applied);
        let applied = rig.content(&session.session, &disk);
        let undo = session.session.undo_plan(None, &[], &Choices::default()).unwrap();
        Self { disk: disk.settled(), before, applied, undo }
    }

    /// The next start after an undo with a fault: the repair stands or is gone.
    fn check_after(&self, rig: &Rig, disk: CrashStorage, place: &str, tally: &mut Tally) {
        let disk = Arc::new(disk);
        let session = rig.session(&disk);
        session.session.recover(&mut |_| {}).unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_tidy(rig, &disk, &session.session, place);
        let content = rig.content(&session.session, &disk);
        let receipts = session.session.history().unwrap().receipts;
        if receipts.iter().any(|it| it.state == HistoryState::Undone) {
            assert!(content == self.before, "{place}: noted as undone, but something is left");
            tally.old += 1;
            return;
        }
        assert!(content == self.applied, "{place}: not noted as undone, but not as it was applied");
        tally.new += 1;
        assert_eq!(undo(&session.session).unwrap(), Outcome::Applied, "{place}: cannot be undone");
        assert!(rig.content(&session.session, &disk) == self.before, "{place}: not all came back");
    }
}

#[test]
fn every_fault_in_an_undo_leaves_the_repair_or_takes_it_back() {
    let rig = Rig::new();
    let repaired = Repaired::new(&rig);
    let operations = operations_of(&rig, &repaired.disk, |session| {
        assert_eq!(carry_out(session, &repaired.undo).unwrap(), Outcome::Applied);
    });
    for fault in FAULTS {
        let mut tally = Tally::default();
        for step in steps(&operations, fault) {
            let place = format!("{fault:?} at operation {step} of the undo ({})", operations[step]);
            let run = run_with(&rig, &repaired.disk, &repaired.undo, step, fault);
            tally.runs += 1;
            for disk in tally.states.new_after(&run.disk, fault, step) {
                repaired.check_after(&rig, disk, &place, &mut tally);
            }
        }
        eprintln!("undo, {fault:?}: {tally}");
    }
}

/// A rollback or a finish that is itself cut off or fails is taken up again.
#[test]
fn every_fault_in_a_recovery_is_recovered_from() {
    let rig = Rig::new();
    let session = rig.session(&rig.disk());
    let before = rig.content(&session.session, &rig.pristine);
    let prepared = session.plan(&["kb1"]);
    let apply = |session: &Session| drop(carry_out(session, &prepared));
    let operations = operations_of(&rig, &rig.pristine, apply);
    let (mut interrupted, mut courses) = (States::default(), HashSet::new());
    let mut tally = Tally::default();
    for first in steps(&operations, Fault::PowerOff) {
        let run = run_with(&rig, &rig.pristine, &prepared, first, Fault::PowerOff);
        for start in interrupted.new_after(&run.disk, Fault::PowerOff, first) {
            let recover = |session: &Session| drop(session.recover(&mut |_| {}).unwrap());
            let operations = operations_of(&rig, &start, recover);
            // The same operations on the same names: another tear of the same file.
            if !courses.insert(states::without_times(&operations.join("\n"))) {
                continue;
            }
            for fault in [Fault::PowerOff, Fault::PowerOffLate, Fault::Fail] {
                // Reads are many and change nothing: every third of them.
                let looked_at = |second: &usize| !reads(&operations[*second]) || second % 3 == first % 3;
                for second in steps(&operations, fault).filter(looked_at) {
                    let place = format!(
                        "cut off at operation {first}, {fault:?} at {second} of the recovery ({})",
                        operations[second]
                    );
                    let disk = Arc::new(start.settled());
                    disk.inject(second, fault);
                    let _ = rig.session(&disk).session.recover(&mut |_| {});
                    tally.runs += 1;
                    for disk in tally.states.new_after(&disk, fault, second) {
                        check_after(&rig, disk, &before, &place, &mut tally);
                    }
                }
            }
        }
    }
    let (found, courses) = (interrupted.distinct(), courses.len());
    eprintln!("recovery of {found} interrupted states, {courses} courses of it: {tally}");
}
