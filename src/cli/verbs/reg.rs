//! `pemedic reg query|export|import`

use std::path::Path;

use serde::Serialize;

use crate::cli::arguments::RegVerb;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::text;
use crate::session::KeyReport;

use super::{apply, plan};

/// The `reg query` document.
#[derive(Serialize)]
struct QueryDocument<'a> {
    version: u32,
    keys: &'a [KeyReport],
}

/// Runs one of the `reg` verbs.
///
/// # Errors
/// [`Failure`].
pub(crate) fn run(context: &mut Context<'_, '_>, verb: &RegVerb) -> Result<i32, Failure> {
    match verb {
        RegVerb::Query { key, value, recursive } => query(context, key, value.as_deref(), *recursive),
        RegVerb::Export { key, file } => export(context, key, file.as_deref()),
        RegVerb::Import { file, plan: true } => preview(context, file),
        RegVerb::Import { file, plan: false } => {
            apply::carry_out(context, &|session, _| session.reg_import_plan(file))
        }
    }
}

fn query(
    context: &mut Context<'_, '_>,
    key: &str,
    value: Option<&str>,
    recursive: bool,
) -> Result<i32, Failure> {
    let mut keys = context.session.reg_query(key, recursive)?;
    if let Some(wanted) = value {
        for report in &mut keys {
            report.values.retain(|named| named.name.to_uppercase() == wanted.to_uppercase());
            report.subkeys.clear();
        }
        keys.retain(|report| !report.values.is_empty());
    }
    let code = if keys.is_empty() { 3 } else { 0 };
    if code != 0 {
        context.console.note(format!("{key} has no value {:?}", value.unwrap_or_default()))?;
    }
    context.show(&QueryDocument { version: 1, keys: &keys }, || {
        keys.iter().flat_map(text::registry::key).collect()
    })?;
    Ok(code)
}

fn export(context: &mut Context<'_, '_>, key: &str, file: Option<&Path>) -> Result<i32, Failure> {
    match file {
        Some(file) => {
            context.session.reg_export_file(key, file)?;
            context.console.note(format!("{key} written to {}", file.display()))?;
        }
        None => write!(context.console.out, "{}", context.session.reg_export(key)?)?,
    }
    Ok(0)
}

fn preview(context: &mut Context<'_, '_>, file: &Path) -> Result<i32, Failure> {
    let prepared = context.session.reg_import_plan(file)?;
    context.show(prepared.plan(), || text::plan::plan(prepared.plan()))?;
    Ok(plan::exit_code(prepared.plan()))
}
