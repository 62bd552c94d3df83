//! What keeps a step from being decided.

use super::error::RepairError;

/// Why a template, a condition or a step has no answer.
#[derive(Debug)]
pub(crate) enum Obstacle {
    /// The question it depends on does not arise: the step falls away.
    NotAsked,
    /// Somebody or something must change first; the sentence says what.
    Blocked(String),
    /// The target could not be read.
    Failed(RepairError),
}

impl Obstacle {
    pub(crate) fn blocked(reason: impl Into<String>) -> Self {
        Self::Blocked(reason.into())
    }
}

impl From<RepairError> for Obstacle {
    fn from(error: RepairError) -> Self {
        Self::Failed(error)
    }
}
