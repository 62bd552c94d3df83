//! The console: where frames go and keys come from.
//!
//! The loop knows only [`Console`]. What stands behind it (escape sequences,
//! the Windows console's own calls, a test's script) is chosen by [`open`].

mod escape;

use std::io;
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

/// Opens the console this program was started on.
///
/// # Errors
/// There is none: output goes to a file or a pipe.
pub fn open() -> io::Result<Box<dyn Console>> {
    Ok(Box::new(escape::EscapeConsole::open()?))
}
