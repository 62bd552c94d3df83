//! Installations put together from copies of real hives: what they are, which
//! control set boots, what their services say.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use pemedic::hive::storage::Disk;
use pemedic::hive::{KeyPath, Value, store};
use pemedic::session::{Options, Session, Status};
use pemedic::windows::{Installation, OfflineRegistry, service};

use super::support::corpus::{facts_file, hive_file};

/// A volume whose Windows folder holds copies of real hives.
struct Volume {
    folder: tempfile::TempDir,
    config: PathBuf,
}

impl Volume {
    /// `None` where the real hives are not there. `hives` are pairs of the
    /// name in `config` and the one in the collection.
    fn new(windows: &str, hives: &[(&str, &str)]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join(windows).join("System32/config");
        fs::create_dir_all(&config).unwrap();
        for (name, source) in hives {
            fs::write(config.join(name), hive_file(source)?).unwrap();
        }
        Some(Self { folder, config })
    }

    /// Makes a SOFTWARE hive of another release say that it is this one.
    fn say(&self, values: &[(&str, Value)]) {
        let path = self.config.join("software");
        let mut editor = store::load(&Disk, &path).unwrap().edit();
        let key = KeyPath::new(r"Microsoft\Windows NT\CurrentVersion");
        for (name, value) in values {
            editor.set_value(&key, name, value).unwrap();
        }
        store::commit(&Disk, &path, &editor.finish().unwrap()).unwrap();
    }

    /// Puts empty files where the drivers of the start are.
    fn add_drivers(&self, names: &[&str]) {
        let folder = self.config.with_file_name("drivers");
        fs::create_dir_all(&folder).unwrap();
        for name in names {
            fs::write(folder.join(format!("{name}.sys")), b"").unwrap();
        }
    }

    /// The fixes that a scan calls needed, without the optional ones.
    fn needed(&self) -> Vec<String> {
        let target = Some(self.folder.path().to_path_buf());
        let session = Session::open(Options { target, ..Options::default() });
        let report = session.scan(&mut |_| {}, &AtomicBool::new(false)).unwrap();
        let needed = report.fixes.into_iter().filter(|fix| fix.status != Status::NotApplicable);
        let needed = needed.filter(|fix| fix.status != Status::Healthy && !fix.optional);
        needed.map(|fix| fix.fix.clone()).collect()
    }

    fn open(&self) -> Installation {
        Installation::open(&Disk, self.folder.path()).unwrap()
    }
}

fn seven() -> Option<Volume> {
    Volume::new("Windows", &[("SYSTEM", "win7/SYSTEM"), ("SOFTWARE", "win7/SOFTWARE")])
}

fn ten() -> Option<Volume> {
    let volume = Volume::new(
        "Windows",
        &[
            ("SYSTEM", "win10/SYSTEM"),
            ("SYSTEM.LOG1", "win10/SYSTEM.LOG1"),
            ("SYSTEM.LOG2", "win10/SYSTEM.LOG2"),
            ("software", "nt4/SOFTWARE"),
        ],
    )?;
    volume.say(&[
        ("CurrentVersion", Value::string("6.3")),
        ("CurrentMajorVersionNumber", Value::dword(10)),
        ("CurrentMinorVersionNumber", Value::dword(0)),
        ("CurrentBuildNumber", Value::string("18362")),
        ("ProductName", Value::string("Windows 10 Pro")),
        ("SystemRoot", Value::string(r"C:\Windows")),
    ]);
    Some(volume)
}

#[test]
fn a_real_windows_7_is_known() {
    let Some(volume) = seven() else { return };
    let installation = volume.open();
    let version = &installation.version;
    assert_eq!((version.major, version.minor, version.build), (6, 1, 7601));
    assert_eq!(version.product_name, "Windows 7 Ultimate");
    assert_eq!(version.edition.as_deref(), Some("Ultimate"));
    assert_eq!(version.service_pack.as_deref(), Some("Service Pack 1"));
    assert_eq!((version.architecture.as_str(), version.server), ("x86", false));
    assert_eq!(installation.computer_name.as_deref(), Some("WKS-WIN732BITA"));
    assert_eq!((installation.system_root.as_str(), installation.control_set), (r"C:\Windows", 1));
    assert_eq!(installation.all_users_profile().as_deref(), Some(r"C:\ProgramData"));
    assert_eq!(installation.namespace.letters(), ['C']);

    let registry = OfflineRegistry::new(&Disk, &installation);
    assert_eq!(registry.profiles().unwrap().len(), 11);
    assert_eq!(registry.locate(r"HKCU\Software").unwrap(), [], "no profile has its hive here");
    let netsvcs = registry.value(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Svchost", "netsvcs");
    assert!(netsvcs.unwrap().unwrap().as_multi_string().unwrap().iter().any(|name| name == "BITS"));
    assert!(registry.key_exists(r"HKCR\.txt").unwrap());
}

#[test]
fn a_real_windows_xp_is_known_with_a_software_hive_that_says_so() {
    let hives = [("system", "winxp/SYSTEM"), ("software", "nt4/SOFTWARE")];
    let Some(volume) = Volume::new("WINDOWS", &hives) else { return };
    volume.say(&[
        ("CurrentVersion", Value::string("5.1")),
        ("CurrentBuildNumber", Value::string("2600")),
        ("ProductName", Value::string("Microsoft Windows XP")),
        ("CSDVersion", Value::string("Service Pack 3")),
        ("SystemRoot", Value::string(r"C:\WINDOWS")),
    ]);
    let installation = volume.open();
    assert_eq!((installation.version.major, installation.version.minor), (5, 1));
    assert_eq!(installation.version.build, 2600);
    assert_eq!(installation.computer_name.as_deref(), Some("M57-PAT"));
    assert_eq!(installation.system_root, r"C:\WINDOWS");
    let registry = OfflineRegistry::new(&Disk, &installation);
    let wuauserv = service::read(&registry, "wuauserv").unwrap().unwrap();
    assert_eq!(wuauserv.program.svchost_group.as_deref(), Some("netsvcs"));
    assert_eq!(wuauserv.account.as_deref(), Some("LocalSystem"));
    let bits = service::read(&registry, "bits").unwrap().unwrap();
    assert_eq!(bits.order.services, ["RpcSs"]);
}

#[test]
fn a_real_windows_nt_4_is_known_without_a_product_name() {
    let hives = [("SYSTEM", "nt4/SYSTEM"), ("SOFTWARE", "nt4/SOFTWARE")];
    let Some(volume) = Volume::new("WINNT", &hives) else { return };
    let installation = volume.open();
    let version = &installation.version;
    assert_eq!((version.major, version.minor, version.build), (4, 0, 1381));
    assert_eq!(version.product_name, "Windows NT 4.0");
    assert!(version.server);
    let all_users = installation.all_users_profile();
    assert_eq!(all_users.as_deref(), Some(r"C:\WINNT\Profiles\All Users"));
}

/// The table's Windows 10 part comes from another installation than the hive.
#[test]
fn services_of_a_real_system_are_what_the_table_says() {
    let Some(table) = facts_file("service-defaults-win7-win10.tsv") else { return };
    let Some(volume) = seven() else { return };
    let installation = volume.open();
    let registry = OfflineRegistry::new(&Disk, &installation);
    let services = service::list(&registry).unwrap();
    let mut compared = 0;
    let mut wrong = Vec::new();
    for line in table.lines().filter(|line| line.starts_with("win7\t")) {
        let fields: Vec<&str> = line.split('\t').collect();
        // An absent value and one of 0 mean the same.
        let delayed = if fields[9] == "1" { "1" } else { "" };
        let expected = [&fields[2..9], &[delayed], &fields[10..]].concat().join("\t");
        let read = services.iter().find(|service| service.name == fields[1]).map(table_line);
        compared += 1;
        if read.as_ref() != Some(&expected) {
            wrong.push(format!("{}: {read:?} instead of {expected}", fields[1]));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(compared, 417);
}

/// A service in the table's columns after its name.
fn table_line(service: &service::Service) -> String {
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        number(service.start),
        number(Some(service.kind).filter(|kind| *kind != 0)),
        number(service.error_control),
        text(&service.order.group),
        text(&service.account),
        text(&service.program.image_path),
        service.order.services.join(","),
        if service.delayed { "1".to_owned() } else { String::new() },
        text(&service.program.service_dll),
    ]
    .join("\t")
}

const BOOT_DRIVERS: [&str; 21] = [
    "ACPI",
    "CLFS",
    "atapi",
    "disk",
    "fltmgr",
    "iaStorAVC",
    "iaStorV",
    "intelide",
    "mountmgr",
    "msahci",
    "partmgr",
    "pci",
    "pciide",
    "storahci",
    "stornvme",
    "storvsc",
    "vmbus",
    "vmstorfl",
    "volmgr",
    "volsnap",
    "volume",
];

#[test]
fn a_real_windows_7_needs_no_repair() {
    let Some(volume) = seven() else { return };
    volume.add_drivers(&BOOT_DRIVERS);
    assert_eq!(volume.needed(), [""; 0]);
}

/// Its software hive is of another release: only what is about services in
/// groups of that hive may be found.
#[test]
fn the_system_hive_of_a_real_windows_10_needs_no_repair() {
    let Some(volume) = ten() else { return };
    volume.add_drivers(&BOOT_DRIVERS);
    let mut needed = volume.needed();
    needed.retain(|fix| fix != "svc-group-1083/missing-members");
    assert_eq!(needed, [""; 0]);
}

#[test]
fn a_dirty_real_hive_shows_its_recovered_state() {
    let Some(volume) = ten() else { return };
    let installation = volume.open();
    assert_eq!(installation.computer_name.as_deref(), Some("DESKTOP-PM6C56D"));
    assert_eq!(installation.version.architecture, "amd64");
    let registry = OfflineRegistry::new(&Disk, &installation);
    let tree = registry.tree(r"HKLM\SYSTEM").unwrap().unwrap();
    let mut keys = 0;
    let mut values = 0;
    let mut open = vec![&tree];
    while let Some(key) = open.pop() {
        keys += 1;
        values += key.values.len();
        open.extend(&key.subkeys);
    }
    assert_eq!((keys, values), (35_595, 78_901));
}

#[test]
fn a_missing_hive_is_an_absence_and_a_damaged_one_an_error() {
    let Some(volume) = seven() else { return };
    fs::write(volume.config.join("SAM"), b"regf, but no hive").unwrap();
    let installation = volume.open();
    let registry = OfflineRegistry::new(&Disk, &installation);
    assert_eq!(registry.value(r"HKLM\COMPONENTS\x", "y").unwrap(), None);
    assert!(!registry.key_exists(r"HKLM\DRIVERS").unwrap());
    let error = registry.key_exists(r"HKLM\SAM\SAM").unwrap_err().to_string();
    assert!(error.contains(&*volume.config.join("SAM").to_string_lossy()), "{error}");
    let error = registry.locate(r"HKLM\BCD00000000").unwrap_err().to_string();
    assert!(error.contains("not on the target's own volume"), "{error}");
}

#[test]
fn an_unusable_hive_makes_no_installation_and_says_which() {
    let Some(volume) = seven() else { return };
    fs::write(volume.config.join("SYSTEM"), b"").unwrap();
    let error = Installation::open(&Disk, volume.folder.path()).unwrap_err().to_string();
    assert!(error.contains("SYSTEM"), "{error}");
    let error = Installation::open(&Disk, Path::new("/nonexistent")).unwrap_err().to_string();
    assert!(error.contains("no Windows installation"), "{error}");
}
