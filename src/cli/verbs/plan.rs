//! `pemedic plan FIX…`

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::text;
use crate::session::{Plan, Status};

/// Previews fixes; writes nothing. Exit code 2 where something is pending, 4
/// where nothing is but something stands in the way of knowing.
///
/// # Errors
/// [`Failure`].
pub(crate) fn run(context: &mut Context<'_, '_>, fixes: &[String]) -> Result<i32, Failure> {
    let prepared = context.session.plan(fixes, &context.choices()?)?;
    context.show(prepared.plan(), || text::plan::plan(prepared.plan()))?;
    Ok(exit_code(prepared.plan()))
}

/// The exit code of a preview.
pub(crate) fn exit_code(plan: &Plan) -> i32 {
    let any = |status: Status| plan.fixes.iter().any(|fix| fix.status == status);
    if any(Status::Needed) {
        2
    } else if any(Status::Blocked) {
        4
    } else {
        0
    }
}
