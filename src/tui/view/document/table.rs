//! Tables: columns side by side where they fit, one record below the other
//! where they do not.

use ratatui::text::{Line, Span};

use crate::tui::text::{Indent, width, wrap};
use crate::tui::theme::{Role, Theme};

type Cell = Vec<Span<'static>>;

/// A column narrower than this is no column any more.
const COLUMN_MIN: usize = 9;
/// What stands between two columns.
const GAP: usize = 3;

/// The lines of a table.
pub(super) fn lines(header: &[Cell], rows: &[Vec<Cell>], room: usize, theme: &Theme) -> Vec<Line<'static>> {
    let count = rows.iter().map(Vec::len).chain([header.len()]).max().unwrap_or(0);
    if count == 0 {
        return Vec::new();
    }
    match widths(header, rows, count, room) {
        Some(widths) => side_by_side(header, rows, &widths, theme),
        None => records(header, rows, room, theme),
    }
}

/// Widths for which all columns fit: what they need, or a fair share of it.
fn widths(header: &[Cell], rows: &[Vec<Cell>], count: usize, room: usize) -> Option<Vec<usize>> {
    let room = room.checked_sub(GAP * (count - 1))?;
    let all = || rows.iter().map(Vec::as_slice).chain([header]);
    let needed: Vec<usize> = (0..count)
        .map(|column| all().filter_map(|row| row.get(column)).map(columns_of).max().unwrap_or(0))
        .collect();
    let mut widths = needed.clone();
    // The widest column gives until all fit.
    while widths.iter().sum::<usize>() > room {
        let widest = widths.iter_mut().max()?;
        if *widest <= COLUMN_MIN {
            return None;
        }
        *widest -= 1;
    }
    Some(widths)
}

fn columns_of(cell: &Cell) -> usize {
    cell.iter().map(|span| width(&span.content)).sum()
}

fn side_by_side(header: &[Cell], rows: &[Vec<Cell>], widths: &[usize], theme: &Theme) -> Vec<Line<'static>> {
    let strong: Vec<Cell> = header
        .iter()
        .map(|cell| cell.iter().map(|span| theme.span(Role::Strong, span.content.clone())).collect())
        .collect();
    let mut lines = row_lines(&strong, widths, theme);
    let glyphs = &theme.glyphs;
    let parts: Vec<String> = widths.iter().map(|columns| glyphs.horizontal.repeat(*columns)).collect();
    let cross = [glyphs.horizontal, glyphs.cross, glyphs.horizontal].concat();
    lines.push(Line::from(theme.span(Role::Faint, parts.join(&cross))));
    for row in rows {
        lines.extend(row_lines(row, widths, theme));
    }
    lines
}

fn row_lines(row: &[Cell], widths: &[usize], theme: &Theme) -> Vec<Line<'static>> {
    let empty = Vec::new();
    let cells: Vec<Vec<Line<'static>>> = widths
        .iter()
        .enumerate()
        .map(|(column, columns)| {
            wrap(row.get(column).unwrap_or(&empty), (*columns).max(1), &Indent::default())
        })
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let bar = format!(" {} ", theme.glyphs.vertical);
    (0..height)
        .map(|at| {
            let mut spans = Vec::new();
            for (column, (cell, columns)) in cells.iter().zip(widths).enumerate() {
                if column > 0 {
                    spans.push(theme.span(Role::Faint, bar.clone()));
                }
                let taken = cell.get(at).map_or(0, Line::width);
                spans.extend(cell.get(at).iter().flat_map(|line| line.spans.clone()));
                spans.push(Span::raw(" ".repeat(columns.saturating_sub(taken))));
            }
            Line::from(spans)
        })
        .collect()
}

/// Each row as `header: cell` lines.
fn records(header: &[Cell], rows: &[Vec<Cell>], room: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            lines.push(Line::default());
        }
        for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let name: String = header
                .get(column)
                .iter()
                .flat_map(|cell| cell.iter())
                .map(|span| span.content.as_ref())
                .collect();
            let mut spans = vec![theme.span(Role::Strong, format!("{name}: "))];
            spans.extend(cell.iter().cloned());
            let mark = if column == 0 { theme.glyphs.bullet } else { " " };
            lines.extend(wrap(&spans, room, &Indent::hanging(vec![Span::raw(format!("{mark} "))])));
        }
    }
    lines
}
