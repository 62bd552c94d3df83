//! `pemedic plugin new|test`

use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::cli::failure::Failure;

/// Makes a new plugin.
///
/// # Errors
/// [`Failure`].
pub(crate) fn new(
    context: &mut Context<'_, '_>,
    name: &str,
    directory: Option<&Path>,
) -> Result<i32, Failure> {
    let report = context.session.plugin_new(name, directory.unwrap_or(Path::new(".")))?;
    context.show(&report, || {
        let folder = report.folder.display();
        let mut lines: Vec<String> =
            report.files.iter().map(|file| format!("made {folder}/{file}")).collect();
        lines.push(format!("Next: pemedic plugin test {folder}"));
        lines
    })?;
    Ok(0)
}

/// Runs the tests of plugins. Exit code 2 where one failed.
///
/// # Errors
/// [`Failure`].
pub(crate) fn test(context: &mut Context<'_, '_>, folders: &[PathBuf]) -> Result<i32, Failure> {
    let report = context.session.plugin_test(folders)?;
    context.show(&report, || {
        let mut lines = Vec::new();
        for test in &report.tests {
            let word = if test.failure.is_none() { "passed" } else { "FAILED" };
            lines.push(format!("{word}  {}  {}", test.plugin, test.name));
            lines.extend(
                test.failure.iter().flat_map(|why| why.lines()).map(|line| format!("        {line}")),
            );
        }
        let failed = report.tests.iter().filter(|test| test.failure.is_some()).count();
        lines.push(format!("{} tests, {failed} failed", report.tests.len()));
        lines
    })?;
    Ok(if report.passed() { 0 } else { 2 })
}
