//! From trouble to undo: probe, plan, apply, receipt, undo.
//!
//! The only module that has a hive written (through
//! [`crate::hive::store::commit`]), and only after the receipt is durable.

mod apply;
mod carry_out;
pub mod change;
pub mod choices;
mod condition;
mod digest;
mod draft_receipt;
mod durable;
mod engine;
mod error;
mod exact_time;
mod expand;
mod guard;
mod history;
mod intent;
mod interrupted;
mod invert;
mod later;
mod obstacle;
mod order;
pub mod plan;
mod planner;
pub mod prepared;
mod probe;
pub mod progress;
mod question;
mod receipt;
mod record;
mod recover;
mod reg_import;
pub mod release;
pub mod report;
mod resolve;
pub mod rule;
mod settle;
mod side;
mod step;
pub mod target;
mod undo;
mod verify;
mod witness;
mod workspace;

pub use change::Change;
pub use choices::Choices;
pub use engine::Engine;
pub use error::RepairError;
pub use plan::{FixPlan, GuardFinding, Plan, Status};
pub use prepared::Prepared;
pub use progress::{Observer, Progress, Stage};
pub use report::{
    ApplyReport, FoundTarget, History, Outcome, ReceiptSummary, RecoveryNote, ScanReport, TargetsReport,
};
pub use target::TargetSummary;
