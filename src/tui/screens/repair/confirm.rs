//! The confirmation. It says again what will happen to which machine, and no
//! single key gives it: safe changes take a movement and Enter (going back is
//! what is selected), risky ones a typed word.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::session::{Plan, Safety};
use crate::tui::facts::{Facts, Tone};
use crate::tui::keys::Message;
use crate::tui::screens::{Confirmed, Context};
use crate::tui::text::{Indent, TextField, clean, wrap};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Cursor, Scroll, field_line, plural, target_name};

/// The question and what was said to it so far.
#[derive(Clone, Debug)]
pub(super) struct Confirm {
    /// `Some` where the word has to be typed.
    typed: Option<TextField>,
    cursor: Cursor,
    changes: usize,
    lines: Vec<Line<'static>>,
    scroll: Scroll,
}

/// The word for risky changes.
const WORD: &str = "apply";

impl Confirm {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            typed: (plan.safety() != Safety::Safe).then(TextField::default),
            cursor: Cursor::default(),
            changes: plan.changes().count(),
            lines: Vec::new(),
            scroll: Scroll::default(),
        }
    }

    /// The technician's word, once it is given.
    pub(super) fn word(&self, context: &mut Context<'_>) -> Option<Confirmed> {
        match &self.typed {
            None => (self.cursor.index == 1).then(|| Confirmed::new(false)),
            Some(field) if field.text().trim().eq_ignore_ascii_case(WORD) => Some(Confirmed::new(true)),
            Some(_) => {
                context.say(
                    Tone::Plain,
                    format!("Type the word {WORD} to write the changes, or Esc to go back."),
                );
                None
            }
        }
    }

    /// Whether the answer is to go back.
    pub(super) fn goes_back(&self) -> bool {
        self.typed.is_none() && self.cursor.index == 0
    }

    pub(super) fn field(&mut self) -> Option<&mut TextField> {
        self.typed.as_mut()
    }

    /// A word that was pasted was not thought about.
    pub(super) fn refuse_paste(&mut self, context: &mut Context<'_>) {
        if let Some(field) = &mut self.typed {
            field.clear();
            context.say(Tone::Plain, "The word has to be typed.");
        }
    }

    pub(super) fn moved(&mut self, message: Message) {
        match message {
            Message::PageUp | Message::PageDown => self.scroll.moved(message),
            message => self.cursor.moved(message, 2),
        };
    }

    pub(super) fn fit(&mut self, area: Rect, plan: &Plan, facts: &Facts, theme: &Theme) {
        self.cursor.fit(2, 2);
        self.lines = question(plan, facts, usize::from(area.width).saturating_sub(1), theme);
        self.scroll.fit(self.lines.len(), usize::from(self.text_area(area).height));
    }

    /// The answer must be in sight however little place there is.
    fn text_area(&self, area: Rect) -> Rect {
        let wanted = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        Rect { height: wanted.min(area.height.saturating_sub(3)), ..area }
    }

    pub(super) fn draw(&self, area: Rect, canvas: &mut Canvas<'_>) {
        let text = self.text_area(area);
        canvas.lines(text, &self.lines, &self.scroll);
        let used = (text.height + 1).min(area.height);
        let below = Rect { y: area.y + used, height: area.height - used, ..area };
        if let Some(field) = &self.typed {
            let prompt = format!(" Type the word {WORD}: ");
            let line = field_line(&prompt, field, true, area.width.min(50), canvas.theme);
            canvas.line(below, 0, &line);
            return;
        }
        let write = format!("Write {} now", plural(self.changes, "change"));
        let rows = [vec![Line::from("Go back, write nothing")], vec![Line::from(write)]];
        canvas.rows(below, &rows, &self.cursor, true);
    }
}

fn question(plan: &Plan, facts: &Facts, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let target = facts.target().map(|target| target_name(&target.summary)).unwrap_or_default();
    let mut lines = Vec::new();
    let mut say = |spans: &[Span<'static>]| lines.extend(wrap(spans, columns, &Indent::spaces(1)));
    say(&[Span::raw("This will be written to "), theme.span(Role::Strong, target), Span::raw(":")]);
    for fix in plan.fixes.iter().filter(|fix| !fix.changes.is_empty()) {
        let count = plural(fix.changes.len(), "change");
        say(&[Span::raw(format!("{} {} ({count})", theme.glyphs.bullet, clean(&fix.title)))]);
    }
    for warning in plan.fixes.iter().filter_map(|fix| fix.warning.as_ref()) {
        say(&[theme.span(Role::Warning, format!("Warning: {}", clean(warning)))]);
    }
    if plan.safety() != Safety::Safe {
        say(&[theme.span(Role::Bad, "Risky: on a machine it does not fit this can make things worse.")]);
    }
    say(&[Span::raw("First a receipt with everything as it is now is written; undo brings it back.")]);
    lines
}
