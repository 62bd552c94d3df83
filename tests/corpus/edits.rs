//! One edit of each kind, at places that every hive has or not.

use std::fmt::Write as _;

use pemedic::hive::witness::{Seen, Witness};
use pemedic::hive::{Editor, Hive, HiveError, KeyPath, Value, ValueType};
use sha2::{Digest as _, Sha256};

/// The new key below the root.
const NEW_KEY: &str = "pemedic corpus";
/// Above the border of big data.
const LARGE: usize = 40_000;
/// Keys looked at for places to edit.
const SEARCH_MAX: usize = 20_000;

/// An edit that was made.
#[derive(Debug)]
pub(crate) enum Edit {
    KeyCreated(KeyPath),
    /// With everything the key held.
    KeyDeleted(KeyPath),
    KeyRenamed {
        from: KeyPath,
        to: KeyPath,
        values: Vec<String>,
    },
    ValueSet {
        key: KeyPath,
        name: String,
        value: Value,
        is_new: bool,
    },
    ValueDeleted {
        key: KeyPath,
        name: String,
    },
}

/// The edits to be tried.
pub(crate) struct Edits(Vec<(&'static str, Vec<Edit>)>);

/// What came of them.
pub(crate) struct Edited {
    pub(crate) done: Vec<Edit>,
    pub(crate) image: Option<Vec<u8>>,
    made: usize,
    refused: Vec<String>,
}

impl Edits {
    /// Chooses places: keys without subkeys, in the order of the lists.
    pub(crate) fn choose(hive: &Hive) -> Self {
        let new = KeyPath::new(NEW_KEY);
        let set = |name: &str, value| Edit::ValueSet {
            key: KeyPath::new(NEW_KEY),
            name: name.to_owned(),
            value,
            is_new: true,
        };
        let large: Vec<u8> = (0..LARGE).map(|at| at.to_le_bytes()[0]).collect();
        let mut edits = vec![
            ("create key", vec![Edit::KeyCreated(new.clone()), Edit::KeyCreated(new.join("Ключ"))]),
            ("set value", vec![set("Number", Value::dword(600)), set("", Value::string("текст"))]),
            ("set large value", vec![set("Large", Value::binary(large))]),
        ];
        let Leaves { full, bare } = Leaves::find(hive);
        let mut full = full.into_iter();
        if let Some((key, values)) = full.next() {
            let value =
                Value { kind: ValueType::EXPAND_SZ, ..Value::string(&"longer than before ".repeat(20)) };
            let change = Edit::ValueSet { key: key.clone(), name: values[0].clone(), value, is_new: false };
            edits.push(("change value", vec![change]));
            edits.push(("delete value", vec![Edit::ValueDeleted { key, name: values[1].clone() }]));
        }
        let mut others = full.chain(bare);
        if let Some((from, values)) = others.next() {
            let to = from.parent().unwrap_or_default().join("renamed by pemedic");
            edits.push(("rename key", vec![Edit::KeyRenamed { from, to, values }]));
        }
        if let Some((key, _)) = others.next() {
            edits.push(("delete key", vec![Edit::KeyDeleted(key)]));
        }
        Self(edits)
    }

    /// Makes all that the hive allows.
    pub(crate) fn make(self, hive: Hive) -> Edited {
        let mut editor = hive.edit();
        let mut edited = Edited { done: Vec::new(), image: None, made: 0, refused: Vec::new() };
        for (kind, edits) in self.0 {
            let made = edits.iter().try_for_each(|edit| edit.make(&mut editor));
            match made {
                Ok(()) => {
                    edited.made += 1;
                    edited.done.extend(edits);
                }
                Err(error) => edited.refused.push(format!("{kind} refused: {error}")),
            }
        }
        match editor.finish() {
            Ok(finished) => edited.image = Some(finished.image().to_vec()),
            Err(error) => edited.refused.push(format!("not finished: {error}")),
        }
        edited
    }
}

impl Edited {
    pub(crate) fn summary(&self) -> String {
        let mut text = format!("{} of 7 kinds", self.made);
        for refused in &self.refused {
            let _ = write!(text, "; {}", refused.replace('|', "/"));
        }
        text
    }
}

impl Edit {
    fn make(&self, editor: &mut Editor) -> Result<(), HiveError> {
        match self {
            Self::KeyCreated(key) => editor.create_key(key),
            Self::KeyDeleted(key) => editor.delete_key(key),
            Self::KeyRenamed { from, to, .. } => editor.rename_key(from, to.name().unwrap_or_default()),
            Self::ValueSet { key, name, value, .. } => editor.set_value(key, name, value),
            Self::ValueDeleted { key, name } => editor.delete_value(key, name),
        }
    }

    /// Whether nt-hive finds it.
    pub(crate) fn is_seen_by(&self, witness: &Witness<'_>) -> Result<Seen<bool>, HiveError> {
        match self {
            Self::KeyCreated(key) | Self::KeyRenamed { to: key, .. } => witness.key_exists(key),
            Self::KeyDeleted(key) => {
                let mut seen = witness.key_exists(key)?;
                seen.answer = !seen.answer;
                Ok(seen)
            }
            Self::ValueSet { key, name, value, .. } => {
                let seen = witness.value(key, name)?;
                Ok(Seen { answer: seen.answer.as_ref() == Some(value), covers: seen.covers })
            }
            Self::ValueDeleted { key, name } => {
                let seen = witness.value(key, name)?;
                Ok(Seen { answer: seen.answer.is_none(), covers: seen.covers })
            }
        }
    }

    /// The differences that another reader must report, as `peers.py` writes
    /// them, but for the data of values that moved with their key.
    pub(crate) fn differences(&self) -> Vec<String> {
        match self {
            Self::KeyCreated(key) => vec![format!("+key \\{key}")],
            Self::KeyDeleted(key) => vec![format!("-key \\{key}")],
            Self::KeyRenamed { from, to, values } => {
                let moved = values.iter().map(|name| format!("+value \\{to}|{name}"));
                [format!("-key \\{from}"), format!("+key \\{to}")].into_iter().chain(moved).collect()
            }
            Self::ValueSet { key, name, value, is_new } => {
                let mark = if *is_new { '+' } else { '~' };
                let sum: String =
                    Sha256::digest(&value.data).iter().map(|byte| format!("{byte:02x}")).collect();
                vec![format!("{mark}value \\{key}|{name} {} {sum}", value.kind.0)]
            }
            Self::ValueDeleted { key, name } => vec![format!("-value \\{key}|{name}")],
        }
    }
}

/// A key and the names of its values.
type Leaf = (KeyPath, Vec<String>);

/// Keys without subkeys, the first ones of the hive.
#[derive(Default)]
struct Leaves {
    /// With two values or more.
    full: Vec<Leaf>,
    /// With fewer.
    bare: Vec<Leaf>,
}

impl Leaves {
    fn find(hive: &Hive) -> Self {
        let mut found = Self::default();
        let mut waiting = vec![KeyPath::root()];
        let mut looked = 0;
        while let Some(key) = waiting.pop() {
            looked += 1;
            if looked > SEARCH_MAX || found.full.len() == 3 {
                break;
            }
            // A damaged part is passed by.
            let Ok(Some(subkeys)) = hive.subkeys(&key) else { continue };
            if !subkeys.is_empty() {
                waiting.extend(subkeys.iter().map(|name| key.join(name)));
                continue;
            }
            let Ok(Some(values)) = hive.values(&key) else { continue };
            let names: Vec<String> = values.into_iter().map(|value| value.name).collect();
            if key.is_root() {
                continue;
            }
            if names.len() > 1 {
                found.full.push((key, names));
            } else if found.bare.len() < 3 {
                found.bare.push((key, names));
            }
        }
        found
    }
}
