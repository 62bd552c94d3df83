//! What an interrupted run left is finished or rolled back at the next start.

use crate::hive::FileTime;
use crate::hive::storage::Storage;
use crate::windows::Installation;

use super::apply::{drop_copies, mark_rolled_back};
use super::error::RepairError;
use super::interrupted;
use super::receipt::{FILES, Folder, Listed, Receipt, Receipts, State};
use super::report::RecoveryNote;
use super::settle::{Originals, Unfinished};
use super::side::Side;

/// Settles every interrupted repair of a target and says what was found and
/// done. Where nothing was interrupted nothing is written.
pub(crate) fn recover(
    storage: &dyn Storage,
    installation: &Installation,
    receipts: &Receipts,
) -> Result<Vec<RecoveryNote>, RepairError> {
    let (listed, problems) = receipts.list(storage)?;
    let mut notes = Vec::new();
    for Listed { name, folder, receipt } in listed {
        match receipt {
            Some(mut receipt) if receipt.state == State::Prepared => {
                notes.push(settle(storage, installation, &folder, &mut receipt)?);
            }
            Some(_) => folder.remove_leftover(storage)?,
            None => notes.extend(discard(storage, receipts, name, &folder)?),
        }
    }
    note_elsewhere(storage, receipts, &mut notes)?;
    // A receipt that cannot be read is not touched; history shows it.
    drop(problems);
    Ok(notes)
}

fn settle(
    storage: &dyn Storage,
    installation: &Installation,
    folder: &Folder,
    receipt: &mut Receipt,
) -> Result<RecoveryNote, RepairError> {
    let name = receipt.receipt.clone();
    let unfinished = Unfinished { storage, installation, folder, receipt, written: None };
    unfinished.remove_leftovers()?;
    let side = unfinished.side()?;
    if side == Side::After {
        receipt.state = State::Applied;
        receipt.finished = Some(FileTime::now().to_string());
        receipt.verified =
            vec!["finished at a later start: everything was on the disk as planned".to_owned()];
        folder.save(storage, receipt)?;
        let found = "all of its changes are on the disk; only its end was not noted".to_owned();
        return Ok(RecoveryNote { receipt: name, found, done: "finished: noted as applied".to_owned() });
    }
    let back = unfinished.roll_back(&Originals::new())?;
    let (found, done) = match side {
        Side::Before => ("nothing of it had been changed yet".to_owned(), "noted as rolled back".to_owned()),
        _ => (
            "a part of its changes was on the disk".to_owned(),
            format!("rolled back: {}", back.notes.join("; ")),
        ),
    };
    if back.hives_are_exact {
        drop_copies(storage, receipt, folder);
    }
    mark_rolled_back(storage, receipt, folder, &format!("interrupted: {found}"));
    Ok(RecoveryNote { receipt: name, found, done })
}

/// A folder without a receipt: its writing was interrupted, so nothing was
/// changed. What holds files moved aside belongs to a receipt elsewhere.
fn discard(
    storage: &dyn Storage,
    receipts: &Receipts,
    name: String,
    folder: &Folder,
) -> Result<Option<RecoveryNote>, RepairError> {
    let files = folder.on_volume.join(FILES);
    if storage.list(&files).is_ok_and(|files| !files.is_empty()) {
        return Ok(None);
    }
    // First: a note without its receipt would stay for ever.
    if interrupted::find(storage, receipts)?.is_some_and(|note| note.is_of(&name)) {
        interrupted::withdraw(storage, receipts)?;
    }
    folder.discard(storage)?;
    Ok(Some(RecoveryNote {
        receipt: name,
        found: "its writing had been interrupted before anything was changed".to_owned(),
        done: "removed what there was of it".to_owned(),
    }))
}

/// A note of a repair whose receipt was in a `--log-dir`: withdrawn once that
/// receipt is settled.
fn note_elsewhere(
    storage: &dyn Storage,
    receipts: &Receipts,
    notes: &mut Vec<RecoveryNote>,
) -> Result<(), RepairError> {
    interrupted::remove_leftovers(storage, receipts)?;
    let Some(note) = interrupted::find(storage, receipts)? else { return Ok(()) };
    let name = note.receipt.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (listed, _) = receipts.list(storage)?;
    let settled = listed.iter().any(|one| one.name == name && one.receipt.is_some())
        || notes.iter().any(|note| note.receipt == name);
    if settled {
        return interrupted::withdraw(storage, receipts);
    }
    notes.push(RecoveryNote {
        receipt: name,
        found: format!("a repair was interrupted whose receipt is in {}", note.receipt.display()),
        done: "nothing: start again with --log-dir and the folder that holds that receipt".to_owned(),
    });
    Ok(())
}
