//! Where keys and screens lead.

use super::App;
use crate::tui::effect::Effect;
use crate::tui::facts::{ScanState, Tone};
use crate::tui::keys::{Kind, Message};
use crate::tui::screens::{
    Action, CodeScreen, Context, HelpScreen, HistoryScreen, LogScreen, MachineScreen, RegistryScreen, Screen,
    SureScreen, TargetsScreen,
};

/// Nobody needs to find the way back through more than this.
const SCREENS_MAX: usize = 16;

impl App {
    /// Whether a message means something now, on this screen, in this state.
    pub(super) fn offers(&self, message: Message) -> bool {
        let possible = match message {
            Message::Home => self.screens.len() > 1 && !self.facts.busy,
            Message::History | Message::Registry => self.facts.target().is_some() && !self.facts.busy,
            Message::Targets | Message::Code | Message::Rescan | Message::Prompt | Message::Machine => {
                !self.facts.busy
            }
            _ => true,
        };
        possible && self.top().offers(message, &self.facts)
    }

    /// Does what a message says: the screen's own first.
    pub(super) fn press(&mut self, message: Message) {
        let text = self.edited_text();
        let mut context = Context::new(&self.facts, &mut self.effects, &mut self.tickets);
        let screen = match message {
            Message::Targets => Screen::Targets(TargetsScreen::new(&self.facts)),
            Message::Code => Screen::Code(CodeScreen::new(&text, &mut context)),
            Message::History => Screen::History(HistoryScreen::new(&mut context)),
            Message::Registry => Screen::Registry(RegistryScreen::new(None, &mut context)),
            Message::Machine if self.facts.shell => Screen::Machine(MachineScreen::default()),
            Message::Machine => Screen::Sure(SureScreen::leave(false)),
            Message::Log => Screen::Log(LogScreen::default()),
            Message::Help => {
                let about = self.top().purpose(&self.facts);
                let editing = self.is_editing();
                Screen::Help(HelpScreen::new(about, self.rows(), editing))
            }
            Message::Home => return self.screens.truncate(1),
            Message::Rescan => return self.look_for_targets(),
            Message::Cancel => return self.cancel_scan(),
            Message::Prompt => return self.effects.push(Effect::Prompt),
            message => {
                let at = self.screens.len() - 1;
                return self.with_page(at, |page, context| page.update(message, context));
            }
        };
        self.open(screen);
    }

    /// Goes where the screen at `at` says.
    pub(super) fn go(&mut self, at: usize, action: Action) {
        match action {
            Action::Stay => {}
            Action::Open(screen) => self.open(*screen),
            Action::Replace(screen) => self.screens[at] = *screen,
            Action::Close => self.close(at),
            Action::Home => self.screens.truncate(1),
            Action::Choose(index) => {
                self.close(at);
                if index != self.facts.chosen {
                    self.leave_target();
                }
                self.choose(index);
            }
            Action::Press(message) => {
                self.close(at);
                if self.offers(message) {
                    self.press(message);
                }
            }
        }
    }

    /// Closes what speaks of the target worked on so far, and all above it;
    /// articles are folded anew.
    fn leave_target(&mut self) {
        let of_target = |screen: &Screen| {
            let kind = screen.page().kind();
            matches!(kind, Kind::Repair | Kind::History | Kind::Receipt | Kind::Registry)
        };
        if let Some(at) = self.screens.iter().position(of_target) {
            self.close(at);
        }
        for screen in &mut self.screens {
            if let Screen::Article(article) = screen {
                *article =
                    article.again(&mut Context::new(&self.facts, &mut self.effects, &mut self.tickets));
            }
        }
    }

    /// The first screen stays.
    fn close(&mut self, at: usize) {
        if at > 0 {
            self.screens.truncate(at);
        }
    }

    /// A screen that can be opened from anywhere takes the place of another
    /// such screen, so that the way back leads to the work.
    fn open(&mut self, screen: Screen) {
        if is_aside(screen.page().kind()) && is_aside(self.top().kind()) {
            self.screens.pop();
        }
        if self.screens.len() == SCREENS_MAX {
            self.screens.remove(1);
        }
        self.screens.push(screen);
    }

    fn edited_text(&mut self) -> String {
        let field = self.screens.last_mut().and_then(|screen| screen.page_mut().field());
        field.map(|field| field.text().to_owned()).unwrap_or_default()
    }

    fn cancel_scan(&mut self) {
        let running =
            self.facts.target().is_some_and(|target| matches!(target.scan.state, ScanState::Running(..)));
        if let (true, Some(ticket)) = (running, self.asked.scan) {
            self.effects.push(Effect::Cancel(ticket));
            self.said = Some((Tone::Plain, "The scan stops after the fix it is at.".to_owned()));
        }
    }
}

fn is_aside(kind: Kind) -> bool {
    matches!(kind, Kind::Targets | Kind::Code | Kind::History | Kind::Registry | Kind::Log)
}
