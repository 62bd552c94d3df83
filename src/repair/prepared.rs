//! A plan together with what is needed to carry it out.

use std::path::PathBuf;

use crate::hive::Edited;
use crate::kb::FixId;
use crate::windows::{HiveName, Installation};

use super::plan::Plan;
use super::record::{KeyStamp, Record};
use super::resolve::Answers;
use super::workspace::FileOperation;

/// A plan with the images and file operations that make it true. What its
/// [`Plan`] shows is computed from them, so the preview is the outcome.
pub struct Prepared {
    pub(super) plan: Plan,
    pub(super) installation: Installation,
    pub(super) work: Work,
    pub(super) goals: Vec<Goal>,
    pub(super) choices: Vec<Choice>,
}

/// What is to be written.
#[derive(Default)]
pub(crate) struct Work {
    /// The hives, in the order in which they are committed.
    pub hives: Vec<HiveWork>,
    /// The file operations, in order.
    pub files: Vec<FileOperation>,
    /// What changes, in order.
    pub records: Vec<Record>,
    /// When the touched keys were written.
    pub stamps: Vec<KeyStamp>,
}

/// One hive to be written.
pub(crate) struct HiveWork {
    /// Which.
    pub name: HiveName,
    /// Its file on the host.
    pub file: PathBuf,
    /// SHA-256 of the file when the plan was made.
    pub before: String,
    /// Length of the file when the plan was made.
    pub size_before: u64,
    /// Whether it was dirty and its transaction logs completed it.
    pub recovered: bool,
    /// The new image.
    pub edited: Edited,
}

/// What must be so afterwards: a fix that is probed again.
pub(crate) struct Goal {
    /// Which fix.
    pub fix: FixId,
    /// The answers it was planned with.
    pub answers: Answers,
}

/// What the technician chose, for the receipt.
pub(crate) struct Choice {
    /// Full name of the fix.
    pub fix: String,
    /// The question.
    pub question: String,
    /// The answer taken.
    pub answer: String,
}

impl Prepared {
    /// What would be done.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The target.
    pub fn installation(&self) -> &Installation {
        &self.installation
    }
}
