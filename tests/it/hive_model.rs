//! Random edits, made to a hive and to a plain tree in memory: both must be
//! the same after each, and the hive sound.
//!
//! The seeds are fixed; `HIVE_MODEL_ROUNDS=2000 cargo test --release --test it
//! hive_model` goes on with more of them.

use std::cmp::Ordering;
use std::thread;

use pemedic::hive::audit::audit;
use pemedic::hive::{self, Editor, FileTime, Hive, HiveError, KeyPath, KeyTree, NamedValue, Value};

use crate::support::peers::{self, Peer};
use crate::support::random::Random;

/// Sequences in a normal run, for each format; and edits in one sequence.
const ROUNDS: u64 = 3;
const EDITS: usize = 120;
/// Edits between two saves, and sequences between two comparisons with others.
const EDITS_UNTIL_SAVED: usize = 15;
const ROUNDS_UNTIL_COMPARED: u64 = 3;

/// Key node flag of a name in one byte for each character.
const COMPRESSED_NAME: u16 = 0x20;

/// Names that sort, fold and are stored in different ways.
const NAMES: [&str; 18] = [
    "a", "A", "b", "B1", "Zz", "_", "a b", "é", "É", "ß", "ss", "ÿ", "Ж", "ж", "Ω mega", "名前", "k\u{1}",
    "a.b",
];

/// Sizes around every border of storage.
const SIZES: [usize; 14] = [0, 1, 4, 5, 8, 100, 1_000, 4_060, 16_343, 16_344, 16_345, 20_000, 32_688, 33_000];

/// Says which seed failed.
struct Seed(u32, u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the failing sequence: format 1.{}, seed {}", self.0, self.1);
        }
    }
}

fn rounds() -> u64 {
    std::env::var("HIVE_MODEL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS)
}

#[test]
fn format_1_1_agrees_with_its_model() {
    run(1);
}

#[test]
fn format_1_2_agrees_with_its_model() {
    run(2);
}

#[test]
fn format_1_3_agrees_with_its_model() {
    run(3);
}

#[test]
fn format_1_4_agrees_with_its_model() {
    run(4);
}

#[test]
fn format_1_5_agrees_with_its_model() {
    run(5);
}

#[test]
fn format_1_6_agrees_with_its_model() {
    run(6);
}

fn run(minor: u32) {
    for seed in 1..=rounds() {
        let _named = Seed(minor, seed);
        let hive = sequence(minor, seed);
        // Others read neither 1.1 nor 1.2.
        if minor > 2 && seed.is_multiple_of(ROUNDS_UNTIL_COMPARED) {
            assert_peers_agree(&hive);
        }
    }
}

fn assert_peers_agree(hive: &Hive) {
    let ours = peers::dump(&hive.tree(&KeyPath::root()).unwrap().unwrap());
    for peer in [Peer::Hivex, Peer::PythonRegistry] {
        let Some(theirs) = peer.dump(hive.image()) else { continue };
        let difference = peers::first_difference(&ours, &theirs);
        assert_eq!(difference, None, "we and {peer:?}");
    }
}

fn sequence(minor: u32, seed: u64) -> Hive {
    let mut random = Random::new(seed << 8 | u64::from(minor));
    let mut hive = hive::create(minor).unwrap();
    let mut model =
        Model { root: hive.tree(&KeyPath::root()).unwrap().unwrap(), time: FileTime(0), minor, kept: None };
    for part in 0..EDITS / EDITS_UNTIL_SAVED {
        model.time = FileTime(1 + part as u64);
        let mut editor = hive.edit_at(model.time);
        for _ in 0..EDITS_UNTIL_SAVED {
            step(&mut random, &mut editor, &mut model);
            assert_eq!(editor.hive().tree(&KeyPath::root()).unwrap().unwrap(), model.root);
            let unsound = audit(editor.hive().image()).defects;
            // The checksum is made at the end.
            assert!(unsound.iter().all(|defect| defect.rule == "checksum"), "{unsound:?}");
        }
        hive = editor.finish().unwrap().into_hive().unwrap();
        assert_eq!(audit(hive.image()).defects, []);
        assert_eq!(hive.tree(&KeyPath::root()).unwrap().unwrap(), model.root);
    }
    hive
}

/// What the hive should be.
struct Model {
    root: KeyTree,
    time: FileTime,
    minor: u32,
    /// A tree that was deleted and may come back.
    kept: Option<KeyTree>,
}

/// One random edit of both; they must agree on whether it can be made.
fn step(random: &mut Random, editor: &mut Editor, model: &mut Model) {
    let key = random_path(random, &model.root);
    let name = NAMES[random.below(NAMES.len())];
    let (of_hive, of_model) = match random.below(16) {
        0..=3 => (editor.create_key(&key.join(name)), model.create_key(&key.join(name))),
        4..=8 => {
            let value = random_value(random);
            (editor.set_value(&key, name, &value), model.set_value(&key, name, value))
        }
        9..=10 => (editor.delete_value(&key, name), model.delete_value(&key, name)),
        11 => {
            let index = random.below(6);
            (editor.place_value(&key, name, index), model.place_value(&key, name, index))
        }
        12 => (editor.delete_key(&key), model.delete_key(&key)),
        13 => (editor.rename_key(&key, name), model.rename_key(&key, name)),
        14 => {
            let time = FileTime(random.next());
            (editor.set_last_written(&key, time), model.set_last_written(&key, time))
        }
        _ => {
            let Some(tree) = model.kept.clone() else { return };
            let tree = altered(random, tree);
            (editor.restore_tree(&key, &tree), model.restore_tree(&key, tree))
        }
    };
    assert_eq!(of_hive, of_model);
}

/// Another security or class now and then.
fn altered(random: &mut Random, mut tree: KeyTree) -> KeyTree {
    if random.below(2) == 0 {
        let last = tree.security.len() - 1;
        tree.security[last] = u8::try_from(random.below(4)).unwrap();
        tree.class = (random.below(2) == 0).then(|| vec![b'c', 0, b'l', 0]);
    }
    tree
}

fn random_value(random: &mut Random) -> Value {
    match random.below(5) {
        0 => Value::dword(u32::try_from(random.below(1 << 20)).unwrap()),
        1 => Value::string(NAMES[random.below(NAMES.len())]),
        2 => Value::multi_string(&["one", "two"]),
        _ => {
            let size = SIZES[random.below(SIZES.len())];
            let seed = random.below(256);
            Value::binary((0..size).map(|at| u8::try_from((at + seed) % 256).unwrap()).collect())
        }
    }
}

/// Mostly a key that is there, in another case of letters now and then.
fn random_path(random: &mut Random, root: &KeyTree) -> KeyPath {
    let (mut key, mut path) = (root, KeyPath::root());
    while random.below(4) != 0 && !key.subkeys.is_empty() {
        key = &key.subkeys[random.below(key.subkeys.len())];
        let upper = random.below(4) == 0 && key.name != "ß";
        path = path.join(&if upper { key.name.to_uppercase() } else { key.name.clone() });
    }
    if random.below(20) == 0 { path.join("missing") } else { path }
}

impl Model {
    fn key(&mut self, path: &KeyPath) -> Result<&mut KeyTree, HiveError> {
        let mut key = &mut self.root;
        for name in path.names() {
            let Ok(index) = place(key, name) else { return Err(HiveError::NoSuchKey(path.clone())) };
            key = &mut key.subkeys[index];
        }
        Ok(key)
    }

    fn create_key(&mut self, path: &KeyPath) -> Result<(), HiveError> {
        let (time, minor) = (self.time, self.minor);
        let mut key = &mut self.root;
        for name in path.names() {
            let index = match place(key, name) {
                Ok(index) => index,
                Err(index) => {
                    key.subkeys.insert(index, new_key(key, name, time, minor));
                    key.last_written = time;
                    index
                }
            };
            key = &mut key.subkeys[index];
        }
        Ok(())
    }

    fn set_value(&mut self, path: &KeyPath, name: &str, value: Value) -> Result<(), HiveError> {
        let time = self.time;
        let key = self.key(path)?;
        match key.values.iter_mut().find(|present| is_same(&present.name, name)) {
            Some(present) => present.value = value,
            None => key.values.push(NamedValue { name: name.to_owned(), value }),
        }
        key.last_written = time;
        Ok(())
    }

    fn value_index(&mut self, path: &KeyPath, name: &str) -> Result<usize, HiveError> {
        let found = self.key(path)?.values.iter().position(|present| is_same(&present.name, name));
        found.ok_or_else(|| HiveError::NoSuchValue { key: path.clone(), value: name.to_owned() })
    }

    fn delete_value(&mut self, path: &KeyPath, name: &str) -> Result<(), HiveError> {
        let (index, time) = (self.value_index(path, name)?, self.time);
        let key = self.key(path)?;
        key.values.remove(index);
        key.last_written = time;
        Ok(())
    }

    fn place_value(&mut self, path: &KeyPath, name: &str, index: usize) -> Result<(), HiveError> {
        let from = self.value_index(path, name)?;
        let values = &mut self.key(path)?.values;
        let value = values.remove(from);
        values.insert(index.min(values.len()), value);
        Ok(())
    }

    fn delete_key(&mut self, path: &KeyPath) -> Result<(), HiveError> {
        let doomed = self.key(path)?.clone();
        let Some(parent) = path.parent() else { return Err(root_stays()) };
        let time = self.time;
        let parent = self.key(&parent)?;
        parent.subkeys.retain(|key| key.name != doomed.name);
        parent.last_written = time;
        self.kept = Some(doomed);
        Ok(())
    }

    fn rename_key(&mut self, path: &KeyPath, name: &str) -> Result<(), HiveError> {
        let mut key = self.key(path)?.clone();
        let Some(parent_path) = path.parent() else { return Err(root_stays()) };
        let (time, minor) = (self.time, self.minor);
        let parent = self.key(&parent_path)?;
        let namesake = place(parent, name).ok().map(|index| &parent.subkeys[index].name);
        if namesake.is_some_and(|namesake| *namesake != key.name) {
            return Err(HiveError::KeyExists(parent_path.join(name)));
        }
        parent.subkeys.retain(|other| other.name != key.name);
        parent.last_written = time;
        key.flags = key.flags & !COMPRESSED_NAME | name_flag(name, minor);
        name.clone_into(&mut key.name);
        key.last_written = time;
        let index = place(parent, name).unwrap_err();
        parent.subkeys.insert(index, key);
        Ok(())
    }

    fn set_last_written(&mut self, path: &KeyPath, time: FileTime) -> Result<(), HiveError> {
        self.key(path)?.last_written = time;
        Ok(())
    }

    fn restore_tree(&mut self, path: &KeyPath, tree: KeyTree) -> Result<(), HiveError> {
        let time = self.time;
        let parent = self.key(path)?;
        let Err(index) = place(parent, &tree.name) else {
            return Err(HiveError::KeyExists(path.join(&tree.name)));
        };
        parent.subkeys.insert(index, tree);
        parent.last_written = time;
        Ok(())
    }
}

fn root_stays() -> HiveError {
    HiveError::Limit("the root key of a hive cannot be deleted or renamed".to_owned())
}

fn new_key(parent: &KeyTree, name: &str, time: FileTime, minor: u32) -> KeyTree {
    KeyTree {
        name: name.to_owned(),
        class: None,
        security: parent.security.clone(),
        last_written: time,
        flags: name_flag(name, minor),
        access: 0,
        control: 0,
        values: Vec::new(),
        subkeys: Vec::new(),
    }
}

fn name_flag(name: &str, minor: u32) -> u16 {
    let is_latin = name.chars().all(|letter| u32::from(letter) < 256);
    if is_latin && minor > 1 { COMPRESSED_NAME } else { 0 }
}

/// Where a subkey of this name is, or belongs.
fn place(key: &KeyTree, name: &str) -> Result<usize, usize> {
    key.subkeys.binary_search_by(|subkey| compare(&subkey.name, name))
}

fn is_same(a: &str, b: &str) -> bool {
    compare(a, b) == Ordering::Equal
}

/// By the capitals' UTF-16 units; a letter whose capital is not one letter
/// stays.
fn compare(a: &str, b: &str) -> Ordering {
    capitals(a).cmp(&capitals(b))
}

fn capitals(name: &str) -> Vec<u16> {
    let capital = |letter: char| {
        let mut upper = letter.to_uppercase();
        if upper.len() == 1 { upper.next().unwrap() } else { letter }
    };
    name.chars().map(capital).collect::<String>().encode_utf16().collect()
}
