//! The fixes of an article with their state on the target, and the articles to
//! read beside it.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::session::{Article, Status};
use crate::tui::facts::Facts;
use crate::tui::keys::Message;
use crate::tui::text::{clean, clip, pad, width};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Cursor};

/// The list.
#[derive(Clone, Debug, Default)]
pub(super) struct FixList {
    fixes: Vec<Entry>,
    related: Vec<String>,
    cursor: Cursor,
}

#[derive(Clone, Debug)]
struct Entry {
    id: String,
    title: String,
    optional: bool,
    marked: bool,
}

/// What a row of the list stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// A fix of the article.
    Fix {
        /// Its full name.
        id: String,
    },
    /// Another article.
    Article {
        /// Its id.
        id: String,
    },
}

impl FixList {
    pub(super) fn new(article: &Article) -> Self {
        let fixes = article.fixes.iter().map(|fix| Entry {
            id: fix.id.to_string(),
            title: fix.title.clone(),
            optional: fix.optional,
            marked: false,
        });
        Self { fixes: fixes.collect(), related: article.related.clone(), cursor: Cursor::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fixes.is_empty() && self.related.is_empty()
    }

    pub(super) fn has_fixes(&self) -> bool {
        !self.fixes.is_empty()
    }

    /// Fixes for this target first; each with its place in the article.
    fn order(&self, facts: &Facts) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.fixes.len()).collect();
        let elsewhere = |at: &usize| status(facts, &self.fixes[*at].id) == Some(Status::NotApplicable);
        order.sort_by_key(|at| (elsewhere(at), *at));
        order
    }

    pub(super) fn len(&self, _: &Facts) -> usize {
        self.fixes.len() + self.related.len()
    }

    pub(super) fn selected(&self, facts: &Facts) -> Option<Row> {
        if let Some(at) = self.order(facts).get(self.cursor.index) {
            return Some(Row::Fix { id: self.fixes[*at].id.clone() });
        }
        let id = self.related.get(self.cursor.index.checked_sub(self.fixes.len())?)?;
        Some(Row::Article { id: id.clone() })
    }

    pub(super) fn is_fix(&self, facts: &Facts) -> bool {
        matches!(self.selected(facts), Some(Row::Fix { .. }))
    }

    pub(super) fn mark(&mut self, facts: &Facts) {
        if let Some(at) = self.order(facts).get(self.cursor.index).copied() {
            self.fixes[at].marked = !self.fixes[at].marked;
        }
    }

    /// The full names of the marked fixes.
    pub(super) fn marked(&self) -> Vec<String> {
        self.fixes.iter().filter(|fix| fix.marked).map(|fix| fix.id.clone()).collect()
    }

    pub(super) fn moved(&mut self, message: Message, facts: &Facts) {
        let len = self.len(facts);
        self.cursor.moved(message, len);
    }

    pub(super) fn fit(&mut self, height: usize, facts: &Facts) {
        let len = self.len(facts);
        self.cursor.fit(len, height);
    }

    /// How many are needed.
    pub(super) fn summary(&self, facts: &Facts) -> String {
        let needed = |fix: &&Entry| status(facts, &fix.id) == Some(Status::Needed);
        match self.fixes.iter().filter(needed).count() {
            0 => String::new(),
            number => format!("{number} needed here"),
        }
    }

    pub(super) fn draw(&self, area: Rect, focus: bool, facts: &Facts, canvas: &mut Canvas<'_>) {
        let columns = usize::from(area.width).saturating_sub(4);
        let order = self.order(facts);
        let any_marked = self.fixes.iter().any(|fix| fix.marked);
        let fixes =
            order.iter().map(|at| fix_row(&self.fixes[*at], any_marked, facts, columns, canvas.theme));
        let related = self.related.iter().map(|id| {
            vec![Line::from(vec![
                canvas.theme.span(Role::Faint, pad("see also", 10)),
                canvas.theme.span(Role::Code, clip(&clean(id), columns.saturating_sub(10))),
            ])]
        });
        let rows: Vec<Vec<Line<'static>>> = fixes.chain(related).collect();
        canvas.rows(area, &rows, &self.cursor, focus);
    }
}

fn status(facts: &Facts, id: &str) -> Option<Status> {
    facts.fix(id).map(|fix| fix.status)
}

fn fix_row(fix: &Entry, marks: bool, facts: &Facts, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let (word, role) = match status(facts, &fix.id) {
        Some(Status::Needed) if fix.optional => ("optional", Role::Warning),
        Some(Status::Needed) => ("needed", Role::Bad),
        Some(Status::Blocked) => ("blocked", Role::Warning),
        Some(Status::Healthy) => ("healthy", Role::Good),
        Some(Status::NotApplicable) => ("elsewhere", Role::Faint),
        None => ("unchecked", Role::Faint),
    };
    let mark = match (marks, fix.marked) {
        (false, _) => "",
        (true, true) => "[x] ",
        (true, false) => "[ ] ",
    };
    let name = fix.id.rsplit('/').next().unwrap_or(&fix.id);
    let name = if columns >= 60 { clip(&clean(name), columns / 4) } else { String::new() };
    let room = columns.saturating_sub(10 + width(mark) + width(&name) + 1);
    vec![Line::from(vec![
        Span::raw(mark),
        theme.span(role, pad(word, 10)),
        Span::raw(pad(&clean(&fix.title), room)),
        Span::raw(" "),
        theme.span(Role::Code, name),
    ])]
}
