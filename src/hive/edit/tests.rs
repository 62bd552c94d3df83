//! Edits and what a reader sees of them.

use super::*;
use crate::hive::{CellOffset, NamedValue, create};

const THEN: FileTime = FileTime(0x01d0_0000_0000_0000);

fn path(path: &str) -> KeyPath {
    KeyPath::new(path)
}

fn editor(minor: u32) -> Editor {
    create(minor).unwrap().edit_at(THEN)
}

fn reopened(editor: Editor) -> Hive {
    editor.finish().unwrap().into_hive().unwrap()
}

/// Sizes around every border: inline, one cell, big data, the next segment.
const SIZES: [usize; 12] = [0, 1, 4, 5, 8, 4096, 16343, 16344, 16345, 32688, 32689, 100_000];

#[test]
fn values_of_every_size_come_back_in_every_version() {
    for minor in 1..=6 {
        let mut editor = editor(minor);
        for size in SIZES {
            let data: Vec<u8> = (0..size).map(|index| u8::try_from(index % 251).unwrap()).collect();
            editor.set_value(&KeyPath::root(), &format!("v{size}"), &Value::binary(data)).unwrap();
        }
        let hive = reopened(editor);
        for size in SIZES {
            let value = hive.value(&KeyPath::root(), &format!("V{size}")).unwrap().unwrap();
            assert_eq!(value.data.len(), size);
            assert!(value.data.iter().enumerate().all(|(index, byte)| usize::from(*byte) == index % 251));
        }
    }
}

#[test]
fn a_value_can_change_from_every_size_to_every_other() {
    for minor in [3, 5] {
        let mut editor = editor(minor);
        for from in SIZES {
            for to in SIZES {
                editor.set_value(&KeyPath::root(), "v", &Value::binary(vec![1; from])).unwrap();
                editor.set_value(&KeyPath::root(), "v", &Value::binary(vec![2; to])).unwrap();
                let value = editor.hive().value(&KeyPath::root(), "v").unwrap();
                assert_eq!(value, Some(Value::binary(vec![2; to])), "{from} to {to}");
            }
        }
    }
}

#[test]
fn all_segments_of_big_data_are_of_one_size() {
    let mut editor = editor(5);
    editor.set_value(&KeyPath::root(), "v", &Value::binary(vec![7; 16_345])).unwrap();
    let survey = Survey::of(editor.hive().image());
    let full =
        editor.hive().image()[4096..].chunks(8).filter(|cell| cell[..4] == (-16_352_i32).to_le_bytes());
    assert_eq!(full.count(), 2);
    assert!(survey.free.iter().all(|cell| cell.size < 16_352));
}

#[test]
fn a_renamed_only_child_leaves_its_class_known() {
    let mut editor = editor(5);
    editor.create_key(&path("p\\one")).unwrap();
    let mut tree = editor.hive().tree(&path("p\\one")).unwrap().unwrap();
    tree.class = Some(vec![b'c', 0, b'l', 0]);
    editor.delete_key(&path("p\\one")).unwrap();
    editor.restore_tree(&path("p"), &tree).unwrap();
    editor.rename_key(&path("p\\one"), "two").unwrap();
    assert_eq!(reopened(editor).tree(&path("p\\two")).unwrap().unwrap().class, tree.class);
}

#[test]
fn the_edit_stamps_the_key_and_nothing_else() {
    let hive = create(5).unwrap();
    let created = hive.last_written(&KeyPath::root()).unwrap().unwrap();
    let mut editor = hive.edit_at(THEN);
    editor.create_key(&path("a")).unwrap();
    let mut editor = reopened(editor).edit_at(FileTime(5));
    editor.set_value(&path("a"), "v", &Value::dword(1)).unwrap();
    let hive = reopened(editor);
    assert_eq!(hive.last_written(&KeyPath::root()).unwrap(), Some(THEN));
    assert_eq!(hive.last_written(&path("A")).unwrap(), Some(FileTime(5)));
    assert_ne!(created, THEN);
}

#[test]
fn subkeys_stay_sorted_and_findable() {
    for minor in 1..=6 {
        let mut editor = editor(minor);
        let names = ["beta", "Alpha", "ß", "ss", "Ж", "ж1", "_x", "Zz", "ÿ", "a b"];
        for name in names {
            editor.create_key(&path(name)).unwrap();
        }
        let hive = reopened(editor);
        let stored = hive.subkeys(&KeyPath::root()).unwrap().unwrap();
        assert_eq!(stored, ["a b", "Alpha", "beta", "ss", "Zz", "_x", "ß", "ÿ", "Ж", "ж1"]);
        for name in names {
            assert!(hive.key_exists(&path(&name.to_uppercase().replace("SS", "ss"))).unwrap() || name == "ß");
        }
    }
}

#[test]
fn long_lists_split_and_join() {
    for minor in [2, 3, 5] {
        let mut editor = editor(minor);
        let names: Vec<String> = (0..3000).map(|index| format!("k{}", index * 7919 % 3000)).collect();
        for name in &names {
            editor.create_key(&path(name)).unwrap();
        }
        let mut sorted = names.clone();
        sorted.sort();
        assert_eq!(editor.hive().subkeys(&KeyPath::root()).unwrap().unwrap(), sorted);
        for (left, name) in names.iter().enumerate().rev() {
            editor.delete_key(&path(name)).unwrap();
            assert!(!editor.hive().key_exists(&path(name)).unwrap());
            if left % 500 == 0 {
                assert_eq!(editor.hive().subkeys(&KeyPath::root()).unwrap().unwrap().len(), left);
            }
        }
    }
}

#[test]
fn deleting_gives_everything_back() {
    let mut editor = editor(5);
    let before = editor.hive().image().len();
    for round in 0..50_u8 {
        editor.create_key(&path("a\\b\\c")).unwrap();
        editor.set_value(&path("a\\b"), "v", &Value::binary(vec![round; 100])).unwrap();
        editor.set_value(&path("a\\b"), "w", &Value::string("text")).unwrap();
        editor.delete_key(&path("a")).unwrap();
    }
    let hive = reopened(editor);
    assert_eq!(hive.image().len(), before);
    let cells = hive.cells();
    let survey = Survey::of(hive.image());
    assert_eq!(survey.free.len(), 1);
    assert_eq!(survey.free[0].end() as usize, cells.bins().len());
}

#[test]
fn renaming_keeps_what_is_below() {
    let mut editor = editor(5);
    editor.create_key(&path("a\\one")).unwrap();
    editor.create_key(&path("a\\two\\deep")).unwrap();
    editor.create_key(&path("b")).unwrap();
    editor.set_value(&path("a"), "v", &Value::dword(1)).unwrap();
    let taken = editor.rename_key(&path("a"), "B");
    assert_eq!(taken, Err(HiveError::KeyExists(path("B"))));
    editor.rename_key(&path("a"), "A").unwrap();
    editor.rename_key(&path("a"), "a much longer name than before").unwrap();
    let hive = reopened(editor);
    let moved = path("A MUCH longer name than before");
    assert_eq!(hive.subkeys(&moved).unwrap().unwrap(), ["one", "two"]);
    assert_eq!(hive.value(&moved, "v").unwrap(), Some(Value::dword(1)));
    assert!(hive.key_exists(&moved.join("two\\deep")).unwrap());
    assert!(!hive.key_exists(&path("a")).unwrap());
}

#[test]
fn a_deleted_tree_comes_back_as_it_was() {
    let mut editor = editor(5);
    editor.create_key(&path("a\\b\\c")).unwrap();
    editor.set_value(&path("a\\b"), "", &Value::multi_string(&["x", "y"])).unwrap();
    editor.set_last_written(&path("a\\b"), FileTime(77)).unwrap();
    let mut tree = editor.hive().tree(&path("a")).unwrap().unwrap();
    tree.class = Some(vec![b'c', 0]);
    tree.security.push(0);
    editor.delete_key(&path("a")).unwrap();
    editor.restore_tree(&KeyPath::root(), &tree).unwrap();
    assert_eq!(editor.restore_tree(&KeyPath::root(), &tree), Err(HiveError::KeyExists(path("a"))));
    assert_eq!(reopened(editor).tree(&path("a")).unwrap(), Some(tree));
}

#[test]
fn requests_that_cannot_be_met_change_nothing() {
    let mut editor = editor(3);
    let before = editor.hive().image().to_vec();
    let dword = Value::dword(1);
    assert_eq!(editor.set_value(&path("x"), "v", &dword), Err(HiveError::NoSuchKey(path("x"))));
    let missing = HiveError::NoSuchValue { key: KeyPath::root(), value: "v".to_owned() };
    assert_eq!(editor.delete_value(&KeyPath::root(), "v"), Err(missing));
    let refused = [
        editor.set_value(&KeyPath::root(), "v", &Value::binary(vec![0; (1 << 20) + 1])),
        editor.create_key(&path(&format!("a\\{}", "k".repeat(256)))),
        editor.create_key(&path(&"k\\".repeat(513))),
        editor.delete_key(&KeyPath::root()),
        editor.rename_key(&KeyPath::root(), "x"),
    ];
    for refusal in refused {
        assert!(matches!(refusal, Err(HiveError::Limit(_))), "{refusal:?}");
    }
    assert!(editor.hive().image() == before);
}

#[test]
fn finishing_seals_above_every_sequence_seen() {
    let mut hive = create(5).unwrap();
    hive.report.highest_sequence = 41;
    let edited = hive.edit_at(THEN).finish().unwrap();
    let block = base_block::BaseBlock::parse(edited.image()).unwrap();
    assert!(block.is_clean());
    assert_eq!((block.primary_sequence(), block.last_written()), (42, THEN));
}

#[test]
fn a_sequence_that_cannot_be_exceeded_is_refused() {
    let mut hive = create(5).unwrap();
    hive.report.highest_sequence = u32::MAX;
    assert!(matches!(hive.edit_at(THEN).finish(), Err(HiveError::Limit(_))));
}

#[test]
fn value_lists_keep_their_order() {
    let mut editor = editor(5);
    for index in 0..40 {
        editor.set_value(&KeyPath::root(), &format!("v{index}"), &Value::dword(index)).unwrap();
    }
    for index in (0..40).filter(|index| index % 3 == 0) {
        editor.delete_value(&KeyPath::root(), &format!("V{index}")).unwrap();
    }
    let left: Vec<NamedValue> = reopened(editor).values(&KeyPath::root()).unwrap().unwrap();
    let expected = (0..40).filter(|index| index % 3 != 0).map(|index| format!("v{index}"));
    assert!(left.iter().map(|value| value.name.clone()).eq(expected));
}

#[test]
fn reused_cells_carry_nothing_over() {
    let mut editor = editor(5);
    editor.set_value(&KeyPath::root(), "secret", &Value::binary(vec![0xaa; 200])).unwrap();
    editor.delete_value(&KeyPath::root(), "secret").unwrap();
    editor.set_value(&KeyPath::root(), "other", &Value::binary(vec![0x55; 197])).unwrap();
    let hive = reopened(editor);
    let cells = hive.cells();
    let root = KeyNode::read(&cells, cells.root).unwrap();
    let value = root.values(&cells).unwrap().next().unwrap();
    for cell in [value, CellOffset::new(crate::hive::field::u32_at(cells.payload(value).unwrap(), 8))] {
        assert!(!cells.payload(cell).unwrap().contains(&0xaa));
    }
}
