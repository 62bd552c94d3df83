//! The command line: verbs, text and `--json` output.
//!
//! Knows how results are said. Everything is done by [`crate::session`].

mod arguments;
mod console;
mod context;
mod failure;
mod text;
mod verbs;

use std::ffi::OsString;
use std::io;

use clap::Parser as _;

use crate::session::{Options, Session};

pub use arguments::{Arguments, Common};
pub use console::Console;

use arguments::{HiveVerb, KbVerb, Verb};
use context::Context;
use failure::{ErrorDocument, Failure};

/// Exit code of wrong usage (`EX_USAGE`, sysexits.h).
const USAGE: i32 = 64;

/// Runs one command line and returns the process exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> i32 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, console),
    };
    match dispatch(&arguments, console) {
        Ok(code) => code,
        Err(failure) => {
            // A stream that breaks while the failure is told leaves only the code.
            let _ = tell(&failure, arguments.common.json, console);
            failure.code()
        }
    }
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

fn tell(failure: &Failure, json: bool, console: &mut Console<'_>) -> io::Result<()> {
    let Failure::Session(error) = failure else { return Ok(()) };
    if json {
        console.document(&ErrorDocument::new(error))?;
    }
    console.note(format!("pemedic: {error}"))
}

fn dispatch(arguments: &Arguments, console: &mut Console<'_>) -> Result<i32, Failure> {
    let common = &arguments.common;
    let session = Session::open(options(common));
    let mut context = Context { session, common, console };
    match &arguments.verb {
        Verb::Search { text } => verbs::search::run(&mut context, text),
        Verb::Explain { code } => verbs::search::explain(&mut context, code),
        Verb::Show { article } => verbs::show::run(&mut context, article),
        Verb::Targets => verbs::targets::run(&mut context),
        Verb::Scan => verbs::scan::run(&mut context),
        Verb::Plan { fixes } => verbs::plan::run(&mut context, fixes),
        Verb::Apply { fixes } => verbs::apply::run(&mut context, fixes),
        Verb::Undo { receipt, only } => verbs::history::undo(&mut context, receipt.as_deref(), only),
        Verb::History => verbs::history::run(&mut context),
        Verb::Reg { verb } => verbs::reg::run(&mut context, verb),
        Verb::Hive { verb: HiveVerb::Check { files } } => verbs::hive::check(&mut context, files),
        Verb::Kb { verb: KbVerb::Check { paths } } => verbs::kb::check(&mut context, paths),
        Verb::Kb { verb: KbVerb::List } => verbs::kb::list(&mut context),
    }
}

fn options(common: &Common) -> Options {
    Options {
        target: common.target.first().cloned(),
        roots: common.root.clone(),
        packs: common.kb.clone(),
        log_dir: common.log_dir.clone(),
    }
}
