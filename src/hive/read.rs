//! Reading keys and values, through nt-hive behind one boundary.

use serde::{Deserialize, Serialize};

use super::log::{LogFile, RecoveryReport};
use super::{Editor, FileTime, HiveError, KeyPath, NamedValue, Value};

/// A hive in memory, recovered and readable.
#[derive(Clone)]
pub struct Hive {
    image: Vec<u8>,
    report: RecoveryReport,
}

/// A key with everything below it, as receipts and examples keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyTree {
    /// The key's own name.
    pub name: String,
    /// Class name as raw UTF-16LE bytes, where there is one.
    pub class: Option<Vec<u8>>,
    /// Security descriptor, self-relative.
    pub security: Vec<u8>,
    /// Last written.
    pub last_written: FileTime,
    /// Key node flags as stored.
    pub flags: u16,
    /// Values in stored order.
    pub values: Vec<NamedValue>,
    /// Subkeys in stored (sorted) order.
    pub subkeys: Vec<KeyTree>,
}

impl Hive {
    /// Opens a primary file with its transaction logs, recovering it if dirty.
    ///
    /// # Errors
    /// See [`super::log::recover`]; also [`HiveError::Damaged`] where not even
    /// the root key can be read.
    pub fn open(primary: Vec<u8>, logs: &[LogFile]) -> Result<Self, HiveError> {
        let recovered = super::log::recover(primary, logs)?;
        Ok(Self { image: recovered.image, report: recovered.report })
    }

    /// The (recovered) image.
    pub fn image(&self) -> &[u8] {
        &self.image
    }

    /// How the image came to be.
    pub fn recovery(&self) -> &RecoveryReport {
        &self.report
    }

    /// Whether the key exists.
    ///
    /// # Errors
    /// [`HiveError`] where damage hides the answer; likewise below.
    pub fn key_exists(&self, path: &KeyPath) -> Result<bool, HiveError> {
        todo!("{path}")
    }

    /// The names of the subkeys as stored; `None` where there is no such key.
    ///
    /// # Errors
    /// As [`Hive::key_exists`].
    pub fn subkeys(&self, path: &KeyPath) -> Result<Option<Vec<String>>, HiveError> {
        todo!("{path}")
    }

    /// The values as stored; `None` where there is no such key.
    ///
    /// # Errors
    /// As [`Hive::key_exists`].
    pub fn values(&self, path: &KeyPath) -> Result<Option<Vec<NamedValue>>, HiveError> {
        todo!("{path}")
    }

    /// One value; `None` where the key or the value does not exist.
    ///
    /// # Errors
    /// As [`Hive::key_exists`].
    pub fn value(&self, path: &KeyPath, name: &str) -> Result<Option<Value>, HiveError> {
        todo!("{path} {name}")
    }

    /// When the key was last written.
    ///
    /// # Errors
    /// As [`Hive::key_exists`].
    pub fn last_written(&self, path: &KeyPath) -> Result<Option<FileTime>, HiveError> {
        todo!("{path}")
    }

    /// The key with everything below it.
    ///
    /// # Errors
    /// As [`Hive::key_exists`].
    pub fn tree(&self, path: &KeyPath) -> Result<Option<KeyTree>, HiveError> {
        todo!("{path}")
    }

    /// Begins an edit of this hive.
    pub fn edit(self) -> Editor {
        Editor::new(self)
    }
}
