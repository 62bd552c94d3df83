//! A second opinion on a hive file: what nt-hive reads in it.
//!
//! Asked after a save about every key and value that was changed, with the
//! bytes as they came back from the disk. nt-hive checks the base block and
//! finds keys and values by itself; see [`super::reader`] for when our own
//! decoder has to answer in its place, which each answer says.

use super::base_block::BaseBlock;
use super::reader::Reader;
pub use super::reader::{Cover, Seen};
use super::{HiveError, KeyPath, NamedValue, Value};

/// A hive file as nt-hive reads it.
pub struct Witness<'a> {
    reader: Reader<'a>,
}

impl<'a> Witness<'a> {
    /// Lets nt-hive read a file's bytes.
    ///
    /// # Errors
    /// [`HiveError::NotAHive`], [`HiveError::UnsupportedVersion`];
    /// [`HiveError::Reader`] where nt-hive refuses the base block: a dirty hive,
    /// a wrong checksum, more bins than bytes.
    pub fn of(file: &'a [u8]) -> Result<Self, HiveError> {
        let block = BaseBlock::parse(file)?;
        let reader = Reader::validated(file, block.format()?)?;
        Ok(Self { reader })
    }

    /// Whether a key exists.
    ///
    /// # Errors
    /// [`HiveError::Damaged`], [`HiveError::Disagreement`]; likewise below.
    pub fn key_exists(&self, key: &KeyPath) -> Result<Seen<bool>, HiveError> {
        self.reader.key_exists(key)
    }

    /// The names of a key's subkeys; `None` where there is no such key.
    ///
    /// # Errors
    /// As [`Witness::key_exists`].
    pub fn subkeys(&self, key: &KeyPath) -> Result<Seen<Option<Vec<String>>>, HiveError> {
        self.reader.subkey_names(key)
    }

    /// A key's values; `None` where there is no such key.
    ///
    /// # Errors
    /// As [`Witness::key_exists`].
    pub fn values(&self, key: &KeyPath) -> Result<Seen<Option<Vec<NamedValue>>>, HiveError> {
        self.reader.values(key)
    }

    /// A value; `None` where the key or the value does not exist.
    ///
    /// # Errors
    /// As [`Witness::key_exists`].
    pub fn value(&self, key: &KeyPath, name: &str) -> Result<Seen<Option<Value>>, HiveError> {
        self.reader.value(key, name)
    }

    /// A key's class name as raw UTF-16LE bytes; `None` where there is none.
    ///
    /// # Errors
    /// As [`Witness::key_exists`].
    pub fn class(&self, key: &KeyPath) -> Result<Seen<Option<Vec<u8>>>, HiveError> {
        self.reader.class(key)
    }
}
