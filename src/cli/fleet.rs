//! One verb on many installations: each is worked on by itself, none stops the
//! others, and each gets one line.

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::session::Session;

use super::arguments::{Common, RegVerb, Verb};
use super::cmtrace::RunLog;
use super::console::Console;
use super::context::Context;
use super::failure::{ErrorDocument, Failure};

/// The worst of many exit codes is the first of these that occurred: rolled
/// back, refused, no such, wrong usage, stream gone, something pending.
const WORST_FIRST: [i32; 6] = [5, 4, 3, 64, 1, 2];

/// The results of all: what `--json` prints.
#[derive(Serialize)]
struct FleetDocument {
    version: u32,
    targets: Vec<TargetResult>,
}

/// What became of one installation.
#[derive(Serialize)]
struct TargetResult {
    target: PathBuf,
    exit_code: i32,
    /// The document the verb prints for one target.
    result: Value,
}

/// Runs the verb on every `--target`; the exit code is the worst.
///
/// # Errors
/// Wrong usage for a verb that cannot be said of many, and [`Failure::Stream`];
/// what goes wrong with one installation is in its line.
pub(super) fn run(
    session: &Session,
    common: &Common,
    verb: &Verb,
    console: &mut Console<'_>,
    log: &mut RunLog,
) -> Result<i32, Failure> {
    if let Verb::Reg { verb: RegVerb::Export { .. } } = verb {
        return Err(Failure::usage("reg export writes one file: name one installation with --target"));
    }
    let mut results = Vec::new();
    for target in &common.target {
        let result = one(session, common, verb, target, console, log);
        if !common.json {
            let summary = summary(&result.result, result.exit_code);
            console.say(format!("{}\t{}\t{summary}", target.display(), result.exit_code))?;
        }
        results.push(result);
    }
    let codes: Vec<i32> = results.iter().map(|result| result.exit_code).collect();
    if common.json {
        console.document(&FleetDocument { version: 1, targets: results })?;
    }
    Ok(worst(&codes))
}

/// Nobody is asked anything: a question would be about one of many.
fn one(
    session: &Session,
    common: &Common,
    verb: &Verb,
    target: &Path,
    console: &mut Console<'_>,
    log: &mut RunLog,
) -> TargetResult {
    let mut printed = Vec::new();
    let mut quiet = Console {
        out: &mut printed,
        err: &mut *console.err,
        input: &mut io::empty(),
        interactive: false,
        width: console.width,
    };
    let common = Common { target: vec![target.to_owned()], json: true, ..common.clone() };
    let mut context =
        Context { session: session.with_target(target), common: &common, console: &mut quiet, log };
    let outcome = super::perform(&mut context, verb);
    let (exit_code, result) = match outcome {
        Ok(code) => (code, serde_json::from_slice(&printed).unwrap_or(Value::Null)),
        Err(failure) => (failure.code(), error_document(&failure)),
    };
    TargetResult { target: target.to_owned(), exit_code, result }
}

fn error_document(failure: &Failure) -> Value {
    match failure {
        Failure::Session(error) => serde_json::to_value(ErrorDocument::new(error)).unwrap_or(Value::Null),
        Failure::Stream => Value::Null,
    }
}

fn worst(codes: &[i32]) -> i32 {
    let bad = WORST_FIRST.into_iter().find(|code| codes.contains(code));
    // What is left is 0 and the code that asks for a restart.
    bad.or_else(|| codes.iter().copied().find(|code| *code != 0)).unwrap_or(0)
}

/// One line out of a verb's document.
fn summary(document: &Value, exit_code: i32) -> String {
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let line = if let Some(error) = text("error") {
        error.to_owned()
    } else if let Some(outcome) = text("outcome") {
        let receipt = text("receipt").map(|name| format!(", receipt {name}")).unwrap_or_default();
        let failure = text("failure").map(|why| format!(": {why}")).unwrap_or_default();
        format!("{outcome}{receipt}{failure}")
    } else if let Some(receipts) = document.get("receipts").and_then(Value::as_array) {
        format!("{} receipts", receipts.len())
    } else if document.get("fixes").is_some() {
        let listed = ["needed", "blocked"].map(|status| fixes_that_are(document, status)).concat();
        if listed.is_empty() { "nothing found".to_owned() } else { listed }
    } else {
        format!("exit code {exit_code}")
    };
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `needed: kb910341/senslogn-xp; `
fn fixes_that_are(document: &Value, status: &str) -> String {
    let fixes = document.get("fixes").and_then(Value::as_array).into_iter().flatten();
    let names: Vec<&str> = fixes
        .filter(|fix| fix.get("status").and_then(Value::as_str) == Some(status))
        .filter(|fix| fix.get("optional").and_then(Value::as_bool) != Some(true))
        .filter_map(|fix| fix.get("fix").and_then(Value::as_str))
        .collect();
    if names.is_empty() { String::new() } else { format!("{status}: {}; ", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_worst_code_wins_and_a_restart_beats_nothing() {
        assert_eq!(worst(&[0, 2, 5, 4]), 5);
        assert_eq!(worst(&[0, 3, 2]), 3);
        assert_eq!(worst(&[0, 3010, 0]), 3010);
        assert_eq!(worst(&[2, 3010]), 2);
        assert_eq!(worst(&[0, 0]), 0);
    }

    #[test]
    fn an_apply_is_told_in_one_line() {
        let applied = json!({"outcome": "applied", "receipt": "r1"});
        assert_eq!(summary(&applied, 0), "applied, receipt r1");
        let refused = json!({"outcome": "refused", "receipt": null, "failure": "the target\nis hibernated"});
        assert_eq!(summary(&refused, 4), "refused: the target is hibernated");
    }

    #[test]
    fn a_scan_names_what_was_found_and_leaves_alternatives_out() {
        let scan = json!({"fixes": [
            {"fix": "a/b", "status": "needed", "optional": false},
            {"fix": "a/c", "status": "needed", "optional": true},
            {"fix": "d/e", "status": "blocked", "optional": false},
            {"fix": "f/g", "status": "healthy", "optional": false}]});
        assert_eq!(summary(&scan, 2), "needed: a/b; blocked: d/e;");
        assert_eq!(summary(&json!({"fixes": []}), 0), "nothing found");
    }

    #[test]
    fn an_error_is_the_line() {
        assert_eq!(
            summary(&json!({"error": "no Windows installation in /mnt"}), 3),
            "no Windows installation in /mnt"
        );
    }
}
