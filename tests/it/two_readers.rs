//! The boundary behind which hives are read twice, from outside: dirty hives,
//! and the witness of a save.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pemedic::hive::storage::{DirEntry, Disk, Storage};
use pemedic::hive::witness::{Seen, Witness};
use pemedic::hive::{self, Hive, HiveError, KeyPath, Value};
use pemedic::session::{Outcome, SharedStorage};

use crate::support::log_writer::{NewLog, set_sequences};
use crate::support::target::{Target, WINDOWS_XP, set};

const ARTICLE: (&str, &str) = (
    "kb1.md",
    r#"+++
id = "kb1"
title = "Notification package is missing"
products = ["Windows XP"]
applies-to = ["windows xp"]
+++
## Symptoms
Error 0x800704DD.

## Resolution
Restore the package.

```toml fix
id = "package"
title = "Restore the package"
applies-to = ["windows xp"]
safety = "safe"
[[step]]
key = 'HKLM\SOFTWARE\Microsoft\Package'
set = { DLLName = "WlNotify.dll", MaxWait = 600 }
```
"#,
);

#[test]
fn a_dirty_hive_is_recovered_before_nt_hive_reads_it() {
    let before = hive::create(5).unwrap().image().to_vec();
    let mut editor = Hive::from_image(before.clone()).unwrap().edit();
    editor.create_key(&KeyPath::new("Key")).unwrap();
    editor.set_value(&KeyPath::new("Key"), "Value", &Value::dword(5)).unwrap();
    let after = editor.finish().unwrap().image().to_vec();
    let mut dirty = before.clone();
    set_sequences(&mut dirty, 10, 9);
    let log = NewLog::new(&before, 10).entry(&before, &after).named("LOG1");

    assert!(nt_hive::Hive::new(dirty.as_slice()).is_err(), "nt-hive alone refuses it");
    assert!(matches!(Witness::of(&dirty), Err(HiveError::Reader(_))));

    let recovered = Hive::open(dirty, &[log]).unwrap();
    assert!(recovered.recovery().recovered);
    assert_eq!(recovered.value(&KeyPath::new("key"), "value").unwrap(), Some(Value::dword(5)));
    let witness = Witness::of(recovered.image()).unwrap();
    let seen = witness.value(&KeyPath::new("Key"), "Value").unwrap();
    assert_eq!(seen, Seen { answer: Some(Value::dword(5)), covers: vec![] });
}

#[test]
fn a_receipt_says_what_nt_hive_confirmed() {
    let target = Target::new(WINDOWS_XP, |_| {});
    let session = target.session(&[ARTICLE]);
    let report = session.carry_out(&session.plan(&["kb1"]));
    assert_eq!(report.outcome, Outcome::Applied);
    let expected =
        "nt-hive, which shares no code with the writer, finds all 3 changes of SOFTWARE as planned";
    assert!(report.verified.iter().any(|said| said == expected), "{:?}", report.verified);
}

#[test]
fn a_value_above_16_344_bytes_is_confirmed_by_our_own_decoder_in_version_1_3() {
    let target = Target::new(WINDOWS_XP, |_| {});
    let mut old = hive::create(3).unwrap().edit();
    set(&mut old, r"Microsoft\Windows NT\CurrentVersion", "CurrentVersion", &Value::string("5.1"));
    set(&mut old, r"Microsoft\Windows NT\CurrentVersion", "CurrentBuildNumber", &Value::string("2600"));
    set(&mut old, r"Microsoft\Windows NT\CurrentVersion", "SystemRoot", &Value::string(r"C:\WINDOWS"));
    std::fs::write(target.software(), old.finish().unwrap().image()).unwrap();
    let import = target.root().join("large.reg");
    let data = vec!["5a"; 20_000].join(",");
    let text = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Large]\r\n";
    std::fs::write(&import, format!("{text}\"Data\"=hex:{data}\r\n")).unwrap();
    let session = target.session(&[ARTICLE]);
    let report = session.carry_out(&session.session.reg_import_plan(&import).unwrap());
    assert_eq!(report.outcome, Outcome::Applied, "{:?}", report.failure);
    let covered = "SOFTWARE: in 1 places pemedic's own decoder had to answer instead";
    assert!(report.verified.iter().any(|said| said.starts_with(covered)), "{:?}", report.verified);
}

/// A disk that damages a new hive while it takes its name.
struct Forger {
    forge: fn(&mut [u8]),
    done: AtomicBool,
}

/// One letter of a value's data.
fn forge_letter(hive: &mut [u8]) {
    let letters: Vec<u8> = "WlNotify".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if let Some(place) = hive.windows(letters.len()).position(|part| part == letters) {
        hive[place] = b'V';
    }
}

/// The signature of every new hive.
fn forge_signature(hive: &mut [u8]) {
    if hive.starts_with(b"regf") {
        hive[0] = b'x';
    }
}

impl Storage for Forger {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        Disk.read(path)
    }
    fn entry(&self, path: &Path) -> io::Result<Option<DirEntry>> {
        Disk.entry(path)
    }
    fn list(&self, directory: &Path) -> io::Result<Vec<DirEntry>> {
        Disk.list(directory)
    }
    fn create_dir(&self, directory: &Path) -> io::Result<()> {
        Disk.create_dir(directory)
    }
    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        Disk.write_new(path, bytes)
    }
    fn sync_file(&self, path: &Path) -> io::Result<()> {
        Disk.sync_file(path)
    }
    fn sync_dir(&self, directory: &Path) -> io::Result<()> {
        Disk.sync_dir(directory)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        if to.ends_with("software") && !self.done.swap(true, Ordering::Relaxed) {
            let mut bytes = std::fs::read(from)?;
            (self.forge)(&mut bytes);
            std::fs::write(from, bytes)?;
        }
        Disk.rename(from, to)
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        Disk.remove_file(path)
    }
    fn remove_dir(&self, directory: &Path) -> io::Result<()> {
        Disk.remove_dir(directory)
    }
    fn copy_metadata(&self, from: &Path, to: &Path) -> io::Result<()> {
        Disk.copy_metadata(from, to)
    }
    fn free_space(&self, directory: &Path) -> io::Result<u64> {
        Disk.free_space(directory)
    }
    fn is_read_only(&self, directory: &Path) -> io::Result<bool> {
        Disk.is_read_only(directory)
    }
    fn holders(&self, _files: &[PathBuf]) -> Vec<(PathBuf, String)> {
        Vec::new()
    }
}

/// What becomes of a repair on such a disk: everything is as it was.
fn failure_with(forge: fn(&mut [u8])) -> String {
    let target = Target::new(WINDOWS_XP, |_| {});
    let before = std::fs::read(target.software()).unwrap();
    let storage: SharedStorage = Arc::new(Forger { forge, done: AtomicBool::new(false) });
    let session = target.session(&[ARTICLE]).on(storage);
    let report = session.carry_out(&session.plan(&["kb1"]));
    assert_eq!(report.outcome, Outcome::RolledBack, "{report:?}");
    assert!(std::fs::read(target.software()).unwrap() == before, "not the very file that it was");
    report.failure.unwrap()
}

#[test]
fn a_wrong_byte_after_the_commit_is_seen_by_nt_hive_and_taken_back() {
    let failure = failure_with(forge_letter);
    assert!(failure.contains(r"Microsoft\Package\DLLName is not as planned for nt-hive"), "{failure}");
}

#[test]
fn a_hive_that_cannot_be_opened_after_the_commit_is_put_back() {
    let failure = failure_with(forge_signature);
    assert!(failure.contains("regf"), "{failure}");
}
