//! What a front end shows while a repair works.

use serde::Serialize;

use super::plan::FixPlan;

/// One step forward.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// To what: a fix, a hive, a file.
    pub subject: String,
    /// Which one, from 1.
    pub step: usize,
    /// Of how many.
    pub steps: usize,
    /// What a probe found, at the moment it is known: a scan is shown while it
    /// runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<Box<FixPlan>>,
}

/// The stages of a scan or an apply, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// An interrupted repair is finished or rolled back.
    Recovering,
    /// Fixes are compared with the target.
    Probing,
    /// Guards look at the target.
    Guarding,
    /// The receipt is written.
    Receipt,
    /// Hives and files are changed.
    Writing,
    /// The result is read back.
    Verifying,
    /// A failed repair is taken back.
    RollingBack,
}

/// Receives progress; a closure does.
pub type Observer<'a> = &'a mut dyn FnMut(&Progress);

impl Progress {
    /// A step forward.
    pub fn new(stage: Stage, subject: impl Into<String>, step: usize, steps: usize) -> Self {
        Self { stage, subject: subject.into(), step, steps, found: None }
    }

    /// A probe is done.
    pub fn probed(found: FixPlan, step: usize, steps: usize) -> Self {
        let subject = found.fix.clone();
        Self { stage: Stage::Probing, subject, step, steps, found: Some(Box::new(found)) }
    }
}
