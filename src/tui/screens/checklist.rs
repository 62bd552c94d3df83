//! What is left to be done by hand, to be ticked. Ticks are kept in the receipt.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Context;
use crate::session::ChecklistItem;
use crate::tui::effect::{Answer, Report, Request, Ticket};
use crate::tui::facts::Tone;
use crate::tui::keys::Message;
use crate::tui::text::{Indent, clean, wrap};
use crate::tui::view::{Canvas, Cursor};

/// A checklist.
#[derive(Clone, Debug, Default)]
pub(super) struct Checklist {
    /// Where ticks are kept; without one they are kept in sight only.
    receipt: Option<String>,
    items: Vec<ChecklistItem>,
    cursor: Cursor,
    asked: Option<(Ticket, usize)>,
}

impl Checklist {
    pub(super) fn new(receipt: Option<String>, items: Vec<ChecklistItem>) -> Self {
        Self { receipt, items, cursor: Cursor::default(), asked: None }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn moved(&mut self, message: Message) {
        self.cursor.moved(message, self.items.len());
    }

    /// Ticks the selected item; shown at once, taken back if it cannot be kept.
    pub(super) fn tick(&mut self, context: &mut Context<'_>) {
        let at = self.cursor.index;
        let Some(item) = self.items.get_mut(at) else { return };
        item.done = !item.done;
        let (Some(receipt), Some(target)) = (&self.receipt, context.facts.target_folder()) else { return };
        let request = Request::Tick { target, receipt: receipt.clone(), item: at, done: item.done };
        self.asked = Some((context.ask(request), at));
    }

    pub(super) fn answered(&mut self, report: &Report, context: &mut Context<'_>) {
        let Some((_, at)) = self.asked.filter(|(ticket, _)| *ticket == report.ticket) else { return };
        self.asked = None;
        if let Answer::Failed(error) = &report.answer {
            if let Some(item) = self.items.get_mut(at) {
                item.done = !item.done;
            }
            context.say(Tone::Bad, format!("The tick was not kept: {error}"));
        }
    }

    /// Rows wanted, the heading included.
    pub(super) fn rows(&self, columns: u16) -> u16 {
        let rows: usize = self.items.iter().map(|item| lines(item, columns).len()).sum();
        if rows == 0 { 0 } else { u16::try_from(rows + 2).unwrap_or(u16::MAX) }
    }

    pub(super) fn fit(&mut self, area: Rect) {
        let heights: Vec<usize> = self.items.iter().map(|item| lines(item, area.width).len()).collect();
        self.cursor.fit_tall(&heights, usize::from(area.height.saturating_sub(2)));
    }

    pub(super) fn draw(&self, area: Rect, canvas: &mut Canvas<'_>) {
        if self.is_empty() || area.height < 2 {
            return;
        }
        let done = self.items.iter().filter(|item| item.done).count();
        let count = format!("{done} of {} done", self.items.len());
        canvas.heading(area, 1, true, " To be done by hand", &count);
        let rows: Vec<Vec<Line<'static>>> = self.items.iter().map(|item| lines(item, area.width)).collect();
        let list = Rect { y: area.y + 2, height: area.height - 2, ..area };
        canvas.rows(list, &rows, &self.cursor, true);
    }
}

fn lines(item: &ChecklistItem, columns: u16) -> Vec<Line<'static>> {
    let indent = Indent::hanging(vec![Span::raw(if item.done { "[x] " } else { "[ ] " })]);
    let text = clean(&item.text).into_owned();
    wrap(&[Span::raw(text)], usize::from(columns).saturating_sub(4), &indent)
}
