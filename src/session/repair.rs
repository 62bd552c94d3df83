//! Scanning, planning, applying, taking back.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use crate::kb::Fix;
use crate::repair::{
    ApplyReport, Choices, Engine, History, Observer, Outcome, Prepared, Progress, RecoveryNote, RepairError,
    ScanReport, Stage,
};
use crate::windows::Installation;

use super::{Confirmation, ExitClass, Session, SessionError};

impl Session {
    pub(super) fn engine<'a>(&'a self, installation: &'a Installation) -> Engine<'a> {
        Engine::new(
            &*self.storage,
            installation,
            &self.knowledge_base,
            &*self.plugins,
            self.options.log_dir.as_deref(),
        )
    }

    /// Finishes or rolls back what an interrupted run left on the target;
    /// writes nothing where there was none. To be called before anything is
    /// applied: a plan made over an unfinished repair is refused.
    ///
    /// # Errors
    /// As [`Session::target`], and [`ExitClass::Refused`] where the target
    /// cannot be brought to either state; what was found is in the message.
    pub fn recover(&self, observer: Observer<'_>) -> Result<Vec<RecoveryNote>, SessionError> {
        let installation = self.installation()?;
        observer(&Progress::new(Stage::Recovering, &installation.system_root, 1, 1));
        Ok(self.engine(&installation).recover()?)
    }

    /// Probes every fix. `cancel` set to true ends it early.
    ///
    /// # Errors
    /// As [`Session::target`].
    pub fn scan(&self, observer: Observer<'_>, cancel: &AtomicBool) -> Result<ScanReport, SessionError> {
        let installation = self.installation()?;
        Ok(self.engine(&installation).scan(observer, cancel)?)
    }

    /// Plans fixes (`article` or `article/fix`) with the answers given so far.
    ///
    /// # Errors
    /// As [`Session::target`]; [`ExitClass::NoSuch`] for an unknown fix;
    /// [`ExitClass::Usage`] for fixes that contradict each other or an answer
    /// to a question that no fix asks.
    pub fn plan(&self, fixes: &[String], choices: &Choices) -> Result<Prepared, SessionError> {
        let (fixes, mut notes) = self.select(fixes)?;
        notes.extend(fixes.iter().filter_map(|fix| self.note_of_trust(fix)));
        notes.extend(self.notes_of_replacement(&fixes));
        let installation = self.installation()?;
        Ok(self.engine(&installation).plan(&fixes, choices, notes)?)
    }

    /// Says of planned articles that they took the place of others.
    fn notes_of_replacement(&self, fixes: &[&Fix]) -> Vec<String> {
        let of_article = |note: &&String| {
            fixes.iter().any(|fix| {
                note.strip_prefix(fix.id.article.as_str()).is_some_and(|rest| rest.starts_with(" of "))
            })
        };
        self.knowledge_base.notes().iter().filter(of_article).cloned().collect()
    }

    /// Carries a plan out: guards, receipt, writing, verification. A refusal
    /// and a rollback are outcomes, not errors. `cancel` set to true before
    /// [`Stage::Writing`] is announced ends it as
    /// [`crate::repair::Outcome::Refused`] with nothing written; from then on
    /// it is not looked at.
    ///
    /// # Errors
    /// [`ExitClass::RolledBack`] only where even the rollback failed; the
    /// message says what is in which state.
    pub fn apply(
        &self,
        prepared: &Prepared,
        confirmation: Confirmation,
        observer: Observer<'_>,
        cancel: &AtomicBool,
    ) -> Result<ApplyReport, SessionError> {
        let installation = prepared.installation();
        if let Some(refusal) = self.refusal_of_trust(prepared.plan(), confirmation) {
            return Ok(ApplyReport::refused(prepared.plan().clone(), refusal));
        }
        let mut report =
            self.engine(installation).apply(prepared, confirmation.allow_risky, observer, cancel)?;
        if matches!(report.outcome, Outcome::Applied | Outcome::RolledBack) {
            // Every file is durable by itself; what the volume keeps for itself
            // follows, because the next thing is often the power switch.
            if let Err(error) = self.storage.sync_volume(&installation.volume) {
                report.verified.push(format!("the volume did not confirm its last flush: {error}"));
            }
        }
        Ok(report)
    }

    /// Plans to take a receipt back (the latest applied one by default), or
    /// only some of its fixes. Conflicts with later changes are questions with
    /// the answers `keep` (proposed) and `restore`.
    ///
    /// # Errors
    /// As [`Session::plan`].
    pub fn undo_plan(
        &self,
        receipt: Option<&str>,
        only: &[String],
        choices: &Choices,
    ) -> Result<Prepared, SessionError> {
        let installation = self.installation()?;
        Ok(self.engine(&installation).undo_plan(receipt, only, choices)?)
    }

    /// Plans the import of a `.reg` file.
    ///
    /// # Errors
    /// As [`Session::plan`].
    pub fn reg_import_plan(&self, file: &Path) -> Result<Prepared, SessionError> {
        let installation = self.installation()?;
        Ok(self.engine(&installation).reg_import_plan(file)?)
    }

    /// The receipts on the target and in `--log-dir`.
    ///
    /// # Errors
    /// As [`Session::target`].
    pub fn history(&self) -> Result<History, SessionError> {
        let installation = self.installation()?;
        Ok(self.engine(&installation).history()?)
    }

    /// Ticks (or unticks) an item of a receipt's checklist; items count from 0.
    ///
    /// # Errors
    /// As [`Session::target`]; [`ExitClass::NoSuch`] for an unknown receipt or
    /// item; [`ExitClass::Refused`] where it cannot be written.
    pub fn tick(&self, receipt: &str, item: usize, done: bool) -> Result<(), SessionError> {
        let installation = self.installation()?;
        Ok(self.engine(&installation).tick(receipt, item, done)?)
    }

    /// The fixes that names mean, each once, with notes on those left out.
    fn select(&self, names: &[String]) -> Result<(Vec<&Fix>, Vec<String>), SessionError> {
        let mut selected: Vec<&Fix> = Vec::new();
        let mut notes = Vec::new();
        for name in names {
            let fixes = match name.split_once('/') {
                Some((article, fix)) => vec![self.fix(article, fix)?],
                None => self.default_fixes(name, &mut notes)?,
            };
            for fix in fixes {
                if !selected.iter().any(|known| known.id == fix.id) {
                    selected.push(fix);
                }
            }
        }
        Ok((selected, notes))
    }

    fn fix(&self, article: &str, fix: &str) -> Result<&Fix, SessionError> {
        let article = self.article(article)?;
        let found = article.fixes.iter().find(|known| known.id.fix.eq_ignore_ascii_case(fix));
        found.ok_or_else(|| {
            let names: Vec<&str> = article.fixes.iter().map(|fix| fix.id.fix.as_str()).collect();
            SessionError::no_such(format!("{} has no fix {fix:?}", article.id))
                .next(format!("its fixes are: {}", names.join(", ")))
        })
    }

    /// An article's fixes without the optional ones.
    fn default_fixes(&self, article: &str, notes: &mut Vec<String>) -> Result<Vec<&Fix>, SessionError> {
        let article = self.article(article)?;
        let (optional, default): (Vec<&Fix>, Vec<&Fix>) = article.fixes.iter().partition(|fix| fix.optional);
        if !optional.is_empty() {
            let names: Vec<String> = optional.iter().map(|fix| fix.id.to_string()).collect();
            notes.push(format!("left out unless named: {}", names.join(", ")));
        }
        if article.fixes.is_empty() {
            let message = format!("{} has no fixes: it only explains", article.id);
            return Err(
                SessionError::no_such(message).next(format!("`pemedic show {}` prints it", article.id))
            );
        }
        Ok(default)
    }
}

impl From<RepairError> for SessionError {
    fn from(error: RepairError) -> Self {
        let class = match &error {
            RepairError::Installation(error) => return super::target::from_installation(error),
            RepairError::NoSuchFix(_)
            | RepairError::NoSuchReceipt(_)
            | RepairError::NoSuchItem { .. }
            | RepairError::NoSuchFile(_) => ExitClass::NoSuch,
            RepairError::NoSuchQuestion(_)
            | RepairError::NotACandidate { .. }
            | RepairError::Conflict { .. }
            | RepairError::RegFile { .. } => ExitClass::Usage,
            RepairError::RollbackFailed { .. } => ExitClass::RolledBack,
            _ => ExitClass::Refused,
        };
        let next = match &error {
            RepairError::NoSuchReceipt(_) => Some("`pemedic history` lists the receipts of this target"),
            _ => None,
        };
        Self { class, message: error.to_string(), next: next.map(str::to_owned) }
    }
}
