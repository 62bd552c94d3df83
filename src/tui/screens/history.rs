//! The receipts of the target, latest first.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Action, Context, Page, ReceiptScreen, Screen};
use crate::session::{History, HistoryState, ReceiptSummary, SessionError};
use crate::tui::effect::{Answer, Report, Request, Ticket};
use crate::tui::facts::Facts;
use crate::tui::keys::{Kind, Message};
use crate::tui::text::{clean, pad};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Cursor, plural};

/// The receipts.
#[derive(Clone, Debug)]
pub struct HistoryScreen {
    asked: Option<Ticket>,
    history: Option<Result<History, SessionError>>,
    cursor: Cursor,
}

impl HistoryScreen {
    /// Asks for the receipts of the chosen target.
    pub fn new(context: &mut Context<'_>) -> Self {
        let target = context.facts.target_folder();
        let asked = target.map(|target| context.ask(Request::History { target }));
        Self { asked, history: None, cursor: Cursor::default() }
    }

    fn receipts(&self) -> &[ReceiptSummary] {
        match &self.history {
            Some(Ok(history)) => &history.receipts,
            _ => &[],
        }
    }
}

impl Page for HistoryScreen {
    fn kind(&self) -> Kind {
        Kind::History
    }

    fn title(&self, _: &Facts) -> String {
        "History".to_owned()
    }

    fn purpose(&self, _: &Facts) -> String {
        "Every repair made on this Windows, latest first. Enter opens one, to undo it.".to_owned()
    }

    fn offers(&self, message: Message, _: &Facts) -> bool {
        match message {
            Message::Open => !self.receipts().is_empty(),
            Message::History => false,
            _ => true,
        }
    }

    fn update(&mut self, message: Message, _: &mut Context<'_>) -> Action {
        match message {
            Message::Back => return Action::Close,
            Message::Open => {
                if let Some(receipt) = self.receipts().get(self.cursor.index) {
                    return Action::open(Screen::Receipt(ReceiptScreen::new(receipt.clone())));
                }
            }
            message => {
                let len = self.receipts().len();
                self.cursor.moved(message, len);
            }
        }
        Action::Stay
    }

    fn answered(&mut self, report: &Report, _: &mut Context<'_>) -> Action {
        if self.asked == Some(report.ticket) {
            match &report.answer {
                Answer::History(history) => self.history = Some(Ok(history.clone())),
                Answer::Failed(error) => self.history = Some(Err(error.clone())),
                _ => {}
            }
        }
        Action::Stay
    }

    fn fit(&mut self, area: Rect, _: &Facts, _: &Theme) {
        let place = usize::from(area.height).saturating_sub(self.problems().len());
        self.cursor.fit(self.receipts().len(), place);
    }

    fn draw(&self, area: Rect, _: &Facts, canvas: &mut Canvas<'_>) {
        match &self.history {
            None => canvas.text(area, 0, Role::Faint, "   looking for receipts..."),
            Some(Err(error)) => canvas.text(area, 0, Role::Bad, &format!(" ! {}", clean(&error.message))),
            Some(Ok(history)) if history.receipts.is_empty() => {
                canvas.text(area, 0, Role::Plain, "   No repair was made on this Windows yet.");
            }
            Some(Ok(_)) => {}
        }
        let theme = canvas.theme;
        let rows: Vec<Vec<Line<'static>>> =
            self.receipts().iter().map(|receipt| vec![row(receipt, area.width, theme)]).collect();
        canvas.rows(area, &rows, &self.cursor, true);
        let top = u16::try_from(self.cursor.visible().len()).unwrap_or(u16::MAX);
        for (at, problem) in (top..).zip(self.problems()) {
            canvas.text(area, at, Role::Warning, &format!(" ! {}", clean(problem)));
        }
    }
}

impl HistoryScreen {
    fn problems(&self) -> &[String] {
        match &self.history {
            Some(Ok(history)) => &history.problems,
            _ => &[],
        }
    }
}

fn row(receipt: &ReceiptSummary, columns: u16, theme: &Theme) -> Line<'static> {
    let (word, role) = state(receipt.state);
    let time: String = receipt.time.replace('T', " ").chars().take(16).collect();
    let what = match &receipt.undoes {
        Some(undone) => format!("undo of {undone}"),
        None => receipt.fixes.join(", "),
    };
    let changes = if columns >= 60 { pad(&plural(receipt.changes, "change"), 11) } else { String::new() };
    Line::from(vec![
        Span::raw(pad(&clean(&time), 18)),
        theme.span(role, pad(word, 12)),
        Span::raw(changes),
        theme.span(Role::Code, clean(&what)),
    ])
}

/// Where a receipt stands, in a word.
pub(super) fn state(state: HistoryState) -> (&'static str, Role) {
    match state {
        HistoryState::Applied => ("applied", Role::Good),
        HistoryState::Undone => ("undone", Role::Faint),
        HistoryState::RolledBack => ("rolled back", Role::Warning),
        HistoryState::Unfinished => ("unfinished", Role::Bad),
    }
}
