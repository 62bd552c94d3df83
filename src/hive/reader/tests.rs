//! Each known fault of nt-hive in a hive made by code, and what the boundary
//! makes of it.

mod corpus;

use super::contain::contain;
use super::*;
use crate::hive::audit::audit;
use crate::hive::field::{put, u32_at};
use crate::hive::key_node::{self, KeyNode, at};
use crate::hive::{CellOffset, Editor, FileTime, Hive, ValueType, base_block};

fn made(minor: u32, edit: impl FnOnce(&mut Editor)) -> Hive {
    let mut editor = crate::hive::create(minor).unwrap().edit();
    edit(&mut editor);
    editor.finish().unwrap().into_hive().unwrap()
}

fn key(path: &str) -> KeyPath {
    KeyPath::new(path)
}

fn node<'a>(hive: &'a Hive, path: &str) -> KeyNode<'a> {
    key_node::resolve(&hive.cells(), &key(path)).unwrap().unwrap()
}

/// Overwrites bytes of a cell's payload.
fn patch(hive: &mut Hive, cell: CellOffset, at: usize, bytes: &[u8]) {
    put(&mut hive.image, BASE_BLOCK_SIZE + cell.index() + 4 + at, bytes);
}

/// What nt-hive says when it is asked without the boundary.
fn alone<T>(
    hive: &Hive,
    read: impl FnOnce(nt_hive::KeyNode<'_, &[u8]>) -> nt_hive::Result<T>,
) -> Result<T, String> {
    contain(|| {
        let outside = Outside::without_validation(hive.image())?;
        read(outside.root_key_node()?)
    })
}

#[test]
fn what_both_read_needs_no_cover() {
    for minor in 3..=6 {
        let hive = made(minor, |editor| {
            editor.create_key(&key("Ключ\\b")).unwrap();
            editor.set_value(&key("Ключ"), "Ä", &Value::string("text")).unwrap();
            editor.set_value(&key("Ключ"), "", &Value::dword(5)).unwrap();
            editor.set_value(&key("Ключ"), "none", &Value::binary(vec![])).unwrap();
            editor.set_value(&key("Ключ"), "limit", &Value::binary(vec![7; 16_344])).unwrap();
        });
        let reader = hive.reader();
        assert_eq!(reader.value(&key("ключ"), "ä").unwrap(), Seen::by_both(Some(Value::string("text"))));
        assert_eq!(reader.value(&key("ключ"), "").unwrap(), Seen::by_both(Some(Value::dword(5))));
        assert_eq!(
            reader.values(&key("КЛЮЧ")).unwrap().map(|values| values.unwrap().len()),
            Seen::by_both(4)
        );
        assert_eq!(reader.subkey_names(&key("Ключ")).unwrap(), Seen::by_both(Some(vec!["b".to_owned()])));
        assert_eq!(reader.key_exists(&key("Ключ\\B")).unwrap(), Seen::by_both(true));
        assert_eq!(reader.key_exists(&key("Ключ\\c")).unwrap(), Seen::by_both(false));
        assert_eq!(reader.value(&key("Ключ"), "x").unwrap(), Seen::by_both(None));
        assert_eq!(reader.values(&key("x")).unwrap(), Seen::by_both(None));
    }
}

#[test]
fn big_data_is_read_by_both_where_the_version_has_it() {
    let data = Value::binary((0..50_000_u32).map(|byte| byte.to_le_bytes()[0]).collect());
    let hive = made(5, |editor| editor.set_value(&KeyPath::root(), "big", &data).unwrap());
    assert_eq!(hive.reader().value(&KeyPath::root(), "big").unwrap(), Seen::by_both(Some(data)));
}

#[test]
fn large_data_of_version_1_3_is_not_taken_for_big_data() {
    // Data that looks like a big data record of one segment list elsewhere.
    let mut data = vec![9; 20_000];
    data[..8].copy_from_slice(&[b'd', b'b', 2, 0, 0x20, 0, 0, 0]);
    let value = Value::binary(data);
    let hive = made(3, |editor| editor.set_value(&KeyPath::root(), "whole", &value).unwrap());
    let misread = alone(&hive, |root| root.value("whole").unwrap()?.data()?.into_vec());
    assert_ne!(misread.ok().as_ref(), Some(&value.data), "nt-hive reads it right now: drop the cover");
    let seen = hive.reader().value(&KeyPath::root(), "WHOLE").unwrap();
    assert_eq!(seen, Seen { answer: Some(value.clone()), covers: vec![Cover::WholeData] });
    assert_eq!(hive.values(&KeyPath::root()).unwrap().unwrap()[0].value, value);
}

#[test]
fn stale_lists_of_keys_without_content_mean_nothing() {
    let mut hive = made(3, |editor| {
        editor.create_key(&key("a")).unwrap();
        editor.create_key(&key("b\\c")).unwrap();
    });
    let (bare, other) = (node(&hive, "a").offset, node(&hive, "b").link(at::SUBKEY_LIST));
    let free = u32::try_from(hive.cells().bins().len() - 8).unwrap();
    patch(&mut hive, bare, at::VALUE_LIST, &free.to_le_bytes());
    patch(&mut hive, bare, at::SUBKEY_LIST, &other.get().to_le_bytes());

    assert!(alone(&hive, |root| root.subkey("a").unwrap()?.values().transpose().map(drop)).is_err());
    let followed = alone(&hive, |root| Ok(root.subkey("a").unwrap()?.subkey("c").is_some()));
    assert_eq!(followed, Ok(true), "nt-hive follows the list of another key");

    let reader = hive.reader();
    let nothing = |cover| Seen { answer: Some(vec![]), covers: vec![cover] };
    assert_eq!(reader.values(&key("a")).unwrap(), nothing(Cover::StaleValueList));
    assert_eq!(reader.value(&key("a"), "v").unwrap().covers, [Cover::StaleValueList]);
    let names = reader.subkey_names(&key("a")).unwrap();
    assert_eq!(names, Seen { answer: Some(vec![]), covers: vec![Cover::StaleSubkeyList] });
    let below = reader.key_exists(&key("a\\c")).unwrap();
    assert_eq!(below, Seen { answer: false, covers: vec![Cover::StaleSubkeyList] });
}

#[test]
fn types_without_a_name_keep_their_number() {
    let value = Value { kind: ValueType(0xffff_0012), data: vec![1, 2, 3, 4, 5] };
    let hive = made(5, |editor| editor.set_value(&KeyPath::root(), "property", &value).unwrap());
    assert!(alone(&hive, |root| root.value("property").unwrap()?.data_type()).is_err());
    let seen = hive.reader().value(&KeyPath::root(), "property").unwrap();
    assert_eq!(seen, Seen { answer: Some(value), covers: vec![Cover::UnknownType] });
}

#[test]
fn values_of_no_bytes_have_no_data_to_look_for() {
    let mut hive = made(5, |editor| {
        editor.set_value(&KeyPath::root(), "empty", &Value::string("")).unwrap();
    });
    let value = node(&hive, "").values(&hive.cells()).unwrap().next().unwrap();
    patch(&mut hive, value, 4, &[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    let said = alone(&hive, |root| root.value("empty").unwrap()?.data()?.into_vec()).unwrap_err();
    assert!(said.contains("panicked"), "{said}");
    let seen = hive.reader().value(&KeyPath::root(), "empty").unwrap();
    assert_eq!(seen.covers, [Cover::EmptyData]);
    assert_eq!(seen.answer.unwrap().data, Vec::<u8>::new());
}

#[test]
fn handles_in_the_place_of_counts_are_not_followed() {
    let mut hive = made(5, |editor| {
        editor.create_key(&key("a")).unwrap();
        editor.set_value(&key("a"), "v", &Value::dword(1)).unwrap();
    });
    let handle = node(&hive, "a");
    let (cell, flags) = (handle.offset, handle.flags() | key_node::flag::PREDEFINED_HANDLE);
    patch(&mut hive, cell, at::FLAGS, &flags.to_le_bytes());
    patch(&mut hive, cell, at::VALUE_COUNT, &0x8000_0002_u32.to_le_bytes());
    assert!(alone(&hive, |root| root.subkey("a").unwrap()?.values().transpose().map(drop)).is_err());
    let seen = hive.reader().values(&key("a")).unwrap();
    assert_eq!(seen, Seen { answer: Some(vec![]), covers: vec![Cover::PredefinedHandle] });
}

#[test]
fn versions_that_nt_hive_refuses_are_read_by_our_decoder() {
    for minor in [1, 2] {
        let hive = made(minor, |editor| {
            editor.create_key(&key("a")).unwrap();
            editor.set_value(&key("a"), "v", &Value::dword(1)).unwrap();
        });
        let seen = hive.reader().value(&key("a"), "v").unwrap();
        assert_eq!(seen, Seen { answer: Some(Value::dword(1)), covers: vec![Cover::Version(minor)] });
        assert_eq!(hive.reader().key_exists(&key("a")).unwrap().covers, [Cover::Version(minor)]);
    }
}

#[test]
fn keys_beside_letters_of_contested_capitals_are_found() {
    let names = ["greek\\µ", "greek\\Ā", "greek\\Β", "latin\\s"];
    let hive = made(5, |editor| {
        for name in names {
            editor.create_key(&key(name)).unwrap();
            editor.set_value(&key(name), "ſ", &Value::string(name)).unwrap();
        }
    });
    let missed = alone(&hive, |root| Ok(root.subkey("greek").unwrap()?.subkey("µ").is_none()));
    assert_eq!(missed, Ok(true), "nt-hive finds it right now: drop the cover");
    let reader = hive.reader();
    for name in names {
        let seen = reader.value(&key(name), "ſ").unwrap();
        assert_eq!(seen.answer, Some(Value::string(name)));
    }
    let capitals = |answer| Seen { answer, covers: vec![Cover::Capitals] };
    assert_eq!(reader.key_exists(&key("greek\\µ")).unwrap(), capitals(true));
    // For nt-hive `ſ` is another `S`.
    assert_eq!(reader.key_exists(&key("latin\\ſ")).unwrap(), capitals(false));
    let value = reader.value(&key("latin\\s"), "S").unwrap();
    assert_eq!(value, Seen { answer: None, covers: vec![Cover::Capitals] });
    assert_eq!(reader.key_exists(&key("latin\\S")).unwrap(), Seen::by_both(true));
}

#[test]
fn damage_that_makes_nt_hive_panic_is_an_error() {
    let sample = || {
        made(5, |editor| {
            editor.create_key(&key("a\\b")).unwrap();
            editor.set_value(&key("a"), "v", &Value::string("text")).unwrap();
        })
    };
    let mut hive = sample();
    let list = node(&hive, "a").link(at::SUBKEY_LIST);
    patch(&mut hive, list, 4, &[0xff; 4]);
    let said = alone(&hive, |root| Ok(root.subkey("a").unwrap()?.subkey("b").is_some())).unwrap_err();
    assert!(said.contains("panicked"), "{said}");
    assert!(matches!(hive.subkeys(&key("a")), Err(HiveError::Damaged { .. })));
    assert!(matches!(hive.key_exists(&key("a\\b")), Err(HiveError::Damaged { .. })));

    let mut hive = sample();
    let cell = node(&hive, "a").offset.index();
    put(&mut hive.image, BASE_BLOCK_SIZE + cell, &[0; 4]);
    assert!(alone(&hive, |root| Ok(root.subkey("a").unwrap()?.name()?.len())).is_err());
    assert!(matches!(hive.values(&key("a")), Err(HiveError::Damaged { .. })));
}

#[test]
fn what_nt_hive_fails_on_is_answered_by_our_decoder() {
    let hive = made(5, |editor| {
        editor.create_key(&key("a\\b")).unwrap();
        editor.set_value(&key("a"), "v", &Value::dword(3)).unwrap();
    });
    let failed = Cover::Failed("it panicked".to_owned());
    let reader = Reader { cells: hive.cells(), outside: Err(failed.clone()) };
    let seen = reader.values(&key("a")).unwrap();
    assert_eq!((seen.answer.unwrap().len(), seen.covers), (1, vec![failed.clone()]));
    assert_eq!(reader.subkey_names(&key("a")).unwrap().covers.len(), 1);
    assert_eq!(reader.key_exists(&key("a\\b")).unwrap(), Seen { answer: true, covers: vec![failed.clone()] });
    assert_eq!(reader.key_exists(&key("a\\c")).unwrap(), Seen { answer: false, covers: vec![failed] });
}

#[test]
fn readers_that_disagree_are_not_believed() {
    // Out of order, the two searches end at different places.
    let mut hive = made(5, |editor| {
        editor.create_key(&key("a")).unwrap();
        editor.create_key(&key("b")).unwrap();
    });
    let list = node(&hive, "").link(at::SUBKEY_LIST);
    let elements = hive.cells().payload(list).unwrap()[4..20].to_vec();
    patch(&mut hive, list, 4, &[&elements[8..], &elements[..8]].concat());
    let error = hive.key_exists(&key("a")).unwrap_err();
    assert!(matches!(error, HiveError::Disagreement { .. }), "{error}");
    assert!(error.to_string().contains("hive check"));
    // Both list the same keys.
    assert_eq!(hive.subkeys(&KeyPath::root()).unwrap().unwrap(), ["b", "a"]);
}

#[test]
fn trees_that_run_in_circles_end() {
    let mut hive = made(5, |editor| {
        for name in ["a", "b"] {
            editor.create_key(&key(name)).unwrap();
        }
    });
    // Two elements that lead back to the root: 2^512 paths of the depth limit.
    let (root, list) = (node(&hive, "").offset, node(&hive, "").link(at::SUBKEY_LIST));
    for at in [4, 12] {
        patch(&mut hive, list, at, &root.get().to_le_bytes());
    }
    assert!(hive.tree(&KeyPath::root()).is_err());
}

#[test]
fn cells_that_many_refer_to_do_not_fill_memory() {
    let mut hive = made(5, |editor| {
        for index in 0..1000 {
            editor.set_value(&KeyPath::root(), &format!("{index}"), &Value::dword(1)).unwrap();
        }
        editor.set_value(&KeyPath::root(), "large", &Value::binary(vec![1; 16_000])).unwrap();
    });
    let large = node(&hive, "").values(&hive.cells()).unwrap().last().unwrap();
    let list = node(&hive, "").link(at::VALUE_LIST);
    patch(&mut hive, list, 0, &large.get().to_le_bytes().repeat(1001));
    let error = hive.values(&KeyPath::root()).unwrap_err();
    assert!(matches!(error, HiveError::Damaged { .. }), "{error}");
}

#[test]
fn a_class_name_is_read_by_both() {
    let mut hive = made(5, |editor| {
        editor.create_key(&key("a")).unwrap();
        editor.set_value(&key("a"), "v", &Value::string("Boot")).unwrap();
    });
    let value = node(&hive, "a").values(&hive.cells()).unwrap().next().unwrap();
    let (cell, text) = (node(&hive, "a").offset, u32_at(hive.cells().payload(value).unwrap(), 8));
    patch(&mut hive, cell, at::CLASS, &text.to_le_bytes());
    patch(&mut hive, cell, at::CLASS_SIZE, &[8, 0]);
    let class: Vec<u8> = "Boot".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(hive.reader().class(&key("a")).unwrap(), Seen::by_both(Some(class)));
    assert_eq!(hive.reader().class(&KeyPath::root()).unwrap(), Seen::by_both(None));
}

#[test]
fn a_file_from_the_disk_must_pass_nt_hives_own_checks() {
    let hive = made(5, |editor| editor.create_key(&key("a")).unwrap());
    let valid = |image: &[u8]| Reader::validated(image, hive.format).map(drop);
    assert_eq!(valid(hive.image()), Ok(()));
    let mut dirty = hive.image.clone();
    dirty[4] ^= 1;
    assert!(matches!(valid(&dirty), Err(HiveError::Reader(_))));
    let mut damaged = hive.image.clone();
    damaged[60] ^= 1;
    assert!(matches!(valid(&damaged), Err(HiveError::Reader(_))));
    let short = &hive.image()[..hive.image().len() - 4096];
    assert!(matches!(valid(short), Err(HiveError::Reader(_))));
}

/// Reads everything a hive holds; errors are fine.
fn walk(reader: &Reader<'_>) -> usize {
    let mut keys = 0;
    let mut budget = reader.budget();
    let mut pending = Vec::from_iter(reader.root());
    while let Some(key) = pending.pop() {
        keys += 1;
        let _ = key.values(&mut budget);
        let _ = key.class();
        let _ = key.value("number");
        let _ = key.subkey("sub 3");
        pending.extend(key.subkeys(&mut budget).map(|seen| seen.answer).unwrap_or_default());
    }
    keys
}

#[test]
fn mutated_hives_never_panic() {
    let original = made(5, |editor| {
        for index in 0..12 {
            let path = key(&format!("key {}\\sub {index}", index % 3));
            editor.create_key(&path).unwrap();
            editor.set_value(&path, "number", &Value::dword(index)).unwrap();
            editor.set_value(&path, "text", &Value::string("some text")).unwrap();
        }
        editor.set_value(&key("key 0"), "big", &Value::binary(vec![1; 17_000])).unwrap();
    });
    let end = original.image.len();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let evil = [0_u32, 1, 4, 0x20, 0x1000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, u32::MAX];
    for _ in 0..2500 {
        let mut image = original.image.clone();
        for _ in 0..=random(4) {
            let at = BASE_BLOCK_SIZE + random(end - BASE_BLOCK_SIZE - 4);
            match random(3) {
                0 => image[at] ^= 1 << random(8),
                1 => put(&mut image, at / 4 * 4, &evil[random(evil.len())].to_le_bytes()),
                _ => image[at] = 0,
            }
        }
        base_block::seal(&mut image, 1, FileTime(1));
        if let Ok(hive) = Hive::from_image(image) {
            walk(&hive.reader());
            let _ = hive.tree(&KeyPath::root());
        }
    }
    assert_eq!(walk(&original.reader()), audit(original.image()).keys);
}
