//! Each invariant, broken once.

use std::sync::OnceLock;

use super::*;
use crate::hive::base_block::{self, BASE_BLOCK_SIZE};
use crate::hive::field::put;
use crate::hive::key_node::{self, KeyNode, at};
use crate::hive::{CellOffset, Hive, KeyPath, Value};

/// A hive with a key of every kind of content.
pub(super) fn sample() -> Hive {
    static SAMPLE: OnceLock<Hive> = OnceLock::new();
    SAMPLE.get_or_init(build_sample).clone()
}

fn build_sample() -> Hive {
    let mut editor = crate::hive::create(5).unwrap().edit();
    let key = KeyPath::new("key");
    for name in ["key\\one", "key\\two", "other"] {
        editor.create_key(&KeyPath::new(name)).unwrap();
    }
    editor.set_value(&key, "inline", &Value::dword(1)).unwrap();
    editor.set_value(&key, "cell", &Value::string("some text")).unwrap();
    editor.set_value(&key, "big", &Value::binary(vec![7; 40_000])).unwrap();
    for index in 0..1100 {
        editor.create_key(&KeyPath::new(&format!("many\\k{index:04}"))).unwrap();
    }
    editor.finish().unwrap().into_hive().unwrap()
}

fn node<'a>(hive: &'a Hive, path: &str) -> KeyNode<'a> {
    key_node::resolve(&hive.cells(), &KeyPath::new(path)).unwrap().unwrap()
}

fn value(hive: &Hive, index: usize) -> CellOffset {
    node(hive, "key").values(&hive.cells()).unwrap().nth(index).unwrap()
}

fn link(hive: &Hive, cell: CellOffset, at: usize) -> CellOffset {
    CellOffset::new(crate::hive::field::u32_at(hive.cells().payload(cell).unwrap(), at))
}

/// Overwrites bytes of a cell's payload; `at` may be negative for its header.
fn broken(mut hive: Hive, cell: CellOffset, at: isize, bytes: &[u8]) -> Vec<u8> {
    let start = (BASE_BLOCK_SIZE + cell.index() + 4).checked_add_signed(at).unwrap();
    put(&mut hive.image, start, bytes);
    hive.image
}

fn rules(image: &[u8]) -> Vec<&'static str> {
    let mut rules: Vec<_> = audit(image).defects.into_iter().map(|defect| defect.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// Hives with a defect of each kind of place.
pub(super) fn broken_samples() -> Vec<Vec<u8>> {
    let of_key = |at: usize, bytes: &[u8]| {
        let (hive, cell) = (sample(), node(&sample(), "key").offset);
        broken(hive, cell, at.try_into().unwrap(), bytes)
    };
    let of_list = |key: &str, at: isize, bytes: &[u8]| {
        let (hive, cell) = (sample(), node(&sample(), key).link(at::SUBKEY_LIST));
        broken(hive, cell, at, bytes)
    };
    let root = sample().cells().root.get().to_le_bytes();
    vec![
        of_key(at::PARENT, &[0x20, 0, 0, 0]),
        of_key(at::VALUE_COUNT, &[0xff, 0, 0, 0]),
        of_key(at::SECURITY, &root),
        of_key(at::CLASS, &root),
        of_list("many", 4, &root),
        of_list("key", 4, &root),
        of_list("", 2, &[2, 0]),
        of_list("", 8, &[0; 4]),
    ]
}

#[test]
fn new_and_edited_hives_are_sound() {
    for minor in 1..=6 {
        let hive = crate::hive::create(minor).unwrap();
        assert_eq!(audit(hive.image()), Audit { keys: 1, values: 0, defects: vec![] }, "1.{minor}");
    }
    assert_eq!(audit(sample().image()), Audit { keys: 1106, values: 3, defects: vec![] });
}

#[test]
fn broken_key_nodes_are_found() {
    let cases: [(usize, &[u8], &[&str]); 8] = [
        (at::PARENT, &[0x20, 0, 0, 0], &["key-parent"]),
        (at::SUBKEY_COUNT, &[3, 0, 0, 0], &["subkey-count"]),
        (at::VALUE_COUNT, &[0xff, 0, 0, 0], &["list-size", "unreferenced"]),
        (at::LARGEST_SUBKEY_NAME, &[5, 0], &["largest-subkey-name"]),
        (at::LARGEST_VALUE_NAME, &[11, 0, 0, 0], &["largest-value-name"]),
        (at::LARGEST_VALUE_DATA, &[0, 0, 0, 0], &["largest-value-data"]),
        (at::SECURITY, &[0x24, 0, 0, 0], &["reference", "security-count"]),
        (at::NAME_SIZE, &[0xff, 0xff], &["key-name", "security-count", "unreferenced"]),
    ];
    for (at, bytes, expected) in cases {
        let hive = sample();
        let key = node(&hive, "key").offset;
        assert_eq!(rules(&broken(hive, key, at.try_into().unwrap(), bytes)), expected, "at {at}");
    }
}

#[test]
fn broken_values_are_found() {
    let cases: [(usize, usize, &[u8], &[&str]); 6] = [
        (0, 0, b"vx", &["value-signature"]),
        (0, 4, &[5, 0, 0, 0x80], &["value-data"]),
        (1, 2, &[0xff, 0xff], &["unreferenced", "value-name"]),
        (1, 4, &[200, 0, 0, 0], &["value-data"]),
        (2, 4, &[0, 0x10, 0, 0], &["unreferenced", "value-data"]),
        (2, 4, &[0, 0x70, 0, 0], &["big-data-count", "unreferenced"]),
    ];
    for (index, at, bytes, expected) in cases {
        let hive = sample();
        let cell = value(&hive, index);
        let found = rules(&broken(hive, cell, at.try_into().unwrap(), bytes));
        assert_eq!(found, expected, "value {index} at {at}");
    }
}

#[test]
fn a_key_name_that_no_path_can_say_is_found() {
    let hive = sample();
    let key = node(&hive, "other").offset;
    let found = rules(&broken(hive, key, key_node::HEAD_SIZE.try_into().unwrap(), b"\\ther"));
    assert!(found.contains(&"key-name"), "{found:?}");
}

#[test]
fn values_of_one_name_are_found() {
    for others in [0, 20] {
        let mut editor = sample().edit();
        let key = KeyPath::new("key");
        for name in (0..others).map(|index| format!("other {index}")).chain(["cELL-".to_owned()]) {
            editor.set_value(&key, &name, &Value::dword(1)).unwrap();
        }
        let hive = editor.finish().unwrap().into_hive().unwrap();
        assert_eq!(rules(hive.image()), Vec::<&str>::new());
        let (last, list) = (value(&hive, 3 + others), node(&hive, "key").link(at::VALUE_LIST));
        let place = list.absolute() + 4 + 4 * (3 + others) as u64;
        // `cELL-` becomes `cELL`, which `cell` is before it.
        let found = audit(&broken(hive, last, 2, &[4, 0])).defects;
        let found: Vec<_> = found.iter().map(|defect| (defect.offset, defect.rule)).collect();
        assert_eq!(found, [(place, "value-duplicate")], "beside {others} others");
    }
}

#[test]
fn broken_lists_are_found() {
    let cases: [(&str, usize, &[u8], &[&str]); 4] = [
        ("key", 0, b"xx", &["list-signature", "security-count", "subkey-count", "unreferenced"]),
        ("key", 2, &[1, 0], &["security-count", "subkey-count", "unreferenced"]),
        ("key", 2, &[0xff, 0], &["list-size", "security-count", "subkey-count", "unreferenced"]),
        ("key", 8, &[0; 4], &["list-hash"]),
    ];
    for (key, at, bytes, expected) in cases {
        let hive = sample();
        let list = node(&hive, key).link(at::SUBKEY_LIST);
        assert_eq!(rules(&broken(hive, list, at.try_into().unwrap(), bytes)), expected, "{key} at {at}");
    }
}

#[test]
fn index_roots_hold_leaves_with_elements_only() {
    let hive = sample();
    let root = node(&hive, "many").link(at::SUBKEY_LIST);
    let own = root.get().to_le_bytes();
    assert!(rules(&broken(hive, root, 4, &own)).contains(&"cell-shared"));

    let hive = sample();
    let leaf = link(&hive, node(&hive, "many").link(at::SUBKEY_LIST), 4);
    assert!(rules(&broken(hive, leaf, 2, &[0, 0])).contains(&"list-empty"));

    let hive = sample();
    let leaf = link(&hive, node(&hive, "many").link(at::SUBKEY_LIST), 4);
    assert!(rules(&broken(hive, leaf, 0, b"ri")).contains(&"list-nesting"));
}

#[test]
fn class_names_have_a_cell_of_their_own() {
    let hive = sample();
    let key = node(&hive, "other").offset;
    let image = broken(hive, key, at::CLASS_SIZE.try_into().unwrap(), &[6, 0]);
    assert_eq!(rules(&image), Vec::<&str>::new());
    let hive = Hive::from_image(image).unwrap();
    let text = link(&hive, value(&hive, 1), 8).get().to_le_bytes();
    assert_eq!(
        rules(&broken(hive, key, at::CLASS.try_into().unwrap(), &text)),
        ["cell-shared", "largest-class"]
    );
}

#[test]
fn lists_out_of_order_and_endless_trees_are_found() {
    let hive = sample();
    let list = node(&hive, "key").link(at::SUBKEY_LIST);
    let elements = hive.cells().payload(list).unwrap()[4..20].to_vec();
    let swapped = [&elements[8..], &elements[..8]].concat();
    assert_eq!(rules(&broken(hive, list, 4, &swapped)), ["list-order"]);

    let hive = sample();
    let (list, root) = (node(&hive, "key").link(at::SUBKEY_LIST), hive.cells().root);
    let found = rules(&broken(hive, list, 4, &root.get().to_le_bytes()));
    assert!(found.contains(&"cell-shared"), "{found:?}");
}

#[test]
fn a_broken_security_ring_is_found() {
    let cases: [(isize, &[u8], &[&str]); 5] = [
        (4, &[0x24, 0, 0, 0], &["reference"]),
        (8, &[0x24, 0, 0, 0], &["security-ring"]),
        (12, &[1, 0, 0, 0], &["security-count"]),
        (20, &[9], &["security-descriptor"]),
        (16, &[0xff, 0xff, 0, 0], &["security-size"]),
    ];
    for (at, bytes, expected) in cases {
        let hive = sample();
        let security = node(&hive, "").link(at::SECURITY);
        let found = rules(&broken(hive, security, at, bytes));
        assert!(expected.iter().all(|rule| found.contains(rule)), "at {at}: {found:?}");
    }
}

#[test]
fn broken_cells_and_bins_are_found() {
    let hive = sample();
    let cell = value(&hive, 1);
    let found = rules(&broken(hive, cell, -4, &[3, 0, 0, 0]));
    assert!(found.contains(&"cell-size"), "{found:?}");

    let hive = sample();
    let data = link(&hive, value(&hive, 1), 8);
    let size = crate::hive::cell::Cell::read(hive.cells().bins(), data.index()).unwrap().size;
    let found = rules(&broken(hive, data, -4, &size.to_le_bytes()));
    assert_eq!(found, ["reference-to-free"]);

    let mut image = sample().image;
    image[BASE_BLOCK_SIZE] = b'x';
    let found = rules(&image);
    assert!(found.contains(&"bin-signature") && found.contains(&"reference"), "{found:?}");
}

#[test]
fn lost_cells_are_found() {
    let hive = sample();
    let list = node(&hive, "key").link(at::VALUE_LIST);
    let count =
        broken(hive, node(&sample(), "key").offset, at::VALUE_COUNT.try_into().unwrap(), &[2, 0, 0, 0]);
    assert_eq!(rules(&count), ["unreferenced"]);
    assert!(audit(&count).defects.iter().all(|defect| defect.offset != list.absolute()));
}

#[test]
fn broken_base_blocks_are_found() {
    let cases: [(usize, &[u8], &[&str]); 6] = [
        (0, b"x", &["base-block"]),
        (24, &[9], &["version"]),
        (8, &[9], &["checksum", "sequence"]),
        (28, &[1], &["checksum", "file-type"]),
        (508, &[1], &["checksum"]),
        (36, &[0xff, 0xff, 0xff, 0xff], &["checksum", "reference", "unreferenced"]),
    ];
    for (at, bytes, expected) in cases {
        let mut image = sample().image;
        put(&mut image, at, bytes);
        assert_eq!(rules(&image), expected, "at {at}");
    }
    let mut short = sample().image;
    short.truncate(short.len() - 4096);
    assert!(rules(&short).contains(&"file-size"));
    assert_eq!(rules(b"regf"), ["base-block"]);
    assert_eq!(rules(&[]), ["base-block"]);
}

#[test]
fn every_single_wrong_byte_ends_without_a_panic() {
    let mut editor = crate::hive::create(3).unwrap().edit();
    editor.create_key(&KeyPath::new("a\\b")).unwrap();
    editor.set_value(&KeyPath::new("a"), "v", &Value::string("x")).unwrap();
    let image = editor.finish().unwrap().into_hive().unwrap().image;
    for at in (0..0x70).chain(BASE_BLOCK_SIZE..BASE_BLOCK_SIZE + 0x400) {
        for byte in [0, 1, 0x7f, 0x80, 0xff] {
            let mut image = image.clone();
            image[at] = byte;
            base_block::seal(&mut image, 1, crate::hive::FileTime(1));
            let _ = audit(&image);
        }
    }
}
