//! `pemedic kb pack|verify`

use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::session::{CheckedPack, Trust};

/// Puts articles and plugins into one file.
///
/// # Errors
/// [`Failure`].
pub(crate) fn write(
    context: &mut Context<'_, '_>,
    paths: &[PathBuf],
    output: &Path,
    title: Option<&str>,
) -> Result<i32, Failure> {
    let name = output.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let report = context.session.kb_pack(paths, output, title.unwrap_or(&name))?;
    context.show(&report, || {
        let file = report.pack.display();
        let mut lines: Vec<String> = report.files.iter().map(|name| format!("  {name}")).collect();
        lines.insert(0, format!("{file}: {} files, not signed", report.files.len()));
        lines.push(format!("To sign it: minisign -S -m {file}"));
        lines.push(format!("then append {file}.minisig to it: cat {file}.minisig >> {file}"));
        lines.push(format!("(Windows: copy /b {file}+{file}.minisig signed.pack)"));
        lines
    })?;
    Ok(0)
}

/// Says who signed packs. Exit code 0 where keys that are trusted signed all,
/// 2 where one is not signed by such a key, 4 where one cannot be used.
///
/// # Errors
/// [`Failure`].
pub(crate) fn verify(context: &mut Context<'_, '_>, files: &[PathBuf]) -> Result<i32, Failure> {
    let report = context.session.kb_verify(files)?;
    context.show(&report, || {
        report.packs.iter().flat_map(checked).chain(report.keys.iter().cloned()).collect()
    })?;
    let code = |pack: &CheckedPack| match &pack.trust {
        None => 4,
        Some(trust) if trust.is_signed() => 0,
        Some(_) => 2,
    };
    Ok(report.packs.iter().map(code).max().unwrap_or(0))
}

fn checked(pack: &CheckedPack) -> Vec<String> {
    let verdict = match (&pack.trust, &pack.failure) {
        (Some(Trust::Signed { key }), _) => format!("signed; the key is {key}"),
        (Some(Trust::UnknownKey), _) => {
            "signed with a key that you do not trust; name it with --trust if you do".to_owned()
        }
        (Some(Trust::Unsigned), _) => "NOT SIGNED".to_owned(),
        (None, failure) => format!("UNUSABLE: {}", failure.as_deref().unwrap_or_default()),
    };
    let mut lines = vec![format!("{}: {verdict}", pack.pack.display())];
    lines.extend(pack.files.iter().map(|name| format!("  {name}")));
    lines
}
