//! Reports of scans, applies and histories, as plain data for every front end.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::plan::{FixPlan, GuardFinding, Plan};
use super::target::TargetSummary;

/// The installations found: the `targets` verb's JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetsReport {
    /// [`super::plan::DOCUMENT_VERSION`].
    pub version: u32,
    /// The usable installations.
    pub targets: Vec<FoundTarget>,
    /// What looked like an installation and is not usable, and why.
    pub problems: Vec<String>,
}

/// An installation with the states in which a repair would do harm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundTarget {
    /// What it is.
    #[serde(flatten)]
    pub summary: TargetSummary,
    /// What the guards saw that need no plan.
    pub guards: Vec<GuardFinding>,
}

/// What every fix of the knowledge base says of a target: the `scan` verb's JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScanReport {
    /// [`super::plan::DOCUMENT_VERSION`].
    pub version: u32,
    /// The installation.
    pub target: TargetSummary,
    /// Every fix with its status and evidence (and the changes it would make).
    pub fixes: Vec<FixPlan>,
    /// What the guards saw: a repair may be refused.
    pub guards: Vec<GuardFinding>,
    /// What commands queued by earlier repairs said at the first boot.
    pub first_boot: Vec<FirstBootResult>,
    /// Whether the scan was stopped before its end.
    pub cancelled: bool,
}

/// What a queued first-boot command left behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FirstBootResult {
    /// The receipt that queued it.
    pub receipt: String,
    /// The command.
    pub command: String,
    /// Its exit code; `None` while it has not run.
    pub exit_code: Option<i64>,
    /// What it printed, as far as it is kept.
    pub output: String,
}

/// The result of an apply, an undo or an import: the plan, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ApplyReport {
    /// What was to be done.
    #[serde(flatten)]
    pub plan: Plan,
    /// The receipt's name, where one was written and kept.
    pub receipt: Option<String>,
    /// The receipt's folder on this machine.
    pub receipt_folder: Option<PathBuf>,
    /// What became of it.
    pub outcome: Outcome,
    /// What was checked after writing, one sentence each.
    pub verified: Vec<String>,
    /// Why it was refused or rolled back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl ApplyReport {
    /// The report of a plan that was not carried out, and why.
    pub fn refused(plan: Plan, failure: impl Into<String>) -> Self {
        Self {
            plan,
            receipt: None,
            receipt_folder: None,
            outcome: Outcome::Refused,
            verified: Vec::new(),
            failure: Some(failure.into()),
        }
    }
}

/// What became of an apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything is as planned, read back and probed again.
    Applied,
    /// Nothing differed from what is wanted.
    NothingToDo,
    /// A guard or the technician said no; nothing was written.
    Refused,
    /// It failed; everything is as it was.
    RolledBack,
}

/// The receipts of a target, latest first: the `history` verb's JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct History {
    /// [`super::plan::DOCUMENT_VERSION`].
    pub version: u32,
    /// The installation.
    pub target: TargetSummary,
    /// The receipts.
    pub receipts: Vec<ReceiptSummary>,
    /// Folders among the receipts that cannot be read, and why.
    pub problems: Vec<String>,
}

/// One receipt of a [`History`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReceiptSummary {
    /// Its name, for `undo`.
    pub receipt: String,
    /// Where it stands.
    pub state: HistoryState,
    /// Full names of its fixes.
    pub fixes: Vec<String>,
    /// When it was written, UTC.
    pub time: String,
    /// How many changes it holds.
    pub changes: usize,
    /// The receipt it takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
    /// The receipts that took back all or some of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub undone_by: Vec<String>,
    /// Its folder on this machine.
    pub folder: PathBuf,
    /// What a person still has to do.
    pub checklist: Vec<ChecklistItem>,
}

/// Where a receipt stands, as history shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HistoryState {
    /// Applied and verified.
    Applied,
    /// Applied, and taken back as a whole since.
    Undone,
    /// Failed; everything is as it was before.
    RolledBack,
    /// Interrupted; the next start with this target finishes it or rolls it back.
    Unfinished,
}

/// What was found of an interrupted repair, and what was done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecoveryNote {
    /// The receipt.
    pub receipt: String,
    /// What was found.
    pub found: String,
    /// What was done.
    pub done: String,
}

/// A manual instruction with its tick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistItem {
    /// Full name of the fix.
    pub fix: String,
    /// What to do.
    pub text: String,
    /// Whether it is done.
    pub done: bool,
}
