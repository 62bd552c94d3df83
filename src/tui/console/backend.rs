//! One ratatui backend over both ways of driving a console.

use std::io::{self, Stdout, stdout};

use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::{ConsoleKind, glyphs};

/// The screen, however it is driven.
#[derive(Debug)]
pub(super) struct ConsoleBackend {
    driver: Driver,
    /// The font may lack typographic characters.
    plain_glyphs: bool,
    /// The screen is ours and must be given back.
    entered: bool,
}

#[derive(Debug)]
enum Driver {
    Vt {
        backend: CrosstermBackend<Stdout>,
        #[cfg(windows)]
        before: super::legacy::OutputMode,
    },
    #[cfg(windows)]
    Legacy(super::legacy::LegacyBackend),
}

/// Runs the same call on whichever driver there is.
macro_rules! each {
    ($backend:expr, $driver:ident => $call:expr) => {
        match &mut $backend.driver {
            Driver::Vt { backend: $driver, .. } => $call,
            #[cfg(windows)]
            Driver::Legacy($driver) => $call,
        }
    };
}

impl ConsoleBackend {
    /// Takes the screen and the keys over.
    ///
    /// # Errors
    /// Those of the console; what was taken is given back.
    pub(super) fn enter(kind: ConsoleKind) -> io::Result<Self> {
        enable_raw_mode()?;
        Self::screen(kind).inspect_err(|_| {
            // The reason that is reported is the one that matters.
            let _ = disable_raw_mode();
        })
    }

    #[cfg(windows)]
    fn screen(kind: ConsoleKind) -> io::Result<Self> {
        use super::legacy::{LegacyBackend, OutputMode};
        if kind == ConsoleKind::Legacy {
            let legacy = LegacyBackend::enter()?;
            return Ok(Self { driver: Driver::Legacy(legacy), plain_glyphs: true, entered: true });
        }
        let mode = OutputMode::keep()?;
        let plain_glyphs = mode.has_raster_font();
        crossterm::execute!(stdout(), EnterAlternateScreen)?;
        let driver = Driver::Vt { backend: CrosstermBackend::new(stdout()), before: mode };
        Ok(Self { driver, plain_glyphs, entered: true })
    }

    #[cfg(not(windows))]
    fn screen(_kind: ConsoleKind) -> io::Result<Self> {
        crossterm::execute!(stdout(), EnterAlternateScreen, crossterm::event::EnableBracketedPaste)?;
        let driver = Driver::Vt { backend: CrosstermBackend::new(stdout()) };
        Ok(Self { driver, plain_glyphs: false, entered: true })
    }

    /// Gives screen and keys back; again does nothing.
    ///
    /// # Errors
    /// Those of the console, after everything was tried.
    pub(super) fn leave(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.entered, false) {
            return Ok(());
        }
        let screen = self.driver.leave();
        disable_raw_mode()?;
        screen
    }
}

impl Driver {
    /// Shows again what was there before.
    fn leave(&mut self) -> io::Result<()> {
        match self {
            Driver::Vt {
                #[cfg(windows)]
                before,
                ..
            } => {
                #[cfg(not(windows))]
                crossterm::execute!(stdout(), crossterm::event::DisableBracketedPaste)?;
                crossterm::execute!(stdout(), LeaveAlternateScreen)?;
                #[cfg(windows)]
                before.restore()?;
                Ok(())
            }
            #[cfg(windows)]
            Driver::Legacy(legacy) => legacy.leave(),
        }
    }
}

impl Drop for ConsoleBackend {
    fn drop(&mut self) {
        // Nothing better can be done about a console that is gone.
        let _ = self.leave();
    }
}

impl Backend for ConsoleBackend {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        if !self.plain_glyphs {
            return each!(self, driver => driver.draw(content));
        }
        let plain: Vec<(u16, u16, Cell)> =
            content.map(|(x, y, cell)| (x, y, glyphs::with_plain_symbol(cell))).collect();
        let cells = plain.iter().map(|(x, y, cell)| (*x, *y, cell));
        each!(self, driver => driver.draw(cells))
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        each!(self, driver => driver.hide_cursor())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        each!(self, driver => driver.show_cursor())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        each!(self, driver => driver.get_cursor_position())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        each!(self, driver => driver.set_cursor_position(position))
    }

    fn clear(&mut self) -> io::Result<()> {
        each!(self, driver => driver.clear())
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        each!(self, driver => driver.clear_region(clear_type))
    }

    fn size(&self) -> io::Result<Size> {
        match &self.driver {
            Driver::Vt { backend, .. } => backend.size(),
            #[cfg(windows)]
            Driver::Legacy(driver) => driver.size(),
        }
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        each!(self, driver => driver.window_size())
    }

    fn flush(&mut self) -> io::Result<()> {
        each!(self, driver => Backend::flush(driver))
    }
}
