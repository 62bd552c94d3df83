//! The console: where frames go and keys come from.
//!
//! The loop knows only [`Console`]. What stands behind it is chosen by [`open`]:
//! escape sequences where a trial shows that they are obeyed; cells written
//! straight to a screen buffer on a legacy Windows console, in most
//! remote-control tools and under Wine. Knows nothing of screens, keys'
//! meanings or the session.

#[cfg(any(windows, test))]
mod attributes;
mod backend;
mod events;
mod glyphs;
mod keys;
#[cfg(windows)]
mod legacy;
mod panic_message;
mod system;

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use ratatui::Frame;

use super::input::Input;

/// A place to draw on and to read keys from. Dropping it gives the console back
/// as it was.
pub trait Console {
    /// Draws one frame; only what differs from the last one is written.
    ///
    /// # Errors
    /// The console is gone.
    fn draw(&mut self, render: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()>;

    /// The next input, waiting for it no longer than `wait`.
    ///
    /// # Errors
    /// The console is gone.
    fn read(&mut self, wait: Duration) -> io::Result<Option<Input>>;

    /// Gives the console back, for a program that is started on it.
    ///
    /// # Errors
    /// The console is gone.
    fn suspend(&mut self) -> io::Result<()>;

    /// Takes the console again after [`Console::suspend`]; the next frame is
    /// drawn whole.
    ///
    /// # Errors
    /// The console is gone.
    fn resume(&mut self) -> io::Result<()>;
}

/// How the console is to be driven (`--console`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ConsoleChoice {
    /// Escape sequences where a trial shows that they work, else the console's own cells.
    #[default]
    Auto,
    /// Escape sequences, whatever the trial says.
    Vt,
    /// The Windows console's own cells; on other systems the same as vt.
    Legacy,
}

/// How the console is driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ConsoleKind {
    Vt,
    #[cfg(windows)]
    Legacy,
}

/// Why there is no console to draw on.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The process has none, or it was redirected.
    #[error(
        "the interface needs a console, and {0}: open a console window, or use the commands that need none (pemedic --help lists them)"
    )]
    Missing(&'static str),
    /// The console refused.
    #[error("the console cannot be used: {0}")]
    Io(#[from] io::Error),
}

/// Opens the console this program was started on: the whole screen, every key.
///
/// A panic while it is open is not printed over the screen: the message is kept
/// and comes out on standard error once the screen has been given back.
///
/// # Errors
/// [`ConsoleError`]: nothing was taken over.
pub fn open(choice: ConsoleChoice) -> Result<Box<dyn Console>, ConsoleError> {
    if !io::stdin().is_terminal() {
        return Err(ConsoleError::Missing("standard input is not one"));
    }
    Ok(Box::new(system::SystemConsole::open(kind_for(choice)?)?))
}

/// What `choice` comes to on this console. Forced escape sequences may go into
/// a pipe: a terminal can be at its other end.
#[cfg(windows)]
fn kind_for(choice: ConsoleChoice) -> Result<ConsoleKind, ConsoleError> {
    use crate::system_calls::screen_buffer::ScreenBuffer;
    let scratch = ScreenBuffer::create().map_err(|_| ConsoleError::Missing("this process has none"))?;
    Ok(match choice {
        ConsoleChoice::Vt => ConsoleKind::Vt,
        ConsoleChoice::Auto if io::stdout().is_terminal() && scratch.obeys_escape_sequences()? => {
            ConsoleKind::Vt
        }
        ConsoleChoice::Auto | ConsoleChoice::Legacy => ConsoleKind::Legacy,
    })
}

/// There is only one way here; only what is written to must be a terminal.
#[cfg(not(windows))]
fn kind_for(choice: ConsoleChoice) -> Result<ConsoleKind, ConsoleError> {
    if choice != ConsoleChoice::Vt && !io::stdout().is_terminal() {
        return Err(ConsoleError::Missing("standard output is not one"));
    }
    Ok(ConsoleKind::Vt)
}
