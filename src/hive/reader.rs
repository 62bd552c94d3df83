//! The boundary behind which the nt-hive library reads.
//!
//! Every key, value and class name that pemedic shows, probes, plans with or
//! verifies is read twice: by nt-hive, and by the decoder that the editor is
//! built on (`key_node`, `key_value`, `subkey_list`). Two programs that share
//! no code rarely misread the same bytes in the same way, so:
//!
//! 1. **Our decoder goes first.** It checks every offset, size and signature on
//!    the way to the answer; where they are damaged, its error is the answer
//!    and nt-hive never sees the bytes.
//! 2. **nt-hive answers**, contained: its errors and panics end at
//!    `contain`, and no message reaches the console.
//! 3. **Both must agree**, bit for bit. Where they do not, the answer is
//!    [`HiveError::Disagreement`]: whatever is
//!    built on such a reading could be wrong.
//! 4. **Our decoder answers alone** where nt-hive 0.3.0 is known to be wrong or
//!    silent. [`Cover`] has one variant for each reason, and every answer
//!    carries those that were needed:
//!    - hives of the versions 1.1 and 1.2, which it refuses;
//!    - values above 16,344 bytes in versions before 1.4, which it takes for
//!      big data records (and would even follow, where the data looks like one);
//!    - values of no bytes whose data offset means nothing, which it follows;
//!    - value and subkey lists of keys without values or subkeys, whose offsets
//!      NT 4.0 leaves behind, which it follows;
//!    - predefined handle keys, whose count of values is a handle;
//!    - value types without a name, whose number it gives in an error only;
//!    - names with letters of contested capitals: it maps letters that Windows
//!      does not (`µ`, `ſ`, `ς`, later Unicode), so its search may miss or mix
//!      up keys beside them;
//!    - whatever else makes it fail where our decoder does not.
//!
//! nt-hive has no access to time stamps, flags and security descriptors; these
//! are our decoder's alone. It refuses dirty hives: a hive is recovered in
//! memory first, and nt-hive reads the recovered image.
//!
//! A sound hive refers to each cell once. `Budget` holds every answer to
//! that, so that trees which run in circles and values which share one cell
//! end with an error instead of filling memory.

mod budget;
mod capitals;
mod contain;
mod cover;
mod key;
mod key_values;

pub(super) use budget::Budget;
pub use contain::{is_contained_panic, quiet_contained_panics};
pub use cover::{Cover, Seen};
pub(super) use key::Key;

use super::base_block::BASE_BLOCK_SIZE;
use super::cell::Cells;
use super::format::Format;
use super::{HiveError, KeyPath, NamedValue, Value};
use contain::contain;

/// nt-hive's view of an image.
type Outside<'a> = nt_hive::Hive<&'a [u8]>;

/// An image under both readers.
pub(super) struct Reader<'a> {
    cells: Cells<'a>,
    outside: Result<Outside<'a>, Cover>,
}

impl<'a> Reader<'a> {
    /// Views a recovered image whose base block was checked when it was opened.
    pub(super) fn new(image: &'a [u8], format: Format) -> Self {
        let cells = Cells::of(image, format);
        // What lies behind the bins is not part of the hive.
        let end = BASE_BLOCK_SIZE + cells.bins().len();
        let bytes = image.get(..end).unwrap_or(image);
        let outside = match format.minor() {
            old @ ..=2 => Err(Cover::Version(old)),
            _ => contain(|| Outside::without_validation(bytes)).map_err(Cover::Failed),
        };
        Self { cells, outside }
    }

    /// As [`Reader::new`] for an image that comes from the disk: nt-hive checks
    /// the base block as well.
    pub(super) fn validated(image: &'a [u8], format: Format) -> Result<Self, HiveError> {
        let reader = Self::new(image, format);
        if let Ok(outside) = &reader.outside {
            let said = contain(|| Ok(outside.validate())).map_err(HiveError::Reader)?;
            match said {
                // Windows writes 1 and ignores what it reads.
                Ok(()) | Err(nt_hive::NtHiveError::UnsupportedClusteringFactor { .. }) => {}
                Err(error) => return Err(HiveError::Reader(error.to_string())),
            }
        }
        Ok(reader)
    }

    /// A budget for one answer from this image.
    pub(super) fn budget(&self) -> Budget {
        Budget::new(self.cells.bins().len())
    }

    /// The root key.
    pub(super) fn root(&self) -> Result<Key<'_, 'a>, HiveError> {
        Key::root(self)
    }

    /// The key at a path; symbolic links are keys like others and never
    /// followed.
    pub(super) fn key(&self, path: &KeyPath) -> Result<Seen<Option<Key<'_, 'a>>>, HiveError> {
        let mut key = self.root()?;
        let mut covers = Vec::new();
        for name in path.names() {
            let found = key.subkey(name)?;
            covers.extend(found.covers);
            match found.answer {
                Some(subkey) => key = subkey,
                None => return Ok(Seen { answer: None, covers }),
            }
        }
        Ok(Seen { answer: Some(key), covers })
    }

    /// Whether a key exists.
    pub(super) fn key_exists(&self, path: &KeyPath) -> Result<Seen<bool>, HiveError> {
        let mut found = self.key(path)?;
        let cover = found.answer.as_ref().and_then(Key::cover);
        found.covers.extend(cover);
        Ok(found.map(|key| key.is_some()))
    }

    /// The names of a key's subkeys.
    pub(super) fn subkey_names(&self, path: &KeyPath) -> Result<Seen<Option<Vec<String>>>, HiveError> {
        self.of_key(path, |key| {
            let subkeys = key.subkeys(&mut self.budget())?;
            Ok(subkeys.map(|keys| keys.iter().map(|key| key.node().name.to_string_lossy()).collect()))
        })
    }

    /// A key's values.
    pub(super) fn values(&self, path: &KeyPath) -> Result<Seen<Option<Vec<NamedValue>>>, HiveError> {
        self.of_key(path, |key| key.values(&mut self.budget()))
    }

    /// A key's value of this name.
    pub(super) fn value(&self, path: &KeyPath, name: &str) -> Result<Seen<Option<Value>>, HiveError> {
        Ok(self.of_key(path, |key| key.value(name))?.map(Option::flatten))
    }

    /// A key's class name.
    pub(super) fn class(&self, path: &KeyPath) -> Result<Seen<Option<Vec<u8>>>, HiveError> {
        let class = |key: &Key<'_, 'a>| Key::class(key);
        Ok(self.of_key(path, class)?.map(Option::flatten))
    }

    fn of_key<T>(
        &self,
        path: &KeyPath,
        read: impl FnOnce(&Key<'_, 'a>) -> Result<Seen<T>, HiveError>,
    ) -> Result<Seen<Option<T>>, HiveError> {
        let found = self.key(path)?;
        match found.answer {
            None => Ok(Seen { answer: None, covers: found.covers }),
            Some(key) => {
                let mut seen = read(&key)?.map(Some);
                seen.covers.extend(found.covers);
                Ok(seen)
            }
        }
    }
}

#[cfg(test)]
mod tests;
