//! What a boot shell owes its technician: a command prompt, the keyboard, a way
//! to restart and to switch off.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Action, Context, KeyboardScreen, Page, Screen, SureScreen};
use crate::tui::effect::{Duty, Effect};
use crate::tui::facts::Facts;
use crate::tui::keys::{Kind, Message};
use crate::tui::theme::Theme;
use crate::tui::view::{Canvas, Cursor};

/// The duties.
#[derive(Clone, Debug, Default)]
pub struct MachineScreen {
    cursor: Cursor,
}

const DUTIES: &[&str] = &[
    "Command prompt (exit comes back here)",
    "Look for disks and Windows again",
    "Keyboard layout",
    "Restart the machine",
    "Switch the machine off",
    "Leave pemedic",
];

impl MachineScreen {
    fn open(&self, context: &mut Context<'_>) -> Action {
        let open = |screen| Action::open(screen);
        match self.cursor.index {
            0 => context.want(Effect::Prompt),
            1 => return Action::Press(Message::Rescan),
            2 => return open(Screen::Keyboard(KeyboardScreen::default())),
            3 => return open(Screen::Sure(sure("Restart the machine", Duty::Restart))),
            4 => return open(Screen::Sure(sure("Switch the machine off", Duty::ShutDown))),
            _ => return open(Screen::Sure(SureScreen::leave(true))),
        }
        Action::Stay
    }
}

fn sure(yes: &'static str, duty: Duty) -> SureScreen {
    let question = "Take out the boot medium first, if Windows itself is to start.";
    SureScreen::new(question, "Go back", yes, Effect::Duty(duty))
}

impl Page for MachineScreen {
    fn kind(&self) -> Kind {
        Kind::Machine
    }

    fn title(&self, _: &Facts) -> String {
        "Machine".to_owned()
    }

    fn purpose(&self, _: &Facts) -> String {
        "What can be done with this machine. Restarting and switching off ask first.".to_owned()
    }

    fn offers(&self, message: Message, _: &Facts) -> bool {
        !matches!(message, Message::Machine)
    }

    fn update(&mut self, message: Message, context: &mut Context<'_>) -> Action {
        match message {
            Message::Back => Action::Close,
            Message::Open => self.open(context),
            message => {
                self.cursor.moved(message, DUTIES.len());
                Action::Stay
            }
        }
    }

    fn fit(&mut self, area: Rect, _: &Facts, _: &Theme) {
        self.cursor.fit(DUTIES.len(), usize::from(area.height));
    }

    fn draw(&self, area: Rect, _: &Facts, canvas: &mut Canvas<'_>) {
        let rows: Vec<Vec<Line<'static>>> = DUTIES.iter().map(|duty| vec![Line::from(*duty)]).collect();
        canvas.rows(area, &rows, &self.cursor, true);
    }
}
