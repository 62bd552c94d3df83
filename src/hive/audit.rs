//! One bounded walk that checks every invariant of a hive.
//!
//! Each cell is looked at once when its bin is walked and once when it is
//! reached; two bitmaps remember both, so the walk ends whatever the bytes say.

mod bins;
mod cell_map;
mod defects;
mod header;
mod keys;
mod lists;
mod read_ahead;
mod ring;
mod survey;
mod values;
mod workers;

use serde::Serialize;

use super::HiveError;
pub(super) use survey::Survey;

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
    let survey = Survey::of(image);
    Audit { keys: survey.keys, values: survey.values, defects: survey.defects }
}

#[cfg(test)]
mod tests;
