//! From trouble to undo: probe, plan, apply, receipt, undo.
//!
//! The only module that has a hive written (through
//! [`crate::hive::store::commit`]), and only after the receipt is durable.

pub mod change;
pub mod choices;
pub mod plan;
pub mod prepared;
pub mod progress;
pub mod release;
pub mod report;
pub mod target;

pub use change::Change;
pub use choices::Choices;
pub use plan::{FixPlan, GuardFinding, Plan, Status};
pub use prepared::Prepared;
pub use progress::{Observer, Progress, Stage};
pub use report::{ApplyReport, History, Outcome, ReceiptSummary, ScanReport, TargetsReport};
pub use target::TargetSummary;
