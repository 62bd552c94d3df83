//! Choosing among what was found, with the facts to choose by.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::session::{Candidate, Choices, FileTime, Plan, PlanQuestion};
use crate::tui::keys::Message;
use crate::tui::text::{Indent, clean, width, wrap};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Cursor};

/// One question.
#[derive(Clone, Debug)]
pub(super) struct Choose {
    fix: usize,
    question: usize,
    cursor: Cursor,
    candidates: usize,
}

/// Which question is still open: fix, question, the candidate that is proposed.
pub(super) fn unanswered(plan: &Plan, choices: &Choices) -> Option<(usize, usize, usize)> {
    for (fix_at, fix) in plan.fixes.iter().enumerate() {
        for (at, question) in fix.questions.iter().enumerate() {
            if choices.answer(&fix.fix, &question.id).is_none() && !question.candidates.is_empty() {
                return Some((fix_at, at, proposed(question).unwrap_or(0)));
            }
        }
    }
    None
}

fn proposed(question: &PlanQuestion) -> Option<usize> {
    let proposed = question.proposed.as_ref()?;
    question.candidates.iter().position(|candidate| candidate.answer == *proposed)
}

impl Choose {
    pub(super) fn new((fix, question, proposed): (usize, usize, usize)) -> Self {
        Self { fix, question, cursor: Cursor::at(proposed), candidates: usize::MAX }
    }

    fn question<'a>(&self, plan: &'a Plan) -> Option<(&'a str, &'a PlanQuestion)> {
        let fix = plan.fixes.get(self.fix)?;
        Some((&fix.fix, fix.questions.get(self.question)?))
    }

    pub(super) fn answer(&self, plan: &Plan, choices: &mut Choices) {
        let Some((fix, question)) = self.question(plan) else { return };
        if let Some(candidate) = question.candidates.get(self.cursor.index) {
            choices.set(&format!("{fix}:{}", question.id), &candidate.answer);
        }
    }

    pub(super) fn moved(&mut self, message: Message) {
        self.cursor.moved(message, self.candidates);
    }

    pub(super) fn fit(&mut self, area: Rect, plan: &Plan, theme: &Theme) {
        let Some((_, question)) = self.question(plan) else { return };
        self.candidates = question.candidates.len();
        let list = list_area(area, question, area.width);
        let rows = |candidate| candidate_rows(candidate, question, list.width, theme).len();
        let heights: Vec<usize> = question.candidates.iter().map(rows).collect();
        self.cursor.fit_tall(&heights, usize::from(list.height));
    }

    pub(super) fn draw(&self, area: Rect, plan: &Plan, canvas: &mut Canvas<'_>) {
        let Some((_, question)) = self.question(plan) else { return };
        for (row, line) in (0..).zip(text_lines(question, area.width)) {
            canvas.line(area, row, &line.patch_style(canvas.theme.style(Role::Strong)));
        }
        let list = list_area(area, question, area.width);
        let theme = canvas.theme;
        let rows: Vec<Vec<Line<'static>>> = question
            .candidates
            .iter()
            .map(|candidate| candidate_rows(candidate, question, list.width, theme))
            .collect();
        canvas.rows(list, &rows, &self.cursor, true);
    }
}

fn text_lines(question: &PlanQuestion, columns: u16) -> Vec<Line<'static>> {
    wrap(&[Span::raw(clean(&question.text).into_owned())], usize::from(columns), &Indent::spaces(1))
}

fn list_area(area: Rect, question: &PlanQuestion, columns: u16) -> Rect {
    let text = u16::try_from(text_lines(question, columns).len()).unwrap_or(u16::MAX);
    let used = text.saturating_add(1).min(area.height);
    Rect { y: area.y + used, height: area.height - used, ..area }
}

/// A line for the name, and the facts below it.
fn candidate_rows(
    candidate: &Candidate,
    question: &PlanQuestion,
    columns: u16,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let columns = usize::from(columns).saturating_sub(4);
    let time = |what: &str, time: Option<FileTime>| time.map(|time| format!("{what} {}", time_text(time)));
    let size = candidate.size.map(|size| format!("{size} bytes"));
    let facts: Vec<String> = [time("made", candidate.created), time("written", candidate.modified), size]
        .into_iter()
        .flatten()
        .collect();
    let mut spans = vec![theme.span(Role::Faint, facts.join(", "))];
    if question.proposed.as_ref() == Some(&candidate.answer) {
        spans.insert(0, theme.span(Role::Good, "proposed  "));
    }
    let mut rows = vec![Line::from(without_middle(&clean(&candidate.label), columns))];
    rows.extend(wrap(&spans, columns, &Indent::spaces(2)));
    rows
}

/// To the minute: who chooses by time compares minutes.
fn time_text(time: FileTime) -> String {
    time.to_string().replace('T', " ").chars().take(16).collect()
}

/// Names that differ in their tails are cut in the middle.
fn without_middle(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(2);
    let characters: Vec<char> = text.chars().collect();
    let head: String = characters.iter().take(room / 3).collect();
    let tail_length = room - room / 3;
    let tail: String = characters[characters.len().saturating_sub(tail_length)..].iter().collect();
    format!("{head}..{tail}")
}
