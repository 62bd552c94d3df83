//! `pemedic` and `pemedic shell`

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::session::SessionError;
use crate::tui;

/// Opens the terminal interface.
///
/// # Errors
/// [`Failure`] without a terminal.
pub(crate) fn run(context: &mut Context<'_, '_>, shell: bool) -> Result<i32, Failure> {
    let options = tui::Options { ascii: context.common.ascii, shell, console: context.common.console };
    tui::run(&context.session, options).map_err(|error| {
        SessionError::usage(format!("the interface cannot be opened: {error}"))
            .next("every verb works without a terminal: pemedic --help")
    })?;
    Ok(0)
}
