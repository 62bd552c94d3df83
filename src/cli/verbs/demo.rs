//! `pemedic demo [DIR]`

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::text;
use crate::session::{Choices, Confirmation, DemoInstallation, Outcome, Prepared, Session, SessionError};

/// Builds small broken installations; opens the interface on them, or without
/// a terminal runs every repair and its undo. Exit code 5 where one failed.
///
/// # Errors
/// [`Failure`].
pub(crate) fn run(context: &mut Context<'_, '_>, directory: Option<&Path>) -> Result<i32, Failure> {
    let temporary = if directory.is_none() { Some(temporary_folder()?) } else { None };
    let root = directory.map_or_else(
        || temporary.as_ref().map(|folder| folder.path().to_owned()).unwrap_or_default(),
        Path::to_owned,
    );
    fs::create_dir_all(&root).map_err(|error| cannot_make(&root, &error))?;
    let installations = context.session.build_demo(&root)?;
    if context.console.interactive && !context.common.json {
        return show(context, &root, &installations);
    }
    let mut failed = false;
    for installation in &installations {
        failed |= !demonstrate(context, installation)?;
    }
    let verdict = if failed {
        "At least one repair did not do what it should."
    } else {
        "All five repairs were applied, verified and taken back."
    };
    context.lines(&[String::new(), verdict.to_owned()])?;
    Ok(if failed { 5 } else { 0 })
}

fn temporary_folder() -> Result<tempfile::TempDir, Failure> {
    let folder = tempfile::Builder::new().prefix("pemedic-demo-").tempdir();
    folder.map_err(|error| cannot_make(&std::env::temp_dir(), &error).into())
}

fn cannot_make(folder: &Path, error: &std::io::Error) -> SessionError {
    SessionError::usage(format!("cannot make a folder at {}: {error}", folder.display()))
        .next("name a place that can be written: pemedic demo DIR")
}

/// Opens the interface on the installations.
fn show(
    context: &mut Context<'_, '_>,
    root: &Path,
    installations: &[DemoInstallation],
) -> Result<i32, Failure> {
    for installation in installations {
        context.note(&format!("{}: try: {}", installation.folder.display(), installation.said))?;
    }
    context.session = context.session.with_roots(&[root.to_owned()]);
    super::interface::run(context, false)
}

/// From what was said to the repair and back; whether all went as it should.
fn demonstrate(context: &mut Context<'_, '_>, installation: &DemoInstallation) -> Result<bool, Failure> {
    let session = context.session.with_target(&installation.folder);
    let mut lines = vec![String::new(), text::plan::target(&session.target()?)];
    lines.push(format!("  it said: {}", installation.said));
    let results = session.search(&installation.said, None).results;
    let found = results.first().is_some_and(|hit| hit.id == installation.article);
    lines.extend(results.iter().take(1).flat_map(text::search::result).map(|line| format!("  {line}")));
    let before = content(&session)?;
    let applied = apply(&session, &installation.fix, &mut lines)?;
    let changed = content(&session)? != before;
    // What was not applied cannot be taken back; the verdict says so.
    let undone = applied && undo(&session, &mut lines)?;
    let restored = content(&session)? == before;
    lines.push(format!(
        "  article found: {}; applied and verified: {}; taken back, content as before: {}",
        word(found),
        word(applied && changed),
        word(undone && restored)
    ));
    context.lines(&lines)?;
    Ok(found && applied && changed && undone && restored)
}

fn word(truth: bool) -> &'static str {
    if truth { "yes" } else { "NO" }
}

fn apply(session: &Session, fix: &str, lines: &mut Vec<String>) -> Result<bool, SessionError> {
    let prepared = session.plan(&[fix.to_owned()], &Choices::default())?;
    lines.extend(prepared.plan().fixes.iter().flat_map(text::plan::fix_plan).map(|line| format!("  {line}")));
    carry_out(session, &prepared, lines)
}

fn undo(session: &Session, lines: &mut Vec<String>) -> Result<bool, SessionError> {
    let prepared = session.undo_plan(None, &[], &Choices::default())?;
    carry_out(session, &prepared, lines)
}

fn carry_out(session: &Session, prepared: &Prepared, lines: &mut Vec<String>) -> Result<bool, SessionError> {
    let report = session.apply(prepared, Confirmation::default(), &mut |_| {}, &AtomicBool::new(false))?;
    lines.extend(report.failure.iter().map(|failure| format!("  {failure}")));
    Ok(report.outcome == Outcome::Applied)
}

/// Everything the repairs can change: both hives as text, and the names of all
/// files outside the receipts.
fn content(session: &Session) -> Result<(String, Vec<PathBuf>), SessionError> {
    let registry =
        format!("{}{}", session.reg_export(r"HKLM\SYSTEM")?, session.reg_export(r"HKLM\SOFTWARE")?);
    let volume = session.target()?.volume;
    let mut files = Vec::new();
    let mut folders = vec![volume.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path == volume.join("pemedic") {
                continue;
            }
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok((registry, files))
}
