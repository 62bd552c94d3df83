//! A commit that is failed, cut off or lied to at every single I/O: the hive
//! is the old one or the new one, and Windows could load it.
//!
//! The argument that these tests check is in `docs/hive-commit.md`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pemedic::hive::log::{LogFile, recover};
use pemedic::hive::store::{self, StoreError};
use pemedic::hive::{self, Hive, KeyPath, KeyTree, Value};

use crate::support::corpus::hive_file;
use crate::support::crash_storage::{CrashStorage, FAULTS, FRESH_METADATA, Fault};
use crate::support::log_writer::{NewLog, old_log, set_sequences};

const HIVE: &str = "/Windows/System32/config/SYSTEM";
const LEFTOVER: &str = "/Windows/System32/config/SYSTEM.pemedic-new";

/// Metadata of the hive file: anything but that of a fresh file.
const OWNED: u64 = 7;

/// A hive file with the files beside it, and the image that is to replace it.
struct Scene {
    name: &'static str,
    /// The first one is the hive.
    files: Vec<(String, Vec<u8>)>,
    old_tree: KeyTree,
    new_image: Vec<u8>,
    new_tree: KeyTree,
}

impl Scene {
    /// A technician's edit on what Windows would load of these files.
    fn new(name: &'static str, primary: Vec<u8>, logs: Vec<LogFile>, leftover: Option<&[u8]>) -> Self {
        let hive = Hive::open(primary.clone(), &logs).unwrap();
        let old_tree = tree(&hive);
        let mut editor = hive.edit();
        editor.create_key(&KeyPath::new("added")).unwrap();
        editor.set_value(&KeyPath::new("added"), "value", &Value::dword(600)).unwrap();
        let edited = editor.finish().unwrap();
        let new_image = edited.image().to_vec();
        let new_tree = tree(&Hive::from_image(new_image.clone()).unwrap());
        let mut files = vec![(HIVE.to_owned(), primary)];
        files.extend(
            logs.into_iter().map(|log| (format!("/Windows/System32/config/{}", log.name), log.bytes)),
        );
        files.extend(leftover.map(|bytes| (LEFTOVER.to_owned(), bytes.to_vec())));
        Self { name, files, old_tree, new_image, new_tree }
    }

    fn storage(&self) -> CrashStorage {
        let storage = CrashStorage::new();
        for (path, bytes) in &self.files {
            storage.put(path, bytes, OWNED);
        }
        storage
    }

    fn old_image(&self) -> &[u8] {
        &self.files[0].1
    }

    fn commit(&self, storage: &CrashStorage) -> Result<(), StoreError> {
        store::commit_bytes(storage, Path::new(HIVE), &self.new_image)
    }

    /// Whether the new hive is there; panics where neither is, where anything
    /// else changed, or where Windows would load something else.
    fn check(&self, storage: &CrashStorage, leftover_allowed: bool, context: &str) -> bool {
        let context = format!("{}: {context}", self.name);
        let (content, metadata) = storage.file(HIVE).unwrap_or_else(|| panic!("{context}: the hive is gone"));
        assert_eq!(metadata, OWNED, "{context}: owner, rights, attributes or times are lost");
        let is_new = *content == self.new_image;
        assert!(is_new || **content == *self.old_image(), "{context}: neither old nor new");
        let loaded =
            store::load(storage, Path::new(HIVE)).unwrap_or_else(|error| panic!("{context}: {error}"));
        let expected = if is_new { &self.new_tree } else { &self.old_tree };
        assert!(tree(&loaded) == *expected, "{context}: what Windows would load is neither old nor new");
        for (path, bytes) in self.files.iter().skip(1).filter(|(path, _)| path != LEFTOVER) {
            assert_eq!(
                storage.file(path).map(|(found, _)| found),
                Some(Arc::new(bytes.clone())),
                "{context}: {path}"
            );
        }
        let known: Vec<PathBuf> = self.files.iter().map(|(path, _)| PathBuf::from(path)).collect();
        let others: Vec<PathBuf> = storage
            .files()
            .into_keys()
            .filter(|path| !known.contains(path) || path == Path::new(LEFTOVER))
            .filter(|path| !(leftover_allowed && path == Path::new(LEFTOVER)))
            .collect();
        assert!(others.is_empty(), "{context}: left behind: {others:?}");
        is_new
    }
}

fn tree(hive: &Hive) -> KeyTree {
    hive.tree(&KeyPath::root()).unwrap().unwrap()
}

/// A clean hive and its image after an edit by Windows.
fn windows_edit() -> (Vec<u8>, Vec<u8>) {
    let before = hive::create(5).unwrap().image().to_vec();
    let mut editor = Hive::from_image(before.clone()).unwrap().edit();
    editor.create_key(&KeyPath::new("windows")).unwrap();
    editor.set_value(&KeyPath::new("windows"), "value", &Value::string("written by Windows")).unwrap();
    (before, editor.finish().unwrap().image().to_vec())
}

fn scenes() -> Vec<Scene> {
    let (before, after) = windows_edit();
    let new_log = |name: &str| NewLog::new(&before, 10).entry(&before, &after).named(name);
    let named_old_log = || LogFile { name: "SYSTEM.LOG1".into(), bytes: old_log(&before, &after, 10) };
    let mut dirty = before.clone();
    set_sequences(&mut dirty, 10, 9);
    let mut dirty_old_format = before.clone();
    dirty_old_format[..4096].copy_from_slice(&after[..4096]);
    set_sequences(&mut dirty_old_format, 10, 9);
    let clean = after.clone();
    vec![
        Scene::new("clean hive", clean.clone(), vec![], None),
        Scene::new(
            "clean hive with its last logs",
            clean,
            vec![new_log("SYSTEM.LOG1"), new_log("system.log2")],
            None,
        ),
        Scene::new("dirty hive with logs of the new format", dirty, vec![new_log("SYSTEM.LOG1")], None),
        Scene::new("dirty hive with a log of the old format", dirty_old_format, vec![named_old_log()], None),
        Scene::new("hive beside a commit that was cut off", after, vec![], Some(b"half an image")),
    ]
}

/// Every fault at every operation, then every state a power cut could leave.
#[test]
fn commit_leaves_the_old_or_the_new_hive_at_every_fault() {
    let (mut faults, mut outcomes) = (0, 0);
    for scene in scenes() {
        let clean_run = scene.storage();
        scene.commit(&clean_run).unwrap();
        let operations = clean_run.operations().len();
        assert!(scene.check(&clean_run, false, "no fault"));
        for at in 0..operations {
            for fault in FAULTS {
                faults += 1;
                outcomes += check_fault(&scene, at, fault);
            }
        }
    }
    eprintln!(
        "commit: {faults} faults, {outcomes} states after a power cut, each the old hive or the new one"
    );
}

/// Returns how many states a power cut could have left.
fn check_fault(scene: &Scene, at: usize, fault: Fault) -> usize {
    let storage = scene.storage();
    storage.inject(at, fault);
    let result = scene.commit(&storage);
    let context = format!("{fault:?} at operation {at}, {:?}", storage.operations().last());
    let is_power_cut = matches!(fault, Fault::PowerOff | Fault::PowerOffLate);
    storage.heal();
    let outcomes = storage.outcomes();
    let mut new_count = 0;
    for outcome in &outcomes {
        new_count += usize::from(scene.check(outcome, true, &context));
        assert_retry_works(scene, outcome, &context);
    }
    if is_power_cut {
        return outcomes.len();
    }
    // What an earlier commit left may still be there; nothing of this one may.
    let earlier = scene.files.iter().find(|(path, _)| path == LEFTOVER).map(|(_, bytes)| bytes);
    let is_earlier = storage.file(LEFTOVER).is_some_and(|(content, _)| Some(&*content) == earlier);
    let is_new = scene.check(&storage, is_earlier, &context);
    match result {
        Ok(()) => assert_eq!(new_count, outcomes.len(), "{context}: committed, but not durable"),
        Err(StoreError::Unconfirmed(_)) => assert!(is_new, "{context}: said to be in place"),
        // A rename that fails late took effect: still whole, old or new.
        Err(_) => assert!(!is_new || fault == Fault::FailLate, "{context}: an error, yet the hive changed"),
    }
    outcomes.len()
}

/// Whatever a power cut left, the next commit works and cleans up.
fn assert_retry_works(scene: &Scene, outcome: &CrashStorage, context: &str) {
    scene.commit(outcome).unwrap_or_else(|error| panic!("{context}, then again: {error}"));
    assert!(scene.check(outcome, false, context));
}

/// Putting the old bytes back goes through the same protocol.
#[test]
fn rollback_restores_every_byte_at_every_power_cut() {
    for scene in scenes() {
        let committed = |storage: &CrashStorage| scene.commit(storage).unwrap();
        let clean_run = scene.storage();
        committed(&clean_run);
        let before = clean_run.operations().len();
        store::commit_bytes(&clean_run, Path::new(HIVE), scene.old_image()).unwrap();
        let operations = clean_run.operations().len() - before;
        assert!(!scene.check(&clean_run, false, "rolled back"));
        for at in 0..operations {
            for fault in [Fault::PowerOff, Fault::PowerOffLate] {
                let storage = scene.storage();
                committed(&storage);
                storage.inject(at, fault);
                let _ = store::commit_bytes(&storage, Path::new(HIVE), scene.old_image());
                for outcome in storage.outcomes() {
                    scene.check(&outcome, true, &format!("rollback, {fault:?} at operation {at}"));
                }
            }
        }
    }
}

/// Where there is no room for another file, the receipt's copy becomes the hive.
#[test]
fn a_copy_takes_the_place_of_the_hive_at_every_fault() {
    const COPY: &str = "/pemedic/receipts/one/hives/SYSTEM-SYSTEM";
    let scene = &scenes()[0];
    let prepared = || {
        let storage = scene.storage();
        scene.commit(&storage).unwrap();
        storage.put(COPY, scene.old_image(), FRESH_METADATA);
        storage.set_free_bytes(0);
        storage
    };
    let put_back = |storage: &CrashStorage| store::commit_copy(storage, Path::new(HIVE), Path::new(COPY));
    let is_new = |storage: &CrashStorage, context: &str| {
        let (content, metadata) = storage.file(HIVE).unwrap_or_else(|| panic!("{context}: the hive is gone"));
        assert_eq!(metadata, OWNED, "{context}: owner, rights, attributes or times are lost");
        let copy = storage.file(COPY).map(|(content, _)| content);
        assert!(*content != scene.new_image || copy.is_some(), "{context}: the copy is lost");
        assert!(*content == scene.new_image || *content == scene.old_image(), "{context}");
        *content == scene.new_image
    };
    let clean_run = prepared();
    let first = clean_run.operations().len();
    put_back(&clean_run).unwrap();
    assert!(!is_new(&clean_run, "no fault") && clean_run.file(COPY).is_none());
    for at in 0..clean_run.operations().len() - first {
        for fault in FAULTS {
            let context = format!("putting a copy back, {fault:?} at operation {at}");
            let storage = prepared();
            storage.inject(at, fault);
            let result = put_back(&storage);
            storage.heal();
            for outcome in storage.outcomes() {
                let new = is_new(&outcome, &context);
                assert!(result.is_err() || !new, "{context}: put back, but not durable");
            }
            is_new(&storage, &context);
        }
    }
}

fn refusal(scene: &Scene, storage: &CrashStorage) -> String {
    let error = scene.commit(storage).unwrap_err();
    assert!(!scene.check(storage, false, "refused"));
    error.to_string()
}

#[test]
fn full_volume_is_refused_before_anything_is_written() {
    let scene = &scenes()[0];
    let storage = scene.storage();
    storage.set_free_bytes(scene.new_image.len() as u64 - 1);
    let why = refusal(scene, &storage);
    assert!(why.contains("bytes free") && why.contains("make room"), "{why}");
    assert!(!storage.operations().iter().any(|what| what.starts_with("write_new")));
}

#[test]
fn read_only_volume_is_refused_before_anything_is_written() {
    let scene = &scenes()[0];
    let storage = scene.storage();
    storage.set_read_only(true);
    let why = refusal(scene, &storage);
    assert!(why.contains("mounted read-only"), "{why}");
    assert!(!storage.operations().iter().any(|what| what.starts_with("write_new")));
}

#[test]
fn hive_held_open_is_left_as_it_is() {
    let scene = &scenes()[0];
    let storage = scene.storage();
    storage.hold_open(HIVE);
    let why = refusal(scene, &storage);
    assert!(why.contains("held open"), "{why}");
}

#[test]
fn disk_that_lies_is_found_out_before_the_old_hive_is_gone() {
    let scene = &scenes()[0];
    for fault in [Fault::ShortWrite, Fault::FlippedBit] {
        let storage = scene.storage();
        let write = clean_operations(scene).iter().position(|what| what.starts_with("write_new")).unwrap();
        storage.inject(write, fault);
        let why = refusal(scene, &storage);
        assert!(why.contains("other bytes than were written"), "{why}");
    }
}

fn clean_operations(scene: &Scene) -> Vec<String> {
    let storage = scene.storage();
    scene.commit(&storage).unwrap();
    storage.operations()
}

/// The order that the argument rests on.
#[test]
fn image_is_durable_before_it_takes_the_name_of_the_hive() {
    let operations = clean_operations(&scenes()[0]);
    let verbs: Vec<&str> = operations.iter().map(|what| what.split(' ').next().unwrap()).collect();
    let writing = &verbs[verbs.iter().position(|verb| *verb == "write_new").unwrap()..];
    assert_eq!(writing, ["write_new", "copy_metadata", "sync_file", "read", "rename", "sync_dir"]);
}

/// Windows, stopped in the middle of its first write after ours, never takes
/// the logs from before it.
#[test]
fn logs_from_before_a_commit_never_apply_after_it() {
    for scene in scenes() {
        let storage = scene.storage();
        scene.commit(&storage).unwrap();
        let logs: Vec<LogFile> = scene
            .files
            .iter()
            .filter(|(path, _)| path.to_lowercase().contains(".log"))
            .map(|(path, bytes)| LogFile { name: path.clone(), bytes: bytes.clone() })
            .collect();
        let sequence = u32::from_le_bytes(scene.new_image[4..8].try_into().unwrap());
        let mut begun = scene.new_image.clone();
        set_sequences(&mut begun, sequence + 1, sequence);
        let error = recover(begun, &logs).err().map(|error| error.to_string());
        assert!(error.unwrap().contains("cannot be recovered"), "{}", scene.name);
    }
}

/// The largest real hive, sampled.
#[test]
fn large_hive_is_old_or_new_at_sampled_power_cuts() {
    let Some(primary) = hive_file("win7/SOFTWARE") else { return };
    let new_image = {
        let mut editor = Hive::from_image(primary.clone()).unwrap().edit();
        editor.create_key(&KeyPath::new("Microsoft\\pemedic")).unwrap();
        editor.finish().unwrap().image().to_vec()
    };
    let commit = |storage: &CrashStorage| store::commit_bytes(storage, Path::new(HIVE), &new_image);
    let stage = || {
        let storage = CrashStorage::new();
        storage.put(HIVE, &primary, OWNED);
        storage
    };
    let clean_run = stage();
    commit(&clean_run).unwrap();
    let mut states = 0;
    for at in 0..=clean_run.operations().len() {
        let storage = stage();
        storage.inject(at, Fault::PowerOffLate);
        let _ = commit(&storage);
        for outcome in storage.sample_outcomes(4, 0x9e37_79b9_7f4a_7c15 ^ at as u64) {
            let (content, metadata) = outcome.file(HIVE).unwrap();
            assert!(*content == primary || *content == new_image, "operation {at}");
            assert_eq!(metadata, OWNED);
            states += 1;
        }
    }
    eprintln!("commit of win7/SOFTWARE: {states} sampled states after a power cut, each old or new");
}
