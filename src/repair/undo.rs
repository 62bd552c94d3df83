//! Undo is a plan: the way back from a receipt, previewed like any other.

use super::change::Change;
use super::choices::Choices;
use super::error::RepairError;
use super::intent::{Intent, StoredFile};
use super::invert::{self, Conflict, Decision};
use super::plan::{Candidate, Evidence, FixPlan, PlanQuestion, Status};
use super::planner::{Context, finish};
use super::prepared::{Choice, Prepared};
use super::receipt::{Listed, Receipt, Receipts, State};
use super::record::{KeyStamp, Record};
use super::side::stored_in;
use super::workspace::{Workspace, parent};
use crate::hive::FileTime;
use crate::kb::Safety;

/// The answers to a conflict.
const KEEP: &str = "keep";
const RESTORE: &str = "restore";

/// Which receipt an undo is for.
pub(crate) fn choose<'l>(listed: &'l [Listed], name: Option<&str>) -> Result<&'l Receipt, RepairError> {
    let receipts = || listed.iter().filter_map(|listed| listed.receipt.as_ref());
    let Some(name) = name else {
        // The latest that is applied, is not an undo, and has not been taken back.
        return receipts()
            .find(|receipt| {
                receipt.state == State::Applied
                    && receipt.undoes.is_none()
                    && !super::history::is_undone(receipt, listed)
            })
            .ok_or_else(|| RepairError::NoSuchReceipt("(latest)".to_owned()));
    };
    let found = receipts().find(|receipt| receipt.receipt.eq_ignore_ascii_case(name));
    let receipt = found.ok_or_else(|| RepairError::NoSuchReceipt(name.to_owned()))?;
    let refuse = |why: &str| Err(RepairError::NotUndoable { receipt: name.to_owned(), why: why.to_owned() });
    match receipt.state {
        State::Applied if super::history::is_undone(receipt, listed) => {
            refuse("it has been taken back already; history shows by which receipt")
        }
        State::Applied => Ok(receipt),
        State::RolledBack => refuse("it was rolled back: there is nothing to take back"),
        State::Prepared => refuse("it was interrupted and must be finished or rolled back first"),
    }
}

impl Context<'_> {
    /// Plans to take a receipt back, or only some of its fixes.
    pub(crate) fn undo_plan(
        &self,
        receipt: &Receipt,
        only: &[String],
        choices: &Choices,
        among: Among<'_>,
    ) -> Result<Prepared, RepairError> {
        let only = full_names(receipt, only)?;
        let mut undo = Undo {
            receipts: among.receipts,
            receipt,
            undone_in_part: super::history::undos_of(receipt, among.listed),
            choices,
            workspace: self.workspace(),
            questions: Vec::new(),
            conflicted: Vec::new(),
        };
        let mut plans = Vec::new();
        for fix in receipt.fixes.iter().rev().filter(|fix| only.is_empty() || only.contains(&fix.name)) {
            plans.push(undo.fix(&fix.name, &fix.title)?);
        }
        undo.stamps(&only, self)?;
        let mut plan = self.plan_of(plans);
        plan.undoes = Some(receipt.receipt.clone());
        let chosen = plan.fixes.iter().flat_map(|fix| {
            fix.questions.iter().filter_map(|question| {
                let (fix, question, answer) =
                    (fix.fix.clone(), question.id.clone(), question.chosen.clone()?);
                Some(Choice { fix, question, answer })
            })
        });
        let choices = chosen.collect();
        let work = finish(self.storage, undo.workspace.finish())?;
        Ok(Prepared { plan, installation: self.installation.clone(), work, goals: Vec::new(), choices })
    }
}

/// The full names of the fixes named; a fix may be named without its article.
fn full_names(receipt: &Receipt, only: &[String]) -> Result<Vec<String>, RepairError> {
    only.iter()
        .map(|name| {
            let is_it = |full: &str| full == name || full.split_once('/').is_some_and(|(_, fix)| fix == name);
            let found = receipt.fixes.iter().find(|fix| is_it(&fix.name));
            found.map(|fix| fix.name.clone()).ok_or_else(|| RepairError::NoSuchFix(name.clone()))
        })
        .collect()
}

/// The receipts among which the one to be taken back is.
#[derive(Clone, Copy)]
pub(crate) struct Among<'a> {
    pub receipts: &'a Receipts,
    pub listed: &'a [Listed],
}

struct Undo<'u, 'w> {
    receipts: &'u Receipts,
    receipt: &'u Receipt,
    /// Receipts that took back some of its fixes already.
    undone_in_part: Vec<&'u Receipt>,
    choices: &'u Choices,
    workspace: Workspace<'w>,
    /// Of the fix being planned.
    questions: Vec<PlanQuestion>,
    /// Places that are not taken back.
    conflicted: Vec<String>,
}

impl Undo<'_, '_> {
    /// Takes one fix back in the workspace.
    fn fix(&mut self, name: &str, title: &str) -> Result<FixPlan, RepairError> {
        let first_record = self.workspace.records().len();
        let mut evidence = Vec::new();
        let records: Vec<&Record> = self.receipt.changes.iter().filter(|record| record.fix == name).collect();
        for record in records.iter().rev() {
            let records_before = self.workspace.records().len();
            self.record(record)?;
            let undone = self.workspace.records().len() > records_before;
            evidence.push(seen(record, undone));
        }
        let changes: Vec<_> =
            self.workspace.records().iter().skip(first_record).map(|record| record.change.clone()).collect();
        let questions = std::mem::take(&mut self.questions);
        let (status, reason) = judge(changes.len(), questions.len());
        Ok(FixPlan {
            fix: name.to_owned(),
            title: format!("Take back: {}", title.trim_start_matches("Take back: ")),
            status,
            reason,
            safety: Safety::Safe,
            optional: false,
            warning: None,
            evidence,
            questions,
            changes,
            manual: Vec::new(),
            first_boot: Vec::new(),
        })
    }

    fn record(&mut self, record: &Record) -> Result<(), RepairError> {
        let mut conflict = None;
        let number = self.conflicted.len() + 1;
        let (fix, choices) = (&record.fix, self.choices);
        let mut decide = |found: Conflict| {
            let question = question(number, &found, choices.answer(fix, &conflict_id(number)));
            let restore = question.chosen.as_deref() == Some(RESTORE);
            conflict = Some((question, found.place));
            if restore { Decision::Restore } else { Decision::Keep }
        };
        if record.change.hive().is_some() {
            invert::registry(record, &mut self.workspace, &mut decide)?;
        } else {
            let stored = record.content.as_ref().and_then(|content| content.stored.clone());
            let stored = stored.map(|stored| StoredFile {
                host: stored_in(self.receipts, &self.receipt.receipt, &stored),
                receipt: self.receipt.receipt.clone(),
                stored,
            });
            invert::file(record, stored, &mut self.workspace, &mut decide)?;
        }
        if let Some((question, place)) = conflict {
            self.questions.push(question);
            self.conflicted.push(place);
        }
        Ok(())
    }

    /// Gives keys their earlier time stamps, where nobody else wrote to them
    /// and nothing of the receipt stays in them.
    fn stamps(&mut self, only: &[String], context: &Context<'_>) -> Result<(), RepairError> {
        let on_disk = context.workspace();
        for stamp in &self.receipt.stamps {
            if self.something_stays(stamp, only)? {
                continue;
            }
            let at = self.workspace.locate_one(&stamp.key)?;
            let untouched = self.stamps_left(stamp).contains(&on_disk.last_written(&at)?);
            if untouched && self.workspace.key_exists(&at)? {
                let time = stamp.before;
                self.workspace.perform("", Intent::Stamp { at, time })?;
            }
        }
        Ok(())
    }

    /// The time stamps that pemedic itself left in a key: by the repair, and by
    /// the undos of parts of it.
    fn stamps_left(&self, stamp: &KeyStamp) -> Vec<Option<FileTime>> {
        let mut left = vec![stamp.after];
        for undo in self.undone_in_part.iter().rev() {
            let same = |other: &&KeyStamp| other.hive == stamp.hive && other.key == stamp.key;
            if let Some(later) = undo.stamps.iter().find(same)
                && left.contains(&Some(later.before))
            {
                left.push(later.after);
            }
        }
        left
    }

    /// Whether a change in or directly below a key is not taken back.
    fn something_stays(&self, stamp: &KeyStamp, only: &[String]) -> Result<bool, RepairError> {
        for record in &self.receipt.changes {
            let undone = |undo: &&Receipt| undo.fixes.iter().any(|fix| fix.name == record.fix);
            let kept =
                (!only.is_empty() && !only.contains(&record.fix) && !self.undone_in_part.iter().any(undone))
                    || self.conflicted.contains(&record.change.place());
            if kept && touches(record, stamp, &self.workspace)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether a change moved a key's time stamp: a value that of its key, a key
/// that of its parent and its own.
fn touches(record: &Record, stamp: &KeyStamp, workspace: &Workspace<'_>) -> Result<bool, RepairError> {
    let (key, is_value) = match &record.change {
        Change::Value(change) => (&change.key, true),
        Change::KeyCreated(change)
        | Change::KeyDeleted(change)
        | Change::KeyRenamed(change)
        | Change::KeyRestored(change) => (&change.key, false),
        Change::FileMovedAside(_) | Change::FileRenamed(_) | Change::FileRestored(_) => return Ok(false),
    };
    let at = workspace.locate_one(key)?;
    let stamped = workspace.locate_one(&stamp.key)?;
    let above = !is_value && parent(&at).is_some_and(|parent| parent.path.is_same(&stamped.path));
    Ok(at.hive == stamped.hive && (above || at.path.is_same(&stamped.path)))
}

fn conflict_id(number: usize) -> String {
    format!("conflict-{number}")
}

fn question(number: usize, conflict: &Conflict, answer: Option<&str>) -> PlanQuestion {
    let candidate =
        |answer: &str, label: String| Candidate { answer: answer.to_owned(), label, ..Candidate::default() };
    let chosen =
        if answer.is_some_and(|answer| answer.eq_ignore_ascii_case(RESTORE)) { RESTORE } else { KEEP };
    PlanQuestion {
        id: conflict_id(number),
        text: format!(
            "{} was changed since: the repair left {}, now it is {}",
            conflict.place, conflict.left, conflict.found
        ),
        candidates: vec![
            candidate(KEEP, format!("keep what is there now: {}", conflict.found)),
            candidate(RESTORE, format!("restore what was there before the repair: {}", conflict.before)),
        ],
        proposed: Some(KEEP.to_owned()),
        chosen: Some(chosen.to_owned()),
    }
}

fn seen(record: &Record, undone: bool) -> Evidence {
    let wanted = undone.then(|| record.change.before_text());
    let found =
        if undone { record.change.after_text() } else { "not taken back, or as before already".to_owned() };
    Evidence { place: record.change.place(), found, wanted }
}

fn judge(changes: usize, conflicts: usize) -> (Status, String) {
    match (changes, conflicts) {
        (0, 0) => (Status::Healthy, "everything is as it was before already".to_owned()),
        (0, _) => (Status::Healthy, "what is left was changed since and is kept".to_owned()),
        (_, 0) => (Status::Needed, "its changes are taken back".to_owned()),
        (_, _) => {
            (Status::Needed, format!("its changes are taken back; {conflicts} places were changed since"))
        }
    }
}
