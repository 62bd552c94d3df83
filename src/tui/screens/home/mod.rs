//! The first screen answers three questions at once: which Windows is on this
//! machine, what is wrong with it, and what did the machine say.
//!
//! Typing and pasting always go to the search box, wherever the focus is.

mod layout;
mod rows;

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Action, ArticleScreen, Context, Page, RepairScreen, Screen};
use crate::session::{FixPlan, SearchReport};
use crate::tui::effect::{Answer, Report, Request, Ticket};
use crate::tui::facts::{Facts, ScanState, Tone};
use crate::tui::keys::{Kind, Message};
use crate::tui::text::TextField;
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Cursor, field_line};

use layout::Places;

/// The first screen.
#[derive(Clone, Debug, Default)]
pub struct HomeScreen {
    field: TextField,
    part: Part,
    asked: Option<Ticket>,
    found: Option<SearchReport>,
    results: Cursor,
    findings: Cursor,
    targets: Cursor,
}

/// The parts of the screen, in the order in which Tab goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Search,
    Findings,
    Targets,
}

impl HomeScreen {
    /// How many results there are.
    fn hits(&self) -> usize {
        self.found.as_ref().map_or(0, |found| found.results.len())
    }

    fn cursor(&mut self) -> &mut Cursor {
        match self.part {
            Part::Search => &mut self.results,
            Part::Findings => &mut self.findings,
            Part::Targets => &mut self.targets,
        }
    }

    fn len(&self, facts: &Facts) -> usize {
        match self.part {
            Part::Search => self.hits(),
            Part::Findings => findings(facts).len(),
            Part::Targets => facts.targets.len(),
        }
    }

    fn moved(&mut self, message: Message, facts: &Facts) {
        let len = self.len(facts);
        let (at_first, at_last) = (self.cursor().index == 0, self.cursor().index + 1 >= len);
        match (message, self.part) {
            (Message::Down, Part::Search) if at_last && !findings(facts).is_empty() => {
                self.part = Part::Findings;
            }
            (Message::Up, Part::Findings) if at_first => self.part = Part::Search,
            (message, _) => {
                self.cursor().moved(message, len);
            }
        }
    }

    fn turn(&mut self, forward: bool) {
        self.part = match (self.part, forward) {
            (Part::Search, true) | (Part::Targets, false) => Part::Findings,
            (Part::Findings, true) | (Part::Search, false) => Part::Targets,
            (Part::Targets, true) | (Part::Findings, false) => Part::Search,
        };
    }

    fn open(&mut self, context: &mut Context<'_>) -> Action {
        let facts = context.facts;
        match self.part {
            Part::Search => {
                let hit = self.found.as_ref().and_then(|found| found.results.get(self.results.index));
                let Some(hit) = hit else { return Action::Stay };
                let id = hit.id.clone();
                Action::open(Screen::Article(ArticleScreen::new(&id, context)))
            }
            Part::Findings => {
                let Some(fix) = findings(facts).get(self.findings.index).copied() else {
                    return Action::Stay;
                };
                let fixes = vec![fix.fix.clone()];
                Action::open(Screen::Repair(RepairScreen::new(fixes, context)))
            }
            Part::Targets => Action::Choose(self.targets.index),
        }
    }

    /// Asks again; what was found stays in sight until the answer comes.
    fn search(&mut self, context: &mut Context<'_>) {
        if self.field.text().trim().is_empty() {
            (self.asked, self.found) = (None, None);
            return;
        }
        let scan = context.facts.target().and_then(|target| target.scan.report.clone());
        self.asked = Some(context.ask(Request::Search { text: self.field.text().to_owned(), scan }));
    }
}

/// What to look at on the chosen target.
fn findings(facts: &Facts) -> Vec<&FixPlan> {
    facts.target().map(|target| target.scan.findings()).unwrap_or_default()
}

impl Page for HomeScreen {
    fn kind(&self) -> Kind {
        Kind::Home
    }

    fn title(&self, _: &Facts) -> String {
        "pemedic".to_owned()
    }

    fn purpose(&self, facts: &Facts) -> String {
        match self.part {
            Part::Search if self.hits() > 0 => "Enter reads the selected article. Esc clears the search.",
            Part::Search => "Type or paste what the machine said, or press Tab to see what is wrong.",
            Part::Findings if findings(facts).is_empty() => "What the scan finds wrong will stand below.",
            Part::Findings => "Enter shows what the repair would change. Nothing is written yet.",
            Part::Targets => "Enter chooses the Windows to work on.",
        }
        .to_owned()
    }

    fn offers(&self, message: Message, facts: &Facts) -> bool {
        match message {
            Message::Open => self.len(facts) > 0,
            Message::Cancel => {
                facts.target().is_some_and(|target| matches!(target.scan.state, ScanState::Running(..)))
            }
            Message::Home => false,
            _ => true,
        }
    }

    fn label(&self, message: Message) -> Option<&'static str> {
        match (message, self.part) {
            (Message::Open, Part::Search) => Some("Read"),
            (Message::Open, Part::Findings) => Some("Preview"),
            (Message::Open, Part::Targets) => Some("Choose"),
            (Message::Back, Part::Search) if !self.field.is_empty() => Some("Clear"),
            _ => None,
        }
    }

    fn update(&mut self, message: Message, context: &mut Context<'_>) -> Action {
        match message {
            Message::Open => return self.open(context),
            Message::NextPart => self.turn(true),
            Message::PreviousPart => self.turn(false),
            Message::Back if self.part != Part::Search => self.part = Part::Search,
            Message::Back if !self.field.is_empty() => {
                self.field.clear();
                self.search(context);
            }
            Message::Back => return Action::Press(Message::Machine),
            message => self.moved(message, context.facts),
        }
        Action::Stay
    }

    fn field(&mut self) -> Option<&mut TextField> {
        Some(&mut self.field)
    }

    fn edited(&mut self, pasted: bool, context: &mut Context<'_>) -> Action {
        self.part = Part::Search;
        self.results = Cursor::default();
        if pasted && self.field.is_full() {
            context.say(Tone::Bad, "The paste is longer than 1 MiB: its end was left out.");
        }
        self.search(context);
        Action::Stay
    }

    fn answered(&mut self, report: &Report, context: &mut Context<'_>) -> Action {
        if self.asked != Some(report.ticket) {
            return Action::Stay;
        }
        match &report.answer {
            Answer::Found(found) => self.found = Some(found.clone()),
            Answer::Failed(error) => context.say(Tone::Bad, error.to_string()),
            _ => {}
        }
        Action::Stay
    }

    fn fit(&mut self, area: Rect, facts: &Facts, _: &Theme) {
        let places = self.places(area, facts);
        let row_height = usize::from(places.result_rows);
        self.results.fit(self.hits(), usize::from(places.results.height) / row_height);
        self.findings.fit(findings(facts).len(), usize::from(places.findings.height));
        self.targets.fit(facts.targets.len(), usize::from(places.targets.height));
        if self.part != Part::Targets && self.targets.index != facts.chosen {
            self.targets = Cursor::at(facts.chosen);
            self.targets.fit(facts.targets.len(), usize::from(places.targets.height));
        }
    }

    fn draw(&self, area: Rect, facts: &Facts, canvas: &mut Canvas<'_>) {
        let places = self.places(area, facts);
        self.draw_targets(area, &places, facts, canvas);
        self.draw_search(area, &places, canvas);
        self.draw_findings(area, &places, facts, canvas);
    }
}

impl HomeScreen {
    fn places(&self, area: Rect, facts: &Facts) -> Places {
        let understood = self.found.as_ref().map_or(0, |found| rows::understood(found).len());
        Places::new(area, self.part, facts.targets.len(), (!self.field.is_empty()).then_some(understood))
    }

    fn draw_targets(&self, area: Rect, places: &Places, facts: &Facts, canvas: &mut Canvas<'_>) {
        let focus = self.part == Part::Targets;
        if let Some(row) = places.targets_heading {
            let right = rows::targets_summary(facts);
            canvas.heading(area, row, focus, " Windows on this machine", &right);
        }
        let lines: Vec<Vec<Line<'static>>> = (0..facts.targets.len())
            .map(|index| vec![rows::target(facts, index, places.targets.width, canvas.theme)])
            .collect();
        canvas.rows(places.targets, &lines, &self.targets, focus);
        if facts.targets.is_empty() {
            let (role, text) = rows::no_target(facts);
            canvas.text(places.targets, 0, role, text);
        }
    }

    fn draw_search(&self, area: Rect, places: &Places, canvas: &mut Canvas<'_>) {
        let focus = self.part == Part::Search;
        canvas.heading(area, places.search, focus, " What did the machine say?", &rows::pasted(&self.field));
        canvas.line(
            area,
            places.search + 1,
            &field_line(" > ", &self.field, focus, area.width, canvas.theme),
        );
        let Some(found) = &self.found else {
            if self.field.is_empty() && places.hint {
                let hint = "   an error code, an event, a message, or a whole log";
                canvas.text(area, places.search + 2, Role::Faint, hint);
            }
            return;
        };
        let understood = rows::understood(found);
        for (row, text) in (places.search + 2..).zip(understood.iter().take(usize::from(places.understood))) {
            let line = rows::understood_line(text, area.width, canvas.theme);
            canvas.line(area, row, &line);
        }
        let both = places.result_rows > 1;
        let hits: Vec<Vec<Line<'static>>> = found
            .results
            .iter()
            .map(|hit| rows::hit(hit, both, places.results.width, canvas.theme))
            .collect();
        canvas.rows(places.results, &hits, &self.results, focus);
        if hits.is_empty() {
            let text = "   No article fits. F3 explains a code; other words may find more.";
            canvas.text(places.results, 0, Role::Warning, text);
        }
    }

    fn draw_findings(&self, area: Rect, places: &Places, facts: &Facts, canvas: &mut Canvas<'_>) {
        let focus = self.part == Part::Findings;
        let right = rows::scan_summary(facts, area.width, canvas);
        canvas.heading(area, places.findings_heading, focus, " What is wrong?", &right);
        let found = findings(facts);
        let lines: Vec<Vec<Line<'static>>> =
            found.iter().map(|fix| vec![rows::finding(fix, places.findings.width, canvas.theme)]).collect();
        canvas.rows(places.findings, &lines, &self.findings, focus);
        if found.is_empty() {
            let (role, text) = rows::nothing_found(facts);
            canvas.text(places.findings, 0, role, &text);
        }
    }
}
