//! Everything a front end may do, as plain data.
//!
//! Front ends hold a [`Session`] and nothing else: no hive, no path below the
//! target, no receipt. Every result can be printed as JSON.

mod documents;
mod error;
mod options;
mod search;
mod system_text;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use crate::hive::storage::{Disk, Storage};
use crate::kb::KnowledgeBase;
use crate::kb::search::Index;

// The plain data that front ends show: they may use nothing below the session.
pub use crate::hive::{FileTime, NamedValue, Value, ValueType};
pub use crate::kb::code::{ErrorCode, Kind, Reading, Suggestion};
pub use crate::kb::markdown;
pub use crate::kb::paste::{PastedEvent, Understanding};
pub use crate::kb::search::{Confidence, Hit};
pub use crate::kb::{Article, Fix, Problem, Safety, article::Event, article::Reference};
pub use crate::repair::change::{Change, FileChange, KeyChange, ValueChange, display_name};
pub use crate::repair::choices::Choices;
pub use crate::repair::plan::{
    Candidate, Evidence, FixPlan, GuardEffect, GuardFinding, Plan, PlanQuestion, Status,
};
pub use crate::repair::prepared::Prepared;
pub use crate::repair::progress::{Observer, Progress, Stage};
pub use crate::repair::report::{
    ApplyReport, ChecklistItem, FirstBootResult, History, HistoryState, Outcome, ReceiptSummary, ScanReport,
    TargetsReport,
};
pub use crate::repair::target::TargetSummary;

pub use documents::{
    ArticleEntry, CheckedHive, HiveCheckReport, HiveState, KbCheckReport, KbList, KeyReport, RecoveryNote,
};
pub use error::{ExitClass, SessionError};
pub use options::{Confirmation, Options};
pub use search::{ExplainReport, SearchReport};
pub use system_text::SystemText;

/// The disk as sessions share it between threads.
pub type SharedStorage = Arc<dyn Storage + Send + Sync>;

/// One run of the program: a knowledge base, a target, a disk. Cheap to clone;
/// clones share everything, so that a worker thread can scan.
#[derive(Clone)]
pub struct Session {
    options: Options,
    knowledge_base: Arc<KnowledgeBase>,
    /// Built when first searched: the first frame does not wait for it.
    index: Arc<OnceLock<Index>>,
    storage: SharedStorage,
}

impl Session {
    /// Loads the knowledge base; looks at no target yet. Never fails: what is
    /// wrong with the packs is in [`KnowledgeBase::problems`].
    pub fn open(options: Options) -> Self {
        crate::hive::storage::prepare_process();
        Self::with_storage(options, Arc::new(Disk))
    }

    /// As [`Session::open`], on another disk (tests make it fail).
    pub fn with_storage(options: Options, storage: SharedStorage) -> Self {
        let knowledge_base = Arc::new(KnowledgeBase::load(&options.packs));
        Self { options, knowledge_base, index: Arc::default(), storage }
    }

    /// The same session on this target.
    #[must_use]
    pub fn with_target(&self, folder: &Path) -> Self {
        let mut session = self.clone();
        session.options.target = Some(folder.to_owned());
        session
    }

    /// What the session was opened with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The articles.
    pub fn knowledge_base(&self) -> &KnowledgeBase {
        &self.knowledge_base
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::build(self.knowledge_base.articles()))
    }

    /// An article by id or alias.
    ///
    /// # Errors
    /// [`ExitClass::NoSuch`].
    pub fn article(&self, name: &str) -> Result<&Article, SessionError> {
        self.knowledge_base.article(name).ok_or_else(|| {
            SessionError::no_such(format!("there is no article {name:?}"))
                .next("`pemedic kb list` prints them; `pemedic search` finds them by what the machine said")
        })
    }

    /// The installations below the roots (or on the target given).
    ///
    /// # Errors
    /// [`ExitClass::Usage`] for a root that is not a folder.
    pub fn targets(&self) -> Result<TargetsReport, SessionError> {
        let _ = &self.storage;
        todo!()
    }

    /// The target: the one given, else the only one found.
    ///
    /// # Errors
    /// [`ExitClass::NoSuch`] without one, [`ExitClass::Usage`] with several.
    pub fn target(&self) -> Result<TargetSummary, SessionError> {
        todo!()
    }

    /// Finishes or rolls back what an interrupted run left on the target.
    ///
    /// # Errors
    /// As [`Session::target`], and [`ExitClass::Refused`] where the target
    /// cannot be brought to either state; what was found is in the message.
    pub fn recover(&self, observer: Observer<'_>) -> Result<Vec<RecoveryNote>, SessionError> {
        let _ = observer;
        todo!()
    }

    /// Probes every fix. `cancel` set to true ends it early.
    ///
    /// # Errors
    /// As [`Session::target`].
    pub fn scan(&self, observer: Observer<'_>, cancel: &AtomicBool) -> Result<ScanReport, SessionError> {
        let _ = (observer, cancel);
        todo!()
    }

    /// Plans fixes (`article` or `article/fix`) with the answers given so far.
    ///
    /// # Errors
    /// As [`Session::target`]; [`ExitClass::NoSuch`] for an unknown fix;
    /// [`ExitClass::Usage`] for fixes that contradict each other or an answer
    /// to a question that no fix asks.
    pub fn plan(&self, fixes: &[String], choices: &Choices) -> Result<Prepared, SessionError> {
        let _ = (fixes, choices);
        todo!()
    }

    /// Carries a plan out: guards, receipt, writing, verification. A refusal
    /// and a rollback are outcomes, not errors. `cancel` set to true before
    /// [`Stage::Writing`] is announced ends it as [`Outcome::Refused`] with
    /// nothing written; from then on it is not looked at.
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
        let _ = (prepared, confirmation, observer, cancel);
        todo!()
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
        let _ = (receipt, only, choices);
        todo!()
    }

    /// Plans the import of a `.reg` file.
    ///
    /// # Errors
    /// As [`Session::plan`].
    pub fn reg_import_plan(&self, file: &Path) -> Result<Prepared, SessionError> {
        let _ = file;
        todo!()
    }

    /// The receipts on the target and in `--log-dir`.
    ///
    /// # Errors
    /// As [`Session::target`].
    pub fn history(&self) -> Result<History, SessionError> {
        todo!()
    }

    /// Ticks (or unticks) an item of a receipt's checklist; items count from 0.
    ///
    /// # Errors
    /// As [`Session::target`]; [`ExitClass::NoSuch`] for an unknown receipt or
    /// item; [`ExitClass::RolledBack`] where it cannot be written.
    pub fn tick(&self, receipt: &str, item: usize, done: bool) -> Result<(), SessionError> {
        let _ = (receipt, item, done);
        todo!()
    }

    /// A key's values and subkeys (`HKCU`: one report for each user).
    ///
    /// # Errors
    /// As [`Session::target`]; [`ExitClass::NoSuch`] for an unknown key.
    pub fn reg_query(&self, key: &str, recursive: bool) -> Result<Vec<KeyReport>, SessionError> {
        let _ = (key, recursive);
        todo!()
    }

    /// A key with everything below as regedit's version 5 sections.
    ///
    /// # Errors
    /// As [`Session::reg_query`].
    pub fn reg_export(&self, key: &str) -> Result<String, SessionError> {
        let _ = key;
        todo!()
    }

    /// Writes [`Session::reg_export`] to a new file, as regedit encodes it.
    ///
    /// # Errors
    /// As [`Session::reg_query`]; [`ExitClass::Usage`] where the file exists
    /// or cannot be written.
    pub fn reg_export_file(&self, key: &str, file: &Path) -> Result<(), SessionError> {
        let bytes = crate::hive::reg_text::export_file(&self.reg_export(key)?);
        self.storage.write_new(file, &bytes).map_err(|error| {
            SessionError::usage(format!("cannot write {}: {error}", file.display()))
                .next("name a file that does not exist yet, in a folder that can be written")
        })
    }

    /// Audits hive files with the transaction logs beside them.
    ///
    /// # Errors
    /// [`ExitClass::NoSuch`] for a file that is not there.
    pub fn hive_check(&self, files: &[PathBuf]) -> Result<HiveCheckReport, SessionError> {
        let _ = files;
        todo!()
    }

    /// Lints article files and folders (without any: the loaded base).
    ///
    /// # Errors
    /// [`ExitClass::NoSuch`] for a path that is not there.
    pub fn kb_check(&self, paths: &[PathBuf]) -> Result<KbCheckReport, SessionError> {
        let _ = paths;
        todo!()
    }

    /// The articles and their fixes.
    pub fn kb_list(&self) -> KbList {
        KbList::new(&self.knowledge_base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_and_plans_cross_threads() {
        fn crosses_threads<T: Send + Sync>() {}
        crosses_threads::<Session>();
        crosses_threads::<Prepared>();
    }
}
