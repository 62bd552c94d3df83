//! Records: a change together with what is needed to take it back.

use serde::{Deserialize, Serialize};

use crate::hive::{FileTime, KeyTree};
use crate::windows::HiveName;

use super::change::Change;

/// A change that a fix makes, as the receipt keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Full name of the fix.
    pub fix: String,
    /// What changes.
    #[serde(flatten)]
    pub change: Change,
    /// Place of a deleted value among the values of its key, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
    /// The deleted or restored key with everything below it: kept in a file of
    /// its own, named here once it is written.
    #[serde(skip)]
    pub tree: Option<KeyTree>,
    /// File in the receipt that holds `tree`.
    #[serde(default, rename = "key-file", skip_serializing_if = "Option::is_none")]
    pub key_file: Option<String>,
    /// The file concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<FileContent>,
}

/// What a file was when the repair touched it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct FileContent {
    /// Where a file that was moved aside lies, within the receipt's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<String>,
    /// Where a restored file comes from, as Windows writes it, or the receipt
    /// that held it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The receipt and the name in it that a returned file came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_from: Option<String>,
    /// A folder rather than a file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub folder: bool,
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the content, hexadecimal; absent for folders and for files
    /// too large to be read whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// When it was made, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// When it was last written, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
}

/// When a key was last written, before and after the repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyStamp {
    /// Which hive.
    pub hive: HiveName,
    /// Full key name with the real control set.
    pub key: String,
    /// Before.
    #[serde(with = "super::exact_time")]
    pub before: FileTime,
    /// After; absent where the repair deleted the key.
    #[serde(default, with = "super::exact_time::optional", skip_serializing_if = "Option::is_none")]
    pub after: Option<FileTime>,
}
