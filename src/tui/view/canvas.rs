//! A buffer with a theme: lines put where they fit, rows with the selected one
//! marked, bars.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::tui::text::{pad, width};
use crate::tui::theme::{Glyphs, Role, Theme};

use super::cursor::{Cursor, Scroll};

/// Where a screen is drawn.
pub struct Canvas<'a> {
    /// The cells.
    pub buffer: &'a mut Buffer,
    /// Colours and marks.
    pub theme: &'a Theme,
}

impl Canvas<'_> {
    /// The marks.
    pub fn glyphs(&self) -> &Glyphs {
        &self.theme.glyphs
    }

    /// Text in a role.
    pub fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        self.theme.span(role, text)
    }

    /// A line at the row `row` of `area`, cut at its right edge.
    pub fn line(&mut self, area: Rect, row: u16, line: &Line<'_>) {
        if row < area.height {
            self.buffer.set_line(area.x, area.y + row, line, area.width);
        }
    }

    /// Text of one role at a row.
    pub fn text(&mut self, area: Rect, row: u16, role: Role, text: &str) {
        let line = Line::from(Span::styled(text.to_owned(), self.theme.style(role)));
        self.line(area, row, &line);
    }

    /// The lines in sight, with marks at the right edge where there is more.
    pub fn lines(&mut self, area: Rect, lines: &[Line<'_>], scroll: &Scroll) {
        for (row, at) in (0..area.height).zip(scroll.visible()) {
            if let Some(line) = lines.get(at) {
                self.line(area, row, line);
            }
        }
        self.more(area, scroll.more());
    }

    /// The rows in sight; where the list has the focus, a pointer before the
    /// selected one, which is shown reversed. Each row may have several lines.
    pub fn rows(&mut self, area: Rect, rows: &[Vec<Line<'static>>], cursor: &Cursor, focus: bool) {
        let mut y = 0;
        for at in cursor.visible() {
            let Some(row) = rows.get(at) else { break };
            let selected = focus && at == cursor.index;
            for (index, line) in row.iter().enumerate() {
                let pointer = if selected && index == 0 { self.glyphs().pointer } else { " " };
                let mut spans = vec![Span::raw(format!(" {pointer} "))];
                spans.extend(line.spans.iter().cloned());
                let line = Line::from(spans);
                self.line(area, y, &line);
                if selected && index == 0 {
                    self.select(area, y);
                }
                y += 1;
            }
        }
        self.more(area, cursor.more());
    }

    /// Marks a whole row; its colours give way, so that it is readable in any.
    fn select(&mut self, area: Rect, row: u16) {
        if row >= area.height {
            return;
        }
        let row = Rect { x: area.x, y: area.y + row, width: area.width, height: 1 };
        self.buffer.set_style(row, Style::reset());
        self.buffer.set_style(row, self.theme.style(Role::Selected));
    }

    fn more(&mut self, area: Rect, (above, below): (bool, bool)) {
        if area.width == 0 || area.height == 0 {
            return;
        }
        let edge = Rect { x: area.right() - 1, width: 1, ..area };
        let (up, down) = (self.glyphs().more_above, self.glyphs().more_below);
        if above {
            self.text(edge, 0, Role::Key, up);
        }
        if below {
            self.text(edge, area.height - 1, Role::Key, down);
        }
    }

    /// A section's heading with something at its right end.
    pub fn heading(&mut self, area: Rect, row: u16, focus: bool, left: &str, right: &str) {
        let room = usize::from(area.width).saturating_sub(width(right) + 1);
        let role = if focus { Role::Heading } else { Role::Strong };
        let line =
            Line::from(vec![self.span(role, pad(left, room)), Span::raw(" "), self.span(Role::Faint, right)]);
        self.line(area, row, &line);
    }

    /// A horizontal line.
    pub fn rule(&mut self, area: Rect, row: u16) {
        let line = self.glyphs().horizontal.repeat(usize::from(area.width));
        self.text(area, row, Role::Faint, &line);
    }

    /// A bar of `columns` that is `done` of `all` full.
    pub fn bar(&self, columns: usize, done: usize, all: usize) -> String {
        let full = (columns * done.min(all)).checked_div(all).unwrap_or(0);
        [self.glyphs().full.repeat(full), self.glyphs().empty.repeat(columns - full)].concat()
    }
}
