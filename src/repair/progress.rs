//! What a front end shows while a repair works.

use serde::Serialize;

/// One step forward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// To what: a fix, a hive, a file.
    pub subject: String,
    /// Which one, from 1.
    pub step: usize,
    /// Of how many.
    pub steps: usize,
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
        Self { stage, subject: subject.into(), step, steps }
    }
}
