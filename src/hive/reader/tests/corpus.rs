//! Every key and value of the real hives, where they are there.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::super::*;
use crate::hive::Hive;
use crate::hive::audit::audit;
use crate::hive::key_node::KeyNode;
use crate::hive::key_value::KeyValue;
use crate::hive::log::LogFile;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/hives")
}

/// A hive with its logs; says so where it is missing.
fn open(name: &str) -> Option<Hive> {
    let Ok(bytes) = std::fs::read(folder().join(name)) else {
        eprintln!("skipped: no ../shared/hives/{name}");
        return None;
    };
    let logs = [".LOG1", ".LOG2"].map(|suffix| format!("{name}{suffix}"));
    let logs: Vec<LogFile> = logs
        .into_iter()
        .filter_map(|name| Some(LogFile { bytes: std::fs::read(folder().join(&name)).ok()?, name }))
        .collect();
    Some(Hive::open(bytes, &logs).unwrap())
}

/// Walks a hive with both decoders side by side; the covers needed.
fn compare(hive: &Hive) -> (usize, usize, BTreeMap<Cover, usize>) {
    let (reader, cells) = (hive.reader(), hive.cells());
    let (mut keys, mut values) = (0, 0);
    let mut covers = BTreeMap::new();
    let mut count =
        |found: Vec<Cover>| found.into_iter().for_each(|cover| *covers.entry(cover).or_insert(0) += 1);
    let mut budget = reader.budget();
    let mut pending = vec![reader.root().unwrap()];
    while let Some(key) = pending.pop() {
        keys += 1;
        let own = KeyNode::read(&cells, key.node().offset).unwrap();
        let seen = key.values(&mut budget).unwrap();
        let decoded: Vec<_> = own
            .values(&cells)
            .unwrap()
            .map(|value| KeyValue::read(&cells, value).unwrap().to_named_value(&cells).unwrap())
            .collect();
        assert_eq!(seen.answer, decoded, "{}", own.name.to_string_lossy());
        values += decoded.len();
        count(seen.covers);
        let class = key.class().unwrap();
        assert_eq!(class.answer.as_deref(), own.class(&cells).unwrap());
        count(class.covers);
        let subkeys = key.subkeys(&mut budget).unwrap();
        count(subkeys.covers);
        let decoded: Vec<_> =
            own.subkeys(&cells).unwrap().into_iter().flat_map(|list| list.iter(&cells)).collect();
        let offsets: Vec<_> = subkeys.answer.iter().map(|subkey| Ok(subkey.node().offset)).collect();
        assert_eq!(offsets, decoded);
        for subkey in &subkeys.answer {
            // The search must end at the key that the list has.
            let name = subkey.node().name.to_text().unwrap();
            let found = key.subkey(&name).unwrap();
            assert_eq!(found.answer.unwrap().node().offset, subkey.node().offset, "{name}");
            count(found.covers);
        }
        pending.extend(subkeys.answer);
    }
    (keys, values, covers)
}

fn check(names: &[&str]) {
    for name in names {
        let Some(hive) = open(name) else { continue };
        let (keys, values, covers) = compare(&hive);
        let audited = audit(hive.image());
        assert_eq!((keys, values), (audited.keys, audited.values), "{name}");
        assert!(!covers.keys().any(|cover| matches!(cover, Cover::Failed(_))), "{name}: {covers:?}");
        let covers: Vec<String> =
            covers.iter().map(|(cover, times)| format!("{times} x {cover:?}")).collect();
        eprintln!("| {name} | {keys} | {values} | {} |", covers.join(", "));
    }
}

#[test]
fn small_hives_read_the_same_through_the_boundary() {
    check(&[
        "bcd/BCD",
        "bcd/BCD-Template",
        "nt4/SOFTWARE",
        "nt4/SYSTEM",
        "ntuser/big-value-v13-NTUSER.DAT",
        "ntuser/win7-NTUSER.DAT",
        "ntuser/dirty-NTUSER.DAT",
        "winxp/NTUSER.DAT",
        "winxp/SYSTEM",
        "logs/NewDirtyHive1/RecoveredHive_Windows10",
        "logs/OldDirtyHive/RecoveredHive_Windows7",
        "crafted/BigDataHive",
        "crafted/ExtendedASCIIHive",
        "crafted/ManySubkeysHive",
        "crafted/NewFlagsHive",
        "crafted/UnicodeHive",
        "crafted/UpcaseHive",
        "crafted/hivex-minimal",
        "crafted/hivex-special",
    ]);
}

#[test]
fn windows_7_and_10_system_read_the_same_through_the_boundary() {
    check(&["win7/SYSTEM", "win10/SYSTEM"]);
}

#[test]
fn windows_7_software_reads_the_same_through_the_boundary() {
    check(&["win7/SOFTWARE"]);
}

/// Read with python-registry 1.3.1: hive, key, value, type, size, first bytes
/// of the data's SHA-256.
const BY_PYTHON_REGISTRY: &[(&str, &str, &str, u32, usize, &str)] = &[
    ("nt4/SOFTWARE", r"Microsoft\Windows NT\CurrentVersion", "CurrentVersion", 1, 8, "7d0e6a83c42d0bd9"),
    ("winxp/SYSTEM", r"ControlSet001\Services\Tcpip\Parameters", "Hostname", 1, 16, "e3b9c7f6b36e133c"),
    ("winxp/SYSTEM", "Select", "Default", 4, 4, "67abdd721024f0ff"),
    ("win7/SYSTEM", r"ControlSet001\services\mfehidk", "VTPCerts", 3, 50_892, "3c494d8ed8364a69"),
    ("win7/SYSTEM", r"ControlSet002\Control\ProductOptions", "ProductPolicy", 3, 21_428, "58beb999b1ca666c"),
    (
        "ntuser/big-value-v13-NTUSER.DAT",
        r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartPage2",
        "ProgramsCache",
        3,
        73_315,
        "e8c0cfda2e7f39a9",
    ),
    (
        "ntuser/win7-NTUSER.DAT",
        r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartPage2",
        "ProgramsCache",
        3,
        77_451,
        "4e070a4955f99ae0",
    ),
];

#[test]
fn values_are_what_python_registry_reads() {
    use sha2::Digest as _;
    for (name, key, value, kind, size, digest) in BY_PYTHON_REGISTRY {
        let Some(hive) = open(name) else { continue };
        let read = hive.value(&KeyPath::new(key), value).unwrap().unwrap();
        let sum: String =
            sha2::Sha256::digest(&read.data).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            (read.kind.0, read.data.len(), sum.as_str()),
            (*kind, *size, *digest),
            "{name} {key} {value}"
        );
    }
}
