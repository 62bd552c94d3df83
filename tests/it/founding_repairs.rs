//! The five founding repairs on installations put together from copies of real
//! hives. What they did is judged by programs that share nothing with pemedic:
//! the checkers in `../shared/tools`, hivex, python-registry and regipy.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use pemedic::session::{Change, Choices, FixPlan, Options, Outcome, Session, Status, Value, ValueType};
use serde_json::Value as Json;

use crate::support::corpus::hive_file;
use crate::support::target::TestSession;

/// What a SOFTWARE hive says of its Windows.
fn release(folder: &str, version: &str, build: &str, product: &str) -> String {
    format!(
        "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]\r\n\
         \"CurrentVersion\"=\"{version}\"\r\n\"CurrentBuildNumber\"=\"{build}\"\r\n\
         \"ProductName\"=\"{product}\"\r\n\"SystemRoot\"=\"C:\\\\{folder}\"\r\n\r\n"
    )
}

/// An installation of real hives, and a copy of them as they were.
struct Installed {
    volume: tempfile::TempDir,
    config: PathBuf,
    originals: tempfile::TempDir,
    session: TestSession,
}

impl Installed {
    /// `None` where the real hives are not there. What makes the release and
    /// its trouble is imported by `.reg` text.
    fn new(folder: &str, system: &str, software: &str, trouble: &str) -> Option<Self> {
        let volume = tempfile::tempdir().unwrap();
        let config = volume.path().join(folder).join("System32").join("config");
        fs::create_dir_all(&config).unwrap();
        fs::write(volume.path().join("ntldr"), "").unwrap();
        fs::write(config.join("SYSTEM"), hive_file(system)?).unwrap();
        fs::write(config.join("SOFTWARE"), hive_file(software)?).unwrap();
        let options = Options { target: Some(volume.path().to_owned()), ..Options::default() };
        let session = TestSession { session: Session::open(options) };
        let originals = tempfile::tempdir().unwrap();
        let file = originals.path().join("trouble.reg");
        fs::write(&file, format!("Windows Registry Editor Version 5.00\r\n\r\n{trouble}")).unwrap();
        let imported = session.carry_out(&session.session.reg_import_plan(&file).unwrap());
        assert_eq!(imported.outcome, Outcome::Applied, "{:?}", imported.failure);
        for name in ["SYSTEM", "SOFTWARE"] {
            fs::copy(config.join(name), originals.path().join(name)).unwrap();
        }
        Some(Self { volume, config, originals, session })
    }

    fn pair(&self, name: &str) -> (PathBuf, PathBuf) {
        (self.originals.path().join(name), self.config.join(name))
    }

    /// Plan, apply, be judged, apply again, undo, be judged.
    fn repair(&self, fixes: &[&str]) {
        let prepared = self.session.plan(fixes);
        let plan = prepared.plan();
        for fix in &plan.fixes {
            assert_eq!(fix.status, Status::Needed, "{}: {}", fix.fix, fix.reason);
        }
        let changes: Vec<Change> = plan.changes().cloned().collect();
        let report = self.session.carry_out(&prepared);
        assert_eq!(report.outcome, Outcome::Applied, "{:?}", report.failure);
        for name in ["SYSTEM", "SOFTWARE"] {
            let (before, after) = self.pair(name);
            self.assert_changes(name, &changes);
            self.assert_others_read(name, &changes);
            assert_no_new_defect(&before, &after);
        }
        let again = self.session.carry_out(&self.session.plan(fixes));
        assert_eq!(again.outcome, Outcome::NothingToDo);
        self.session.undo();
        for name in ["SYSTEM", "SOFTWARE"] {
            let (before, after) = self.pair(name);
            assert_eq!(differences(&before, &after), [] as [Json; 0], "undo brings everything back");
        }
    }

    /// The planned changes of one hive and nothing else, but the times of the
    /// keys they are in.
    fn assert_changes(&self, hive: &str, changes: &[Change]) {
        let (before, after) = self.pair(hive);
        let root = format!("HKLM\\{hive}");
        let inside = |key: &str| key.strip_prefix(&root).map(str::to_lowercase);
        let (mut expected, mut may_be_touched) = (BTreeSet::new(), BTreeSet::new());
        for change in changes {
            match change {
                Change::Value(change) => {
                    let Some(key) = inside(&change.key) else { continue };
                    let what = match (&change.before, &change.after) {
                        (None, _) => "value added",
                        (_, None) => "value removed",
                        _ => "value changed",
                    };
                    may_be_touched.insert(key.clone());
                    expected.insert((key, what.to_owned(), change.value.to_lowercase()));
                }
                Change::KeyCreated(change) => {
                    let Some(key) = inside(&change.key) else { continue };
                    may_be_touched.insert(key.rsplit_once('\\').unwrap().0.to_owned());
                    expected.insert((key, "key added".to_owned(), String::new()));
                }
                Change::FileMovedAside(_) | Change::FileRenamed(_) => {}
                other => panic!("{other:?} is no change of the founding repairs"),
            }
        }
        let mut found = BTreeSet::new();
        for difference in differences(&before, &after) {
            let text = |name: &str| difference[name].as_str().unwrap_or_default().to_lowercase();
            if text("what") == "time changed" {
                assert!(may_be_touched.contains(&text("key")), "{difference}");
            } else {
                found.insert((text("key"), text("what"), text("value")));
            }
        }
        assert_eq!(found, expected, "{hive}");
    }

    /// Every other reader that is installed reads the values as planned.
    fn assert_others_read(&self, hive: &str, changes: &[Change]) {
        let root = format!("HKLM\\{hive}\\");
        let planned: Vec<(&str, &str, &Value)> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Value(change) => {
                    Some((change.key.strip_prefix(&root)?, change.value.as_str(), change.after.as_ref()?))
                }
                _ => None,
            })
            .collect();
        for (reader, script) in READERS.iter().filter(|_| !planned.is_empty()) {
            let Some(interpreter) = interpreter(reader) else { continue };
            let run = Command::new(interpreter)
                .args(["-c", script])
                .arg(self.config.join(hive))
                .args(planned.iter().flat_map(|(key, name, _)| [key, name]))
                .output()
                .unwrap();
            let read = String::from_utf8_lossy(&run.stdout);
            let complaint = String::from_utf8_lossy(&run.stderr);
            let expected = planned.iter().map(|(_, _, value)| match *reader {
                "regipy" => as_regipy(value),
                _ => as_bytes(value),
            });
            assert_eq!(
                read.lines().collect::<Vec<_>>(),
                expected.collect::<Vec<_>>(),
                "{reader}: {complaint}"
            );
        }
    }
}

/// Each prints a line for every key and value it is asked for: type and bytes,
/// or what the value means.
const READERS: &[(&str, &str)] = &[
    (
        "hivex",
        r"
import hivex, sys
hive = hivex.Hivex(sys.argv[1])
for key, name in zip(sys.argv[2::2], sys.argv[3::2]):
    node = hive.root()
    for part in key.split('\\'):
        node = hive.node_get_child(node, part)
    kind, data = hive.value_value(hive.node_get_value(node, name))
    print(kind, data.hex())
",
    ),
    (
        "Registry",
        r"
import sys
from Registry import Registry
hive = Registry.Registry(sys.argv[1])
for key, name in zip(sys.argv[2::2], sys.argv[3::2]):
    value = hive.open(key).value(name or '(default)')
    print(value.value_type(), value.raw_data().hex())
",
    ),
    (
        "regipy",
        r"
import json, logging, sys
logging.disable(logging.CRITICAL)
from regipy.registry import RegistryHive
hive = RegistryHive(sys.argv[1])
for key, name in zip(sys.argv[2::2], sys.argv[3::2]):
    print(json.dumps(hive.get_key('\\' + key).get_value(name)))
",
    ),
];

fn as_bytes(value: &Value) -> String {
    let mut text = format!("{} ", value.kind.0);
    value.data.iter().for_each(|byte| write!(text, "{byte:02x}").unwrap());
    text
}

fn as_regipy(value: &Value) -> String {
    match value.kind {
        ValueType::DWORD => value.as_dword().unwrap().to_string(),
        ValueType::MULTI_SZ => {
            let strings = value.as_multi_string().unwrap();
            format!("[{}]", strings.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", "))
        }
        _ => format!("{:?}", value.as_string().unwrap()),
    }
}

/// The Python that has a module; says so once where none has.
fn interpreter(module: &str) -> Option<&'static str> {
    static FOUND: [OnceLock<Option<&str>>; 3] = [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    let index = READERS.iter().position(|(reader, _)| *reader == module).unwrap();
    *FOUND[index].get_or_init(|| {
        let has = |program: &&&str| {
            let import = format!("import {module}");
            Command::new(program).args(["-c", &import]).output().is_ok_and(|run| run.status.success())
        };
        let found = ["python3", "/usr/bin/python3"].iter().find(has).copied();
        if found.is_none() {
            eprintln!("skipped: no Python with {module}");
        }
        found
    })
}

fn tools() -> Option<PathBuf> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tools");
    let python = Command::new("python3").arg("--version").output().is_ok();
    if !python || !tools.join("hivecmp.py").is_file() {
        eprintln!("skipped: no python3 with ../shared/tools");
        return None;
    }
    Some(tools)
}

/// What `hivecmp.py` sees.
fn differences(before: &Path, after: &Path) -> Vec<Json> {
    let tools = tools().unwrap();
    let run = Command::new("python3")
        .arg(tools.join("hivecmp.py"))
        .args([before, after])
        .arg("--json")
        .output()
        .unwrap();
    let report: Json = serde_json::from_slice(&run.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&run.stderr)));
    assert_eq!(report["header"]["checksum_ok"][1], true);
    report["differences"].as_array().unwrap().clone()
}

/// What `hivefsck.py` complains of: real hives have habits of their own.
fn complaints(hive: &Path) -> serde_json::Map<String, Json> {
    const SCRIPT: &str = "import json, sys; sys.path.insert(0, sys.argv[1]); from hivefsck import fsck; \
                          print(json.dumps(fsck(sys.argv[2])[0]))";
    let run = Command::new("python3").args(["-c", SCRIPT]).arg(tools().unwrap()).arg(hive).output().unwrap();
    serde_json::from_slice(&run.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&run.stderr)))
}

fn assert_no_new_defect(before: &Path, after: &Path) {
    let known = complaints(before);
    for (what, count) in complaints(after) {
        let before = known.get(&what).and_then(Json::as_u64).unwrap_or(0);
        assert!(count.as_u64().unwrap() <= before, "{}: {what}: {before}, now {count}", after.display());
    }
}

fn windows_2000(trouble: &str) -> Option<Installed> {
    tools()?;
    let says = release("WINNT", "5.0", "2195", "Microsoft Windows 2000");
    Installed::new("WINNT", "nt4/SYSTEM", "nt4/SOFTWARE", &(says + trouble))
}

#[test]
fn kb910341_repairs_a_real_xp_and_leaves_the_2000_fix_alone() {
    if tools().is_none() {
        return;
    }
    let says = release("WINDOWS", "5.1", "2600", "Microsoft Windows XP");
    let Some(xp) = Installed::new("WINDOWS", "winxp/SYSTEM", "nt4/SOFTWARE", &says) else { return };
    let plan = xp.session.plan(&["kb910341"]);
    let status = |id: &str| {
        let fix: Option<&FixPlan> = plan.plan().fixes.iter().find(|fix| fix.fix == id);
        fix.map(|fix| (fix.status, fix.reason.clone(), fix.changes.len())).unwrap()
    };
    assert_eq!(status("kb910341/senslogn-xp").0, Status::Needed);
    let (not_for_it, reason, _) = status("kb910341/senslogn-2000");
    assert_eq!(not_for_it, Status::NotApplicable, "{reason}");
    assert!(reason.contains("Windows XP"), "{reason}");
    xp.repair(&["kb910341/senslogn-xp"]);
}

#[test]
fn kb910341_repairs_the_nearest_to_a_real_2000_and_leaves_the_xp_fix_alone() {
    let Some(two_thousand) = windows_2000(
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SENS]\r\n\"Start\"=dword:00000004\r\n\
         \"Type\"=dword:00000020\r\n",
    ) else {
        return;
    };
    let plan = two_thousand.session.plan(&["kb910341"]);
    let xp = plan.plan().fixes.iter().find(|fix| fix.fix == "kb910341/senslogn-xp").unwrap();
    assert_eq!(xp.status, Status::NotApplicable);
    two_thousand.repair(&["kb910341/senslogn-2000", "kb910341/services-2000"]);
}

#[test]
fn netsvcs_2000_repairs_the_nearest_to_a_real_2000() {
    // One member of another program is there, and stays.
    let Some(two_thousand) = windows_2000(
        "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Svchost]\r\n\
         \"netsvcs\"=hex(7):58,00,00,00,00,00\r\n",
    ) else {
        return;
    };
    two_thousand.repair(&["netsvcs-2000"]);
}

#[test]
fn kb277770_repairs_the_nearest_to_a_real_2000_with_exchange() {
    let Some(two_thousand) = windows_2000(
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\InetInfo\\Parameters]\r\n\
         \"DispatchEntries\"=hex(7):4c,00,64,00,61,00,70,00,73,00,76,00,63,00,00,00,00,00\r\n",
    ) else {
        return;
    };
    two_thousand.repair(&["kb277770/dispatch-entries"]);
}

#[test]
fn kb884872_repairs_the_nearest_to_a_real_2000_with_iis() {
    const FOLDER: &str = "Documents and Settings/All Users/Application Data/Microsoft/Crypto/RSA/MachineKeys";
    const GUID: &str = "11111111-2222-3333-4444-555555555555";
    let Some(two_thousand) = windows_2000(&format!(
        "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList]\r\n\
         \"ProfilesDirectory\"=\"%SystemDrive%\\\\Documents and Settings\"\r\n\
         \"AllUsersProfile\"=\"All Users\"\r\n\r\n\
         [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography]\r\n\"MachineGuid\"=\"{GUID}\"\r\n\r\n\
         [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\IISADMIN]\r\n\"Start\"=dword:00000002\r\n"
    )) else {
        return;
    };
    let keys = two_thousand.volume.path().join(FOLDER);
    fs::create_dir_all(&keys).unwrap();
    let (old, new) = (keys.join("c2319c42033a5ca7f44e731bfd3fa2b5_old"), keys.join("c23_new"));
    for (path, seconds) in [(&old, 1_000_000_000), (&new, 1_090_000_000)] {
        fs::write(path, path.to_string_lossy().as_bytes()).unwrap();
        let time = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    }
    let names = || {
        let mut names: Vec<_> =
            fs::read_dir(&keys).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let old_answer = format!("C:\\{}\\c23_new", FOLDER.replace('/', "\\"));
    let choices = Choices::parse(&[format!("new-key={old_answer}")]).unwrap();
    let prepared = two_thousand.session.plan_with(&["kb884872/machine-key"], &choices);
    assert_eq!(two_thousand.session.carry_out(&prepared).outcome, Outcome::Applied);
    assert_eq!(names(), [format!("c2319c42033a5ca7f44e731bfd3fa2b5_{GUID}").as_str()]);
    for name in ["SYSTEM", "SOFTWARE"] {
        let (before, after) = two_thousand.pair(name);
        assert!(fs::read(before).unwrap() == fs::read(after).unwrap(), "{name} is not named by the plan");
    }
    let again = two_thousand.session.plan(&["kb884872/machine-key"]);
    assert_eq!(two_thousand.session.carry_out(&again).outcome, Outcome::NothingToDo);
    two_thousand.session.undo();
    assert_eq!(names(), before);
}

/// Vista's own hives are not to be had.
fn vista(system: &str, software: &str) -> Option<Installed> {
    tools()?;
    let says = release("Windows", "6.0", "6002", "Windows Vista (TM) Business")
        + "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\BITS]\r\n\"Start\"=dword:00000004\r\n\r\n\
           [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SENS]\r\n\"Start\"=dword:00000003\r\n\r\n\
           [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update]\r\n\
           \"AUOptions\"=dword:00000001\r\n\"IncludeRecommendedUpdates\"=-\r\n";
    Installed::new("Windows", system, software, &says)
}

#[test]
fn kb968001_repairs_small_real_hives_that_call_themselves_vista() {
    let Some(vista) = vista("winxp/SYSTEM", "nt4/SOFTWARE") else { return };
    vista.repair(&["kb968001/services-vista", "kb968001/automatic-updates-vista"]);
}

/// 54 MB, which Python reads in a minute or two.
#[test]
#[ignore = "takes minutes"]
fn kb968001_repairs_a_real_windows_7_that_calls_itself_vista() {
    let Some(vista) = vista("win7/SYSTEM", "win7/SOFTWARE") else { return };
    vista.repair(&["kb968001/services-vista", "kb968001/automatic-updates-vista"]);
}
