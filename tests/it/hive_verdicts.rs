//! The audit of every real hive, against the verdicts in `docs/hive-audit.md`.

use std::collections::BTreeMap;
use std::path::Path;

use pemedic::hive::audit::audit;
use pemedic::hive::storage::Disk;
use pemedic::hive::store::{self, StoreError};

use crate::support::corpus::hives_folder;

/// The defects of a hive: how many of each rule.
type Rules = &'static [(&'static str, usize)];

/// Hives that open, with their keys, values and defects.
const VERDICTS: &[(&str, usize, usize, Rules)] = &[
    ("bcd/BCD", 132, 103, &[]),
    ("bcd/BCD-Template", 144, 110, &[]),
    ("nt4/SOFTWARE", 2221, 3198, &[]),
    ("nt4/SYSTEM", 1971, 5841, &[]),
    ("ntuser/big-value-v13-NTUSER.DAT", 1812, 4094, &[]),
    ("ntuser/win7-NTUSER.DAT", 2288, 5470, &[]),
    ("ntuser/dirty-NTUSER.DAT", 3105, 4695, &[]),
    ("winxp/NTUSER.DAT", 1700, 8247, &[]),
    ("winxp/SYSTEM", 9629, 26_819, &[("largest-subkey-name", 24)]),
    ("win7/SYSTEM", 30_756, 73_455, &[]),
    ("win7/SOFTWARE", 117_488, 193_870, &[]),
    ("win10/SYSTEM", 35_595, 78_901, &[]),
    ("logs/NewDirtyHive1/NewDirtyHive", 5, 1, &[("unreferenced", 8)]),
    ("logs/NewDirtyHive1/RecoveredHive_Windows10", 5, 1, &[("unreferenced", 8)]),
    ("logs/OldDirtyHive/OldDirtyHive", 5003, 1, &[]),
    ("logs/OldDirtyHive/RecoveredHive_Windows7", 5003, 1, &[]),
    (
        "crafted/BadSubkeyHive",
        6,
        0,
        &[("cell-shared", 1), ("key-parent", 1), ("security-count", 1), ("unreferenced", 1)],
    ),
    ("crafted/BigDataHive", 2, 2, &[]),
    ("crafted/ExtendedASCIIHive", 2, 1, &[]),
    ("crafted/InvalidParentHive", 5003, 0, &[("key-parent", 1)]),
    ("crafted/ManySubkeysHive", 5003, 0, &[]),
    ("crafted/NewFlagsHive", 3, 0, &[]),
    ("crafted/SlackHive", 5003, 0, &[]),
    (
        "crafted/TruncatedHive",
        2,
        0,
        &[
            ("file-size", 1),
            ("reference", 9),
            ("security-count", 1),
            ("subkey-count", 1),
            ("unreferenced", 84),
        ],
    ),
    ("crafted/UnicodeHive", 3, 0, &[]),
    ("crafted/UpcaseHive", 4, 0, &[]),
    ("crafted/hivex-minimal", 1, 0, &[]),
    ("crafted/hivex-rlenvalue", 2, 6, &[]),
    ("crafted/hivex-special", 4, 3, &[]),
    (
        "crafted/truncated-xp-SYSTEM",
        1687,
        5625,
        &[
            ("bin-signature", 30),
            ("cell-size", 1),
            ("reference", 208),
            ("security-count", 34),
            ("security-unlinked", 30),
            ("subkey-count", 27),
            ("unreferenced", 5082),
        ],
    ),
];

#[test]
fn real_hives_have_the_defects_that_are_known() {
    let Some(folder) = hives_folder() else { return };
    for (name, keys, values, rules) in VERDICTS {
        let hive = store::load(&Disk, &folder.join(name)).unwrap();
        let audit = audit(hive.image());
        let mut found = BTreeMap::new();
        for defect in &audit.defects {
            *found.entry(defect.rule).or_insert(0) += 1;
        }
        let expected: BTreeMap<_, _> = rules.iter().copied().collect();
        assert_eq!((audit.keys, audit.values, found), (*keys, *values, expected), "{name}");
    }
}

#[test]
fn hives_without_a_trustworthy_state_do_not_open() {
    let Some(folder) = hives_folder() else { return };
    for name in ["logs/BadLogHive1/BadLogHive", "crafted/EffectiveSizeHive"] {
        let refused = store::load(&Disk, Path::new(&folder.join(name)));
        assert!(matches!(refused, Err(StoreError::Hive { .. })), "{name}");
    }
}
