//! `pemedic scan`

use std::sync::atomic::AtomicBool;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::text::listing;
use crate::session::Status;

/// Probes every fix. Exit code 2 where something was found.
///
/// # Errors
/// [`Failure`].
pub(crate) fn run(context: &mut Context<'_, '_>) -> Result<i32, Failure> {
    let session = context.session.clone();
    let report = session.scan(&mut context.progress(), &AtomicBool::new(false))?;
    context.show(&report, || listing::scan(&report))?;
    let found = report
        .fixes
        .iter()
        .any(|fix| matches!(fix.status, Status::Blocked | Status::Needed) && !fix.optional);
    Ok(if found { 2 } else { 0 })
}
