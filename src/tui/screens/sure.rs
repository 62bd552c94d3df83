//! A question before something that cannot be taken back. Going back is what is
//! selected, so that no single key says yes.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Action, Context, Page};
use crate::tui::effect::Effect;
use crate::tui::facts::Facts;
use crate::tui::keys::{Kind, Message};
use crate::tui::text::{Indent, wrap};
use crate::tui::theme::Theme;
use crate::tui::view::{Canvas, Cursor};

/// A question with its two answers.
#[derive(Clone, Debug)]
pub struct SureScreen {
    question: &'static str,
    no: &'static str,
    yes: &'static str,
    effect: Effect,
    cursor: Cursor,
}

impl SureScreen {
    /// Asks whether `effect` is meant.
    pub fn new(question: &'static str, no: &'static str, yes: &'static str, effect: Effect) -> Self {
        Self { question, no, yes, effect, cursor: Cursor::default() }
    }

    /// Asks whether to leave.
    pub fn leave(shell: bool) -> Self {
        let question = if shell {
            "pemedic is the shell of this boot medium: leaving it restarts the machine."
        } else {
            "Nothing is at work. What was repaired stays repaired, and undo remains possible."
        };
        Self::new(question, "Stay", "Leave pemedic", Effect::Leave)
    }
}

impl Page for SureScreen {
    fn kind(&self) -> Kind {
        Kind::Sure
    }

    fn title(&self, _: &Facts) -> String {
        self.yes.to_owned()
    }

    fn purpose(&self, _: &Facts) -> String {
        "Choose with the arrows and press Enter. Esc goes back.".to_owned()
    }

    fn offers(&self, message: Message, _: &Facts) -> bool {
        !matches!(message, Message::Machine)
    }

    fn update(&mut self, message: Message, context: &mut Context<'_>) -> Action {
        match message {
            Message::Open if self.cursor.index == 1 => {
                context.want(self.effect.clone());
                Action::Close
            }
            Message::Back | Message::Open => Action::Close,
            message => {
                self.cursor.moved(message, 2);
                Action::Stay
            }
        }
    }

    fn fit(&mut self, _: Rect, _: &Facts, _: &Theme) {
        self.cursor.fit(2, 2);
    }

    fn draw(&self, area: Rect, _: &Facts, canvas: &mut Canvas<'_>) {
        let question = wrap(&[Span::raw(self.question)], usize::from(area.width), &Indent::spaces(1));
        let mut row = 0;
        for line in &question {
            canvas.line(area, row, line);
            row += 1;
        }
        let used = (row + 1).min(area.height);
        let below = Rect { y: area.y + used, height: area.height - used, ..area };
        let answers = [vec![Line::from(self.no)], vec![Line::from(self.yes)]];
        canvas.rows(below, &answers, &self.cursor, true);
    }
}
