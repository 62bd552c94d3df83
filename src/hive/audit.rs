//! One bounded walk that checks every invariant of a hive.

use serde::Serialize;

use super::HiveError;

/// One violated invariant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// Absolute file offset.
    pub offset: u64,
    /// Short fixed name of the invariant, for machines.
    pub rule: &'static str,
    /// What the format wants.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl Defect {
    pub(super) fn new(
        offset: u64,
        rule: &'static str,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self { offset, rule, expected: expected.into(), found: found.into() }
    }
}

impl From<Defect> for HiveError {
    fn from(defect: Defect) -> Self {
        Self::Damaged { offset: defect.offset, expected: defect.expected, found: defect.found }
    }
}

/// What the walk saw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// Keys reached from the root, the root included.
    pub keys: usize,
    /// Values reached.
    pub values: usize,
    /// Violated invariants, by offset.
    pub defects: Vec<Defect>,
}

/// Audits a hive image (a clean one: recover a dirty one first).
pub fn audit(image: &[u8]) -> Audit {
    todo!("{image:?}")
}
