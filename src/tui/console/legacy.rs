//! A ratatui backend that writes cells to a Windows screen buffer.

use std::io;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use unicode_width::UnicodeWidthStr;

use crate::system_calls::screen_buffer::{ScreenBuffer, ScreenCell};

use super::attributes::{PLAIN, attributes};

const BLANK: ScreenCell = ScreenCell { unit: b' ' as u16, attributes: PLAIN };
/// `COMMON_LVB_LEADING_BYTE` and `COMMON_LVB_TRAILING_BYTE` (wincon.h): the
/// halves of a double-width character.
const LEADING_HALF: u16 = 0x100;
const TRAILING_HALF: u16 = 0x200;

/// The screen in a buffer of its own; what was shown before is untouched.
#[derive(Debug)]
pub(super) struct LegacyBackend {
    buffer: ScreenBuffer,
    before: ScreenBuffer,
    size: Size,
    cells: Vec<ScreenCell>,
    /// First and last row that differ from what the console shows.
    changed: Option<(u16, u16)>,
}

impl LegacyBackend {
    /// # Errors
    /// Those of the console.
    pub(super) fn enter() -> io::Result<Self> {
        let before = ScreenBuffer::active()?;
        let buffer = ScreenBuffer::create()?;
        buffer.show()?;
        let mut backend = Self { buffer, before, size: Size::ZERO, cells: Vec::new(), changed: None };
        backend.follow_size()?;
        Ok(backend)
    }

    /// # Errors
    /// Those of the console.
    pub(super) fn leave(&mut self) -> io::Result<()> {
        self.before.show()
    }

    /// Starts afresh when the window has another size than the cells.
    fn follow_size(&mut self) -> io::Result<()> {
        let size = self.size()?;
        if size != self.size {
            self.size = size;
            self.cells = vec![BLANK; usize::from(size.width) * usize::from(size.height)];
            self.changed = Some((0, size.height.saturating_sub(1)));
        }
        Ok(())
    }

    fn set(&mut self, x: u16, y: u16, cell: ScreenCell) {
        if x >= self.size.width || y >= self.size.height {
            return;
        }
        let index = usize::from(y) * usize::from(self.size.width) + usize::from(x);
        self.cells[index] = cell;
        self.changed = Some(self.changed.map_or((y, y), |(first, last)| (first.min(y), last.max(y))));
    }
}

impl Backend for LegacyBackend {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.follow_size()?;
        for (x, y, cell) in content {
            let style = attributes(cell.fg, cell.bg, cell.modifier);
            let unit = first_unit(cell.symbol());
            if cell.symbol().width() == 2 {
                self.set(x, y, ScreenCell { unit, attributes: style | LEADING_HALF });
                self.set(x + 1, y, ScreenCell { unit, attributes: style | TRAILING_HALF });
            } else {
                self.set(x, y, ScreenCell { unit, attributes: style });
            }
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.buffer.set_cursor_visible(false)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.buffer.set_cursor_visible(true)
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        let (x, y) = self.buffer.window()?.cursor;
        Ok(Position { x, y })
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        self.buffer.set_cursor_position(x, y)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.follow_size()?;
        self.cells.fill(BLANK);
        self.changed = Some((0, self.size.height.saturating_sub(1)));
        Ok(())
    }

    /// Ratatui redraws every cell after any clearing, so all is cleared.
    fn clear_region(&mut self, _region: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        let window = self.buffer.window()?;
        Ok(Size { width: window.width, height: window.height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        let Some((first, last)) = self.changed.take() else {
            return Ok(());
        };
        let width = usize::from(self.size.width);
        let rows = usize::from(first) * width..(usize::from(last) + 1) * width;
        let Some(cells) = self.cells.get(rows) else {
            return Ok(());
        };
        self.buffer.write_rows(cells, self.size.width, first)
    }
}

/// A cell holds one UTF-16 unit; what needs more shows as the replacement character.
fn first_unit(symbol: &str) -> u16 {
    let mut characters = symbol.chars().map(u32::from);
    let first = characters.next().unwrap_or(u32::from(' '));
    u16::try_from(first).unwrap_or(0xFFFD)
}

/// The output mode of the console as it was before escape sequences.
#[derive(Debug)]
pub(super) struct OutputMode {
    buffer: ScreenBuffer,
    mode: u32,
}

impl OutputMode {
    /// # Errors
    /// Those of the console.
    pub(super) fn keep() -> io::Result<Self> {
        let buffer = ScreenBuffer::active()?;
        let mode = buffer.mode()?;
        Ok(Self { buffer, mode })
    }

    pub(super) fn has_raster_font(&self) -> bool {
        self.buffer.has_raster_font().unwrap_or(false)
    }

    /// # Errors
    /// Those of the console.
    pub(super) fn restore(&self) -> io::Result<()> {
        self.buffer.set_mode(self.mode)
    }
}
