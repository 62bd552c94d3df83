//! A text field on one line, with its caret.

use ratatui::text::Line;

use crate::tui::text::{TextField, width};
use crate::tui::theme::{Role, Theme};

/// `prompt` and the part of the field around the caret, over all `columns`.
pub fn field_line(
    prompt: &str,
    field: &TextField,
    focus: bool,
    columns: u16,
    theme: &Theme,
) -> Line<'static> {
    let room = usize::from(columns).saturating_sub(width(prompt) + 1);
    let (before, under, behind) = field.window(room);
    let empty = room.saturating_sub(width(&before) + width(&under) + width(&behind));
    let caret = if focus { Role::Caret } else { Role::Field };
    Line::from(vec![
        theme.span(Role::Key, prompt),
        theme.span(Role::Field, before),
        theme.span(caret, under),
        theme.span(Role::Field, [behind, " ".repeat(empty)].concat()),
    ])
}
