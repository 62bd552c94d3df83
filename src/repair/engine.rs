//! The repair engine as a session uses it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::hive::storage::Storage;
use crate::kb::{Fix, KnowledgeBase};
use crate::windows::{Installation, OfflineRegistry};

use super::apply::Apply;
use super::choices::Choices;
use super::error::RepairError;
use super::guard;
use super::plan::{DOCUMENT_VERSION, GuardFinding};
use super::planner::Context;
use super::prepared::Prepared;
use super::progress::{Observer, Progress};
use super::receipt::Receipts;
use super::report::{ApplyReport, History, RecoveryNote, ScanReport};
use super::rule::Rules;
use super::target::TargetSummary;
use super::{recover, undo};

/// One target with everything a repair of it needs.
pub struct Engine<'a> {
    storage: &'a dyn Storage,
    installation: &'a Installation,
    registry: OfflineRegistry<'a>,
    knowledge_base: &'a KnowledgeBase,
    rules: &'a dyn Rules,
    receipts: Receipts,
}

impl<'a> Engine<'a> {
    /// An engine for one target; `log_dir` is where receipts go instead of the
    /// target's own volume.
    pub fn new(
        storage: &'a dyn Storage,
        installation: &'a Installation,
        knowledge_base: &'a KnowledgeBase,
        rules: &'a dyn Rules,
        log_dir: Option<&Path>,
    ) -> Self {
        Self {
            storage,
            installation,
            registry: OfflineRegistry::new(storage, installation),
            knowledge_base,
            rules,
            receipts: Receipts::new(installation, log_dir),
        }
    }

    fn context(&self) -> Context<'_> {
        Context {
            storage: self.storage,
            installation: self.installation,
            registry: &self.registry,
            knowledge_base: self.knowledge_base,
            rules: self.rules,
        }
    }

    /// Finishes or rolls back what an interrupted run left.
    ///
    /// # Errors
    /// [`RepairError`] where the target cannot be brought to either state.
    pub fn recover(&self) -> Result<Vec<RecoveryNote>, RepairError> {
        recover::recover(self.storage, self.installation, &self.receipts)
    }

    /// Probes every fix of the knowledge base.
    ///
    /// # Errors
    /// [`RepairError`] where the receipts cannot be read.
    pub fn scan(&self, observer: Observer<'_>, cancel: &AtomicBool) -> Result<ScanReport, RepairError> {
        let context = self.context();
        let all = || self.knowledge_base.articles().iter().flat_map(|article| &article.fixes);
        let count = all().count();
        let mut fixes = Vec::with_capacity(count);
        for (index, fix) in all().enumerate() {
            if cancel.load(Ordering::Relaxed) {
                break;
            }
            let found = context.probe(fix, &Choices::default());
            observer(&Progress::probed(found.clone(), index + 1, count));
            fixes.push(found);
        }
        Ok(ScanReport {
            version: DOCUMENT_VERSION,
            target: TargetSummary::new(self.installation),
            cancelled: fixes.len() < count,
            fixes,
            guards: self.guards(),
            first_boot: context.first_boot_results(&self.receipts)?,
        })
    }

    /// What the guards see that need no plan.
    pub fn guards(&self) -> Vec<GuardFinding> {
        guard::look_at_target(self.storage, self.installation, &self.receipts)
    }

    /// Plans fixes in this order.
    ///
    /// # Errors
    /// [`RepairError`].
    pub fn plan(
        &self,
        fixes: &[&Fix],
        choices: &Choices,
        notes: Vec<String>,
    ) -> Result<Prepared, RepairError> {
        let mut prepared = self.context().plan(fixes, choices)?;
        prepared.plan.notes = notes;
        Ok(self.guarded(prepared))
    }

    /// Plans to take a receipt back: the latest without a name.
    ///
    /// # Errors
    /// [`RepairError`].
    pub fn undo_plan(
        &self,
        receipt: Option<&str>,
        only: &[String],
        choices: &Choices,
    ) -> Result<Prepared, RepairError> {
        let (listed, _) = self.receipts.list(self.storage)?;
        let receipt = undo::choose(&listed, receipt)?;
        let among = undo::Among { receipts: &self.receipts, listed: &listed };
        Ok(self.guarded(self.context().undo_plan(receipt, only, choices, among)?))
    }

    /// Plans the import of a `.reg` file.
    ///
    /// # Errors
    /// [`RepairError`].
    pub fn reg_import_plan(&self, file: &Path) -> Result<Prepared, RepairError> {
        Ok(self.guarded(self.context().reg_import_plan(file)?))
    }

    fn guarded(&self, mut prepared: Prepared) -> Prepared {
        prepared.plan.guards = guard::look(self.storage, &prepared, &self.receipts);
        prepared
    }

    /// Carries a plan out.
    ///
    /// # Errors
    /// [`RepairError::RollbackFailed`]; others where the target cannot be read
    /// before anything was written.
    pub fn apply(
        &self,
        prepared: &Prepared,
        allow_risky: bool,
        observer: Observer<'_>,
        cancel: &AtomicBool,
    ) -> Result<ApplyReport, RepairError> {
        let apply = Apply {
            storage: self.storage,
            knowledge_base: self.knowledge_base,
            rules: self.rules,
            receipts: &self.receipts,
            prepared,
            allow_risky,
            cancel,
        };
        apply.run(observer)
    }

    /// All receipts of the target.
    ///
    /// # Errors
    /// [`RepairError`] where they cannot be read.
    pub fn history(&self) -> Result<History, RepairError> {
        self.context().history(&self.receipts)
    }

    /// Ticks an item of a receipt's checklist.
    ///
    /// # Errors
    /// [`RepairError`].
    pub fn tick(&self, receipt: &str, item: usize, done: bool) -> Result<(), RepairError> {
        let (listed, _) = self.receipts.list(self.storage)?;
        let found = listed.into_iter().find_map(|listed| {
            let same = listed.name.eq_ignore_ascii_case(receipt);
            Some((listed.folder, listed.receipt.filter(|_| same)?))
        });
        let (folder, mut kept) = found.ok_or_else(|| RepairError::NoSuchReceipt(receipt.to_owned()))?;
        let Some(ticked) = kept.checklist.get_mut(item) else {
            return Err(RepairError::NoSuchItem { receipt: receipt.to_owned(), item });
        };
        ticked.done = done;
        folder.save(self.storage, &kept)
    }
}
