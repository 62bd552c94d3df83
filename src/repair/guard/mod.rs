//! Guards: states of a target in which a repair would do harm.
//!
//! Each says what it saw, why it matters and what to do next. A guard looks at
//! the target and at the plan; it never writes.

mod interrupted;
mod place;
mod policies;
mod release;
mod space;
mod state;
mod volume;

use crate::hive::storage::Storage;
use crate::windows::Installation;

use super::plan::{GuardEffect, GuardFinding};
use super::prepared::Prepared;
use super::receipt::Receipts;

pub(crate) use space::reason_against_copies;

/// What guards of the target look at.
#[derive(Clone, Copy)]
struct Watch<'a> {
    storage: &'a dyn Storage,
    installation: &'a Installation,
    receipts: &'a Receipts,
}

/// Asks the guards that need no plan.
pub(crate) fn look_at_target(
    storage: &dyn Storage,
    installation: &Installation,
    receipts: &Receipts,
) -> Vec<GuardFinding> {
    let watch = Watch { storage, installation, receipts };
    let mut findings = Vec::new();
    findings.extend(place::look(watch));
    findings.extend(state::look_at_target(storage, installation));
    findings.extend(volume::look(watch));
    findings.extend(interrupted::look(watch));
    findings.extend(release::look(watch));
    findings
}

/// Asks every guard about a plan.
pub(crate) fn look(storage: &dyn Storage, prepared: &Prepared, receipts: &Receipts) -> Vec<GuardFinding> {
    let mut findings = look_at_target(storage, &prepared.installation, receipts);
    state::look(storage, prepared, &mut findings);
    findings.extend(space::look(storage, prepared, receipts));
    findings.extend(policies::look(prepared));
    findings
}

/// Nothing is written.
fn refuses(id: &str, saw: String, why: &str, next: &str) -> GuardFinding {
    finding(id, GuardEffect::Refuses, saw, [why, next])
}

/// The technician is told.
fn warns(id: &str, saw: String, why: &str, next: &str) -> GuardFinding {
    finding(id, GuardEffect::Warns, saw, [why, next])
}

fn finding(id: &str, effect: GuardEffect, saw: String, [why, next]: [&str; 2]) -> GuardFinding {
    GuardFinding { id: id.to_owned(), effect, saw, why: why.to_owned(), next: next.to_owned() }
}
