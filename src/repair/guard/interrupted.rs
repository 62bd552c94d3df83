//! An interrupted repair that has not been settled.

use super::super::interrupted;
use super::super::plan::GuardFinding;
use super::super::receipt::State;
use super::{Watch, refuses};

pub(super) fn look(watch: Watch<'_>) -> Option<GuardFinding> {
    here(watch).or_else(|| elsewhere(watch))
}

/// The receipt is at hand.
fn here(watch: Watch<'_>) -> Option<GuardFinding> {
    let (listed, _) = watch.receipts.list(watch.storage).ok()?;
    let unfinished = listed
        .iter()
        .filter_map(|listed| listed.receipt.as_ref())
        .find(|receipt| receipt.state == State::Prepared)?;
    Some(refuses(
        "interrupted",
        format!("the repair {} was interrupted", unfinished.receipt),
        "Until it is finished or rolled back nobody can say what the target is.",
        "`pemedic apply` and `pemedic undo` settle it before they do anything else, and so does the interface.",
    ))
}

/// The receipt was in a `--log-dir`.
fn elsewhere(watch: Watch<'_>) -> Option<GuardFinding> {
    let note = interrupted::find(watch.storage, watch.receipts).ok().flatten()?;
    Some(refuses(
        "interrupted-elsewhere",
        format!("a repair of this target was interrupted; its receipt is in {}", note.receipt.display()),
        "Only that receipt says how to finish it or to take it back; a change on top of it could not be undone.",
        "Start again with --log-dir and the folder that holds that receipt. If it is lost, remove \
         \\pemedic\\interrupted.toml from the target: what that repair changed then stays.",
    ))
}
