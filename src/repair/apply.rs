//! Carrying a plan out: all of it or nothing.
//!
//! guards, then the receipt (durable), then the changes in the order of
//! [`super::order`], then reading back, then the receipt's final state. What
//! fails is rolled back from the receipt; what is cut off is settled by
//! [`super::recover`] at the next start.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::hive::FileTime;
use crate::hive::storage::{Storage, StorageError};
use crate::hive::store;
use crate::kb::{KnowledgeBase, Safety};

use super::carry_out::carry_out;
use super::digest::sha256;
use super::error::RepairError;
use super::guard;
use super::order;
use super::plan::{Plan, Status};
use super::prepared::{HiveWork, Prepared};
use super::progress::{Observer, Progress, Stage};
use super::receipt::{self, CopyEntry, Folder, Receipt, Receipts, State, UndoneBy};
use super::report::{ApplyReport, Outcome};
use super::rule::Rules;
use super::settle::{Originals, Unfinished};
use super::verify::verify;

/// What an apply works with.
pub(crate) struct Apply<'a> {
    pub storage: &'a dyn Storage,
    pub knowledge_base: &'a KnowledgeBase,
    /// The rules that fixes may call.
    pub rules: &'a dyn Rules,
    pub receipts: &'a Receipts,
    pub prepared: &'a Prepared,
    pub allow_risky: bool,
    pub cancel: &'a AtomicBool,
}

/// The files of a hive as they are before the change.
struct Present {
    /// The hive and, if it was recovered from them, its logs: name and bytes.
    files: Vec<(String, Vec<u8>)>,
}

impl Apply<'_> {
    /// Does it.
    pub(crate) fn run(&self, observer: Observer<'_>) -> Result<ApplyReport, RepairError> {
        let mut plan = self.prepared.plan.clone();
        if let Some(reason) = blocked(&plan) {
            return Ok(ApplyReport::refused(plan, reason));
        }
        if !plan.has_changes() {
            return Ok(report(plan, Outcome::NothingToDo));
        }
        observer(&Progress::new(Stage::Guarding, &self.prepared.installation.system_root, 1, 1));
        plan.guards = guard::look(self.storage, self.prepared, self.receipts);
        if let Some(reason) = self.refusal(&plan) {
            return Ok(ApplyReport::refused(plan, reason));
        }
        let present = match self.read_hives()? {
            Ok(present) => present,
            Err(changed) => return Ok(ApplyReport::refused(plan, changed)),
        };
        if self.cancel.load(Ordering::Relaxed) {
            return Ok(ApplyReport::refused(plan, "cancelled; nothing was written"));
        }
        self.write(plan, present, observer)
    }

    fn refusal(&self, plan: &Plan) -> Option<String> {
        if plan.is_refused() {
            let said =
                plan.guards.iter().filter(|finding| finding.effect == super::plan::GuardEffect::Refuses);
            let said: Vec<String> =
                said.map(|finding| format!("{}. {} {}", finding.saw, finding.why, finding.next)).collect();
            return Some(said.join("\n"));
        }
        if plan.safety() == Safety::Risky && !self.allow_risky {
            let risky: Vec<&str> = plan
                .fixes
                .iter()
                .filter(|fix| fix.status == Status::Needed && fix.safety == Safety::Risky)
                .map(|fix| fix.fix.as_str())
                .collect();
            return Some(format!(
                "{} can make a machine worse that it does not fit; read its warning, then allow it with \
                 --allow risky",
                risky.join(", ")
            ));
        }
        None
    }

    /// The hive files with their logs; `Err` if one is not what was planned on.
    fn read_hives(&self) -> Result<Result<Vec<Present>, String>, RepairError> {
        let mut all = Vec::new();
        for hive in &self.prepared.work.hives {
            let bytes = self.storage.read(&hive.file).map_err(StorageError::at("cannot read", &hive.file))?;
            if sha256(&bytes) != hive.before {
                return Ok(Err(format!(
                    "{} changed after the plan was made; plan again to see what is there now",
                    hive.file.display()
                )));
            }
            let mut files = vec![(file_name(&hive.file), bytes)];
            files.extend(self.logs_of(hive)?);
            all.push(Present { files });
        }
        Ok(Ok(all))
    }

    /// The logs of a dirty hive: together with it they are the state that was.
    fn logs_of(&self, hive: &HiveWork) -> Result<Vec<(String, Vec<u8>)>, RepairError> {
        if !hive.recovered {
            return Ok(Vec::new());
        }
        let Some(folder) = hive.file.parent() else { return Ok(Vec::new()) };
        let entries = self.storage.list(folder).map_err(StorageError::at("cannot list", folder))?;
        let stem = file_name(&hive.file).to_uppercase();
        let mut logs = Vec::new();
        for entry in entries {
            let is_log = entry
                .name
                .to_uppercase()
                .strip_prefix(&stem)
                .is_some_and(|rest| matches!(rest, ".LOG" | ".LOG1" | ".LOG2"));
            if is_log {
                let path = folder.join(&entry.name);
                let bytes = self.storage.read(&path).map_err(StorageError::at("cannot read", &path))?;
                logs.push((entry.name, bytes));
            }
        }
        Ok(logs)
    }

    fn write(
        &self,
        plan: Plan,
        present: Vec<Present>,
        observer: Observer<'_>,
    ) -> Result<ApplyReport, RepairError> {
        let without_copies = guard::reason_against_copies(self.storage, self.prepared, self.receipts)?;
        let mut receipt = self.draft(&plan, without_copies)?;
        let folder = self.receipts.new_folder(self.storage, &receipt.receipt)?;
        observer(&Progress::new(Stage::Receipt, &receipt.receipt, 1, 1));
        let with_copies = receipt.without_copies.is_none();
        let prepared = self.prepare(&mut receipt, &folder, &present, with_copies);
        if let Err(error) = prepared {
            // Nothing of the target was touched; the start of a receipt goes.
            self.discard(&folder);
            let mut report = report(plan, Outcome::RolledBack);
            report.failure =
                Some(format!("the receipt could not be written, so nothing was changed: {error}"));
            return Ok(report);
        }
        let originals = if with_copies {
            // The receipt has them on the disk; memory is for reading back.
            drop(present);
            Originals::new()
        } else {
            self.originals(present)
        };
        let done = self.change(&folder, observer).and_then(|()| {
            observer(&Progress::new(Stage::Verifying, &receipt.receipt, 1, 1));
            let verified = verify(self.storage, self.prepared, &folder, self.knowledge_base, self.rules)?;
            verified.map_err(RepairError::NotAsPlanned)
        });
        let report = match done {
            Ok(verified) => self.finish(plan, &mut receipt, &folder, verified, &originals, observer)?,
            Err(error) => self.roll_back(plan, &mut receipt, &folder, &error, &originals, observer)?,
        };
        Ok(report)
    }

    fn prepare(
        &self,
        receipt: &mut Receipt,
        folder: &Folder,
        present: &[Present],
        with_copies: bool,
    ) -> Result<(), RepairError> {
        let mut files = Vec::new();
        for (entry, present) in receipt.hives.iter_mut().zip(present) {
            for (name, bytes) in present.files.iter().filter(|_| with_copies) {
                let copy = format!("{}/{}-{name}", receipt::HIVES, folder_name(&entry.name.0));
                entry.copies.push(CopyEntry {
                    copy: copy.clone(),
                    original: name.clone(),
                    sha256: sha256(bytes),
                });
                files.push((copy, bytes.as_slice()));
            }
        }
        folder.create(self.storage, receipt, &files)?;
        if self.receipts.are_elsewhere() {
            super::interrupted::announce(self.storage, self.receipts, folder)?;
        }
        folder.save(self.storage, receipt)
    }

    /// Removes the start of a receipt, as far as the disk lets it; the next start
    /// removes the rest.
    fn discard(&self, folder: &Folder) {
        // The note goes first: one without its receipt would be taken for a
        // repair that was interrupted elsewhere.
        let withdrawn = !self.receipts.are_elsewhere()
            || super::interrupted::withdraw(self.storage, self.receipts).is_ok();
        if withdrawn {
            let _ = folder.discard(self.storage);
        }
    }

    fn originals(&self, present: Vec<Present>) -> Originals {
        let hives = self.prepared.work.hives.iter().map(|hive| hive.name.clone());
        hives
            .zip(present)
            .filter_map(|(name, present)| Some((name, present.files.into_iter().next()?.1)))
            .collect()
    }

    /// Makes the changes.
    fn change(&self, folder: &Folder, observer: Observer<'_>) -> Result<(), RepairError> {
        let work = &self.prepared.work;
        let early = order::before_hives(&work.records);
        let steps = work.files.len() + work.hives.len();
        let mut step = 0;
        let mut next = |subject: String| {
            step += 1;
            observer(&Progress::new(Stage::Writing, subject, step, steps));
        };
        for (operation, _) in work.files.iter().zip(&early).filter(|(_, early)| **early) {
            next(operation.subject());
            carry_out(self.storage, operation, &folder.on_volume)?;
        }
        for hive in &work.hives {
            next(hive.name.0.clone());
            store::commit(self.storage, &hive.file, &hive.edited)?;
        }
        for (operation, _) in work.files.iter().zip(&early).filter(|(_, early)| !**early) {
            next(operation.subject());
            carry_out(self.storage, operation, &folder.on_volume)?;
        }
        Ok(())
    }

    fn finish(
        &self,
        plan: Plan,
        receipt: &mut Receipt,
        folder: &Folder,
        verified: Vec<String>,
        originals: &Originals,
        observer: Observer<'_>,
    ) -> Result<ApplyReport, RepairError> {
        receipt.state = State::Applied;
        receipt.finished = Some(FileTime::now().to_string());
        receipt.verified.clone_from(&verified);
        if let Err(error) = folder.save(self.storage, receipt) {
            // The new state may have its name although the disk reports an
            // error; what can be read decides.
            let read = receipt::load(self.storage, &folder.path);
            if !read.is_ok_and(|read| read.state == State::Applied) {
                receipt.state = State::Prepared;
                return self.roll_back(plan, receipt, folder, &error, originals, observer);
            }
        }
        self.after_the_end(receipt, folder);
        let mut report = report(plan, Outcome::Applied);
        report.verified = verified;
        report.receipt = Some(receipt.receipt.clone());
        report.receipt_folder = Some(folder.path.clone());
        Ok(report)
    }

    /// Notes that no promise depends on; each may fail.
    fn after_the_end(&self, receipt: &Receipt, folder: &Folder) {
        if self.receipts.are_elsewhere() {
            let _ = super::interrupted::withdraw(self.storage, self.receipts);
        }
        if let Some(undone) = &receipt.undoes {
            let by = UndoneBy { receipt: receipt.receipt.clone(), fixes: receipt.fix_names() };
            let _ = note_undone(self.storage, folder, undone, by);
        }
    }

    fn roll_back(
        &self,
        plan: Plan,
        receipt: &mut Receipt,
        folder: &Folder,
        failure: &RepairError,
        originals: &Originals,
        observer: Observer<'_>,
    ) -> Result<ApplyReport, RepairError> {
        observer(&Progress::new(Stage::RollingBack, &receipt.receipt, 1, 1));
        let failure = failure.to_string();
        let unfinished = Unfinished {
            storage: self.storage,
            installation: &self.prepared.installation,
            folder,
            receipt,
            written: Some(&self.prepared.work.hives),
        };
        let rolled_back = unfinished.remove_leftovers().and_then(|()| unfinished.roll_back(originals));
        let exact = match rolled_back {
            Ok(back) => back.hives_are_exact,
            Err(error) => {
                let (rollback, receipt) = (error.to_string(), folder.path.clone());
                return Err(RepairError::RollbackFailed { failure, rollback, receipt });
            }
        };
        if exact {
            drop_copies(self.storage, receipt, folder);
        }
        mark_rolled_back(self.storage, receipt, folder, &failure);
        if self.receipts.are_elsewhere() {
            let _ = super::interrupted::withdraw(self.storage, self.receipts);
        }
        let mut report = report(plan, Outcome::RolledBack);
        report.receipt = Some(receipt.receipt.clone());
        report.receipt_folder = Some(folder.path.clone());
        report.failure = Some(failure);
        Ok(report)
    }
}

/// Notes the end of a rollback. The target is as it was, so a failure here is
/// none of the repair; the next start finds nothing changed and notes it.
pub(crate) fn mark_rolled_back(storage: &dyn Storage, receipt: &mut Receipt, folder: &Folder, failure: &str) {
    receipt.state = State::RolledBack;
    receipt.finished = Some(FileTime::now().to_string());
    receipt.failure = Some(failure.to_owned());
    receipt.verified.clear();
    let _ = folder.save(storage, receipt);
}

/// Removes full copies that equal what is on the disk: without them there is
/// room to note the end on a full volume.
pub(crate) fn drop_copies(storage: &dyn Storage, receipt: &mut Receipt, folder: &Folder) {
    let _ = folder.drop_copies(storage);
    for hive in &mut receipt.hives {
        hive.copies.clear();
    }
}

fn note_undone(
    storage: &dyn Storage,
    folder: &Folder,
    undone: &str,
    by: UndoneBy,
) -> Result<(), RepairError> {
    let (Some(home), Some(volume)) = (folder.path.parent(), folder.on_volume.parent()) else { return Ok(()) };
    for place in [home, volume] {
        let folder = Folder { path: place.join(undone), on_volume: volume.join(undone) };
        if let Ok(mut receipt) = receipt::load(storage, &folder.path) {
            receipt.undone_by.push(by);
            return folder.save(storage, &receipt);
        }
    }
    Ok(())
}

fn blocked(plan: &Plan) -> Option<String> {
    let blocked: Vec<String> = plan
        .fixes
        .iter()
        .filter(|fix| fix.status == Status::Blocked)
        .map(|fix| format!("{} is blocked: {}", fix.fix, fix.reason))
        .collect();
    (!blocked.is_empty()).then(|| blocked.join("\n"))
}

fn report(plan: Plan, outcome: Outcome) -> ApplyReport {
    ApplyReport { plan, receipt: None, receipt_folder: None, outcome, verified: Vec::new(), failure: None }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// A hive's name as part of a file's name.
fn folder_name(hive: &str) -> String {
    hive.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}
