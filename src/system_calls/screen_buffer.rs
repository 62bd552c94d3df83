//! Console screen buffers: cells written straight to them, no escape sequences.

use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{GENERIC_READ, GENERIC_WRITE, HANDLE, INVALID_HANDLE_VALUE};
use windows_sys::Win32::Storage::FileSystem::{
    CreateFileW, FILE_SHARE_READ, FILE_SHARE_WRITE, OPEN_EXISTING,
};
use windows_sys::Win32::System::Console::{
    CHAR_INFO, CHAR_INFO_0, CONSOLE_CURSOR_INFO, CONSOLE_FONT_INFOEX, CONSOLE_SCREEN_BUFFER_INFO,
    CONSOLE_TEXTMODE_BUFFER, COORD, CreateConsoleScreenBuffer, ENABLE_PROCESSED_OUTPUT,
    ENABLE_VIRTUAL_TERMINAL_PROCESSING, GetConsoleMode, GetConsoleScreenBufferInfo, GetCurrentConsoleFontEx,
    SMALL_RECT, SetConsoleActiveScreenBuffer, SetConsoleCursorInfo, SetConsoleCursorPosition, SetConsoleMode,
    WriteConsoleOutputW, WriteConsoleW,
};

use super::{check, wide};

/// Consoles before Windows 8 take no more than 64 KiB in one call; a cell is 4 bytes.
const CELLS_PER_CALL_MAX: usize = 8_000;

/// `TMPF_TRUETYPE` of `FontFamily` (wingdi.h): clear for a raster font.
const FONT_FAMILY_TRUE_TYPE: u32 = 4;

/// One UTF-16 unit and its attribute word (wincon.h: colours in the low byte).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScreenCell {
    /// The character.
    pub(crate) unit: u16,
    /// Foreground in bits 0-3, background in bits 4-7, double-width halves in bits 8-9.
    pub(crate) attributes: u16,
}

/// The visible part of a screen buffer and the cursor in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// First visible column of the buffer.
    left: i16,
    /// First visible row of the buffer.
    top: i16,
    /// Visible columns.
    pub(crate) width: u16,
    /// Visible rows.
    pub(crate) height: u16,
    /// Cursor, relative to the visible part.
    pub(crate) cursor: (u16, u16),
}

/// A screen buffer of this process's console.
#[derive(Debug)]
pub(crate) struct ScreenBuffer {
    handle: OwnedHandle,
}

impl ScreenBuffer {
    /// The buffer that is shown now.
    ///
    /// # Errors
    /// Those of the system; error 6 where the process has no console.
    pub(crate) fn active() -> io::Result<Self> {
        let name = wide("CONOUT$");
        // SAFETY: `name` ends in NUL and outlives the call; the other pointers may be null.
        let handle = unsafe {
            CreateFileW(
                name.as_ptr(),
                GENERIC_READ | GENERIC_WRITE,
                FILE_SHARE_READ | FILE_SHARE_WRITE,
                null(),
                OPEN_EXISTING,
                0,
                null_mut(),
            )
        };
        Self::own(handle)
    }

    /// A new buffer, not shown yet.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn create() -> io::Result<Self> {
        // SAFETY: all pointers may be null by the function's contract.
        let handle = unsafe {
            CreateConsoleScreenBuffer(
                GENERIC_READ | GENERIC_WRITE,
                FILE_SHARE_READ | FILE_SHARE_WRITE,
                null(),
                CONSOLE_TEXTMODE_BUFFER,
                null(),
            )
        };
        Self::own(handle)
    }

    fn own(handle: HANDLE) -> io::Result<Self> {
        if handle == INVALID_HANDLE_VALUE || handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the handle was just opened, is valid, and nobody else owns it.
        Ok(Self { handle: unsafe { OwnedHandle::from_raw_handle(handle) } })
    }

    fn raw(&self) -> HANDLE {
        self.handle.as_raw_handle()
    }

    /// Makes this the buffer that is shown.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn show(&self) -> io::Result<()> {
        // SAFETY: the handle is open for as long as `self` lives.
        check(unsafe { SetConsoleActiveScreenBuffer(self.raw()) })
    }

    /// What is visible.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn window(&self) -> io::Result<Window> {
        // SAFETY: plain data of integers, for which all zeros is a value.
        let mut buffer: CONSOLE_SCREEN_BUFFER_INFO = unsafe { std::mem::zeroed() };
        // SAFETY: the handle is open; `buffer` is writable and of the right type.
        check(unsafe { GetConsoleScreenBufferInfo(self.raw(), &raw mut buffer) })?;
        let SMALL_RECT { Left: left, Top: top, Right: right, Bottom: bottom } = buffer.srWindow;
        let extent =
            |first: i16, last: i16| u16::try_from(i32::from(last) - i32::from(first) + 1).unwrap_or(0);
        let within = |at: i16, first: i16| u16::try_from(i32::from(at) - i32::from(first)).unwrap_or(0);
        let cursor = buffer.dwCursorPosition;
        Ok(Window {
            left,
            top,
            width: extent(left, right),
            height: extent(top, bottom),
            cursor: (within(cursor.X, left), within(cursor.Y, top)),
        })
    }

    /// Shows or hides the cursor.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn set_cursor_visible(&self, visible: bool) -> io::Result<()> {
        let cursor = CONSOLE_CURSOR_INFO { dwSize: 25, bVisible: i32::from(visible) };
        // SAFETY: the handle is open; `cursor` outlives the call.
        check(unsafe { SetConsoleCursorInfo(self.raw(), &raw const cursor) })
    }

    /// Puts the cursor at a visible cell.
    ///
    /// # Errors
    /// Those of the system, also for a cell outside the buffer.
    pub(crate) fn set_cursor_position(&self, x: u16, y: u16) -> io::Result<()> {
        let window = self.window()?;
        let position = COORD { X: offset(window.left, x), Y: offset(window.top, y) };
        // SAFETY: the handle is open; the position is passed by value.
        check(unsafe { SetConsoleCursorPosition(self.raw(), position) })
    }

    /// Writes the rows `first..` of a screen of `width` columns; `cells` holds
    /// exactly these rows.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn write_rows(&self, cells: &[ScreenCell], width: u16, first: u16) -> io::Result<()> {
        let columns = usize::from(width.max(1));
        let rows_per_call = (CELLS_PER_CALL_MAX / columns).max(1);
        let mut row = first;
        for rows in cells.chunks(rows_per_call * columns) {
            row = row.saturating_add(self.write_block(rows, width, row)?);
        }
        Ok(())
    }

    /// One call's worth of [`ScreenBuffer::write_rows`]; returns the number of rows.
    fn write_block(&self, cells: &[ScreenCell], width: u16, first: u16) -> io::Result<u16> {
        let rows = u16::try_from(cells.len() / usize::from(width.max(1))).unwrap_or(u16::MAX);
        let window = self.window()?;
        let block: Vec<CHAR_INFO> = cells
            .iter()
            .map(|cell| CHAR_INFO {
                Char: CHAR_INFO_0 { UnicodeChar: cell.unit },
                Attributes: cell.attributes,
            })
            .collect();
        let mut region = SMALL_RECT {
            Left: window.left,
            Top: offset(window.top, first),
            Right: offset(window.left, width.saturating_sub(1)),
            Bottom: offset(window.top, first.saturating_add(rows).saturating_sub(1)),
        };
        let size = COORD { X: offset(0, width), Y: offset(0, rows) };
        // SAFETY: `block` holds width * rows cells as `size` says; `region` is writable.
        check(unsafe {
            WriteConsoleOutputW(self.raw(), block.as_ptr(), size, COORD { X: 0, Y: 0 }, &raw mut region)
        })?;
        Ok(rows)
    }

    /// The output mode bits.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn mode(&self) -> io::Result<u32> {
        let mut mode = 0;
        // SAFETY: the handle is open; `mode` is writable.
        check(unsafe { GetConsoleMode(self.raw(), &raw mut mode) })?;
        Ok(mode)
    }

    /// Sets the output mode bits.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn set_mode(&self, mode: u32) -> io::Result<()> {
        // SAFETY: the handle is open.
        check(unsafe { SetConsoleMode(self.raw(), mode) })
    }

    /// Whether escape sequences written here are obeyed, found out by writing
    /// one: a console may accept the mode bit and still print the sequence.
    /// Leaves text behind, so ask a buffer that is not shown.
    ///
    /// # Errors
    /// Those of the system; refusing the mode bit counts as an answer.
    pub(crate) fn obeys_escape_sequences(&self) -> io::Result<bool> {
        /// Moved by, and longer than the sequence itself would be as text.
        const COLUMNS: u16 = 10;
        let wanted = ENABLE_VIRTUAL_TERMINAL_PROCESSING | ENABLE_PROCESSED_OUTPUT;
        if self.mode().and_then(|mode| self.set_mode(mode | wanted)).is_err() {
            return Ok(false);
        }
        self.write_text("\x1b[10C")?;
        Ok(self.window()?.cursor == (COLUMNS, 0))
    }

    fn write_text(&self, text: &str) -> io::Result<()> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let count = u32::try_from(units.len()).unwrap_or(u32::MAX);
        let mut written = 0;
        // SAFETY: `units` holds `count` units; `written` is writable; the last pointer is reserved.
        check(unsafe { WriteConsoleW(self.raw(), units.as_ptr(), count, &raw mut written, null()) })
    }

    /// Whether the console draws with a raster font, which has the glyphs of
    /// the OEM code page only; `None` where the console does not say.
    pub(crate) fn has_raster_font(&self) -> Option<bool> {
        // SAFETY: plain data of integers, for which all zeros is a value.
        let mut font: CONSOLE_FONT_INFOEX = unsafe { std::mem::zeroed() };
        font.cbSize = u32::try_from(size_of::<CONSOLE_FONT_INFOEX>()).ok()?;
        // SAFETY: the handle is open; `font` is writable and says its own size.
        let known = unsafe { GetCurrentConsoleFontEx(self.raw(), 0, &raw mut font) } != 0;
        known.then_some(font.FontFamily & FONT_FAMILY_TRUE_TYPE == 0)
    }
}

/// `first + by` in console coordinates, which are signed.
fn offset(first: i16, by: u16) -> i16 {
    first.saturating_add(i16::try_from(by).unwrap_or(i16::MAX))
}
