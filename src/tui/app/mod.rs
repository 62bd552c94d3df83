//! The application: what is known, and the stack of screens.
//!
//! Input and answers go in, effects come out, frames are drawn from what is
//! there. It does no input or output, so that every journey through it can be
//! walked by a test.

mod answers;
mod navigation;

use ratatui::Frame;

use super::effect::{Effect, Report, Ticket};
use super::facts::{Facts, Tone};
use super::input::{Input, Key};
use super::keys::{self, Row};
use super::screens::{Context, HomeScreen, Page, Screen};
use super::text::clip;
use super::theme::{Role, Theme};
use super::view::{Canvas, chrome, target_name, target_short_name};

/// The whole interface as plain state.
#[derive(Clone, Debug)]
pub struct App {
    /// Never empty: the first is [`Screen::Home`].
    screens: Vec<Screen>,
    facts: Facts,
    theme: Theme,
    /// What the line above the keys says, until something else is said or done.
    said: Option<(Tone, String)>,
    tickets: u64,
    effects: Vec<Effect>,
    /// What the application itself has asked for.
    asked: Asked,
}

#[derive(Clone, Debug, Default)]
struct Asked {
    targets: Option<Ticket>,
    recovery: Option<Ticket>,
    scan: Option<Ticket>,
    repair: Option<Ticket>,
}

impl App {
    /// The first screen; `shell` where leaving would restart the machine.
    pub fn new(theme: Theme, shell: bool) -> Self {
        Self {
            screens: vec![Screen::Home(HomeScreen::default())],
            facts: Facts { shell, ..Facts::default() },
            theme,
            said: None,
            tickets: 0,
            effects: Vec::new(),
            asked: Asked::default(),
        }
    }

    /// What is to be done first.
    pub fn begin(&mut self) -> Vec<Effect> {
        self.look_for_targets();
        std::mem::take(&mut self.effects)
    }

    /// Takes in the time of day, for the log.
    pub fn set_clock(&mut self, clock: String) {
        self.facts.clock = clock;
    }

    /// Takes in an input.
    pub fn on_input(&mut self, input: Input) -> Vec<Effect> {
        match input {
            Input::Resize => {}
            Input::Key(key) => self.on_key(key),
            Input::Paste(text) => self.on_paste(&text),
        }
        self.repair_begins();
        std::mem::take(&mut self.effects)
    }

    /// Takes in an answer of the session.
    pub fn on_report(&mut self, report: &Report) -> Vec<Effect> {
        self.take_in(report);
        for at in (0..self.screens.len()).rev() {
            self.with_page(at, |page, context| page.answered(report, context));
        }
        std::mem::take(&mut self.effects)
    }

    /// Says something that happened outside, and remembers it.
    pub fn tell(&mut self, tone: Tone, text: &str) {
        self.facts.note(tone, text);
        self.said = Some((tone, text.to_owned()));
    }

    /// Whether the session is expected to answer something.
    pub fn is_waiting(&self) -> bool {
        let asked = &self.asked;
        [asked.targets, asked.recovery, asked.scan, asked.repair].iter().any(Option::is_some)
    }

    fn on_key(&mut self, key: Key) {
        let at = self.screens.len() - 1;
        let kind = self.top().kind();
        let editing = self.is_editing();
        if let Some(message) = keys::message(kind, editing, key, |message| self.offers(message)) {
            self.said = None;
            self.press(message);
            return;
        }
        let changed = self.screens[at].page_mut().field().and_then(|field| field.key(key));
        if changed == Some(true) {
            self.said = None;
            self.with_page(at, |page, context| page.edited(false, context));
        }
    }

    fn on_paste(&mut self, text: &str) {
        let at = self.screens.len() - 1;
        if let Some(field) = self.screens[at].page_mut().field() {
            field.insert(text);
            self.said = None;
            self.with_page(at, |page, context| page.edited(true, context));
        } else {
            let text = "Nothing here takes text. The search box does: F8 goes there.";
            self.said = Some((Tone::Plain, text.to_owned()));
        }
    }

    fn top(&self) -> &dyn Page {
        // The stack is never empty; the first screen stands in all the same.
        self.screens.last().unwrap_or(&self.screens[0]).page()
    }

    fn is_editing(&mut self) -> bool {
        self.screens.last_mut().is_some_and(|screen| screen.page_mut().field().is_some())
    }

    /// Lets a screen change, then goes where it says.
    fn with_page(
        &mut self,
        at: usize,
        change: impl FnOnce(&mut dyn Page, &mut Context<'_>) -> super::screens::Action,
    ) {
        let Some(screen) = self.screens.get_mut(at) else { return };
        let mut context = Context::new(&self.facts, &mut self.effects, &mut self.tickets);
        let action = change(screen.page_mut(), &mut context);
        if let Some((tone, text)) = context.said.take() {
            self.tell(tone, &text);
        }
        self.go(at, action);
    }

    /// The rows that mean something now.
    fn rows(&mut self) -> Vec<&'static Row> {
        let editing = self.is_editing();
        keys::rows(self.top().kind(), editing).filter(|row| self.offers(row.message)).collect()
    }

    /// Draws the screen on top.
    pub fn draw(&mut self, frame: &mut Frame<'_>) {
        let area = frame.area();
        let places = chrome::Frame::new(area);
        // What a screen offers can depend on what is in sight, so it is fitted first.
        if let Some(screen) = self.screens.last_mut() {
            screen.page_mut().fit(places.body, &self.facts, &self.theme);
        }
        let (rows, editing) = (self.rows(), self.is_editing());
        let titles: Vec<String> =
            self.screens.iter().map(|screen| screen.page().title(&self.facts)).collect();
        let target = self.facts.target().map(|target| &target.summary);
        let names =
            (target.map(target_name).unwrap_or_default(), target.map(target_short_name).unwrap_or_default());
        let (facts, theme) = (&self.facts, &self.theme);
        let quiet = self.screens.len() == 1;
        let Some(screen) = self.screens.last() else { return };
        let mut canvas = Canvas { buffer: frame.buffer_mut(), theme };
        chrome::title(&mut canvas, places.title, &titles, (&names.0, &names.1));
        let purpose = format!(" {}", screen.page().purpose(facts));
        canvas.text(places.purpose, 0, Role::Faint, &clip(&purpose, usize::from(area.width)));
        screen.page().draw(places.body, facts, &mut canvas);
        // The first screen shows the scan itself.
        chrome::notice(&mut canvas, places.notice, self.said.as_ref(), facts, quiet);
        let labelled: Vec<(&Row, &'static str)> =
            rows.iter().map(|row| (*row, screen.page().label(row.message).unwrap_or(row.label))).collect();
        chrome::footer(&mut canvas, places.footer, &labelled, editing);
    }
}
