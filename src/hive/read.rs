//! Reading keys and values, through the boundary in [`super::reader`].

use serde::{Deserialize, Serialize};

use super::base_block::BaseBlock;
use super::cell::Cells;
use super::format::Format;
use super::key_node::{KeyNode, at};
use super::key_security::KeySecurity;
use super::key_value::KeyValue;
use super::log::{LogFile, RecoveryReport};
use super::name::Name;
use super::reader::{Budget, Key, Reader};
use super::{Editor, FileTime, HiveError, KeyPath, NamedValue, Value};

/// A hive in memory, recovered and readable.
#[derive(Clone)]
pub struct Hive {
    pub(super) image: Vec<u8>,
    pub(super) format: Format,
    pub(super) report: RecoveryReport,
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
    /// Access and layered-key bits as stored.
    #[serde(default)]
    pub access: u32,
    /// Virtualization, user and debug bits as stored.
    #[serde(default)]
    pub control: u16,
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
        Self::with_report(recovered.image, recovered.report)
    }

    /// Opens a clean image that has no logs: a new hive, an edited one, one
    /// read back.
    ///
    /// # Errors
    /// As [`Hive::open`]; [`HiveError::Unrecoverable`] where the base block is
    /// that of a dirty hive.
    pub fn from_image(image: Vec<u8>) -> Result<Self, HiveError> {
        let block = BaseBlock::parse(&image)?;
        if !block.is_clean() {
            let why = "its base block is that of an unfinished write, and there are no logs".to_owned();
            return Err(HiveError::Unrecoverable(why));
        }
        let report =
            RecoveryReport { highest_sequence: block.primary_sequence(), ..RecoveryReport::default() };
        Self::with_report(image, report)
    }

    fn with_report(image: Vec<u8>, report: RecoveryReport) -> Result<Self, HiveError> {
        let format = BaseBlock::parse(&image)?.format()?;
        let hive = Self { image, format, report };
        let cells = hive.cells();
        KeyNode::read(&cells, cells.root)?;
        Ok(hive)
    }

    pub(super) fn cells(&self) -> Cells<'_> {
        Cells::of(&self.image, self.format)
    }

    /// The (recovered) image.
    pub fn image(&self) -> &[u8] {
        &self.image
    }

    /// How the image came to be.
    pub fn recovery(&self) -> &RecoveryReport {
        &self.report
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        Reader::new(&self.image, self.format)
    }

    /// Whether the key exists.
    ///
    /// # Errors
    /// [`HiveError`] where damage hides the answer; likewise below.
    pub fn key_exists(&self, path: &KeyPath) -> Result<bool, HiveError> {
        Ok(self.reader().key_exists(path)?.answer)
    }

    /// The names of the subkeys as stored; `None` where there is no such key.
    ///
    /// # Errors
    /// As [`Hive::key_exists`].
    pub fn subkeys(&self, path: &KeyPath) -> Result<Option<Vec<String>>, HiveError> {
        Ok(self.reader().subkey_names(path)?.answer)
    }

    /// The values as stored; `None` where there is no such key.
    ///
    /// # Errors
    /// As [`Hive::key_exists`].
    pub fn values(&self, path: &KeyPath) -> Result<Option<Vec<NamedValue>>, HiveError> {
        Ok(self.reader().values(path)?.answer)
    }

    /// One value; `None` where the key or the value does not exist.
    ///
    /// # Errors
    /// As [`Hive::key_exists`].
    pub fn value(&self, path: &KeyPath, name: &str) -> Result<Option<Value>, HiveError> {
        Ok(self.reader().value(path, name)?.answer)
    }

    /// When the key was last written.
    ///
    /// # Errors
    /// As [`Hive::key_exists`].
    pub fn last_written(&self, path: &KeyPath) -> Result<Option<FileTime>, HiveError> {
        Ok(self.reader().key(path)?.answer.map(|key| key.node().last_written()))
    }

    /// The key with everything below it.
    ///
    /// # Errors
    /// As [`Hive::key_exists`].
    pub fn tree(&self, path: &KeyPath) -> Result<Option<KeyTree>, HiveError> {
        let reader = self.reader();
        let Some(key) = reader.key(path)?.answer else { return Ok(None) };
        read_tree(&self.cells(), &key, path.names().len(), &mut reader.budget()).map(Some)
    }

    /// Begins an edit of this hive; the keys it touches get the present time.
    pub fn edit(self) -> Editor {
        self.edit_at(FileTime::now())
    }

    /// Begins an edit with a given time.
    pub fn edit_at(self, time: FileTime) -> Editor {
        Editor::new(self, time)
    }
}

/// A name that must come back as it was: one that text cannot express (lone
/// surrogates) is refused rather than changed.
fn exact(name: Name<'_>) -> Result<String, HiveError> {
    name.to_text().ok_or_else(|| {
        let shown = name.to_string_lossy();
        HiveError::Limit(format!("the name {shown:?} is not valid UTF-16 and could not be restored as it is"))
    })
}

fn read_tree(
    cells: &Cells<'_>,
    key: &Key<'_, '_>,
    depth: usize,
    budget: &mut Budget,
) -> Result<KeyTree, HiveError> {
    super::edit::check_depth(depth)?;
    let node = key.node();
    for value in node.values(cells)? {
        exact(KeyValue::read(cells, value)?.name)?;
    }
    let subkeys = key.subkeys(budget)?.answer;
    let subkeys = subkeys.iter().map(|subkey| read_tree(cells, subkey, depth + 1, budget));
    Ok(KeyTree {
        subkeys: subkeys.collect::<Result<_, _>>()?,
        name: exact(node.name)?,
        class: key.class()?.answer,
        security: KeySecurity::read(cells, node.link(at::SECURITY))?.descriptor.to_vec(),
        last_written: node.last_written(),
        flags: node.flags(),
        access: node.field(at::ACCESS),
        control: node.short_field(at::CONTROL),
        values: key.values(budget)?.answer,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_with_a_name_that_is_no_text_is_refused_not_changed() {
        let mut editor = crate::hive::create(5).unwrap().edit();
        editor.create_key(&KeyPath::new("ЖЖ")).unwrap();
        let mut hive = editor.finish().unwrap().into_hive().unwrap();
        let name = [0x16, 0x04, 0x16, 0x04];
        let at = hive.image.windows(4).position(|bytes| bytes == name).unwrap();
        hive.image[at + 1] = 0xd8;
        assert!(matches!(hive.tree(&KeyPath::root()), Err(HiveError::Limit(_))));
        assert_eq!(hive.subkeys(&KeyPath::root()).unwrap().unwrap(), ["\u{fffd}Ж"]);
    }
}
