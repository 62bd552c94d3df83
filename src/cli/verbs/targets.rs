//! `pemedic targets`

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::text::listing;

/// Lists the offline installations. Exit code 3 where there are none.
///
/// # Errors
/// [`Failure`].
pub(crate) fn run(context: &mut Context<'_, '_>) -> Result<i32, Failure> {
    let report = context.session.targets()?;
    context.show(&report, || listing::targets(&report))?;
    Ok(if report.targets.is_empty() { 3 } else { 0 })
}
