//! The repair at work: what is done, and until when it can be cancelled.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::session::{Progress, Stage};
use crate::tui::effect::{Effect, Ticket};
use crate::tui::facts::Tone;
use crate::tui::screens::Context;
use crate::tui::text::{clean, clip, pad, width};
use crate::tui::theme::Role;
use crate::tui::view::Canvas;

/// How far the repair is.
#[derive(Clone, Debug)]
pub(super) struct Work {
    ticket: Ticket,
    /// The last step of every stage so far.
    done: Vec<Progress>,
    cancelling: bool,
}

impl Work {
    pub(super) fn new(ticket: Ticket) -> Self {
        Self { ticket, done: Vec::new(), cancelling: false }
    }

    pub(super) fn advance(&mut self, progress: &Progress) {
        match self.done.last_mut() {
            Some(last) if last.stage == progress.stage => last.clone_from(progress),
            _ => self.done.push(progress.clone()),
        }
    }

    /// Until the first byte of the target is written.
    pub(super) fn can_cancel(&self) -> bool {
        !self.cancelling && self.done.iter().all(|progress| progress.stage < Stage::Writing)
    }

    pub(super) fn cancel(&mut self, context: &mut Context<'_>) {
        self.cancelling = true;
        context.want(Effect::Cancel(self.ticket));
        context.say(Tone::Plain, "Cancelling. Nothing has been written.");
    }

    pub(super) fn purpose(&self) -> &'static str {
        match (self.cancelling, self.can_cancel()) {
            (true, _) => "Cancelling...",
            (false, true) => "Esc still cancels: nothing has been written to Windows yet.",
            (false, false) => "Writing. This can no longer be cancelled; it takes seconds.",
        }
    }

    pub(super) fn draw(&self, area: Rect, canvas: &mut Canvas<'_>) {
        if self.done.is_empty() {
            canvas.text(area, 0, Role::Plain, " Waiting for the scan to let go of the disk...");
        }
        let columns = usize::from(area.width);
        for (row, progress) in (0..).zip(&self.done) {
            let last = usize::from(row) + 1 == self.done.len();
            let (mark, role) = if last {
                (canvas.glyphs().pointer, Role::Strong)
            } else {
                (canvas.glyphs().done, Role::Good)
            };
            let count = format!("{} of {}", progress.step, progress.steps);
            let room = columns.saturating_sub(26 + width(&count));
            let line = Line::from(vec![
                canvas.span(role, format!(" {mark} {}", pad(stage_name(progress.stage), 20))),
                canvas.span(Role::Faint, format!("{count} ")),
                Span::raw(clip(&clean(&progress.subject), room)),
            ]);
            canvas.line(area, row, &line);
        }
        if let Some(progress) = self.done.last() {
            let row = u16::try_from(self.done.len()).unwrap_or(u16::MAX).saturating_add(1);
            let bar = canvas.bar(columns.saturating_sub(6).min(60), progress.step, progress.steps);
            canvas.text(area, row, Role::Good, &format!("   {bar}"));
        }
    }
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Recovering => "Recovering",
        Stage::Probing => "Comparing again",
        Stage::Guarding => "Asking the guards",
        Stage::Receipt => "Writing the receipt",
        Stage::Writing => "Writing to Windows",
        Stage::Verifying => "Reading it back",
        Stage::RollingBack => "Rolling back",
    }
}
