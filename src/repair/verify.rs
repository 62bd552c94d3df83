//! After writing: what is on the disk is read again, by nt-hive and by our own
//! decoder, and compared with the plan.

use crate::hive::storage::StorageError;
use crate::kb::KnowledgeBase;
use crate::windows::OfflineRegistry;

use super::error::RepairError;
use super::later::Later;
use super::obstacle::Obstacle;
use super::prepared::{Goal, HiveWork, Prepared};
use super::probe::first_difference;
use super::receipt::Folder;
use super::record::Record;
use super::rule::Rules;
use super::side::{self, Side};
use super::witness::Statement;
use super::workspace::Workspace;
use crate::hive::storage::Storage;

/// Compares the disk with a plan that was carried out. `Err` in the inner
/// result says what is not as planned.
pub(crate) fn verify(
    storage: &dyn Storage,
    prepared: &Prepared,
    folder: &Folder,
    knowledge_base: &KnowledgeBase,
    rules: &dyn Rules,
) -> Result<Result<Vec<String>, String>, RepairError> {
    let mut said = Vec::new();
    let later = Later::of(&prepared.work.records);
    let registry = OfflineRegistry::new(storage, &prepared.installation);
    let workspace = Workspace::new(storage, &prepared.installation, &registry).with_rules(rules);
    for hive in &prepared.work.hives {
        match image_as_planned(storage, prepared, hive, &later, &workspace)? {
            Ok(sentences) => said.extend(sentences),
            Err(difference) => return Ok(Err(difference)),
        }
    }
    let records = &prepared.work.records;
    for (index, record) in records.iter().enumerate() {
        if !later.overtaken[index] && side_of(record, &workspace, folder, prepared, storage)? != Side::After {
            return Ok(Err(format!("{} is not as planned", record.change.place())));
        }
    }
    if !prepared.work.hives.is_empty() {
        let names: Vec<&str> = prepared.work.hives.iter().map(|hive| hive.name.0.as_str()).collect();
        said.push(format!("read back from the disk, byte for byte what was written: {}", names.join(", ")));
    }
    let count = records.len();
    said.push(format!("{count} changes are on the disk as planned"));
    for goal in &prepared.goals {
        match difference_from(goal, knowledge_base, &workspace) {
            Ok(None) => said.push(format!("{} is healthy when probed again", goal.fix)),
            Ok(Some(place)) => return Ok(Err(format!("{} still differs at {place}", goal.fix))),
            Err(error) => return Err(error),
        }
    }
    Ok(Ok(said))
}

/// Reads a hive file again: nt-hive must find every change in it, and it must
/// be the bytes that were written.
fn image_as_planned(
    storage: &dyn Storage,
    prepared: &Prepared,
    hive: &HiveWork,
    later: &Later,
    workspace: &Workspace<'_>,
) -> Result<Result<Vec<String>, String>, RepairError> {
    let bytes = storage.read(&hive.file).map_err(StorageError::at("cannot read back", &hive.file))?;
    let mut statement = Statement::of(&hive.file, &bytes)?;
    for (index, record) in prepared.work.records.iter().enumerate() {
        if record.change.hive() != Some(&hive.name) || later.overtaken[index] {
            continue;
        }
        let at = workspace.locate_one(record.change.key().unwrap_or_default())?;
        if !statement.confirms(record, &at, !later.changed_below[index])? {
            let place = record.change.place();
            return Ok(Err(format!("{place} is not as planned for nt-hive, which read it back")));
        }
    }
    if bytes != hive.edited.image() {
        return Ok(Err(format!("{} holds other bytes than were written", hive.file.display())));
    }
    Ok(Ok(statement.sentences(&hive.name.0)))
}

fn side_of(
    record: &Record,
    workspace: &Workspace<'_>,
    folder: &Folder,
    prepared: &Prepared,
    storage: &dyn Storage,
) -> Result<Side, RepairError> {
    if record.change.hive().is_some() {
        return side::of_registry(record, workspace);
    }
    match side::file_ends(record, &prepared.installation, storage, &folder.on_volume)? {
        Some(ends) => side::of_file(&ends, record.content.as_ref(), storage),
        None => Ok(Side::Other),
    }
}

fn difference_from(
    goal: &Goal,
    knowledge_base: &KnowledgeBase,
    workspace: &Workspace<'_>,
) -> Result<Option<String>, RepairError> {
    let Some(fix) = knowledge_base.fix(&goal.fix) else { return Ok(None) };
    match first_difference(fix, knowledge_base, &goal.answers, workspace) {
        Ok(intent) => Ok(intent.map(|intent| intent.place())),
        Err(Obstacle::NotAsked) => Ok(None),
        Err(Obstacle::Blocked(reason)) => Ok(Some(reason)),
        Err(Obstacle::Failed(error)) => Err(error),
    }
}
