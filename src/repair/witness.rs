//! After writing: what nt-hive, which shares no code with the writer, reads in
//! a hive file is compared with the plan.

use std::collections::BTreeMap;
use std::path::Path;

use crate::hive::store::StoreError;
use crate::hive::witness::{Cover, Seen, Witness};
use crate::hive::{HiveError, KeyPath, KeyTree};
use crate::windows::Located;

use super::change::Change;
use super::error::RepairError;
use super::record::Record;
use super::side::renamed;

/// nt-hive's statement about one hive file.
pub(crate) struct Statement<'a> {
    witness: Witness<'a>,
    file: &'a Path,
    /// How many changes were looked at.
    checked: usize,
    /// How often our own decoder had to answer, and why.
    covers: BTreeMap<Cover, usize>,
}

impl<'a> Statement<'a> {
    /// Lets nt-hive read the bytes that came back from the disk.
    pub(crate) fn of(file: &'a Path, bytes: &'a [u8]) -> Result<Self, RepairError> {
        let witness = Witness::of(bytes).map_err(in_file(file))?;
        Ok(Self { witness, file, checked: 0, covers: BTreeMap::new() })
    }

    /// Whether a change is there as planned. `is_last`: no later change lies
    /// below its key.
    pub(crate) fn confirms(
        &mut self,
        record: &Record,
        at: &Located,
        is_last: bool,
    ) -> Result<bool, RepairError> {
        self.checked += 1;
        match &record.change {
            Change::Value(change) => {
                Ok(self.note(self.witness.value(&at.path, &change.value))? == change.after)
            }
            Change::KeyDeleted(_) => Ok(!self.has(&at.path)?),
            Change::KeyRenamed(change) => {
                let new = renamed(at, change.after.as_deref().unwrap_or_default());
                let only_case = new.path.is_same(&at.path);
                Ok(self.has(&new.path)? && (only_case || !self.has(&at.path)?))
            }
            Change::KeyRestored(_) if is_last && record.tree.is_some() => {
                record.tree.as_ref().map_or(Ok(false), |tree| self.holds(&at.path, tree))
            }
            Change::KeyCreated(_) | Change::KeyRestored(_) => self.has(&at.path),
            Change::FileMovedAside(_) | Change::FileRenamed(_) | Change::FileRestored(_) => Ok(true),
        }
    }

    /// What was seen, in sentences.
    pub(crate) fn sentences(&self, hive: &str) -> Vec<String> {
        let checked = self.checked;
        let mut said = vec![format!(
            "nt-hive, which shares no code with the writer, finds all {checked} changes of {hive} as planned"
        )];
        for (cover, times) in &self.covers {
            said.push(format!(
                "{hive}: in {times} places pemedic's own decoder had to answer instead: {cover}"
            ));
        }
        said
    }

    fn has(&mut self, key: &KeyPath) -> Result<bool, RepairError> {
        self.note(self.witness.key_exists(key))
    }

    /// Whether a key has exactly this content.
    fn holds(&mut self, key: &KeyPath, tree: &KeyTree) -> Result<bool, RepairError> {
        let values = self.note(self.witness.values(key))?;
        let names = self.note(self.witness.subkeys(key))?;
        let class = self.note(self.witness.class(key))?;
        let planned = tree.subkeys.iter().map(|subkey| &subkey.name);
        let is_same = values.as_deref() == Some(&tree.values)
            && class == tree.class
            && names.is_some_and(|names| names.iter().eq(planned));
        if !is_same {
            return Ok(false);
        }
        for subkey in &tree.subkeys {
            if !self.holds(&key.join(&subkey.name), subkey)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn note<T>(&mut self, seen: Result<Seen<T>, HiveError>) -> Result<T, RepairError> {
        let seen = seen.map_err(in_file(self.file))?;
        for cover in seen.covers {
            *self.covers.entry(cover).or_insert(0) += 1;
        }
        Ok(seen.answer)
    }
}

fn in_file(file: &Path) -> impl FnOnce(HiveError) -> RepairError + '_ {
    move |source| StoreError::Hive { path: file.to_path_buf(), source }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hive::{NamedValue, Value, ValueType, create};
    use crate::repair::change::{KeyChange, ValueChange};
    use crate::windows::HiveName;

    const KEY: &str = r"HKLM\SOFTWARE\Vendor";

    fn at(path: &str) -> Located {
        Located {
            hive: HiveName("SOFTWARE".to_owned()),
            file: "SOFTWARE".into(),
            path: KeyPath::new(path),
            full_name: format!(r"HKLM\SOFTWARE\{path}"),
        }
    }

    fn record(change: Change) -> Record {
        Record {
            fix: "kb1/fix".to_owned(),
            change,
            position: None,
            tree: None,
            key_file: None,
            content: None,
        }
    }

    fn set(name: &str, after: Option<Value>) -> Record {
        record(Change::Value(ValueChange {
            hive: HiveName("SOFTWARE".to_owned()),
            key: KEY.to_owned(),
            value: name.to_owned(),
            before: None,
            after,
        }))
    }

    fn key_change(after: &str) -> KeyChange {
        let hive = HiveName("SOFTWARE".to_owned());
        KeyChange { hive, key: KEY.to_owned(), before: None, after: Some(after.to_owned()) }
    }

    /// The bytes of a hive with a text and a large value.
    fn written(minor: u32) -> Vec<u8> {
        let mut editor = create(minor).unwrap().edit();
        editor.create_key(&KeyPath::new(r"Vendor\Sub")).unwrap();
        let key = KeyPath::new("Vendor");
        editor.set_value(&key, "Text", &Value::string("WlNotify.dll")).unwrap();
        editor.set_value(&key, "Large", &Value::binary(vec![7; 20_000])).unwrap();
        editor.finish().unwrap().image().to_vec()
    }

    fn confirms(bytes: &[u8], record: &Record, path: &str) -> bool {
        let mut statement = Statement::of(Path::new("SOFTWARE"), bytes).unwrap();
        statement.confirms(record, &at(path), true).unwrap()
    }

    #[test]
    fn a_wrong_byte_after_the_commit_is_noticed() {
        let planned = set("Text", Some(Value::string("WlNotify.dll")));
        let mut bytes = written(5);
        assert!(confirms(&bytes, &planned, "Vendor"));
        let text: Vec<u8> = "WlNotify".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let place = bytes.windows(text.len()).position(|part| part == text).unwrap();
        bytes[place + 4] ^= 1;
        assert!(!confirms(&bytes, &planned, "Vendor"), "one letter of the data");

        let mut bytes = written(5);
        let name = bytes.windows(4).position(|part| part == b"Text").unwrap();
        bytes[name] = b'X';
        assert!(!confirms(&bytes, &planned, "Vendor"), "one letter of the name");

        let mut bytes = written(5);
        bytes[48] ^= 1;
        assert!(Statement::of(Path::new("SOFTWARE"), &bytes).is_err(), "the base block's checksum");
    }

    #[test]
    fn each_kind_of_change_is_looked_for() {
        let bytes = written(5);
        let renamed = record(Change::KeyRenamed(key_change("Other")));
        for (change, path, expected) in [
            (record(Change::KeyCreated(key_change("Vendor"))), "Vendor", true),
            (record(Change::KeyCreated(key_change("Vendor"))), "None", false),
            (record(Change::KeyDeleted(key_change(""))), "Vendor", false),
            (record(Change::KeyDeleted(key_change(""))), "None", true),
            (renamed.clone(), "Vendor", false),
            (record(Change::KeyRenamed(key_change("Vendor"))), "Old", true),
            (record(Change::KeyRenamed(key_change("VENDOR"))), "Vendor", true),
            (set("Gone", None), "Vendor", true),
            (set("Text", None), "Vendor", false),
            (
                set("Text", Some(Value { kind: ValueType::EXPAND_SZ, ..Value::string("WlNotify.dll") })),
                "Vendor",
                false,
            ),
        ] {
            assert_eq!(confirms(&bytes, &change, path), expected, "{change:?} at {path}");
        }
    }

    #[test]
    fn a_restored_key_must_hold_what_it_held() {
        let bytes = written(5);
        let tree = crate::hive::Hive::from_image(bytes.clone()).unwrap().tree(&KeyPath::new("Vendor"));
        let tree = tree.unwrap().unwrap();
        let restored =
            |tree: KeyTree| Record { tree: Some(tree), ..record(Change::KeyRestored(key_change("Vendor"))) };
        assert!(confirms(&bytes, &restored(tree.clone()), "Vendor"));
        let mut more = tree.clone();
        more.values.push(NamedValue { name: "More".to_owned(), value: Value::dword(1) });
        assert!(!confirms(&bytes, &restored(more), "Vendor"));
        let mut deeper = tree;
        deeper.subkeys[0].values.push(NamedValue { name: "More".to_owned(), value: Value::dword(1) });
        assert!(!confirms(&bytes, &restored(deeper), "Vendor"));
    }

    #[test]
    fn it_says_where_our_own_decoder_had_to_answer() {
        let large = set("Large", Some(Value::binary(vec![7; 20_000])));
        for (minor, sentences) in [(5, 1), (3, 2)] {
            let bytes = written(minor);
            let mut statement = Statement::of(Path::new("SOFTWARE"), &bytes).unwrap();
            assert!(statement.confirms(&large, &at("Vendor"), true).unwrap());
            let said = statement.sentences("SOFTWARE");
            assert_eq!(said.len(), sentences, "{said:?}");
            assert!(said[0].contains("all 1 changes of SOFTWARE"), "{said:?}");
        }
    }
}
