//! A stage for the application: inputs and answers go in, the frame comes out
//! as text, and every effect is kept for inspection.

use pemedic::session::{Progress, SessionError};
use pemedic::tui::app::App;
use pemedic::tui::effect::{Answer, Effect, Report, Request, Ticket};
use pemedic::tui::theme::Theme;
use pemedic::tui::{Input, Key};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::fixture;

#[derive(Clone)]
pub struct Stage {
    pub app: App,
    pub effects: Vec<Effect>,
    width: u16,
    height: u16,
}

impl Stage {
    /// The interface just opened; nothing is answered yet.
    pub fn empty(width: u16, height: u16) -> Self {
        Self::with(App::new(Theme::new(true, false), false), width, height)
    }

    pub fn with(mut app: App, width: u16, height: u16) -> Self {
        app.set_clock("03:07:00".to_owned());
        let effects = app.begin();
        Self { app, effects, width, height }
    }

    /// The interface as the shell of a boot medium.
    pub fn shell(width: u16, height: u16) -> Self {
        Self::with(App::new(Theme::new(true, false), true), width, height)
    }

    /// Answers the last question for the receipts, whatever was asked since.
    pub fn answer_history(&mut self, history: pemedic::session::History) {
        let asked = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Ask(ticket, Request::History { .. }) => Some(*ticket),
            _ => None,
        });
        self.report(asked.expect("no history was asked for"), Answer::History(history));
    }

    /// Two targets found and the first one scanned.
    pub fn scanned(width: u16, height: u16) -> Self {
        let mut stage = Self::empty(width, height);
        stage.answer(Answer::Targets(fixture::targets()));
        stage.answer(Answer::Recovered(Vec::new()));
        stage.answer(Answer::Scanned(fixture::scan()));
        stage
    }

    /// The last request, with its ticket.
    pub fn asked(&self) -> (Ticket, &Request) {
        let asked = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Ask(ticket, request) => Some((*ticket, request)),
            _ => None,
        });
        asked.expect("nothing was asked")
    }

    /// Answers the last request; a frame follows, as in the loop.
    pub fn answer(&mut self, answer: Answer) {
        let ticket = self.asked().0;
        self.report(ticket, answer);
        self.frame();
    }

    pub fn report(&mut self, ticket: Ticket, answer: Answer) {
        let effects = self.app.on_report(&Report { ticket, answer });
        self.effects.extend(effects);
    }

    pub fn progress(&mut self, progress: Progress) {
        self.answer(Answer::Progress(progress));
    }

    pub fn fail(&mut self, error: SessionError) {
        self.answer(Answer::Failed(error));
    }

    pub fn key(&mut self, key: Key) {
        let effects = self.app.on_input(Input::Key(key));
        self.effects.extend(effects);
        // A frame between keys, as in the loop: screens are fitted there.
        self.frame();
    }

    pub fn keys(&mut self, keys: &[Key]) {
        for key in keys {
            self.key(*key);
        }
    }

    pub fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.key(Key::Char(c));
        }
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        (self.width, self.height) = (width, height);
        self.app.on_input(Input::Resize);
    }

    /// What a console of another size would show.
    pub fn frame_at(&mut self, width: u16, height: u16) -> String {
        let (real_width, real_height) = (self.width, self.height);
        self.resize(width, height);
        let frame = self.frame();
        self.resize(real_width, real_height);
        frame
    }

    /// What the console shows, with its colours.
    pub fn buffer(&mut self) -> Buffer {
        buffer_of(&mut self.app, self.width, self.height)
    }

    /// What the console shows, lines without the spaces at their end.
    pub fn frame(&mut self) -> String {
        text_of(&mut self.app, self.width, self.height)
    }
}

fn buffer_of(app: &mut App, width: u16, height: u16) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| app.draw(frame)).unwrap();
    terminal.backend().buffer().clone()
}

/// A frame as text, lines without the spaces at their end.
pub fn text_of(app: &mut App, width: u16, height: u16) -> String {
    let buffer = buffer_of(app, width, height);
    let mut text = String::new();
    for y in 0..height {
        let mut line = String::new();
        let mut covered = 0;
        for x in 0..width {
            let symbol = buffer[(x, y)].symbol();
            if covered == 0 {
                line.push_str(symbol);
            }
            let wide = pemedic::tui::text::width(symbol);
            covered = if covered > 0 { covered - 1 } else { wide.saturating_sub(1) };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
