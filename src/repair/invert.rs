//! The way back from one change, as far as the target still is as the change
//! left it.

use crate::hive::Value;
use crate::windows::Located;

use super::change::{ABSENT, Change, FileChange, KeyChange, ValueChange};
use super::error::RepairError;
use super::intent::{Intent, StoredFile};
use super::record::Record;
use super::side::{Side, renamed};
use super::workspace::{FilePlace, Workspace, describe_tree};

/// Something else changed what the receipt left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// Where.
    pub place: String,
    /// What the receipt left there.
    pub left: String,
    /// What is there now.
    pub found: String,
    /// What was there before the receipt.
    pub before: String,
}

/// What is done about a [`Conflict`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// What is there now stays.
    Keep,
    /// What was there before the receipt comes back.
    Restore,
}

/// Decides conflicts.
pub(crate) type Decide<'d> = &'d mut dyn FnMut(Conflict) -> Decision;

/// Takes a registry change back in a workspace.
pub(crate) fn registry(
    record: &Record,
    workspace: &mut Workspace<'_>,
    decide: Decide<'_>,
) -> Result<(), RepairError> {
    let inverter = Inverter { record, workspace, decide };
    match &record.change {
        Change::Value(change) => inverter.value(change),
        Change::KeyCreated(change) => inverter.key_created(change),
        Change::KeyRestored(change) => inverter.key_restored(change),
        Change::KeyDeleted(change) => inverter.key_deleted(change),
        Change::KeyRenamed(change) => inverter.key_renamed(change),
        Change::FileMovedAside(_) | Change::FileRenamed(_) | Change::FileRestored(_) => Ok(()),
    }
}

/// Takes a file change back in a workspace. `stored` is where the receipt
/// holds the file, if it was moved aside.
pub(crate) fn file(
    record: &Record,
    stored: Option<StoredFile>,
    workspace: &mut Workspace<'_>,
    decide: Decide<'_>,
) -> Result<(), RepairError> {
    let inverter = Inverter { record, workspace, decide };
    match (&record.change, stored) {
        (Change::FileMovedAside(change), Some(stored)) => inverter.moved_aside(change, stored),
        (Change::FileRenamed(change), _) => inverter.file_renamed(change),
        (Change::FileRestored(change), _) => inverter.file_restored(change),
        _ => Ok(()),
    }
}

struct Inverter<'i, 'w> {
    record: &'i Record,
    workspace: &'i mut Workspace<'w>,
    decide: Decide<'i>,
}

impl Inverter<'_, '_> {
    fn perform(&mut self, intent: Intent) -> Result<(), RepairError> {
        self.workspace.perform(&self.record.fix, intent)
    }

    fn restores(&mut self, left: &str, found: &str, before: &str) -> bool {
        let place = self.record.change.place();
        let (left, found, before) = (left.to_owned(), found.to_owned(), before.to_owned());
        (self.decide)(Conflict { place, left, found, before }) == Decision::Restore
    }

    fn value(mut self, change: &ValueChange) -> Result<(), RepairError> {
        let at = self.workspace.locate_one(&change.key)?;
        let present = self.workspace.value(&at, &change.value)?;
        if present == change.before {
            return Ok(());
        }
        let key_is_gone = !self.workspace.key_exists(&at)?;
        if present != change.after || key_is_gone {
            let found = if key_is_gone { "gone with its key".to_owned() } else { text(present.as_ref()) };
            if !self.restores(&text(change.after.as_ref()), &found, &text(change.before.as_ref())) {
                return Ok(());
            }
        }
        let name = change.value.clone();
        match (&change.before, self.record.position) {
            (Some(value), Some(position)) if present.is_none() => {
                self.perform(Intent::RestoreValue { at, name, value: value.clone(), position })
            }
            (Some(value), _) => self.perform(Intent::SetValue { at, name, value: value.clone() }),
            (None, _) => self.perform(Intent::DeleteValue { at, name }),
        }
    }

    fn key_created(mut self, change: &KeyChange) -> Result<(), RepairError> {
        let at = self.workspace.locate_one(&change.key)?;
        let Some(tree) = self.workspace.tree(&at)? else { return Ok(()) };
        let empty = tree.values.is_empty() && tree.subkeys.is_empty();
        if !empty && !self.restores("an empty key", &describe_tree(&tree), ABSENT) {
            return Ok(());
        }
        self.perform(Intent::DeleteKey { at })
    }

    fn key_restored(mut self, change: &KeyChange) -> Result<(), RepairError> {
        let at = self.workspace.locate_one(&change.key)?;
        let Some(tree) = self.workspace.tree(&at)? else { return Ok(()) };
        let unchanged = self.record.tree.as_ref() == Some(&tree);
        let left = change.after.clone().unwrap_or_default();
        if !unchanged && !self.restores(&left, &describe_tree(&tree), ABSENT) {
            return Ok(());
        }
        self.perform(Intent::DeleteKey { at })
    }

    fn key_deleted(mut self, change: &KeyChange) -> Result<(), RepairError> {
        let at = self.workspace.locate_one(&change.key)?;
        let Some(tree) = self.record.tree.clone() else { return Ok(()) };
        if let Some(present) = self.workspace.tree(&at)? {
            if present == tree || !self.restores(ABSENT, &describe_tree(&present), &describe_tree(&tree)) {
                return Ok(());
            }
            self.perform(Intent::DeleteKey { at: at.clone() })?;
        }
        self.perform(Intent::RestoreKey { at, tree })
    }

    fn key_renamed(mut self, change: &KeyChange) -> Result<(), RepairError> {
        let old = self.workspace.locate_one(&change.key)?;
        let new_name = change.after.clone().unwrap_or_default();
        let old_name = change.before.clone().unwrap_or_default();
        let new = renamed(&old, &new_name);
        match self.names(&old, &new)? {
            Side::After => self.perform(Intent::RenameKey { at: new, name: old_name }),
            Side::Before => Ok(()),
            // There is no way back that loses nothing: the question only tells.
            Side::Other | Side::Both => {
                self.restores(
                    &format!("named {new_name}"),
                    "both names or none",
                    &format!("named {old_name}"),
                );
                Ok(())
            }
        }
    }

    /// A name that differs only in case is the same key to a lookup.
    fn names(&self, old: &Located, new: &Located) -> Result<Side, RepairError> {
        if old.path.is_same(&new.path) {
            let stored = self.workspace.tree(new)?.map(|tree| tree.name);
            return Ok(if stored.as_deref() == new.path.name() { Side::After } else { Side::Before });
        }
        Ok(match (self.workspace.key_exists(old)?, self.workspace.key_exists(new)?) {
            (false, true) => Side::After,
            (true, false) => Side::Before,
            _ => Side::Other,
        })
    }

    fn moved_aside(mut self, change: &FileChange, stored: StoredFile) -> Result<(), RepairError> {
        let (file, present) = self.workspace.look(&change.file)?;
        let storage = self.workspace.storage();
        let kept = storage.entry(&stored.host).ok().flatten().is_some();
        match (present, kept) {
            (Some(_), false) => return Ok(()),
            (None, true) => {}
            (None, false) => {
                let why = format!("{} is gone from it", stored.stored);
                return Err(RepairError::NotUndoable { receipt: stored.receipt, why });
            }
            (Some(_), true) => {
                let before = change.before.clone().unwrap_or_default();
                if !self.restores(ABSENT, "another file of that name", &before) {
                    return Ok(());
                }
                self.perform(Intent::MoveAside { file: file.clone() })?;
            }
        }
        self.perform(Intent::ReturnFile { file, stored })
    }

    fn file_renamed(mut self, change: &FileChange) -> Result<(), RepairError> {
        let (old, old_present) = self.workspace.look(&change.file)?;
        let new_name = change.after.clone().unwrap_or_default();
        let old_name = change.before.clone().unwrap_or_default();
        let new = self.workspace.sibling(&old, &new_name)?;
        let (new, new_present) = self.workspace.look(&new.windows)?;
        match (old_present.is_some(), new_present.is_some()) {
            (false, true) => self.perform(Intent::RenameFile { file: new, name: old_name }),
            (true, false) => Ok(()),
            _ => {
                self.restores(
                    &format!("named {new_name}"),
                    "both names or none",
                    &format!("named {old_name}"),
                );
                Ok(())
            }
        }
    }

    fn file_restored(mut self, change: &FileChange) -> Result<(), RepairError> {
        let (file, Some(entry)) = self.workspace.look(&change.file)? else { return Ok(()) };
        let place = FilePlace { path: file.clone(), entry };
        let unchanged = self.workspace.has_content(&place, self.record.content.as_ref())?;
        let left = change.after.clone().unwrap_or_default();
        if !unchanged && !self.restores(&left, "another content", ABSENT) {
            return Ok(());
        }
        self.perform(Intent::MoveAside { file })
    }
}

fn text(value: Option<&Value>) -> String {
    value.map_or_else(|| ABSENT.to_owned(), ToString::to_string)
}
