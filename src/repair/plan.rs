//! A plan: what a repair would change, as plain data for every front end.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::hive::FileTime;
use crate::kb::Safety;

use super::change::Change;
use super::target::TargetSummary;

/// Version number of every JSON document.
pub const DOCUMENT_VERSION: u32 = 1;

/// What would be done, exactly. Printing it is the `plan` verb's JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// [`DOCUMENT_VERSION`].
    pub version: u32,
    /// The installation.
    pub target: TargetSummary,
    /// The fixes in the order in which they would be applied.
    pub fixes: Vec<FixPlan>,
    /// What the guards saw.
    pub guards: Vec<GuardFinding>,
    /// The receipt that this plan takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
    /// What the technician should know: repairs of `.reg` text, fixes left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One fix of a [`Plan`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FixPlan {
    /// Full name: `kb910341/senslogn-xp`.
    pub fix: String,
    /// One line.
    pub title: String,
    /// What was found.
    pub status: Status,
    /// Why that is the status, in one sentence.
    pub reason: String,
    /// How much trust it needs.
    pub safety: Safety,
    /// Left out unless named.
    pub optional: bool,
    /// What to warn of before applying.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// What the probe saw.
    pub evidence: Vec<Evidence>,
    /// What the technician is asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<PlanQuestion>,
    /// What would change, in order.
    pub changes: Vec<Change>,
    /// Instructions for a person, in order.
    pub manual: Vec<String>,
    /// Commands queued for the first boot of the target.
    pub first_boot: Vec<String>,
}

/// What a probe says of a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Everything is as the fix wants it.
    Healthy,
    /// Something differs.
    Needed,
    /// The fix is not for this installation.
    NotApplicable,
    /// It cannot be decided or done; the reason says what stands in the way.
    Blocked,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Healthy => "healthy",
            Self::Needed => "needed",
            Self::NotApplicable => "not applicable",
            Self::Blocked => "blocked",
        })
    }
}

/// One thing a probe looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Key, key and value, file, or what else was asked.
    pub place: String,
    /// What is there.
    pub found: String,
    /// What should be there, where the fix wants something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted: Option<String>,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.found)?;
        match &self.wanted {
            Some(wanted) => write!(f, ", should be {wanted}"),
            None => Ok(()),
        }
    }
}

/// A question of a fix with what was found to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanQuestion {
    /// Name for `--choose ID=…`.
    pub id: String,
    /// The question itself.
    pub text: String,
    /// What can be answered.
    pub candidates: Vec<Candidate>,
    /// Which answer is proposed.
    pub proposed: Option<String>,
    /// Which answer this plan was made with.
    pub chosen: Option<String>,
}

/// A possible answer with the facts needed to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The answer itself: what goes into `--choose ID=…`.
    pub answer: String,
    /// How it reads.
    pub label: String,
    /// When the file was made.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "time_text")]
    pub created: Option<FileTime>,
    /// When the file or key was last written.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "time_text")]
    pub modified: Option<FileTime>,
    /// Length of the file in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

/// What a guard saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GuardFinding {
    /// Fixed name, for machines: `hibernated`.
    pub id: String,
    /// Whether the repair is refused.
    pub effect: GuardEffect,
    /// What was seen, and where.
    pub saw: String,
    /// Why it matters.
    pub why: String,
    /// What to do next.
    pub next: String,
}

/// What a guard does to the repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GuardEffect {
    /// The repair goes on; the technician is told.
    Warns,
    /// Nothing is written.
    Refuses,
}

impl Plan {
    /// All changes, in the order in which they are made.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.fixes.iter().flat_map(|fix| &fix.changes)
    }

    /// Whether anything would change or be queued.
    pub fn has_changes(&self) -> bool {
        self.changes().next().is_some()
    }

    /// Whether a guard refuses.
    pub fn is_refused(&self) -> bool {
        self.guards.iter().any(|finding| finding.effect == GuardEffect::Refuses)
    }

    /// The least trusted safety among the fixes that would change something.
    pub fn safety(&self) -> Safety {
        let pending = self.fixes.iter().filter(|fix| fix.status == Status::Needed);
        pending.map(|fix| fix.safety).filter(|safety| *safety != Safety::Manual).min().unwrap_or(Safety::Safe)
    }
}

fn time_text<S: serde::Serializer>(time: &Option<FileTime>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}
