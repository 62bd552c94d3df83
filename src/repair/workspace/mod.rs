//! The target as it is being changed in memory.
//!
//! Reading looks at the changes made so far, then at the disk; nothing is
//! written to the disk here. What a plan shows is what was done here, so the
//! preview cannot differ from the outcome.

mod draft;
mod files;
mod perform;

use std::collections::BTreeMap;

use crate::hive::storage::Storage;
use crate::hive::store::StoreError;
use crate::hive::{FileTime, Hive, HiveError, KeyTree, NamedValue, Value};
use crate::windows::registry::RegistryError;
use crate::windows::{HiveName, Installation, Located, OfflineRegistry};

use super::error::RepairError;
use super::record::Record;
use super::rule::{NoRules, Rules};

pub(crate) use draft::{Draft, parent};
pub(crate) use files::{FileOperation, FilePlace, stored_path};

pub(crate) use perform::describe_tree;

use files::FileOverlay;

/// An installation with the changes made so far.
pub(crate) struct Workspace<'a> {
    storage: &'a dyn Storage,
    installation: &'a Installation,
    registry: &'a OfflineRegistry<'a>,
    rules: &'a dyn Rules,
    /// Whether nobody changes the disk while this lives, so that each of its
    /// directories is read once.
    disk_rests: bool,
    drafts: BTreeMap<HiveName, Draft>,
    files: FileOverlay,
    records: Vec<Record>,
}

/// What a workspace ends as.
pub(crate) struct Finished {
    /// The edited hives.
    pub drafts: BTreeMap<HiveName, Draft>,
    /// What is done to files, in order.
    pub files: Vec<FileOperation>,
    /// What changed, in order.
    pub records: Vec<Record>,
}

impl<'a> Workspace<'a> {
    /// The target as it is on the disk.
    pub(crate) fn new(
        storage: &'a dyn Storage,
        installation: &'a Installation,
        registry: &'a OfflineRegistry<'a>,
    ) -> Self {
        Self {
            storage,
            installation,
            registry,
            rules: &NoRules,
            disk_rests: false,
            drafts: BTreeMap::new(),
            files: FileOverlay::default(),
            records: Vec::new(),
        }
    }

    /// The same with the rules that fixes may call.
    pub(crate) fn with_rules(mut self, rules: &'a dyn Rules) -> Self {
        self.rules = rules;
        self
    }

    /// The same for planning: the disk is only read.
    pub(crate) fn on_resting_disk(mut self) -> Self {
        self.disk_rests = true;
        self
    }

    pub(crate) fn rules(&self) -> &'a dyn Rules {
        self.rules
    }

    /// The registry as it is on the disk.
    pub(crate) fn registry(&self) -> &'a OfflineRegistry<'a> {
        self.registry
    }

    pub(crate) fn installation(&self) -> &'a Installation {
        self.installation
    }

    pub(crate) fn storage(&self) -> &'a dyn Storage {
        self.storage
    }

    /// What was changed so far, in order.
    pub(crate) fn records(&self) -> &[Record] {
        &self.records
    }

    pub(crate) fn finish(self) -> Finished {
        Finished { drafts: self.drafts, files: self.files.into_operations(), records: self.records }
    }

    /// Where a key is; several places for `HKCU`.
    pub(crate) fn locate(&self, key: &str) -> Result<Vec<Located>, RepairError> {
        Ok(self.registry.locate(key)?)
    }

    /// The only place of a key that is not every user's.
    pub(crate) fn locate_one(&self, key: &str) -> Result<Located, RepairError> {
        let mut places = self.locate(key)?;
        match (places.pop(), places.is_empty()) {
            (Some(only), true) => Ok(only),
            _ => Err(RegistryError::UnknownRoot(key.to_owned()).into()),
        }
    }

    pub(crate) fn value(&self, at: &Located, name: &str) -> Result<Option<Value>, RepairError> {
        Ok(self.read(at, |hive| hive.value(&at.path, name))?.flatten())
    }

    pub(crate) fn values(&self, at: &Located) -> Result<Option<Vec<NamedValue>>, RepairError> {
        Ok(self.read(at, |hive| hive.values(&at.path))?.flatten())
    }

    pub(crate) fn key_exists(&self, at: &Located) -> Result<bool, RepairError> {
        Ok(self.read(at, |hive| hive.key_exists(&at.path))?.unwrap_or(false))
    }

    pub(crate) fn subkeys(&self, at: &Located) -> Result<Option<Vec<String>>, RepairError> {
        Ok(self.read(at, |hive| hive.subkeys(&at.path))?.flatten())
    }

    pub(crate) fn tree(&self, at: &Located) -> Result<Option<KeyTree>, RepairError> {
        Ok(self.read(at, |hive| hive.tree(&at.path))?.flatten())
    }

    pub(crate) fn last_written(&self, at: &Located) -> Result<Option<FileTime>, RepairError> {
        Ok(self.read(at, |hive| hive.last_written(&at.path))?.flatten())
    }

    /// Whether the hive file that would hold a key is there at all.
    pub(crate) fn hive_exists(&self, at: &Located) -> Result<bool, RepairError> {
        Ok(self.read(at, |_| Ok(()))?.is_some())
    }

    /// Reads from the hive as changed so far; `None` where its file is absent.
    fn read<T>(
        &self,
        at: &Located,
        read: impl FnOnce(&Hive) -> Result<T, HiveError>,
    ) -> Result<Option<T>, RepairError> {
        if let Some(draft) = self.drafts.get(&at.hive) {
            return read(draft.hive()).map(Some).map_err(RepairError::at_key(&at.full_name));
        }
        match self.registry.hive(at) {
            Ok(hive) => read(&hive).map(Some).map_err(RepairError::at_key(&at.full_name)),
            Err(RegistryError::Store(error)) if matches!(*error, StoreError::Missing(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
