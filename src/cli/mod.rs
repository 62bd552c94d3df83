//! The command line: verbs, text and `--json` output.
//!
//! Knows how results are said. Everything is done by [`crate::session`].

mod arguments;
mod cmtrace;
mod console;
mod context;
mod failure;
mod fleet;
mod text;
mod verbs;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use clap::Parser as _;

use crate::session::{Options, Session, SessionError};

pub use arguments::{Arguments, Common};
pub use console::Console;

use arguments::{HiveVerb, KbVerb, PluginVerb, Verb};
use cmtrace::{RunLog, Severity};
use context::Context;
use failure::{ErrorDocument, Failure};

/// Exit code of wrong usage (`EX_USAGE`, sysexits.h).
const USAGE: i32 = 64;

/// Runs one command line and returns the process exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> i32 {
    let words: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, console),
    };
    let mut log = RunLog::default();
    let result =
        open_log(&arguments.common, &words, &mut log).and_then(|()| dispatch(&arguments, console, &mut log));
    let code = result.unwrap_or_else(|failure| {
        // A stream that breaks while the failure is told leaves only the code.
        let _ = tell(&failure, arguments.common.json, console, &mut log);
        failure.code()
    });
    log.record(Severity::of_exit_code(code), &format!("exit code {code}"));
    code
}

/// Starts the log of this run with what was asked for.
fn open_log(common: &Common, words: &[OsString], log: &mut RunLog) -> Result<(), Failure> {
    *log = RunLog::open(common.log.as_deref())
        .map_err(|error| SessionError::no_such(format!("the log file cannot be written: {error}")))?;
    let asked: Vec<_> = words.iter().skip(1).map(|word| word.to_string_lossy()).collect();
    log.record(Severity::Information, &format!("pemedic {}: {}", env!("CARGO_PKG_VERSION"), asked.join(" ")));
    Ok(())
}

/// Help and version are results; everything else is wrong usage.
fn usage(error: &clap::Error, console: &mut Console<'_>) -> i32 {
    let text = error.render();
    if error.use_stderr() {
        let _ = write!(console.err, "{text}");
        USAGE
    } else {
        let _ = write!(console.out, "{text}");
        0
    }
}

fn tell(failure: &Failure, json: bool, console: &mut Console<'_>, log: &mut RunLog) -> io::Result<()> {
    let Failure::Session(error) = failure else { return Ok(()) };
    log.record(Severity::Error, &error.to_string());
    if json {
        console.document(&ErrorDocument::new(error))?;
    }
    console.note(format!("pemedic: {error}"))
}

fn dispatch(arguments: &Arguments, console: &mut Console<'_>, log: &mut RunLog) -> Result<i32, Failure> {
    let common = &arguments.common;
    let session = Session::open(options(common));
    for problem in session.pack_problems() {
        log.record(Severity::Warning, problem);
        console.note(problem)?;
    }
    let Some(verb) = &arguments.verb else {
        return verbs::interface::run(&mut Context { session, common, console, log }, false);
    };
    if verb.works_on_a_target() && (common.all || common.target.len() > 1) {
        let targets = if common.all { session.every_target()? } else { common.target.clone() };
        return fleet::run(&session, &Common { target: targets, ..common.clone() }, verb, console, log);
    }
    if common.all {
        return Err(Failure::usage(
            "--all goes with verbs that work on a target: scan, plan, apply, undo, history, reg",
        ));
    }
    perform(&mut Context { session, common, console, log }, verb)
}

fn perform(context: &mut Context<'_, '_>, verb: &Verb) -> Result<i32, Failure> {
    match verb {
        Verb::Shell => verbs::interface::run(context, true),
        Verb::Search { text } => verbs::search::run(context, text),
        Verb::Explain { code } => verbs::search::explain(context, code),
        Verb::Show { article } => verbs::show::run(context, article),
        Verb::Targets => verbs::targets::run(context),
        Verb::Scan => verbs::scan::run(context),
        Verb::Plan { fixes } => verbs::plan::run(context, fixes),
        Verb::Apply { fixes } => verbs::apply::run(context, fixes),
        Verb::Undo { receipt, only } => verbs::history::undo(context, receipt.as_deref(), only),
        Verb::History => verbs::history::run(context),
        Verb::Reg { verb } => verbs::reg::run(context, verb),
        Verb::Hive { verb: HiveVerb::Check { files } } => verbs::hive::check(context, files),
        Verb::Kb { verb: KbVerb::Check { paths } } => verbs::kb::check(context, paths),
        Verb::Demo { directory } => verbs::demo::run(context, directory.as_deref()),
        Verb::Kb { verb: KbVerb::List } => verbs::kb::list(context),
        Verb::Kb { verb: KbVerb::Pack { paths, output, title } } => {
            verbs::pack::write(context, paths, output, title.as_deref())
        }
        Verb::Kb { verb: KbVerb::Verify { files } } => verbs::pack::verify(context, files),
        Verb::Plugin { verb: PluginVerb::New { name, directory } } => {
            verbs::plugin::new(context, name, directory.as_deref())
        }
        Verb::Plugin { verb: PluginVerb::Test { folders } } => verbs::plugin::test(context, folders),
    }
}

/// The folder of this name beside the executable, where there is one, before
/// those that were named: on a stick it travels with the program.
fn with_folder_beside(name: &str, named: &[PathBuf]) -> Vec<PathBuf> {
    let executable = std::env::current_exe().ok();
    let beside = executable.and_then(|path| Some(path.parent()?.join(name))).filter(|folder| folder.is_dir());
    beside.into_iter().chain(named.iter().cloned()).collect()
}

fn options(common: &Common) -> Options {
    Options {
        target: common.target.first().cloned(),
        roots: common.root.clone(),
        packs: with_folder_beside("kb", &common.kb),
        plugins: with_folder_beside("plugins", &common.plugins),
        trust: with_folder_beside("keys", &common.trust),
        log_dir: common.log_dir.clone(),
    }
}
