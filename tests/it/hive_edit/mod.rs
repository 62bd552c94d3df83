//! One edit of each kind: what it does, and that every byte it is not about
//! stays as it was.

mod long_lists;
mod untouched;

use pemedic::hive::{self, Editor, FileTime, Hive, HiveError, KeyPath, KeyTree, Value, ValueType};

use self::untouched::{Grants, assert_only};
use crate::support::corpus::hive_file;
use crate::support::owned_cells::{Role, owned_cells};

const CREATED: FileTime = FileTime(0x01c0_0000_0000_0000);
const EDITED: FileTime = FileTime(0x01d0_0000_0000_0000);

/// Formats with fast leaves and single cells, with hash leaves and big data,
/// and the newest.
const MINORS: [u32; 3] = [3, 5, 6];

/// Sizes on both sides of every border: inline, one cell, big data, segments.
const SIZES: [usize; 8] = [0, 4, 5, 300, 16_344, 16_345, 32_689, 60_000];

fn path(path: &str) -> KeyPath {
    KeyPath::new(path)
}

fn filled(size: usize, seed: usize) -> Value {
    Value::binary((0..size).map(|at| u8::try_from((at + seed) % 251).unwrap()).collect())
}

fn values_of_each_type() -> Vec<(&'static str, Value)> {
    let typed = |kind, data: &[u8]| Value { kind, data: data.to_vec() };
    vec![
        ("", Value::string("the default value")),
        ("sz", Value::string("C:\\Windows")),
        ("expand", Value::expand_string("%SystemRoot%\\é")),
        ("binary", filled(77, 1)),
        ("dword", Value::dword(600)),
        ("big endian", typed(ValueType::DWORD_BIG_ENDIAN, &[0, 0, 2, 88])),
        ("link", typed(ValueType::LINK, b"\\\0R\0")),
        ("multi", Value::multi_string(&["one", "two", "three"])),
        ("qword", Value::qword(1 << 40)),
        ("none", typed(ValueType::NONE, &[])),
        ("vendor's own type", typed(ValueType(0xffff_0007), &[9; 40])),
        ("Имя", Value::string("значение")),
    ]
}

/// A hive with keys, lists, values, classes and securities of each kind.
fn sample(minor: u32) -> Hive {
    let mut editor = hive::create(minor).unwrap().edit_at(CREATED);
    for name in ["a\\b\\c", "a\\d", "empty", "Ключ\\Ж", "values"] {
        editor.create_key(&path(name)).unwrap();
    }
    for index in 0..30 {
        editor.create_key(&path(&format!("list\\k{index:03}"))).unwrap();
        editor.set_value(&path("a\\b"), &format!("v{index}"), &Value::dword(index)).unwrap();
    }
    for (name, value) in values_of_each_type() {
        editor.set_value(&path("values"), name, &value).unwrap();
    }
    editor.set_value(&path("values"), "large", &filled(40_000, 0)).unwrap();
    let root = KeyPath::root();
    for (name, permission) in [("secured", 0x11), ("other security", 0x12)] {
        editor.restore_tree(&root, &secured_tree(editor.hive(), name, permission)).unwrap();
    }
    // Holes of several sizes, for the edits to use.
    for name in ["list\\k007", "list\\k008", "a\\d"] {
        editor.delete_key(&path(name)).unwrap();
    }
    editor.finish().unwrap().into_hive().unwrap()
}

/// A tree with a class and a security descriptor of its own.
fn secured_tree(hive: &Hive, name: &str, permission: u8) -> KeyTree {
    let mut tree = hive.tree(&path("empty")).unwrap().unwrap();
    let last = tree.security.len() - 20 + 4;
    tree.security[last] = permission;
    name.clone_into(&mut tree.name);
    tree.class = Some(b"c\0l\0a\0s\0s\0".to_vec());
    let mut subkey = tree.clone();
    "below".clone_into(&mut subkey.name);
    tree.subkeys.push(subkey);
    tree
}

/// Makes one edit and compares everything around it.
fn edit(hive: &Hive, grants: &Grants, change: impl FnOnce(&mut Editor) -> Result<(), HiveError>) -> Hive {
    let mut editor = hive.clone().edit_at(EDITED);
    change(&mut editor).unwrap();
    let edited = editor.finish().unwrap();
    assert_only(hive.image(), edited.image(), grants);
    edited.into_hive().unwrap()
}

#[test]
fn new_value_of_each_type_changes_only_its_key() {
    for minor in MINORS {
        let hive = sample(minor);
        for key in ["empty", "a", "a\\b", "Ключ", ""] {
            for (name, value) in values_of_each_type() {
                let grants = Grants::default().value(key, name);
                let after = edit(&hive, &grants, |editor| editor.set_value(&path(key), name, &value));
                assert_eq!(after.value(&path(key), name).unwrap(), Some(value), "1.{minor} {key} {name}");
                assert_eq!(after.last_written(&path(key)).unwrap(), Some(EDITED));
            }
        }
    }
}

#[test]
fn value_of_any_size_takes_any_other_size() {
    for minor in MINORS {
        for from in SIZES {
            let grants = Grants::default().value("a\\b", "v");
            let hive = edit(&sample(minor), &grants, |editor| {
                editor.set_value(&path("a\\b"), "v", &filled(from, 3))
            });
            for to in SIZES {
                let grants = Grants::default().data("a\\b", "v");
                let after =
                    edit(&hive, &grants, |editor| editor.set_value(&path("A\\B"), "V", &filled(to, 5)));
                let value = after.value(&path("a\\b"), "v").unwrap();
                assert_eq!(value, Some(filled(to, 5)), "1.{minor} {from} to {to}");
            }
        }
    }
}

#[test]
fn value_changes_its_type_alone() {
    for minor in MINORS {
        let hive = sample(minor);
        for (name, old) in values_of_each_type() {
            for (_, new) in values_of_each_type() {
                let grants = Grants::default().data("values", name);
                let after = edit(&hive, &grants, |editor| editor.set_value(&path("values"), name, &new));
                assert_eq!(after.value(&path("values"), name).unwrap(), Some(new), "{name} was {old:?}");
            }
        }
    }
}

#[test]
fn deleted_value_takes_only_its_cells_with_it() {
    for minor in MINORS {
        let hive = sample(minor);
        let names = values_of_each_type().into_iter().map(|(name, _)| name);
        for name in names.chain(["large"]) {
            let grants = Grants::default().value("values", name);
            let after = edit(&hive, &grants, |editor| editor.delete_value(&path("values"), name));
            assert_eq!(after.value(&path("values"), name).unwrap(), None, "1.{minor} {name}");
            assert_eq!(after.values(&path("values")).unwrap().unwrap().len(), 12);
        }
    }
}

#[test]
fn last_value_goes_with_its_list() {
    for minor in MINORS {
        let grants = Grants::default().value("empty", "only");
        let hive =
            edit(&sample(minor), &grants, |editor| editor.set_value(&path("empty"), "only", &filled(9, 0)));
        let after = edit(&hive, &grants, |editor| editor.delete_value(&path("empty"), "only"));
        assert_eq!(after.values(&path("empty")).unwrap(), Some(vec![]));
    }
}

#[test]
fn placed_value_changes_the_list_alone() {
    let hive = sample(5);
    let grants = Grants::default().order("a\\b");
    let after = edit(&hive, &grants, |editor| editor.place_value(&path("a\\b"), "v3", 20));
    let names: Vec<String> =
        after.values(&path("a\\b")).unwrap().unwrap().into_iter().map(|value| value.name).collect();
    assert_eq!((names.len(), names[3].as_str(), names[20].as_str()), (30, "v4", "v3"));
}

#[test]
fn created_key_changes_only_its_parent_and_the_shared_security() {
    for minor in MINORS {
        let hive = sample(minor);
        let cases = [
            ("", "zzz", "zzz"),
            ("", "_first of many", "_first of many\\below\\below"),
            ("empty", "empty\\first", "empty\\first"),
            ("list", "list\\K0075", "list\\K0075"),
            ("Ключ", "Ключ\\Ä and Ж", "Ключ\\Ä and Ж"),
            ("secured", "secured\\inherits", "secured\\inherits"),
            ("a\\b\\c", "a\\b\\c\\ÿ", "a\\b\\c\\ÿ"),
        ];
        for (parent, top, key) in cases {
            let grants = Grants::default().tree(parent, top);
            let after = edit(&hive, &grants, |editor| editor.create_key(&path(key)));
            assert!(after.key_exists(&path(key)).unwrap(), "1.{minor} {key}");
            let security = |key: &str| after.tree(&path(key)).unwrap().unwrap().security;
            assert_eq!(security(key), security(parent));
        }
    }
}

#[test]
fn deleted_key_takes_its_tree_and_nothing_else_with_it() {
    for minor in MINORS {
        let hive = sample(minor);
        let cases = [
            ("", "empty"),
            ("", "a"),
            ("a", "a\\b"),
            ("list", "list\\k000"),
            ("list", "list\\k029"),
            ("", "list"),
            ("Ключ", "Ключ\\Ж"),
            ("", "values"),
            ("", "secured"),
            ("other security", "other security\\below"),
        ];
        for (parent, key) in cases {
            let grants = Grants::default().tree(parent, key);
            let after = edit(&hive, &grants, |editor| editor.delete_key(&path(key)));
            assert!(!after.key_exists(&path(key)).unwrap(), "1.{minor} {key}");
        }
    }
}

#[test]
fn renamed_key_keeps_its_cells() {
    for minor in MINORS {
        let hive = sample(minor);
        let cases: [(&str, &str, &str, &[&str]); 6] = [
            ("", "a", "A", &["b"]),
            ("", "a", "a name that is much longer than the one before", &["b"]),
            ("", "values", "v", &[]),
            ("list", "list\\k010", "list\\zzz", &[]),
            ("", "Ключ", "ключ и замок", &["Ж"]),
            ("", "secured", "Защита", &["below"]),
        ];
        for (parent, from, to, subkeys) in cases {
            let grants = Grants::default().rename(parent, from, to, subkeys);
            let name = to.rsplit('\\').next().unwrap();
            let before = hive.tree(&path(from)).unwrap().unwrap();
            let after = edit(&hive, &grants, |editor| editor.rename_key(&path(from), name));
            let now = after.tree(&path(to)).unwrap().unwrap();
            assert_eq!(now.name, name);
            assert_eq!((&now.values, &now.subkeys), (&before.values, &before.subkeys), "1.{minor} {to}");
            assert_eq!((&now.class, &now.security), (&before.class, &before.security));
        }
    }
}

#[test]
fn security_comes_is_shared_and_goes_again() {
    for minor in MINORS {
        let hive = sample(minor);
        let grants = Grants::default().tree("", "third");
        let third = secured_tree(&hive, "third", 0x13);
        let with = edit(&hive, &grants, |editor| editor.restore_tree(&KeyPath::root(), &third));
        assert_eq!(with.tree(&path("third")).unwrap(), Some(third));
        let shared = secured_tree(&hive, "shared", 0x13);
        let grants = Grants::default().tree("", "shared");
        let both = edit(&with, &grants, |editor| editor.restore_tree(&KeyPath::root(), &shared));
        let mut last = both;
        for key in ["third", "shared", "secured", "other security"] {
            let grants = Grants::default().tree("", key);
            last = edit(&last, &grants, |editor| editor.delete_key(&path(key)));
        }
        let records = |hive: &Hive| {
            owned_cells(hive.image()).into_values().filter(|cell| cell.role == Role::Security).count()
        };
        assert_eq!((records(&hive), records(&with), records(&last)), (3, 4, 1), "1.{minor}");
    }
}

/// Copies of real hives: their lists, securities and defects are not of our
/// making.
#[test]
fn real_hives_keep_what_an_edit_is_not_about() {
    for name in ["nt4/SYSTEM", "winxp/NTUSER.DAT", "winxp/SYSTEM", "ntuser/big-value-v13-NTUSER.DAT"] {
        let Some(bytes) = hive_file(name) else { continue };
        let hive = Hive::from_image(bytes).unwrap();
        let key = "pemedic test";
        let grants = Grants::default().tree("", key);
        let with = edit(&hive, &grants, |editor| {
            editor.create_key(&path("pemedic test\\below"))?;
            editor.set_value(&path(key), "", &filled(20_000, 0))
        });
        let grants = Grants::default().rename("", key, "Ж", &["below"]);
        let renamed = edit(&with, &grants, |editor| editor.rename_key(&path(key), "Ж"));
        let grants = Grants::default().tree("", "Ж");
        let without = edit(&renamed, &grants, |editor| editor.delete_key(&path("Ж")));
        assert_eq!(without.subkeys(&KeyPath::root()), hive.subkeys(&KeyPath::root()), "{name}");
    }
}
