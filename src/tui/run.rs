//! The loop: input and answers in, frames and effects out. The only place
//! where effects are performed.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use crate::session::Session;

use super::after_panic::{self, Next};
use super::app::App;
use super::console::{self, Console, ConsoleChoice, ConsoleError};
use super::effect::{Duty, Effect};
use super::facts::Tone;
use super::machine;
use super::theme::Theme;
use super::worker::Worker;

/// How the interface is to look and behave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Marks of ASCII characters only.
    pub ascii: bool,
    /// The program is the shell of a boot medium: leaving restarts the machine.
    pub shell: bool,
    /// How the console is driven.
    pub console: ConsoleChoice,
}

/// With an answer under way, how soon it is looked for.
const WAIT_BUSY: Duration = Duration::from_millis(10);
/// With nothing under way.
const WAIT_IDLE: Duration = Duration::from_millis(250);
/// Keys that came faster than frames can be drawn are taken together, for no
/// longer than this.
const BURST: Duration = Duration::from_millis(30);

/// Runs the interface until the technician leaves it.
///
/// # Errors
/// There is no console, or it went away.
pub fn run(session: &Session, options: Options) -> Result<(), ConsoleError> {
    loop {
        // Nothing of the failed interface is used again: its parts are dropped
        // while the panic unwinds, and the console is given back.
        let ended = panic::catch_unwind(AssertUnwindSafe(|| run_once(session, options)));
        let Err(_panic) = ended else { return ended.unwrap_or(Ok(())) };
        match after_panic::ask(&mut io::stdin().lock(), &mut io::stderr())? {
            Next::Again => {}
            Next::Prompt => machine::command_prompt()?,
            Next::Leave => return Ok(()),
        }
    }
}

fn run_once(session: &Session, options: Options) -> Result<(), ConsoleError> {
    let mut console = console::open(options.console)?;
    let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let app = App::new(Theme::new(colours, options.ascii), options.shell);
    Ok(Loop { app, worker: Worker::start(session) }.run(console.as_mut())?)
}

struct Loop {
    app: App,
    worker: Worker,
}

impl Loop {
    fn run(mut self, console: &mut dyn Console) -> io::Result<()> {
        let effects = self.app.begin();
        if self.perform(effects, console)? {
            return Ok(());
        }
        loop {
            console.draw(&mut |frame| self.app.draw(frame))?;
            if self.turn(console)? {
                return Ok(());
            }
        }
    }

    /// One round of input and answers; true when it is time to go.
    fn turn(&mut self, console: &mut dyn Console) -> io::Result<bool> {
        let wait = if self.worker.is_busy() { WAIT_BUSY } else { WAIT_IDLE };
        let mut input = console.read(wait)?;
        self.app.set_clock(clock());
        let begun = Instant::now();
        while let Some(one) = input {
            let effects = self.app.on_input(one);
            if self.perform(effects, console)? {
                return Ok(true);
            }
            input = if begun.elapsed() < BURST { console.read(Duration::ZERO)? } else { None };
        }
        while let Some(report) = self.worker.answer() {
            let effects = self.app.on_report(&report);
            if self.perform(effects, console)? {
                return Ok(true);
            }
            if begun.elapsed() > BURST {
                break;
            }
        }
        Ok(false)
    }

    fn perform(&mut self, effects: Vec<Effect>, console: &mut dyn Console) -> io::Result<bool> {
        for effect in effects {
            match effect {
                Effect::Ask(ticket, request) => self.worker.ask(ticket, request),
                Effect::Cancel(ticket) => self.worker.cancel(ticket),
                Effect::Leave => return Ok(true),
                Effect::Prompt => self.prompt(console)?,
                Effect::Duty(duty) => self.duty(&duty),
            }
        }
        Ok(false)
    }

    fn prompt(&mut self, console: &mut dyn Console) -> io::Result<()> {
        console.suspend()?;
        let ended = machine::command_prompt();
        console.resume()?;
        match ended {
            Ok(()) => self.app.tell(Tone::Plain, "Back from the command prompt."),
            Err(error) => self.app.tell(Tone::Bad, &format!("The command prompt cannot be started: {error}")),
        }
        Ok(())
    }

    fn duty(&mut self, duty: &Duty) {
        match machine::perform(duty) {
            Ok(said) => self.app.tell(Tone::Good, said),
            Err(error) => self.app.tell(Tone::Bad, &error),
        }
    }
}

/// The time of day where this machine believes to be.
fn clock() -> String {
    jiff::Zoned::now().strftime("%H:%M:%S").to_string()
}
