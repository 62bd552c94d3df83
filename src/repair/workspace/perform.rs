//! Carrying out intents in memory, each leaving its record.

use crate::hive::storage::EntryKind;
use crate::hive::{HiveError, KeyTree, NamedValue, Value};
use crate::windows::{Located, TargetPath};

use super::super::change::{Change, FileChange, KeyChange, ValueChange};
use super::super::error::RepairError;
use super::super::intent::{Intent, StoredFile};
use super::super::record::{FileContent, Record};
use super::Workspace;
use super::draft::{Draft, lineage};
use super::files::{FileOperation, describe};

impl Workspace<'_> {
    /// Does what a step wants. After an error the workspace is not to be used
    /// any further.
    pub(crate) fn perform(&mut self, fix: &str, intent: Intent) -> Result<(), RepairError> {
        match intent {
            Intent::SetValue { at, name, value } => self.set_value(fix, &at, name, value)?,
            Intent::RestoreValue { at, name, value, position } => {
                self.set_value(fix, &at, name.clone(), value)?;
                self.edit(&at, |draft| draft.editor.place_value(&at.path, &name, position))?;
            }
            Intent::DeleteValue { at, name } => self.delete_value(fix, &at, &name)?,
            Intent::CreateKey { at } => self.create_missing(fix, &at)?,
            Intent::DeleteKey { at } => self.delete_key(fix, &at)?,
            Intent::RenameKey { at, name } => self.rename_key(fix, &at, &name)?,
            Intent::RestoreKey { at, tree } => self.restore_key(fix, &at, tree)?,
            Intent::Stamp { at, time } => {
                self.edit(&at, |draft| draft.editor.set_last_written(&at.path, time))?;
            }
            Intent::MoveAside { file } => self.move_aside(fix, &file)?,
            Intent::RenameFile { file, name } => self.rename_file(fix, &file, &name)?,
            Intent::RestoreFile { file, from } => self.copy_file(fix, file, from)?,
            Intent::ReturnFile { file, stored } => self.return_file(fix, file, stored)?,
        }
        Ok(())
    }

    fn edit(
        &mut self,
        at: &Located,
        edit: impl FnOnce(&mut Draft) -> Result<(), HiveError>,
    ) -> Result<(), RepairError> {
        if !self.drafts.contains_key(&at.hive) {
            let hive = self.registry.hive(at)?;
            self.drafts.insert(at.hive.clone(), Draft::new(at, (*hive).clone()));
        }
        let Some(draft) = self.drafts.get_mut(&at.hive) else { return Ok(()) };
        let edited = draft.note_stamps(at).and_then(|()| edit(draft));
        edited.map_err(RepairError::at_key(&at.full_name))
    }

    fn set_value(&mut self, fix: &str, at: &Located, name: String, value: Value) -> Result<(), RepairError> {
        self.create_missing(fix, at)?;
        let before = self.value(at, &name)?;
        self.edit(at, |draft| draft.editor.set_value(&at.path, &name, &value))?;
        self.record(fix, Change::Value(value_change(at, name, before, Some(value))));
        Ok(())
    }

    fn delete_value(&mut self, fix: &str, at: &Located, name: &str) -> Result<(), RepairError> {
        let values = self.values(at)?.unwrap_or_default();
        let same = |stored: &str| stored.to_uppercase() == name.to_uppercase();
        let Some(position) = values.iter().position(|named| same(&named.name)) else { return Ok(()) };
        // The name as it is stored: undo brings it back with its own case.
        let NamedValue { name, value } = values[position].clone();
        self.edit(at, |draft| draft.editor.delete_value(&at.path, &name))?;
        let change = Change::Value(value_change(at, name, Some(value), None));
        self.record_with(fix, change, |record| record.position = Some(position));
        Ok(())
    }

    fn create_missing(&mut self, fix: &str, at: &Located) -> Result<(), RepairError> {
        for key in lineage(at) {
            if !self.key_exists(&key)? {
                self.edit(&key, |draft| draft.editor.create_key(&key.path))?;
                let after = key.path.name().map(str::to_owned);
                self.record(fix, Change::KeyCreated(key_change(&key, None, after)));
            }
        }
        Ok(())
    }

    fn delete_key(&mut self, fix: &str, at: &Located) -> Result<(), RepairError> {
        let Some(tree) = self.tree(at)? else { return Ok(()) };
        self.edit(at, |draft| draft.editor.delete_key(&at.path))?;
        let change = Change::KeyDeleted(key_change(at, Some(describe_tree(&tree)), None));
        self.record_with(fix, change, |record| record.tree = Some(tree));
        Ok(())
    }

    fn rename_key(&mut self, fix: &str, at: &Located, name: &str) -> Result<(), RepairError> {
        self.edit(at, |draft| draft.editor.rename_key(&at.path, name))?;
        let before = at.path.name().map(str::to_owned);
        self.record(fix, Change::KeyRenamed(key_change(at, before, Some(name.to_owned()))));
        Ok(())
    }

    fn restore_key(&mut self, fix: &str, at: &Located, tree: KeyTree) -> Result<(), RepairError> {
        let Some(parent) = super::draft::parent(at) else { return Ok(()) };
        self.create_missing(fix, &parent)?;
        self.edit(at, |draft| draft.editor.restore_tree(&parent.path, &tree))?;
        let change = Change::KeyRestored(key_change(at, None, Some(describe_tree(&tree))));
        self.record_with(fix, change, |record| record.tree = Some(tree));
        Ok(())
    }

    fn move_aside(&mut self, fix: &str, file: &TargetPath) -> Result<(), RepairError> {
        let (path, Some(entry)) = self.look(&file.windows)? else { return Ok(()) };
        let stored = self.files.next_stored_name(&entry.name);
        let content = FileContent { stored: Some(stored.clone()), ..self.content_of(&path.host, &entry)? };
        let change = FileChange {
            file: path.windows.clone(),
            before: Some(describe(&entry, &path.host)),
            after: Some("kept in the receipt".to_owned()),
        };
        self.files.put(&path, None);
        self.files.push(FileOperation::MoveAside { from: path, stored });
        self.record_with(fix, Change::FileMovedAside(change), |record| record.content = Some(content));
        Ok(())
    }

    fn rename_file(&mut self, fix: &str, file: &TargetPath, name: &str) -> Result<(), RepairError> {
        let (from, Some(entry)) = self.look(&file.windows)? else { return Ok(()) };
        let to = self.sibling(&from, name)?;
        let to = TargetPath { host: from.host.with_file_name(name), ..to };
        let content = self.content_of(&from.host, &entry)?;
        let change = FileChange {
            file: from.windows.clone(),
            before: Some(entry.name.clone()),
            after: Some(name.to_owned()),
        };
        self.files.put(&from, None);
        self.files.put(&to, Some(crate::hive::storage::DirEntry { name: name.to_owned(), ..entry }));
        self.files.push(FileOperation::Rename { from, to });
        self.record_with(fix, Change::FileRenamed(change), |record| record.content = Some(content));
        Ok(())
    }

    fn copy_file(&mut self, fix: &str, to: TargetPath, from: TargetPath) -> Result<(), RepairError> {
        let (from, Some(entry)) = self.look(&from.windows)? else { return Ok(()) };
        if entry.kind != EntryKind::File {
            return Err(RepairError::Limit(format!("{} is not a file and cannot be copied", from.windows)));
        }
        let source = Some(from.windows.clone());
        let content = FileContent { source, ..self.content_of(&from.host, &entry)? };
        let after = format!("copy of {} ({})", from.windows, describe(&entry, &from.host));
        let change = FileChange { file: to.windows.clone(), before: None, after: Some(after) };
        let name = to.host.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        self.files.put(&to, Some(crate::hive::storage::DirEntry { name, ..entry }));
        self.files.push(FileOperation::Copy { from, to });
        self.record_with(fix, Change::FileRestored(change), |record| record.content = Some(content));
        Ok(())
    }

    fn return_file(&mut self, fix: &str, to: TargetPath, from: StoredFile) -> Result<(), RepairError> {
        let found = self.storage.entry(&from.host);
        let found = found.map_err(crate::hive::storage::StorageError::at("cannot look at", &from.host))?;
        let Some(entry) = found else {
            let why = format!("{} is gone from it", from.host.display());
            return Err(RepairError::NotUndoable { receipt: from.receipt, why });
        };
        let returned_from = Some(format!("{}/{}", from.receipt, from.stored));
        let content = FileContent { returned_from, ..self.content_of(&from.host, &entry)? };
        let after = format!("back from receipt {} ({})", from.receipt, describe(&entry, &from.host));
        let change = FileChange { file: to.windows.clone(), before: None, after: Some(after) };
        let name = to.host.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        self.files.put(&to, Some(crate::hive::storage::DirEntry { name, ..entry }));
        self.files.push(FileOperation::Return { from, to });
        self.record_with(fix, Change::FileRestored(change), |record| record.content = Some(content));
        Ok(())
    }

    fn record(&mut self, fix: &str, change: Change) {
        self.record_with(fix, change, |_| {});
    }

    fn record_with(&mut self, fix: &str, change: Change, add: impl FnOnce(&mut Record)) {
        let mut record =
            Record { fix: fix.to_owned(), change, position: None, tree: None, key_file: None, content: None };
        add(&mut record);
        self.records.push(record);
    }
}

fn value_change(at: &Located, name: String, before: Option<Value>, after: Option<Value>) -> ValueChange {
    ValueChange { hive: at.hive.clone(), key: at.full_name.clone(), value: name, before, after }
}

fn key_change(at: &Located, before: Option<String>, after: Option<String>) -> KeyChange {
    KeyChange { hive: at.hive.clone(), key: at.full_name.clone(), before, after }
}

/// How much a key holds, in words.
pub(crate) fn describe_tree(tree: &KeyTree) -> String {
    let (mut keys, mut values) = (0, 0);
    let mut waiting = vec![tree];
    while let Some(key) = waiting.pop() {
        keys += 1;
        values += key.values.len();
        waiting.extend(&key.subkeys);
    }
    format!("{} ({keys} keys, {values} values)", tree.name)
}
