//! States of the machine in which writing does harm: hibernation, locked and
//! dirty volumes, hives held open. What they are is seen in
//! [`crate::windows::state`]; here is what a plan makes of them.

use crate::hive::storage::Storage;
use crate::windows::Installation;
use crate::windows::state::{self, Finding, State, occupation};

use super::super::change::Change;
use super::super::plan::{GuardEffect, GuardFinding};
use super::super::prepared::Prepared;
use super::refuses;

/// The hibernation file, as Windows writes it behind the drive letter.
const HIBERNATION_FILE: &str = r":\hiberfil.sys";

/// What is to be said of the target, whatever the plan.
pub(super) fn look_at_target(storage: &dyn Storage, installation: &Installation) -> Vec<GuardFinding> {
    state::examine(storage, installation).iter().map(guard_finding).collect()
}

/// What is to be said of a plan, given what is said of its target.
pub(super) fn look(storage: &dyn Storage, prepared: &Prepared, findings: &mut Vec<GuardFinding>) {
    let changes = || prepared.work.records.iter().map(|record| &record.change);
    if changes().any(|change| matches!(change, Change::FileRestored(file) if is_image(&file.file))) {
        findings.push(refuses(
            "stale-image",
            "the plan puts a hibernation image back".to_owned(),
            "The volume has changed since that session was suspended; resuming it would destroy the file system.",
            "Leave the image where it is, or delete it with its receipt.",
        ));
    }
    let only_discards = changes().next().is_some()
        && changes().all(|change| matches!(change, Change::FileMovedAside(file) if is_image(&file.file)));
    if only_discards {
        // Giving the image up is what makes the volume safe to write to.
        let images = [State::Hibernated, State::ResumeInterrupted, State::HibernationUnknown];
        let of_image = |id: &str| images.iter().any(|state| state.id() == id);
        for finding in findings.iter_mut().filter(|finding| of_image(&finding.id)) {
            finding.effect = GuardEffect::Warns;
            "What that session had not saved is lost for good.".clone_into(&mut finding.why);
        }
    }
    let files: Vec<_> = prepared.work.hives.iter().map(|hive| hive.file.clone()).collect();
    for finding in occupation::held_open(storage, &files).iter().map(guard_finding) {
        if !findings.iter().any(|known| known.saw == finding.saw) {
            findings.push(finding);
        }
    }
}

fn is_image(file: &str) -> bool {
    file.get(1..).is_some_and(|rest| rest.eq_ignore_ascii_case(HIBERNATION_FILE))
}

/// The fix that gives a hibernation image up, of the built-in articles.
const DISCARD_FIX: &str = "fast-startup/discard";

fn guard_finding(finding: &Finding) -> GuardFinding {
    let offer = match finding.state {
        State::Hibernated | State::ResumeInterrupted => {
            format!(" To give the image up: `pemedic apply {DISCARD_FIX} --allow risky`.")
        }
        _ => String::new(),
    };
    GuardFinding {
        id: finding.state.id().to_owned(),
        effect: if finding.state.forbids_writing() { GuardEffect::Refuses } else { GuardEffect::Warns },
        saw: finding.saw.clone(),
        why: finding.why.to_owned(),
        next: format!("{}{offer}", finding.next),
    }
}

#[cfg(test)]
mod tests {
    use super::is_image;

    #[test]
    fn only_the_file_in_the_root_is_the_image() {
        assert!(is_image(r"C:\hiberfil.sys"));
        assert!(is_image(r"d:\HIBERFIL.SYS"));
        assert!(!is_image(r"C:\old\hiberfil.sys"));
        assert!(!is_image(""));
    }
}
