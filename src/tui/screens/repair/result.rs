//! What became of the repair: verified, refused or rolled back; what is left to
//! be done by hand, to be ticked; and the way back.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::session::{ApplyReport, ChecklistItem, Outcome, SessionError};
use crate::tui::effect::{Answer, Report, Request, Ticket};
use crate::tui::facts::Tone;
use crate::tui::keys::Message;
use crate::tui::screens::Context;
use crate::tui::screens::checklist::Checklist;
use crate::tui::text::{Indent, clean, wrap};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Scroll, plural};

/// The result.
#[derive(Clone, Debug)]
pub(super) struct Done {
    report: Option<ApplyReport>,
    error: Option<SessionError>,
    lines: Vec<Line<'static>>,
    scroll: Scroll,
    checklist: Checklist,
    history: Option<Ticket>,
}

impl Done {
    /// The receipt's checklist is asked for: ticks are kept there.
    pub(super) fn new(report: &ApplyReport, context: &mut Context<'_>) -> Self {
        let wrote = !matches!(report.outcome, Outcome::Refused | Outcome::RolledBack);
        let kept = report.receipt.is_some() && report.outcome == Outcome::Applied;
        let target = context.facts.target_folder().filter(|_| kept);
        let history = target.map(|target| context.ask(Request::History { target }));
        Self {
            report: Some(report.clone()),
            error: None,
            lines: Vec::new(),
            scroll: Scroll::default(),
            checklist: Checklist::new(None, if wrote { by_hand(report) } else { Vec::new() }),
            history,
        }
    }

    pub(super) fn failed(error: &SessionError) -> Self {
        Self {
            report: None,
            error: Some(error.clone()),
            lines: Vec::new(),
            scroll: Scroll::default(),
            checklist: Checklist::default(),
            history: None,
        }
    }

    pub(super) fn purpose(&self) -> &'static str {
        match self.report.as_ref().map(|report| report.outcome) {
            Some(Outcome::Applied) if self.has_checklist() => {
                "Written and verified. Below is what is left to do by hand."
            }
            Some(Outcome::Applied) => "Written, read back and verified.",
            Some(Outcome::NothingToDo) => "Everything was already as it should be.",
            Some(Outcome::Refused) => "Nothing was written.",
            Some(Outcome::RolledBack) => "It failed; everything is as it was before.",
            None => "It failed. Read below in which state things are.",
        }
    }

    /// Whether the target is another than before.
    pub(super) fn wrote(&self) -> bool {
        let outcome = self.report.as_ref().map(|report| report.outcome);
        !matches!(outcome, Some(Outcome::Refused | Outcome::RolledBack))
    }

    /// The receipt that can be taken back.
    pub(super) fn receipt(&self) -> Option<&str> {
        let report = self.report.as_ref().filter(|report| report.outcome == Outcome::Applied)?;
        report.receipt.as_deref()
    }

    pub(super) fn has_checklist(&self) -> bool {
        !self.checklist.is_empty()
    }

    pub(super) fn tick(&mut self, context: &mut Context<'_>) {
        self.checklist.tick(context);
    }

    pub(super) fn moved(&mut self, message: Message) {
        if self.has_checklist() && matches!(message, Message::Up | Message::Down) {
            self.checklist.moved(message);
        } else {
            self.scroll.moved(message);
        }
    }

    pub(super) fn answered(&mut self, report: &Report, context: &mut Context<'_>) {
        self.checklist.answered(report, context);
        if self.history != Some(report.ticket) {
            return;
        }
        match &report.answer {
            Answer::History(history) => {
                let mine = self.receipt().map(str::to_owned);
                let receipt = history.receipts.iter().find(|receipt| Some(&receipt.receipt) == mine.as_ref());
                if let Some(receipt) = receipt {
                    self.checklist = Checklist::new(mine, receipt.checklist.clone());
                }
            }
            Answer::Failed(error) => context.say(Tone::Bad, error.to_string()),
            _ => {}
        }
    }

    pub(super) fn fit(&mut self, area: Rect, theme: &Theme) {
        self.lines = match (&self.report, &self.error) {
            (Some(report), _) => report_lines(report, usize::from(area.width).saturating_sub(1), theme),
            (None, Some(error)) => error_lines(error, area.width, theme),
            (None, None) => Vec::new(),
        };
        let (text, list) = self.split(area);
        self.scroll.fit(self.lines.len(), usize::from(text.height));
        self.checklist.fit(list);
    }

    pub(super) fn draw(&self, area: Rect, canvas: &mut Canvas<'_>) {
        let (text, list) = self.split(area);
        canvas.lines(text, &self.lines, &self.scroll);
        self.checklist.draw(list, canvas);
    }

    /// The text above, the checklist below; each gets what it needs, as far as
    /// there is.
    fn split(&self, area: Rect) -> (Rect, Rect) {
        let wanted = self.checklist.rows(area.width);
        let text_rows = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        let list = wanted.min(area.height.saturating_sub(text_rows.min(area.height / 2)));
        let text = area.height - list;
        (Rect { height: text, ..area }, Rect { y: area.y + text, height: list, ..area })
    }
}

fn by_hand(report: &ApplyReport) -> Vec<ChecklistItem> {
    let item =
        |fix: &str, text: &String| ChecklistItem { fix: fix.to_owned(), text: text.clone(), done: false };
    let fixes = report.plan.fixes.iter();
    fixes.flat_map(|fix| fix.manual.iter().map(|text| item(&fix.fix, text))).collect()
}

fn report_lines(report: &ApplyReport, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let changes = plural(report.plan.changes().count(), "change");
    let (role, mark, head) = match report.outcome {
        Outcome::Applied if report.plan.undoes.is_some() => {
            (Role::Good, theme.glyphs.done, format!("Taken back: {changes}"))
        }
        Outcome::Applied => (Role::Good, theme.glyphs.done, format!("Repaired: {changes}")),
        Outcome::NothingToDo => (Role::Good, theme.glyphs.done, "Nothing to do".to_owned()),
        Outcome::Refused => (Role::Bad, "!", "Refused".to_owned()),
        Outcome::RolledBack => (Role::Bad, "!", "Failed and rolled back".to_owned()),
    };
    let mut lines = vec![Line::from(theme.span(role, format!(" {mark} {head}")))];
    let mut text = |role, text: &str| {
        lines.extend(wrap(&[theme.span(role, clean(text))], columns, &Indent::spaces(3)));
    };
    if let Some(failure) = &report.failure {
        text(Role::Plain, failure);
    }
    for verified in &report.verified {
        text(Role::Plain, verified);
    }
    if let Some(receipt) = &report.receipt {
        text(Role::Plain, &format!("Receipt {receipt}"));
    }
    if let Some(folder) = &report.receipt_folder {
        text(Role::Faint, &format!("kept in {}", folder.display()));
    }
    lines
}

/// An error: what, and what next.
pub(super) fn error_lines(error: &SessionError, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let columns = usize::from(columns).saturating_sub(1);
    let indent = Indent::hanging(vec![theme.span(Role::Bad, " ! ")]);
    let message: Vec<_> = error.message.lines().map(clean).collect();
    let mut lines = wrap(&[Span::raw(message.join("\n"))], columns, &indent);
    if let Some(next) = &error.next {
        lines.push(Line::default());
        lines.extend(wrap(&[Span::raw(clean(next).into_owned())], columns, &Indent::spaces(3)));
    }
    lines
}
