//! `pemedic kb check|list`

use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::text::listing;

/// Lints articles. Exit code 2 where something is wrong.
///
/// # Errors
/// [`Failure`].
pub(crate) fn check(context: &mut Context<'_, '_>, paths: &[PathBuf]) -> Result<i32, Failure> {
    let report = context.session.kb_check(paths)?;
    context.show(&report, || {
        let mut lines: Vec<String> = report.rendered.iter().chain(&report.plugins).cloned().collect();
        lines.push(format!("{} articles, {} problems", report.articles, report.problems.len()));
        lines
    })?;
    Ok(if report.problems.is_empty() && report.plugins.is_empty() { 0 } else { 2 })
}

/// Lists the articles and their fixes.
///
/// # Errors
/// [`Failure`].
pub(crate) fn list(context: &mut Context<'_, '_>) -> Result<i32, Failure> {
    let list = context.session.kb_list();
    context.show(&list, || listing::articles(&list))?;
    Ok(0)
}
