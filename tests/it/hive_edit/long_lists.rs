//! Keys with more subkeys than one list holds, and edits without end.

use std::collections::BTreeSet;
use std::time::Instant;

use pemedic::hive::audit::audit;
use pemedic::hive::{self, Editor, Hive, KeyPath, Value};

use super::untouched::{Grants, assert_only};
use super::{CREATED, EDITED, edit, path};
use crate::support::owned_cells::{Role, owned_cells};
use crate::support::peers::{self, Peer};

/// The largest list of the goals that this engine was built to.
const MANY: usize = 25_000;

/// Names in no order, none twice.
fn name(index: usize) -> String {
    format!("k{:04x}", index * 40_503 % 0x1_0000)
}

fn with_subkeys(minor: u32, count: usize) -> Editor {
    let mut editor = hive::create(minor).unwrap().edit_at(CREATED);
    for index in 0..count {
        editor.create_key(&path("many").join(&name(index))).unwrap();
    }
    editor
}

fn sorted_names(count: usize) -> Vec<String> {
    (0..count).map(name).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The signatures of a key's list, as stored: `ri`, then those of its leaves.
fn signatures(hive: &Hive) -> BTreeSet<String> {
    let cells = owned_cells(hive.image()).into_values();
    let lists = cells.filter(|cell| cell.role == Role::SubkeyList);
    lists
        .filter(|cell| &*cell.owner == "many")
        .map(|cell| String::from_utf8_lossy(&cell.bytes[4..6]).into_owned())
        .collect()
}

#[test]
fn key_with_25000_subkeys_is_sorted_sound_and_complete() {
    let start = Instant::now();
    let editor = with_subkeys(5, MANY);
    eprintln!("{MANY} subkeys added in {:.1} s", start.elapsed().as_secs_f32());
    let hive = editor.finish().unwrap().into_hive().unwrap();
    assert_eq!(hive.subkeys(&path("many")).unwrap().unwrap(), sorted_names(MANY));
    let found = audit(hive.image());
    assert_eq!((found.keys, found.defects), (MANY + 2, vec![]));
    assert_eq!(signatures(&hive), BTreeSet::from(["lh".to_owned(), "ri".to_owned()]));
    for index in (0..MANY).step_by(997) {
        assert!(hive.key_exists(&path("MANY").join(&name(index).to_uppercase())).unwrap());
    }
    let Some(theirs) = Peer::Hivex.dump(hive.image()) else { return };
    let ours = peers::dump(&hive.tree(&KeyPath::root()).unwrap().unwrap());
    assert_eq!(peers::first_difference(&ours, &theirs), None);
}

/// Each edit that turns one kind of list into another.
#[test]
fn list_that_splits_or_joins_changes_only_its_parent() {
    for (minor, sizes) in [(2, [1011, 1012, 1013]), (3, [506, 507, 1012]), (5, [1011, 1012, 1013])] {
        for size in sizes {
            let hive = with_subkeys(minor, size).finish().unwrap().into_hive().unwrap();
            let added = format!("many\\{}", name(size));
            let grants = Grants::default().tree("many", &added);
            let grown = edit(&hive, &grants, |editor| editor.create_key(&path(&added)));
            assert_eq!(grown.subkeys(&path("many")).unwrap().unwrap(), sorted_names(size + 1));
            let back = edit(&grown, &grants, |editor| editor.delete_key(&path(&added)));
            assert_eq!(back.subkeys(&path("many")).unwrap().unwrap(), sorted_names(size));
        }
    }
}

#[test]
fn long_list_shrinks_to_nothing_leaf_by_leaf() {
    for minor in [2, 3, 5] {
        let mut hive = with_subkeys(minor, 2_100).finish().unwrap().into_hive().unwrap();
        let mut left: Vec<String> = sorted_names(2_100);
        while !left.is_empty() {
            let mut grants = Grants::default();
            let gone: Vec<String> = left.iter().step_by(2).cloned().collect();
            let mut editor = hive.clone().edit_at(EDITED);
            for name in &gone {
                grants = grants.tree("many", &format!("many\\{name}"));
                editor.delete_key(&path("many").join(name)).unwrap();
            }
            let edited = editor.finish().unwrap();
            // The comparison looks at each grant for each cell.
            if gone.len() < 150 {
                assert_only(hive.image(), edited.image(), &grants);
            }
            hive = edited.into_hive().unwrap();
            assert_eq!(audit(hive.image()).defects, []);
            left = left.into_iter().skip(1).step_by(2).collect();
            assert_eq!(hive.subkeys(&path("many")).unwrap().unwrap(), left, "1.{minor}");
        }
    }
}

/// Sets and deletes values and keys of many sizes, `cycles` times, saved and
/// opened again now and then; gives the sizes before and after.
fn cycle(minor: u32, cycles: usize) -> (usize, usize) {
    let mut hive = with_subkeys(minor, 100).finish().unwrap().into_hive().unwrap();
    let before = hive.image().len();
    for part in 0..10 {
        let mut editor = hive.edit_at(EDITED);
        for round in 0..cycles / 10 {
            let at = part * cycles / 10 + round;
            let key = path("many").join(&name(at % 100));
            // Spread over small cells, several pages and big data.
            let size = [3, 40, 700, 9_000, 17_000, 50_000][at % 6] + at * 7 % 300;
            editor.set_value(&key, "v", &Value::binary(vec![7; size])).unwrap();
            editor.create_key(&key.join("below")).unwrap();
            if !at.is_multiple_of(3) {
                editor.delete_value(&key, "v").unwrap();
            }
            editor.delete_key(&key.join("below")).unwrap();
            let behind = path("many").join(&name((at + 50) % 100));
            let _ = editor.delete_value(&behind, "v");
        }
        hive = editor.finish().unwrap().into_hive().unwrap();
        assert_eq!(audit(hive.image()).defects, []);
    }
    let mut editor = hive.edit_at(EDITED);
    for index in 0..100 {
        let _ = editor.delete_value(&path("many").join(&name(index)), "v");
    }
    let hive = editor.finish().unwrap().into_hive().unwrap();
    (before, hive.image().len())
}

/// What is there at one time, and room around it.
const GROWTH_MAX_BYTES: usize = 512 << 10;

#[test]
fn thousands_of_set_and_delete_cycles_leave_the_hive_small() {
    for minor in [3, 5] {
        let (before, after) = cycle(minor, 2_500);
        eprintln!("1.{minor}: {before} bytes, after 2,500 cycles {after}");
        assert!(after <= before + GROWTH_MAX_BYTES, "1.{minor}: {before} to {after} bytes");
    }
}

/// One value, set and deleted: the hive must not grow at all after the first
/// time.
#[test]
fn repeated_edit_takes_the_same_room_each_time() {
    let mut hive = with_subkeys(5, 50).finish().unwrap().into_hive().unwrap();
    let mut lengths = Vec::new();
    for round in 0..200_u32 {
        let mut editor = hive.edit_at(EDITED);
        editor.create_key(&path("many\\new\\deeper")).unwrap();
        editor.set_value(&path("many\\new"), "v", &Value::binary(vec![1; 20_000])).unwrap();
        editor.set_value(&path("many\\new\\deeper"), "w", &Value::dword(round)).unwrap();
        editor.delete_key(&path("many\\new")).unwrap();
        hive = editor.finish().unwrap().into_hive().unwrap();
        lengths.push(hive.image().len());
    }
    assert_eq!(lengths.first(), lengths.last());
    assert_eq!(hive.tree(&KeyPath::root()).unwrap().unwrap().subkeys[0].subkeys.len(), 50);
}

/// `cargo test --release --test it -- --ignored hundred_thousand --nocapture`
#[test]
#[ignore = "takes half a minute in a release build; the benchmark has it too"]
fn hundred_thousand_cycles_leave_the_hive_small() {
    let (before, after) = cycle(5, 100_000);
    eprintln!("{before} bytes, after 100,000 cycles {after}");
    assert!(after <= before + GROWTH_MAX_BYTES, "{before} to {after} bytes");
}
