//! Taking a repair back that was not finished, in the run that began it or at
//! the next start: the receipt and the disk say what is to be done.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::hive::storage::{Storage, StorageError};
use crate::hive::store;
use crate::windows::{HiveName, Installation, OfflineRegistry};

use super::carry_out::rename;
use super::change::Change;
use super::digest::sha256;
use super::durable::{beside, remove_if_there, sync_parent};
use super::error::RepairError;
use super::invert;
use super::order;
use super::planner::finish;
use super::prepared::HiveWork;
use super::receipt::{Folder, HiveEntry, Receipt};
use super::record::Record;
use super::side::{self, Side};
use super::workspace::{Workspace, stored_path};

/// The contents of hive files as they were, where the receipt has no copies.
pub(crate) type Originals = BTreeMap<HiveName, Vec<u8>>;

/// An unfinished repair.
#[derive(Clone, Copy)]
pub(crate) struct Unfinished<'a> {
    pub storage: &'a dyn Storage,
    pub installation: &'a Installation,
    pub folder: &'a Folder,
    pub receipt: &'a Receipt,
    /// What was written, if the run that began the repair takes it back.
    /// Nothing else wrote to the target in between: a hive that is neither the
    /// old one nor the new one is damaged, and may be one without which the
    /// others cannot be found.
    pub written: Option<&'a [HiveWork]>,
}

/// What a rollback did.
pub(crate) struct RolledBack {
    /// One sentence for each thing.
    pub notes: Vec<String>,
    /// Every hive is the very file that it was.
    pub hives_are_exact: bool,
}

impl Unfinished<'_> {
    /// Removes what interrupted writing left beside hives and files.
    pub(crate) fn remove_leftovers(&self) -> Result<(), RepairError> {
        for (_, file) in self.hive_files()? {
            store::remove_leftover(self.storage, &file)?;
            // Also where there was none: an earlier start may have removed it
            // and been cut off before that was certain.
            sync_parent(self.storage, &file)?;
        }
        for record in self.file_records() {
            if matches!(record.change, Change::FileRestored(_))
                && let Some(ends) = self.ends(record)?
            {
                remove_if_there(self.storage, &beside(&ends.after))?;
                sync_parent(self.storage, &ends.after)?;
            }
        }
        Ok(())
    }

    /// On which side of the whole repair the target is.
    pub(crate) fn side(&self) -> Result<Side, RepairError> {
        let mut sides = Vec::new();
        for (hive, file) in self.hive_files()? {
            sides.push(self.hive_side(hive, &file)?);
        }
        for record in self.file_records() {
            if let Some(ends) = self.ends(record)? {
                sides.push(side::of_file(&ends, record.content.as_ref(), self.storage)?);
            }
        }
        Ok(Side::of_all(sides).unwrap_or(Side::Before))
    }

    /// Brings everything back to what it was before: files in reverse order,
    /// then hives in the reverse of their order.
    pub(crate) fn roll_back(&self, originals: &Originals) -> Result<RolledBack, RepairError> {
        let mut back = RolledBack { notes: Vec::new(), hives_are_exact: true };
        let early = order::before_hives(&self.receipt.changes);
        let in_order = |wanted: bool| {
            self.file_records()
                .zip(&early)
                .filter(move |(_, early)| **early == wanted)
                .map(|(record, _)| record)
        };
        for record in in_order(false).collect::<Vec<_>>().into_iter().rev() {
            self.take_file_back(record, &mut back.notes)?;
        }
        for (hive, file) in self.hive_files()?.into_iter().rev() {
            self.take_hive_back(hive, &file, originals, &mut back)?;
        }
        for record in in_order(true).collect::<Vec<_>>().into_iter().rev() {
            self.take_file_back(record, &mut back.notes)?;
        }
        Ok(back)
    }

    fn file_records(&self) -> impl Iterator<Item = &Record> {
        self.receipt.changes.iter().filter(|record| record.change.hive().is_none())
    }

    fn ends(&self, record: &Record) -> Result<Option<side::FileEnds>, RepairError> {
        side::file_ends(record, self.installation, self.storage, &self.folder.on_volume)
    }

    /// The hives of the receipt with their files, in the order of commits.
    fn hive_files(&self) -> Result<Vec<(&HiveEntry, PathBuf)>, RepairError> {
        let files: Vec<(HiveName, PathBuf)> = if let Some(written) = self.written {
            written.iter().map(|hive| (hive.name.clone(), hive.file.clone())).collect()
        } else {
            let roots = OfflineRegistry::new(self.storage, self.installation).roots()?;
            roots.into_iter().map(|root| (root.hive, root.file)).collect()
        };
        let mut found = Vec::new();
        for hive in &self.receipt.hives {
            let (_, file) = files.iter().find(|(name, _)| *name == hive.name).ok_or_else(|| {
                let why = format!("the hive {} that it changes is not on this target", hive.name.0);
                RepairError::BadReceipt { receipt: self.folder.path.clone(), why }
            })?;
            found.push((hive, file.clone()));
        }
        found.sort_by_key(|(hive, _)| order::rank(&hive.name));
        Ok(found)
    }

    fn hive_side(&self, hive: &HiveEntry, file: &Path) -> Result<Side, RepairError> {
        let bytes = self.storage.read(file).map_err(StorageError::at("cannot read", file))?;
        let digest = sha256(&bytes);
        if digest == hive.sha256_before {
            return Ok(Side::Before);
        }
        if digest == hive.sha256_after {
            return Ok(Side::After);
        }
        // Windows ran in between: look at the changes themselves.
        let registry = OfflineRegistry::new(self.storage, self.installation);
        let workspace = Workspace::new(self.storage, self.installation, &registry);
        let mut sides = Vec::new();
        for record in last_of_each_place(self.records_in(&hive.name)) {
            sides.push(side::of_registry(record, &workspace)?);
        }
        Ok(Side::of_all(sides).unwrap_or(Side::Other))
    }

    fn records_in<'s>(&'s self, hive: &'s HiveName) -> impl DoubleEndedIterator<Item = &'s Record> {
        self.receipt.changes.iter().filter(move |record| record.change.hive() == Some(hive))
    }

    fn take_hive_back(
        &self,
        hive: &HiveEntry,
        file: &Path,
        originals: &Originals,
        back: &mut RolledBack,
    ) -> Result<(), RepairError> {
        let bytes = self.storage.read(file).map_err(StorageError::at("cannot read", file))?;
        let digest = sha256(&bytes);
        if digest == hive.sha256_before {
            return Ok(());
        }
        if (digest == hive.sha256_after || self.written.is_some())
            && let Some(original) = self.original(hive, originals)?
        {
            self.put_original_back(hive, file, &original)?;
            back.notes.push(format!("{} is again the file that it was", hive.name.0));
            return Ok(());
        }
        back.hives_are_exact = false;
        self.take_changes_back(hive, &mut back.notes)
    }

    /// Writes the original, or, where the volume has no room for another file,
    /// makes the receipt's copy of it the hive.
    fn put_original_back(&self, hive: &HiveEntry, file: &Path, original: &[u8]) -> Result<(), RepairError> {
        let written = store::commit_bytes(self.storage, file, original);
        let same_volume = self.folder.path == self.folder.on_volume;
        match (written, hive.copies.first()) {
            (Err(error), Some(copy)) if error.is_full() && same_volume => {
                let copy = stored_path(&self.folder.path, &copy.copy);
                let kept = self.storage.read(&copy).map_err(StorageError::at("cannot read", &copy))?;
                if kept != original {
                    return Err(error.into());
                }
                Ok(store::commit_copy(self.storage, file, &copy)?)
            }
            (written, _) => Ok(written?),
        }
    }

    /// The file as it was: from memory, else from the receipt's copy.
    fn original(&self, hive: &HiveEntry, originals: &Originals) -> Result<Option<Vec<u8>>, RepairError> {
        if let Some(original) = originals.get(&hive.name) {
            return Ok(Some(original.clone()));
        }
        let Some(copy) = hive.copies.first() else { return Ok(None) };
        let path = stored_path(&self.folder.path, &copy.copy);
        let bytes = match self.storage.read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StorageError::at("cannot read", &path)(error).into()),
        };
        Ok((sha256(&bytes) == hive.sha256_before).then_some(bytes))
    }

    /// Takes back what is still as the repair left it; what Windows changed
    /// since stays.
    fn take_changes_back(&self, hive: &HiveEntry, notes: &mut Vec<String>) -> Result<(), RepairError> {
        let registry = OfflineRegistry::new(self.storage, self.installation);
        let mut workspace = Workspace::new(self.storage, self.installation, &registry);
        for record in self.records_in(&hive.name).rev() {
            let mut keep = |conflict: invert::Conflict| {
                notes.push(format!("{}: kept as it is now ({})", conflict.place, conflict.found));
                invert::Decision::Keep
            };
            invert::registry(record, &mut workspace, &mut keep)?;
        }
        let work = finish(self.storage, workspace.finish())?;
        for changed in &work.hives {
            store::commit(self.storage, &changed.file, &changed.edited)?;
        }
        notes.push(format!("{}: the changes were taken back one by one", hive.name.0));
        Ok(())
    }

    fn take_file_back(&self, record: &Record, notes: &mut Vec<String>) -> Result<(), RepairError> {
        let Some(ends) = self.ends(record)? else { return Ok(()) };
        match side::of_file(&ends, record.content.as_ref(), self.storage)? {
            Side::Before => Ok(()),
            Side::Other => {
                notes.push(format!("{}: changed since and kept as it is now", record.change.place()));
                Ok(())
            }
            Side::Both => {
                remove_if_there(self.storage, &ends.after)?;
                Ok(sync_parent(self.storage, &ends.after)?)
            }
            Side::After => {
                if let Some(before) = &ends.before {
                    Ok(rename(self.storage, &ends.after, before)?)
                } else {
                    remove_if_there(self.storage, &ends.after)?;
                    Ok(sync_parent(self.storage, &ends.after)?)
                }
            }
        }
    }
}

/// Of several changes at one place only the last one can be seen.
fn last_of_each_place<'r>(records: impl DoubleEndedIterator<Item = &'r Record>) -> Vec<&'r Record> {
    let mut places = Vec::new();
    let mut last = Vec::new();
    for record in records.rev() {
        let place = record.change.place().to_uppercase();
        if !places.contains(&place) {
            places.push(place);
            last.push(record);
        }
    }
    last
}
