//! The guided repair: one path from the choice of fixes to the verified result
//! and back. Undo takes the same path.
//!
//! Choose, preview, confirm, write, result: the path is always visible, Esc
//! always goes one step back, and nothing is written before the confirmation,
//! which no single key can give.

mod choose;
mod confirm;
mod preview;
mod result;
mod work;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Action, ArticleScreen, Context, HistoryScreen, Page, RegistryScreen, Screen};
use crate::session::{Choices, Plan, SessionError};
use crate::tui::effect::{Answer, Report, Request, Ticket};
use crate::tui::facts::Facts;
use crate::tui::keys::{Kind, Message};
use crate::tui::text::TextField;
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Scroll};

use choose::Choose;
use confirm::Confirm;
use preview::Preview;
use result::Done;
use work::Work;

/// The guided repair.
#[derive(Clone, Debug)]
pub struct RepairScreen {
    subject: Subject,
    choices: Choices,
    step: Step,
    asked: Option<Ticket>,
    plan: Option<Planned>,
    /// Whether anything was to be chosen: then choosing is a step of the path.
    has_questions: bool,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Subject {
    /// Apply these fixes.
    Fixes(Vec<String>),
    /// Take back this receipt.
    Undo(String),
}

/// A plan, and the ticket by which it is applied.
#[derive(Clone, Debug)]
struct Planned {
    ticket: Ticket,
    plan: Plan,
}

/// Where on the path one is.
#[derive(Clone, Debug)]
enum Step {
    /// The plan is being made.
    Planning,
    /// No plan can be made.
    Impossible(Scroll, SessionError),
    Choose(Choose),
    Preview(Preview),
    Confirm(Confirm),
    Write(Work),
    Result(Box<Done>),
}

impl RepairScreen {
    /// Begins with the plan for some fixes.
    pub fn new(fixes: Vec<String>, context: &mut Context<'_>) -> Self {
        Self::begin(Subject::Fixes(fixes), context)
    }

    /// Begins with the plan to take back a receipt.
    pub fn undo(receipt: String, context: &mut Context<'_>) -> Self {
        Self::begin(Subject::Undo(receipt), context)
    }

    fn begin(subject: Subject, context: &mut Context<'_>) -> Self {
        let mut screen = Self {
            subject,
            choices: Choices::default(),
            step: Step::Planning,
            asked: None,
            plan: None,
            has_questions: false,
        };
        screen.ask_for_plan(context);
        screen
    }

    fn ask_for_plan(&mut self, context: &mut Context<'_>) {
        let Some(target) = context.facts.target_folder() else { return };
        let choices = self.choices.clone();
        let request = match &self.subject {
            Subject::Fixes(fixes) => Request::Plan { target, fixes: fixes.clone(), choices },
            Subject::Undo(receipt) => Request::PlanUndo { target, receipt: receipt.clone(), choices },
        };
        self.asked = Some(context.ask(request));
        self.plan = None;
        self.step = Step::Planning;
    }

    /// The article that is read with `a`.
    fn article(&self) -> Option<String> {
        let plan = &self.plan.as_ref()?.plan;
        let fix = plan.fixes.first()?;
        Some(fix.fix.split('/').next().unwrap_or(&fix.fix).to_owned())
    }

    /// Takes in a plan: what is not answered yet is asked, else it is shown.
    fn planned(&mut self, ticket: Ticket, plan: &Plan) {
        let open = choose::unanswered(plan, &self.choices);
        self.has_questions |= open.is_some();
        self.step = match open {
            Some(question) => Step::Choose(Choose::new(question)),
            None => Step::Preview(Preview::default()),
        };
        self.plan = Some(Planned { ticket, plan: plan.clone() });
    }

    fn open(&mut self, context: &mut Context<'_>) -> Action {
        match &mut self.step {
            Step::Choose(choose) => {
                if let Some(planned) = &self.plan {
                    choose.answer(&planned.plan, &mut self.choices);
                    self.ask_for_plan(context);
                }
            }
            Step::Preview(_) => self.ask_to_confirm(),
            Step::Confirm(_) => self.confirmed(context),
            Step::Result(_) => return Action::Home,
            Step::Planning | Step::Impossible(..) | Step::Write(_) => {}
        }
        Action::Stay
    }

    fn ask_to_confirm(&mut self) {
        if let Some(planned) = &self.plan {
            self.step = Step::Confirm(Confirm::new(&planned.plan));
        }
    }

    fn confirmed(&mut self, context: &mut Context<'_>) {
        let (Step::Confirm(confirm), Some(planned)) = (&self.step, &self.plan) else { return };
        let Some(confirmed) = confirm.word(context) else {
            if confirm.goes_back() {
                self.step = Step::Preview(Preview::default());
            }
            return;
        };
        let Some(target) = context.facts.target_folder() else { return };
        let request = Request::Apply { target, plan: planned.ticket, confirmed };
        let ticket = context.ask(request);
        self.asked = Some(ticket);
        self.step = Step::Write(Work::new(ticket));
    }

    /// One step back; out of the screen from the first.
    fn back(&mut self, context: &mut Context<'_>) -> Action {
        match &mut self.step {
            Step::Confirm(_) => self.step = Step::Preview(Preview::default()),
            Step::Preview(_) if self.has_questions && !self.choices.0.is_empty() => {
                self.choices = Choices::default();
                self.ask_for_plan(context);
            }
            Step::Write(work) => work.cancel(context),
            Step::Result(done) if !done.wrote() => {
                self.ask_for_plan(context);
            }
            Step::Result(_) => return Action::Home,
            Step::Planning | Step::Impossible(..) | Step::Choose(_) | Step::Preview(_) => {
                return Action::Close;
            }
        }
        Action::Stay
    }

    fn moved(&mut self, message: Message) {
        match &mut self.step {
            Step::Choose(choose) => choose.moved(message),
            Step::Preview(preview) => preview.moved(message),
            Step::Confirm(confirm) => confirm.moved(message),
            Step::Result(done) => done.moved(message),
            Step::Impossible(scroll, _) => {
                scroll.moved(message);
            }
            Step::Planning | Step::Write(_) => {}
        }
    }
}

impl Page for RepairScreen {
    fn kind(&self) -> Kind {
        Kind::Repair
    }

    fn title(&self, _: &Facts) -> String {
        match &self.subject {
            Subject::Fixes(_) => "Repair",
            Subject::Undo(_) => "Undo",
        }
        .to_owned()
    }

    fn purpose(&self, _: &Facts) -> String {
        match &self.step {
            Step::Planning => "Comparing what is wanted with what is there. Nothing is written.",
            Step::Impossible(..) => "No plan can be made. Nothing was written.",
            Step::Choose(_) => "The repair needs an answer that only a person can give.",
            Step::Preview(_) => preview::purpose(self.plan.as_ref().map(|planned| &planned.plan)),
            Step::Confirm(_) => "The last question before anything is written.",
            Step::Write(work) => work.purpose(),
            Step::Result(done) => done.purpose(),
        }
        .to_owned()
    }

    fn offers(&self, message: Message, _: &Facts) -> bool {
        let plan = self.plan.as_ref().map(|planned| &planned.plan);
        match (message, &self.step) {
            (Message::Log | Message::Help, _)
            | (Message::Open, Step::Choose(_) | Step::Confirm(_) | Step::Result(_)) => true,
            (Message::Back, Step::Write(work)) => work.can_cancel(),
            (_, Step::Write(_)) => false,
            (Message::Open, Step::Preview(_)) => plan.is_some_and(preview::may_write),
            (Message::Mark, Step::Result(done)) => done.has_checklist(),
            (Message::Undo | Message::Receipt, Step::Result(done)) => done.receipt().is_some(),
            (Message::ToRegistry, Step::Preview(preview)) => preview.key().is_some(),
            (Message::Read, Step::Preview(_) | Step::Choose(_)) => self.article().is_some(),
            (message, _) => !is_of_a_step(message),
        }
    }

    fn label(&self, message: Message) -> Option<&'static str> {
        match (message, &self.step) {
            (Message::Open, Step::Choose(_)) => Some("Choose"),
            (Message::Open, Step::Preview(_)) => Some("Confirm..."),
            (Message::Open, Step::Confirm(_)) => Some("Answer"),
            (Message::Open, Step::Result(_)) => Some("Done"),
            (Message::Back, Step::Write(_)) => Some("Cancel"),
            _ => None,
        }
    }

    fn update(&mut self, message: Message, context: &mut Context<'_>) -> Action {
        match message {
            Message::Open => return self.open(context),
            Message::Back => return self.back(context),
            Message::Mark => {
                if let Step::Result(done) = &mut self.step {
                    done.tick(context);
                }
            }
            Message::Undo => return self.begin_undo(context),
            Message::Read => return self.read(context),
            Message::ToRegistry => return self.to_registry(context),
            Message::Receipt => return Action::open(Screen::History(HistoryScreen::new(context))),
            message => self.moved(message),
        }
        Action::Stay
    }

    fn field(&mut self) -> Option<&mut TextField> {
        match &mut self.step {
            Step::Confirm(confirm) => confirm.field(),
            _ => None,
        }
    }

    fn edited(&mut self, pasted: bool, context: &mut Context<'_>) -> Action {
        if let (true, Step::Confirm(confirm)) = (pasted, &mut self.step) {
            confirm.refuse_paste(context);
        }
        Action::Stay
    }

    fn answered(&mut self, report: &Report, context: &mut Context<'_>) -> Action {
        if let Step::Result(done) = &mut self.step {
            done.answered(report, context);
        }
        if self.asked != Some(report.ticket) {
            return Action::Stay;
        }
        match &report.answer {
            Answer::Planned(plan) => self.planned(report.ticket, plan),
            Answer::Progress(progress) => {
                if let Step::Write(work) = &mut self.step {
                    work.advance(progress);
                }
            }
            Answer::Applied(applied) => self.step = Step::Result(Box::new(Done::new(applied, context))),
            Answer::Failed(error) => match self.step {
                Step::Write(_) => self.step = Step::Result(Box::new(Done::failed(error))),
                _ => self.step = Step::Impossible(Scroll::default(), error.clone()),
            },
            _ => {}
        }
        Action::Stay
    }

    fn fit(&mut self, area: Rect, facts: &Facts, theme: &Theme) {
        let area = below_path(area);
        let plan = self.plan.as_ref().map(|planned| &planned.plan);
        match (&mut self.step, plan) {
            (Step::Choose(choose), Some(plan)) => choose.fit(area, plan, theme),
            (Step::Preview(preview), Some(plan)) => preview.fit(area, plan, theme),
            (Step::Confirm(confirm), Some(plan)) => confirm.fit(area, plan, facts, theme),
            (Step::Result(done), _) => done.fit(area, theme),
            (Step::Impossible(scroll, error), _) => {
                let lines = result::error_lines(error, area.width, theme);
                scroll.fit(lines.len(), usize::from(area.height));
            }
            _ => {}
        }
    }

    fn draw(&self, area: Rect, _: &Facts, canvas: &mut Canvas<'_>) {
        canvas.line(area, 0, &self.path(canvas.theme));
        let area = below_path(area);
        let plan = self.plan.as_ref().map(|planned| &planned.plan);
        match (&self.step, plan) {
            (Step::Planning, _) => canvas.text(area, 0, Role::Plain, " Looking at the target..."),
            (Step::Impossible(scroll, error), _) => {
                let lines = result::error_lines(error, area.width, canvas.theme);
                canvas.lines(area, &lines, scroll);
            }
            (Step::Choose(choose), Some(plan)) => choose.draw(area, plan, canvas),
            (Step::Preview(preview), _) => preview.draw(area, canvas),
            (Step::Confirm(confirm), _) => confirm.draw(area, canvas),
            (Step::Write(work), _) => work.draw(area, canvas),
            (Step::Result(done), _) => done.draw(area, canvas),
            (Step::Choose(_), None) => {}
        }
    }
}

impl RepairScreen {
    fn begin_undo(&mut self, context: &mut Context<'_>) -> Action {
        let Step::Result(done) = &self.step else { return Action::Stay };
        let Some(receipt) = done.receipt() else { return Action::Stay };
        *self = Self::undo(receipt.to_owned(), context);
        Action::Stay
    }

    fn read(&self, context: &mut Context<'_>) -> Action {
        match self.article() {
            Some(article) => Action::open(Screen::Article(ArticleScreen::new(&article, context))),
            None => Action::Stay,
        }
    }

    fn to_registry(&self, context: &mut Context<'_>) -> Action {
        let Step::Preview(preview) = &self.step else { return Action::Stay };
        Action::open(Screen::Registry(RegistryScreen::new(preview.key(), context)))
    }

    /// The path with the present step in brackets.
    fn path(&self, theme: &Theme) -> Line<'static> {
        let here = match self.step {
            Step::Choose(_) => 0,
            Step::Planning | Step::Impossible(..) | Step::Preview(_) => 1,
            Step::Confirm(_) => 2,
            Step::Write(_) => 3,
            Step::Result(_) => 4,
        };
        let names = ["Choose", "Preview", "Confirm", "Write", "Result"];
        let first = usize::from(!self.has_questions);
        let mut spans = vec![Span::raw(" ")];
        for (step, name) in names.iter().enumerate().skip(first) {
            spans.push(if step == here {
                theme.span(Role::Heading, format!("[{name}]"))
            } else {
                theme.span(Role::Faint, *name)
            });
            spans.push(Span::raw(" "));
        }
        Line::from(spans)
    }
}

/// Messages that mean something at some steps only.
fn is_of_a_step(message: Message) -> bool {
    use Message::{Mark, Open, Read, Receipt, ToRegistry, Undo};
    matches!(message, Open | Mark | Undo | Receipt | ToRegistry | Read)
}

/// The path takes a row, and one of air where there is place.
fn below_path(area: Rect) -> Rect {
    let used = if area.height >= 14 { 2 } else { 1 }.min(area.height);
    Rect { y: area.y + used, height: area.height - used, ..area }
}
