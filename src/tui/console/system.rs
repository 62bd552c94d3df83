//! The console of this process.

use std::io::{self, Write as _};
use std::time::Duration;

use ratatui::{Frame, Terminal};

use crate::tui::input::Input;

use super::backend::ConsoleBackend;
use super::events::{Crossterm, Events};
use super::{Console, ConsoleKind, panic_message};

pub(super) struct SystemConsole {
    terminal: Terminal<ConsoleBackend>,
    events: Events<Crossterm>,
    kind: ConsoleKind,
    /// Last, so that it speaks after the screen was given back.
    _panic_message: panic_message::Kept,
}

impl SystemConsole {
    pub(super) fn open(kind: ConsoleKind) -> io::Result<Self> {
        let panic_message = panic_message::Kept::new();
        let mut terminal = Terminal::new(ConsoleBackend::enter(kind)?)?;
        terminal.hide_cursor()?;
        terminal.clear()?;
        let events = Events::new(Crossterm, cfg!(windows));
        Ok(Self { terminal, events, kind, _panic_message: panic_message })
    }
}

impl Console for SystemConsole {
    fn draw(&mut self, render: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(|frame| render(frame)).map(|_| ())
    }

    fn read(&mut self, wait: Duration) -> io::Result<Option<Input>> {
        self.events.next(wait)
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.terminal.show_cursor()?;
        self.terminal.backend_mut().leave()
    }

    fn resume(&mut self) -> io::Result<()> {
        *self.terminal.backend_mut() = ConsoleBackend::enter(self.kind)?;
        self.terminal.hide_cursor()?;
        self.terminal.clear()
    }
}

impl Drop for SystemConsole {
    fn drop(&mut self) {
        // Nobody is left to tell; the console may be gone already.
        let _ = self.suspend();
        let _ = io::stdout().flush();
    }
}
