//! The preview: exactly what would change, and nothing else.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::session::{Change, FixPlan, GuardEffect, Plan, Safety, Status};
use crate::tui::keys::Message;
use crate::tui::text::{Indent, clean, wrap};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::changes::change_text;
use crate::tui::view::{Canvas, Scroll, plural};

/// The plan as text.
#[derive(Clone, Debug, Default)]
pub(super) struct Preview {
    lines: Vec<Line<'static>>,
    /// Keys by line.
    keys: Vec<(usize, String)>,
    /// The columns the lines were made for.
    columns: u16,
    scroll: Scroll,
}

/// Whether there is something to write and nothing that forbids it.
pub(super) fn may_write(plan: &Plan) -> bool {
    plan.has_changes() && !plan.is_refused()
}

/// What the preview is, in one sentence.
pub(super) fn purpose(plan: Option<&Plan>) -> &'static str {
    match plan {
        Some(plan) if plan.is_refused() => {
            "What would change. It is not possible yet; the reason stands first."
        }
        Some(plan) if plan.has_changes() => {
            "Exactly this would change, nothing else. Nothing is written yet."
        }
        _ => "Nothing has to change here.",
    }
}

impl Preview {
    pub(super) fn moved(&mut self, message: Message) {
        self.scroll.moved(message);
    }

    /// The key at the top of what is in sight.
    pub(super) fn key(&self) -> Option<&str> {
        let in_sight = self.scroll.visible().end;
        let above = self.keys.iter().rev().find(|(line, _)| *line <= self.scroll.top);
        let first = self.keys.iter().find(|(line, _)| *line < in_sight);
        above.or(first).map(|(_, key)| key.as_str())
    }

    pub(super) fn fit(&mut self, area: Rect, plan: &Plan, theme: &Theme) {
        if self.columns != area.width || self.lines.is_empty() {
            self.columns = area.width;
            self.write(plan, usize::from(area.width).saturating_sub(1), theme);
        }
        self.scroll.fit(self.lines.len(), usize::from(area.height));
    }

    pub(super) fn draw(&self, area: Rect, canvas: &mut Canvas<'_>) {
        canvas.lines(area, &self.lines, &self.scroll);
    }

    fn write(&mut self, plan: &Plan, columns: usize, theme: &Theme) {
        let mut lines = guard_lines(plan, columns, theme);
        let pressing = |fix: &&FixPlan| matches!(fix.status, Status::Needed | Status::Blocked);
        for fix in plan.fixes.iter().filter(pressing) {
            lines.extend(fix_lines(fix, columns, theme));
        }
        let changes: Vec<&Change> = plan.changes().collect();
        let text = change_text(&changes, columns, theme);
        if !changes.is_empty() {
            lines.push(Line::default());
        }
        let above = lines.len();
        self.keys = text.keys.into_iter().map(|(line, key)| (line + above, key)).collect();
        lines.extend(text.lines);
        let first_boot: Vec<&String> = plan.fixes.iter().flat_map(|fix| &fix.first_boot).collect();
        lines.extend(listed("Commands for the first boot of this Windows", &first_boot, columns, theme));
        let manual: Vec<&String> = plan.fixes.iter().flat_map(|fix| &fix.manual).collect();
        lines.extend(listed("To be done by hand afterwards", &manual, columns, theme));
        let notes: Vec<&String> = plan.notes.iter().collect();
        lines.extend(listed("Notes", &notes, columns, theme));
        let others: Vec<&FixPlan> = plan.fixes.iter().filter(|fix| !pressing(fix)).collect();
        if !others.is_empty() && !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(others.iter().flat_map(|fix| fix_lines(fix, columns, theme)));
        self.lines = lines;
    }
}

fn guard_lines(plan: &Plan, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for guard in &plan.guards {
        let (mark, role) = match guard.effect {
            GuardEffect::Refuses => (" refused  ", Role::Bad),
            GuardEffect::Warns => (" warning  ", Role::Warning),
        };
        let text = format!("{}\n{}\n{}", clean(&guard.saw), clean(&guard.why), clean(&guard.next));
        lines.extend(wrap(&[Span::raw(text)], columns, &Indent::hanging(vec![theme.span(role, mark)])));
        lines.push(Line::default());
    }
    lines
}

fn fix_lines(fix: &FixPlan, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let role = match fix.status {
        Status::Needed => Role::Bad,
        Status::Blocked => Role::Warning,
        Status::Healthy => Role::Good,
        Status::NotApplicable => Role::Faint,
    };
    let count = match fix.status {
        Status::Needed => format!("{}, {}", safety(fix.safety), plural(fix.changes.len(), "change")),
        _ => String::new(),
    };
    let title = vec![
        theme.span(role, fix.status.to_string()),
        Span::raw("  "),
        theme.span(Role::Strong, clean(&fix.title)),
        Span::raw("  "),
        theme.span(Role::Faint, count),
    ];
    let mut lines = wrap(&title, columns, &Indent::hanging_spaces(1, 3));
    let text = |role, text: &str| wrap(&[theme.span(role, clean(text))], columns, &Indent::spaces(3));
    let reason = if fix.status == Status::NotApplicable { Role::Faint } else { Role::Plain };
    lines.extend(text(reason, &fix.reason));
    if let (Some(warning), Status::Needed) = (&fix.warning, fix.status) {
        lines.extend(text(Role::Warning, &format!("Warning: {warning}")));
    }
    lines
}

fn safety(safety: Safety) -> &'static str {
    match safety {
        Safety::Manual => "by hand",
        Safety::Risky => "risky",
        Safety::Safe => "safe",
    }
}

/// A heading and its items, where there are any.
fn listed(heading: &str, items: &[&String], columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    if items.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::default(), Line::from(theme.span(Role::Heading, format!(" {heading}")))];
    for item in items {
        let mark = vec![Span::raw(format!("   {} ", theme.glyphs.bullet))];
        lines.extend(wrap(&[Span::raw(clean(item).into_owned())], columns, &Indent::hanging(mark)));
    }
    lines
}
