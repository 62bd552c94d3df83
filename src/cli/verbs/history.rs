//! `pemedic history` and `pemedic undo`

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::text::listing;

use super::apply::carry_out;

/// Lists the receipts of the target.
///
/// # Errors
/// [`Failure`].
pub(crate) fn run(context: &mut Context<'_, '_>) -> Result<i32, Failure> {
    let history = context.session.history()?;
    context.show(&history, || listing::history(&history))?;
    Ok(0)
}

/// Takes a receipt back, or some of its fixes.
///
/// # Errors
/// [`Failure`].
pub(crate) fn undo(
    context: &mut Context<'_, '_>,
    receipt: Option<&str>,
    only: &[String],
) -> Result<i32, Failure> {
    carry_out(context, &|session, choices| session.undo_plan(receipt, only, choices))
}
