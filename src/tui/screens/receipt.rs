//! One receipt: what was repaired, what is left to be done by hand, and the way
//! back.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::checklist::Checklist;
use super::history::state;
use super::{Action, ArticleScreen, Context, Page, RepairScreen, Screen};
use crate::session::{HistoryState, ReceiptSummary};
use crate::tui::effect::Report;
use crate::tui::facts::Facts;
use crate::tui::keys::{Kind, Message};
use crate::tui::text::{Indent, clean, pad, wrap};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Scroll, plural};

/// A receipt.
#[derive(Clone, Debug)]
pub struct ReceiptScreen {
    receipt: ReceiptSummary,
    lines: Vec<Line<'static>>,
    scroll: Scroll,
    checklist: Checklist,
}

impl ReceiptScreen {
    /// Shows a receipt.
    pub fn new(receipt: ReceiptSummary) -> Self {
        let checklist = Checklist::new(Some(receipt.receipt.clone()), receipt.checklist.clone());
        Self { receipt, lines: Vec::new(), scroll: Scroll::default(), checklist }
    }

    fn split(&self, area: Rect) -> (Rect, Rect) {
        let text_rows = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        let spare = area.height.saturating_sub(text_rows.min(area.height / 2));
        let list = self.checklist.rows(area.width).min(spare);
        let text = area.height - list;
        (Rect { height: text, ..area }, Rect { y: area.y + text, height: list, ..area })
    }
}

impl Page for ReceiptScreen {
    fn kind(&self) -> Kind {
        Kind::Receipt
    }

    fn title(&self, _: &Facts) -> String {
        "Receipt".to_owned()
    }

    fn purpose(&self, _: &Facts) -> String {
        match self.receipt.state {
            HistoryState::Applied => "This repair can be taken back: u shows what that would change.",
            HistoryState::Undone => "This repair was taken back.",
            HistoryState::RolledBack => "This repair failed and left everything as it was.",
            HistoryState::Unfinished => "This repair was interrupted. F5 finishes it or rolls it back.",
        }
        .to_owned()
    }

    fn offers(&self, message: Message, facts: &Facts) -> bool {
        match message {
            Message::Undo => self.receipt.state == HistoryState::Applied && !facts.busy,
            Message::Mark => !self.checklist.is_empty(),
            Message::Read => self.receipt.fixes.first().is_some_and(|fix| fix.contains('/')),
            _ => true,
        }
    }

    fn update(&mut self, message: Message, context: &mut Context<'_>) -> Action {
        match message {
            Message::Back => return Action::Close,
            Message::Undo => {
                let name = self.receipt.receipt.clone();
                return Action::Replace(Box::new(Screen::Repair(RepairScreen::undo(name, context))));
            }
            Message::Read => {
                let article = self.receipt.fixes.first().and_then(|fix| fix.split('/').next());
                if let Some(article) = article {
                    return Action::open(Screen::Article(ArticleScreen::new(article, context)));
                }
            }
            Message::Mark => self.checklist.tick(context),
            Message::Up | Message::Down if !self.checklist.is_empty() => self.checklist.moved(message),
            message => {
                self.scroll.moved(message);
            }
        }
        Action::Stay
    }

    fn answered(&mut self, report: &Report, context: &mut Context<'_>) -> Action {
        self.checklist.answered(report, context);
        Action::Stay
    }

    fn fit(&mut self, area: Rect, _: &Facts, theme: &Theme) {
        self.lines = lines(&self.receipt, usize::from(area.width).saturating_sub(1), theme);
        let (text, list) = self.split(area);
        self.scroll.fit(self.lines.len(), usize::from(text.height));
        self.checklist.fit(list);
    }

    fn draw(&self, area: Rect, _: &Facts, canvas: &mut Canvas<'_>) {
        let (text, list) = self.split(area);
        canvas.lines(text, &self.lines, &self.scroll);
        self.checklist.draw(list, canvas);
    }
}

fn lines(receipt: &ReceiptSummary, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut fact = |name: &str, role: Role, value: &str| {
        let indent = Indent::hanging(vec![theme.span(Role::Faint, format!(" {}", pad(name, 12)))]);
        let text: Vec<_> = value.lines().map(clean).collect();
        lines.extend(wrap(&[Span::styled(text.join("\n"), theme.style(role))], columns, &indent));
    };
    let (word, role) = state(receipt.state);
    fact("Receipt", Role::Strong, &receipt.receipt);
    fact("State", role, word);
    fact("Written", Role::Plain, &receipt.time.replace('T', " "));
    fact("Holds", Role::Plain, &plural(receipt.changes, "change"));
    fact("Fixes", Role::Code, &receipt.fixes.join("\n"));
    if let Some(undoes) = &receipt.undoes {
        fact("Undoes", Role::Plain, undoes);
    }
    if !receipt.undone_by.is_empty() {
        fact("Undone by", Role::Plain, &receipt.undone_by.join("\n"));
    }
    fact("Kept in", Role::Plain, &receipt.folder.display().to_string());
    lines
}
