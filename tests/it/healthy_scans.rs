//! What a scan says of sound real installations: nothing, or what
//! docs/healthy-scans.md explains.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use pemedic::hive::storage::Disk;
use pemedic::hive::{KeyPath, Value, store};
use pemedic::session::{Options, Session, Status};
use pemedic::windows::{Installation, OfflineRegistry, service};

use super::support::corpus::hive_file;

/// A scan of a whole installation in a debug build, on a busy machine.
const SCAN_TIME_MAX: Duration = Duration::from_secs(60);

/// One installation of the document: a heading, and what its hives are.
struct Sound {
    heading: &'static str,
    windows: &'static str,
    hives: &'static [(&'static str, &'static str)],
    /// What a software hive of another release is made to say.
    says: &'static [(&'static str, &'static str)],
}

const SOUND: [Sound; 4] = [
    Sound {
        heading: "Windows 7",
        windows: "Windows",
        hives: &[("SYSTEM", "win7/SYSTEM"), ("SOFTWARE", "win7/SOFTWARE")],
        says: &[],
    },
    Sound {
        heading: "Windows NT 4.0 Server",
        windows: "WINNT",
        hives: &[("system", "nt4/SYSTEM"), ("software", "nt4/SOFTWARE")],
        says: &[],
    },
    Sound {
        heading: "Windows XP",
        windows: "WINDOWS",
        hives: &[("system", "winxp/SYSTEM"), ("software", "nt4/SOFTWARE")],
        says: &[
            ("CurrentVersion", "5.1"),
            ("CurrentBuildNumber", "2600"),
            ("ProductName", "Microsoft Windows XP"),
            ("SystemRoot", r"C:\WINDOWS"),
        ],
    },
    Sound {
        heading: "Windows 10",
        windows: "Windows",
        hives: &[
            ("SYSTEM", "win10/SYSTEM"),
            ("SYSTEM.LOG1", "win10/SYSTEM.LOG1"),
            ("SYSTEM.LOG2", "win10/SYSTEM.LOG2"),
            ("SOFTWARE", "nt4/SOFTWARE"),
        ],
        says: &[
            ("CurrentVersion", "10.0"),
            ("CurrentBuildNumber", "18362"),
            ("ProductName", "Windows 10 Pro"),
            ("SystemRoot", r"C:\Windows"),
        ],
    },
];

impl Sound {
    /// Its volume, with an empty file for each that its services name; `None`
    /// where the real hives are not there.
    fn build(&self) -> Option<tempfile::TempDir> {
        let folder = tempfile::tempdir().unwrap();
        let system32 = folder.path().join(self.windows).join("System32");
        let config = system32.join("config");
        fs::create_dir_all(&config).unwrap();
        for (name, source) in self.hives {
            fs::write(config.join(name), hive_file(source)?).unwrap();
        }
        if !self.says.is_empty() {
            let software = self.hives.iter().find(|(_, source)| source.ends_with("SOFTWARE")).unwrap().0;
            say(&config.join(software), self.says);
        }
        fs::write(system32.join("ntoskrnl.exe"), b"").unwrap();
        add_service_files(folder.path());
        Some(folder)
    }
}

fn say(path: &Path, says: &[(&str, &str)]) {
    let mut editor = store::load(&Disk, path).unwrap().edit();
    let key = KeyPath::new(r"Microsoft\Windows NT\CurrentVersion");
    for (name, text) in says {
        editor.set_value(&key, name, &Value::string(text)).unwrap();
    }
    store::commit(&Disk, path, &editor.finish().unwrap()).unwrap();
}

/// Only hives are at hand: the files that services name are put there empty.
fn add_service_files(volume: &Path) {
    let installation = Installation::open(&Disk, volume).unwrap();
    let registry = OfflineRegistry::new(&Disk, &installation);
    for service in service::list(&registry).unwrap() {
        for file in [service.program.file, service.program.service_dll].into_iter().flatten() {
            let Ok(place) = installation.resolve(&Disk, &file) else { continue };
            fs::create_dir_all(place.host.parent().unwrap()).unwrap();
            if !place.host.exists() {
                fs::write(place.host, b"").unwrap();
            }
        }
    }
}

/// The fixes that a scan reports, without the optional ones, and how long it took.
fn found(volume: &Path) -> (Vec<String>, Duration) {
    let session = Session::open(Options { target: Some(volume.to_owned()), ..Options::default() });
    let started = Instant::now();
    let report = session.scan(&mut |_| {}, &AtomicBool::new(false)).unwrap();
    let reported = report
        .fixes
        .into_iter()
        .filter(|fix| matches!(fix.status, Status::Blocked | Status::Needed) && !fix.optional);
    let mut fixes = Vec::new();
    for fix in reported {
        for evidence in fix.evidence.iter().filter(|evidence| evidence.wanted.is_some()) {
            eprintln!("{}: {evidence}", fix.fix);
        }
        eprintln!("{} [{}]: {}", fix.fix, fix.status, fix.reason);
        fixes.push(fix.fix);
    }
    fixes.sort();
    (fixes, started.elapsed())
}

/// The fixes in the tables of the document, by heading.
fn explained() -> BTreeMap<String, Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/healthy-scans.md");
    let text = fs::read_to_string(path).unwrap();
    let mut all = BTreeMap::new();
    let mut heading = String::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            title.clone_into(&mut heading);
            all.insert(heading.clone(), Vec::new());
        } else if let Some(fix) = line.strip_prefix("| `").and_then(|rest| rest.split('`').next()) {
            all.get_mut(&heading).unwrap().push(fix.to_owned());
        }
    }
    all.values_mut().for_each(|fixes| fixes.sort());
    all
}

#[test]
fn every_finding_on_a_sound_installation_is_explained() {
    let explained = explained();
    for sound in &SOUND {
        let Some(volume) = sound.build() else { return };
        let (fixes, time) = found(volume.path());
        eprintln!("{}: scanned in {time:?}", sound.heading);
        assert_eq!(Some(&fixes), explained.get(sound.heading), "{}", sound.heading);
        assert!(time < SCAN_TIME_MAX, "{}: {time:?}", sound.heading);
    }
    assert_eq!(explained.len(), SOUND.len(), "the document has a heading for each, and no other");
}

#[test]
fn hives_alone_are_not_taken_for_an_installation_without_drivers() {
    let sound = &SOUND[0];
    let Some(volume) = sound.build() else { return };
    let windows: PathBuf = volume.path().join(sound.windows);
    fs::remove_file(windows.join("System32/ntoskrnl.exe")).unwrap();
    fs::remove_dir_all(windows.join("System32/drivers")).unwrap();
    let (fixes, _) = found(volume.path());
    for fix in ["boot-drivers/", "class-filters/", "service-graph/", "service-start/"] {
        assert!(!fixes.iter().any(|found| found.starts_with(fix)), "{fix}: {fixes:?}");
    }
}
