//! `pemedic hive check FILE…`

use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::text::listing;
use crate::session::HiveState;

/// Audits hive files. Exit code 2 for defects, 4 for an unrecoverable hive.
///
/// # Errors
/// [`Failure`].
pub(crate) fn check(context: &mut Context<'_, '_>, files: &[PathBuf]) -> Result<i32, Failure> {
    let report = context.session.hive_check(files)?;
    context.show(&report, || report.hives.iter().flat_map(listing::checked_hive).collect())?;
    if report.hives.iter().any(|hive| hive.state == HiveState::Unrecoverable) {
        return Ok(4);
    }
    Ok(if report.hives.iter().all(|hive| hive.defects.is_empty()) { 0 } else { 2 })
}
