//! Keyboard layouts.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Action, Context, Page};
use crate::tui::effect::{Duty, Effect, LAYOUTS};
use crate::tui::facts::Facts;
use crate::tui::keys::{Kind, Message};
use crate::tui::text::pad;
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Cursor};

/// The list of layouts.
#[derive(Clone, Debug, Default)]
pub struct KeyboardScreen {
    cursor: Cursor,
}

impl Page for KeyboardScreen {
    fn kind(&self) -> Kind {
        Kind::Keyboard
    }

    fn title(&self, _: &Facts) -> String {
        "Keyboard".to_owned()
    }

    fn purpose(&self, _: &Facts) -> String {
        "Enter sets the layout for programs started from now on.".to_owned()
    }

    fn offers(&self, _: Message, _: &Facts) -> bool {
        true
    }

    fn update(&mut self, message: Message, context: &mut Context<'_>) -> Action {
        match message {
            Message::Back => Action::Close,
            Message::Open => {
                if let Some(layout) = LAYOUTS.get(self.cursor.index) {
                    context.want(Effect::Duty(Duty::Keyboard(layout)));
                }
                Action::Close
            }
            message => {
                self.cursor.moved(message, LAYOUTS.len());
                Action::Stay
            }
        }
    }

    fn fit(&mut self, area: Rect, _: &Facts, _: &Theme) {
        self.cursor.fit(LAYOUTS.len(), usize::from(area.height));
    }

    fn draw(&self, area: Rect, _: &Facts, canvas: &mut Canvas<'_>) {
        let theme = canvas.theme;
        let rows: Vec<Vec<Line<'static>>> = LAYOUTS
            .iter()
            .map(|layout| {
                vec![Line::from(vec![
                    Span::raw(pad(layout.name, 28)),
                    theme.span(Role::Code, layout.windows),
                ])]
            })
            .collect();
        canvas.rows(area, &rows, &self.cursor, true);
    }
}
