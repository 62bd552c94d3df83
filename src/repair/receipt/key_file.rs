//! A deleted key with everything below it, as a flat list of keys: TOML tables
//! nested as deep as keys can be would be read by nobody.

use serde::{Deserialize, Serialize};

use crate::hive::{FileTime, KeyTree, NamedValue};

/// Deepest tree (Win32 reference, "Registry Element Size Limits": 512 levels).
const DEPTH_MAX: usize = 512;

/// `keys/NNN.toml`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    #[serde(default, rename = "key")]
    keys: Vec<FlatKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct FlatKey {
    /// How deep below the deleted key, which has depth 0.
    depth: usize,
    name: String,
    #[serde(with = "super::super::exact_time")]
    last_written: FileTime,
    flags: u16,
    #[serde(default, skip_serializing_if = "is_zero")]
    access: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    control: u16,
    /// Self-relative security descriptor, hexadecimal.
    security: String,
    /// Class name in UTF-16LE, hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class: Option<String>,
    #[serde(default, rename = "value", skip_serializing_if = "Vec::is_empty")]
    values: Vec<NamedValue>,
}

/// Writes a tree.
pub(crate) fn write(tree: &KeyTree) -> Result<String, toml::ser::Error> {
    let mut keys = Vec::new();
    let mut waiting = vec![(0, tree)];
    while let Some((depth, key)) = waiting.pop() {
        keys.push(FlatKey {
            depth,
            name: key.name.clone(),
            last_written: key.last_written,
            flags: key.flags,
            access: key.access,
            control: key.control,
            security: hex(&key.security),
            class: key.class.as_deref().map(hex),
            values: key.values.clone(),
        });
        waiting.extend(key.subkeys.iter().rev().map(|subkey| (depth + 1, subkey)));
    }
    toml::to_string(&KeyFile { keys })
}

/// Reads what [`write`] wrote.
pub(crate) fn read(text: &str) -> Result<KeyTree, String> {
    let file: KeyFile = super::from_toml(text)?;
    // The keys on the way from the deleted key to the last one read.
    let mut path: Vec<KeyTree> = Vec::new();
    for flat in file.keys {
        let depth = flat.depth;
        if depth > path.len() || depth > DEPTH_MAX || (depth == 0) != path.is_empty() {
            return Err(format!("the key {:?} has depth {depth}, which does not follow", flat.name));
        }
        close_to(depth, &mut path);
        path.push(flat.into_tree()?);
    }
    close_to(1, &mut path);
    path.pop().ok_or_else(|| "it holds no key".to_owned())
}

/// Hangs finished keys below their parents until `depth` are open.
fn close_to(depth: usize, path: &mut Vec<KeyTree>) {
    while path.len() > depth.max(1) {
        let Some(child) = path.pop() else { return };
        if let Some(parent) = path.last_mut() {
            parent.subkeys.push(child);
        }
    }
}

impl FlatKey {
    fn into_tree(self) -> Result<KeyTree, String> {
        let broken = || format!("the key {:?} has bytes that are not hexadecimal", self.name);
        Ok(KeyTree {
            class: self.class.as_deref().map(|class| unhex(class).ok_or_else(broken)).transpose()?,
            security: unhex(&self.security).ok_or_else(broken)?,
            name: self.name,
            last_written: self.last_written,
            flags: self.flags,
            access: self.access,
            control: self.control,
            values: self.values,
            subkeys: Vec::new(),
        })
    }
}

fn is_zero<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let pairs = digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    digits.len().is_multiple_of(2).then_some(())?;
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hive::{Value, ValueType};

    fn key(name: &str, subkeys: Vec<KeyTree>) -> KeyTree {
        KeyTree {
            name: name.to_owned(),
            class: (name == "b").then(|| vec![1, 2]),
            security: vec![1, 0, 4, 0x80],
            last_written: FileTime(132_000_000_000_000_001),
            flags: 0x20,
            access: 2,
            control: u16::from(name == "c"),
            values: vec![
                NamedValue { name: String::new(), value: Value::string("x\u{1}\"'") },
                NamedValue {
                    name: "odd".to_owned(),
                    value: Value { kind: ValueType(0xffff_0012), data: vec![7] },
                },
            ],
            subkeys,
        }
    }

    #[test]
    fn trees_survive_the_flat_form() {
        let tree = key("a", vec![key("b", vec![key("c", vec![]), key("d", vec![])]), key("e", vec![])]);
        assert_eq!(read(&write(&tree).unwrap()).unwrap(), tree);
    }

    #[test]
    fn deep_trees_survive() {
        let mut tree = key("bottom", vec![]);
        for _ in 0..500 {
            tree = key("level", vec![tree]);
        }
        assert_eq!(read(&write(&tree).unwrap()).unwrap(), tree);
    }

    #[test]
    fn forged_depths_are_refused() {
        let text = write(&key("a", vec![])).unwrap();
        assert!(read(&text.replace("depth = 0", "depth = 5")).is_err());
        assert!(read(&format!("{text}\n{text}")).is_err());
        assert!(read("").is_err());
        assert!(read(&text.replace("01000480", "0100048")).is_err());
    }
}
