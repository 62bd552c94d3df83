//! States of a target's volume that a repair must know of.
//!
//! Facts only: each finding says what was seen, why it matters and what to do
//! next. What is refused because of it is the repair engine's decision.

pub mod boot_sector;
pub mod dirty_flag;
pub mod hibernation;
pub mod locked;
pub mod occupation;

use serde::Serialize;

use crate::hive::storage::Storage;

use super::Installation;

/// One fact about a target, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which state it is.
    pub state: State,
    /// What was seen, and where.
    pub saw: String,
    /// Why it matters.
    pub why: &'static str,
    /// What to do next.
    pub next: &'static str,
}

/// What a [`Finding`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A hibernated session, or a Fast Startup shutdown, waits to be resumed.
    Hibernated,
    /// Resuming a hibernated session was interrupted.
    ResumeInterrupted,
    /// The hibernation file is in no known state, or cannot be looked at.
    HibernationUnknown,
    /// The hibernation file would be on another volume.
    HibernationElsewhere,
    /// A volume encrypted with BitLocker and not unlocked.
    BitLockerLocked,
    /// Windows marked the volume for a check.
    VolumeDirty,
    /// Another program has a hive open.
    HiveHeldOpen,
}

impl State {
    /// Its fixed name, for machines: `hive-held-open`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Hibernated => "hibernated",
            Self::ResumeInterrupted => "resume-interrupted",
            Self::HibernationUnknown => "hibernation-unknown",
            Self::HibernationElsewhere => "hibernation-elsewhere",
            Self::BitLockerLocked => "bit-locker-locked",
            Self::VolumeDirty => "volume-dirty",
            Self::HiveHeldOpen => "hive-held-open",
        }
    }

    /// Whether a write now would be lost or destroy something.
    pub fn forbids_writing(self) -> bool {
        match self {
            Self::Hibernated
            | Self::ResumeInterrupted
            | Self::HibernationUnknown
            | Self::BitLockerLocked
            | Self::HiveHeldOpen => true,
            Self::HibernationElsewhere | Self::VolumeDirty => false,
        }
    }
}

/// Looks at the installation's volume for every state.
pub fn examine(storage: &dyn Storage, installation: &Installation) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(hibernation::examine(storage, installation));
    findings.extend(dirty_flag::examine(storage, installation));
    findings.extend(occupation::examine(storage, installation));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_name_is_the_serialised_one() {
        for state in [
            State::Hibernated,
            State::ResumeInterrupted,
            State::HibernationUnknown,
            State::HibernationElsewhere,
            State::BitLockerLocked,
            State::VolumeDirty,
            State::HiveHeldOpen,
        ] {
            assert_eq!(serde_json::to_value(state).unwrap(), state.id());
        }
    }
}
