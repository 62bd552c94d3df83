//! Changes: one before and one after, exactly as they will be on the disk.

use serde::{Deserialize, Serialize};

use crate::hive::Value;
use crate::windows::HiveName;

/// One difference between the target as it is and as it will be.
///
/// In JSON and TOML each has a `kind`; registry changes have `hive` and `key`,
/// file changes have `file`; all have `before` and `after`, where nothing
/// (`null`) means that it is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Change {
    /// A value is set, created or deleted.
    Value(ValueChange),
    /// A key is created (its missing ancestors have changes of their own).
    KeyCreated(KeyChange),
    /// A key is deleted with everything below it.
    KeyDeleted(KeyChange),
    /// A key gets another name under the same parent.
    KeyRenamed(KeyChange),
    /// A key is put back with everything that was below it.
    KeyRestored(KeyChange),
    /// A file is moved into the receipt.
    FileMovedAside(FileChange),
    /// A file gets another name in the same folder.
    FileRenamed(FileChange),
    /// A file that was not there is copied from another.
    FileRestored(FileChange),
}

/// A value's [`Change`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueChange {
    /// Which hive.
    pub hive: HiveName,
    /// Full key name with the real control set.
    pub key: String,
    /// Value name; empty for the default value.
    pub value: String,
    /// What is there; `None`: no such value.
    pub before: Option<Value>,
    /// What will be there; `None`: no such value.
    pub after: Option<Value>,
}

/// A key's [`Change`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyChange {
    /// Which hive.
    pub hive: HiveName,
    /// Full key name with the real control set (before a renaming).
    pub key: String,
    /// What is there, in words: the name, or how much a deleted key holds.
    pub before: Option<String>,
    /// What will be there: the (new) name.
    pub after: Option<String>,
}

/// A file's [`Change`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// Path as Windows itself writes it, before the change.
    pub file: String,
    /// What is there: name, size and times.
    pub before: Option<String>,
    /// What will be there: the new name, or where it goes or comes from.
    pub after: Option<String>,
}

impl Change {
    /// The key, key and value, or file that changes, for a list.
    pub fn place(&self) -> String {
        match self {
            Self::Value(change) => format!("{}\\{}", change.key, display_name(&change.value)),
            Self::KeyCreated(change)
            | Self::KeyDeleted(change)
            | Self::KeyRenamed(change)
            | Self::KeyRestored(change) => change.key.clone(),
            Self::FileMovedAside(change) | Self::FileRenamed(change) | Self::FileRestored(change) => {
                change.file.clone()
            }
        }
    }

    /// What is there, as a person reads it: `(absent)` for nothing.
    pub fn before_text(&self) -> String {
        match self {
            Self::Value(change) => value_text(change.before.as_ref()),
            Self::KeyCreated(change)
            | Self::KeyDeleted(change)
            | Self::KeyRenamed(change)
            | Self::KeyRestored(change) => plain_text(change.before.as_deref()),
            Self::FileMovedAside(change) | Self::FileRenamed(change) | Self::FileRestored(change) => {
                plain_text(change.before.as_deref())
            }
        }
    }

    /// What will be there, as a person reads it.
    pub fn after_text(&self) -> String {
        match self {
            Self::Value(change) => value_text(change.after.as_ref()),
            Self::KeyCreated(change)
            | Self::KeyDeleted(change)
            | Self::KeyRenamed(change)
            | Self::KeyRestored(change) => plain_text(change.after.as_deref()),
            Self::FileMovedAside(change) | Self::FileRenamed(change) | Self::FileRestored(change) => {
                plain_text(change.after.as_deref())
            }
        }
    }

    /// The full name of the key that changes; `None` for a file.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Value(change) => Some(&change.key),
            Self::KeyCreated(change)
            | Self::KeyDeleted(change)
            | Self::KeyRenamed(change)
            | Self::KeyRestored(change) => Some(&change.key),
            Self::FileMovedAside(_) | Self::FileRenamed(_) | Self::FileRestored(_) => None,
        }
    }

    /// The hive that changes; `None` for a file.
    pub fn hive(&self) -> Option<&HiveName> {
        match self {
            Self::Value(change) => Some(&change.hive),
            Self::KeyCreated(change)
            | Self::KeyDeleted(change)
            | Self::KeyRenamed(change)
            | Self::KeyRestored(change) => Some(&change.hive),
            Self::FileMovedAside(_) | Self::FileRenamed(_) | Self::FileRestored(_) => None,
        }
    }
}

/// A value's name as regedit shows it.
pub fn display_name(value: &str) -> &str {
    if value.is_empty() { "(Default)" } else { value }
}

/// What stands for a thing that is not there.
pub const ABSENT: &str = "(absent)";

fn value_text(value: Option<&Value>) -> String {
    value.map_or_else(|| ABSENT.to_owned(), ToString::to_string)
}

fn plain_text(text: Option<&str>) -> String {
    text.unwrap_or(ABSENT).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn max_wait() -> Change {
        Change::Value(ValueChange {
            hive: HiveName("SOFTWARE".to_owned()),
            key: r"HKLM\SOFTWARE\X".to_owned(),
            value: "MaxWait".to_owned(),
            before: None,
            after: Some(Value::dword(600)),
        })
    }

    #[test]
    fn json_is_the_contract() {
        let json = serde_json::to_string(&max_wait()).unwrap();
        assert_eq!(
            json,
            r#"{"kind":"value","hive":"SOFTWARE","key":"HKLM\\SOFTWARE\\X","value":"MaxWait","before":null,"after":{"type":"REG_DWORD","data":600}}"#
        );
    }

    #[test]
    fn toml_brings_every_kind_back() {
        let key = KeyChange {
            hive: HiveName("SYSTEM".to_owned()),
            key: r"HKLM\SYSTEM\A".to_owned(),
            before: None,
            after: Some("A".to_owned()),
        };
        let file = FileChange { file: r"C:\a".to_owned(), before: Some("a".to_owned()), after: None };
        for change in [
            max_wait(),
            Change::KeyCreated(key.clone()),
            Change::KeyDeleted(key.clone()),
            Change::KeyRenamed(key.clone()),
            Change::KeyRestored(key),
            Change::FileMovedAside(file.clone()),
            Change::FileRenamed(file.clone()),
            Change::FileRestored(file),
        ] {
            let text = toml::to_string(&change).unwrap();
            assert_eq!(toml::from_str::<Change>(&text).unwrap(), change, "{text}");
        }
    }

    #[test]
    fn absence_is_said_in_words() {
        assert_eq!(max_wait().before_text(), "(absent)");
        assert_eq!(max_wait().after_text(), "REG_DWORD 600");
        assert_eq!(max_wait().place(), r"HKLM\SOFTWARE\X\MaxWait");
    }
}
