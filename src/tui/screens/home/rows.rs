//! The rows of the first screen.

use ratatui::text::{Line, Span};

use crate::session::{Confidence, ErrorCode, FixPlan, GuardEffect, Hit, SearchReport, Status};
use crate::tui::facts::{Facts, ScanState, Target};
use crate::tui::text::{TextField, clean, clip, pad, width};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, target_name};

/// A target with its state.
pub(super) fn target(facts: &Facts, index: usize, columns: u16, theme: &Theme) -> Line<'static> {
    let Some(target) = facts.targets.get(index) else { return Line::default() };
    let summary = &target.summary;
    let (role, state) = state(target);
    let chosen = match (facts.targets.len(), index == facts.chosen) {
        (1, _) => "",
        (_, true) => "* ",
        (_, false) => "  ",
    };
    let room = usize::from(columns).saturating_sub(width(&state) + 5);
    let name = format!("{chosen}{}  {}", target_name(summary), clean(&summary.architecture));
    Line::from(vec![Span::raw(pad(&name, room)), Span::raw(" "), theme.span(role, state)])
}

/// What is to be known before anything is repaired there, worst first.
fn state(target: &Target) -> (Role, String) {
    let guards = &target.scan.guards;
    match (target.scan.refusal().or(guards.first()), target.summary.recovered_hives.is_empty()) {
        (Some(guard), _) if guard.effect == GuardEffect::Refuses => (Role::Bad, guard.id.replace('-', " ")),
        (Some(guard), _) => (Role::Warning, guard.id.replace('-', " ")),
        (None, false) => (Role::Warning, "dirty hives".to_owned()),
        (None, true) => (Role::Plain, String::new()),
    }
}

/// What stands beside the heading of the targets.
pub(super) fn targets_summary(facts: &Facts) -> String {
    match (facts.looking, facts.target_problems.len()) {
        (true, _) => "looking...".to_owned(),
        (false, 0) => String::new(),
        (false, 1) => "1 folder cannot be used (F2)".to_owned(),
        (false, number) => format!("{number} folders cannot be used (F2)"),
    }
}

/// What stands where there is no target.
pub(super) fn no_target(facts: &Facts) -> (Role, &'static str) {
    if facts.looking {
        (Role::Faint, "   looking for Windows on every disk...")
    } else {
        (Role::Warning, " ! None found. F2 says where was looked, F5 looks again.")
    }
}

/// How much was pasted.
pub(super) fn pasted(field: &TextField) -> String {
    match field.more_lines() {
        0 => String::new(),
        more => format!("{} lines", more + 1),
    }
}

/// What the text was understood to say, most telling first.
pub(super) fn understood(found: &SearchReport) -> Vec<String> {
    let codes = found.understood.codes.iter().map(|pasted| code(&pasted.code));
    let others = found
        .understood
        .summary()
        .into_iter()
        .filter(|line| !["codes:", "text:"].iter().any(|known| line.starts_with(known)));
    codes.take(CODES_SHOWN).chain(others).collect()
}

/// More would push what else was understood out of sight; F3 shows all.
const CODES_SHOWN: usize = 2;

fn code(code: &ErrorCode) -> String {
    match code.readings.first() {
        Some(reading) => match reading.symbol {
            Some(symbol) => format!("{} = {symbol}: {}", code.value, reading.meaning),
            None => format!("{}: {}", code.value, reading.meaning),
        },
        None => match code.did_you_mean.first() {
            Some(near) => format!("{} is not known. {} ({})?", code.value, near.value, near.symbol),
            None => format!("{} is not known", code.value),
        },
    }
}

/// A line of what was understood.
pub(super) fn understood_line(text: &str, columns: u16, theme: &Theme) -> Line<'static> {
    let text = clip(&clean(text), usize::from(columns).saturating_sub(6));
    Line::from(vec![theme.span(Role::Good, "   = "), Span::raw(text)])
}

/// A result: how sure, title, id; below it why.
pub(super) fn hit(hit: &Hit, both: bool, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let (word, role) = match hit.confidence {
        Confidence::Certain => ("certain", Role::Good),
        Confidence::Likely => ("likely", Role::Warning),
        Confidence::Weak => ("weak", Role::Faint),
    };
    let columns = usize::from(columns).saturating_sub(4);
    let id = if columns >= 60 { clean(&hit.id).into_owned() } else { String::new() };
    let room = columns.saturating_sub(9 + width(&id) + 1);
    let first = Line::from(vec![
        theme.span(role, pad(word, 9)),
        Span::raw(pad(&clean(&hit.title), room)),
        Span::raw(" "),
        theme.span(Role::Code, id),
    ]);
    if !both {
        return vec![first];
    }
    let why = clip(&clean(&hit.why.join(", ")), columns.saturating_sub(9));
    vec![first, Line::from(vec![Span::raw(" ".repeat(9)), theme.span(Role::Faint, why)])]
}

/// A fix that is needed or blocked.
pub(super) fn finding(fix: &FixPlan, columns: u16, theme: &Theme) -> Line<'static> {
    let (word, role) = match fix.status {
        _ if fix.optional => ("optional", Role::Faint),
        Status::Blocked => ("blocked", Role::Warning),
        _ => ("needed", Role::Bad),
    };
    let columns = usize::from(columns).saturating_sub(4);
    let id = if columns >= 60 { clip(&clean(&fix.fix), columns / 3) } else { String::new() };
    let room = columns.saturating_sub(9 + width(&id) + 1);
    Line::from(vec![
        theme.span(role, pad(word, 9)),
        Span::raw(pad(&clean(&fix.title), room)),
        Span::raw(" "),
        theme.span(Role::Code, id),
    ])
}

/// How far the scan is, or what it came to.
pub(super) fn scan_summary(facts: &Facts, columns: u16, canvas: &Canvas<'_>) -> String {
    let Some(target) = facts.target() else { return String::new() };
    let scan = &target.scan;
    match &scan.state {
        ScanState::Waiting => String::new(),
        ScanState::Running(step, steps) if columns >= 60 => {
            format!("checking {step} of {steps} {}", canvas.bar(16, *step, *steps))
        }
        ScanState::Running(step, steps) => format!("{step} of {steps}"),
        ScanState::Failed(_) => "not scanned".to_owned(),
        ScanState::Done | ScanState::Cancelled => {
            let cancelled = if scan.state == ScanState::Cancelled { "stopped; " } else { "" };
            let needed =
                scan.fixes.iter().filter(|fix| fix.status == Status::Needed && !fix.optional).count();
            if columns < 60 {
                return format!("{cancelled}{needed} needed");
            }
            let blocked =
                scan.fixes.iter().filter(|fix| fix.status == Status::Blocked && !fix.optional).count();
            let healthy = scan.count(Status::Healthy);
            format!("{cancelled}{needed} needed, {blocked} blocked, {healthy} healthy")
        }
    }
}

/// What stands where nothing is wrong, or not yet.
pub(super) fn nothing_found(facts: &Facts) -> (Role, String) {
    let Some(target) = facts.target() else { return (Role::Faint, String::new()) };
    match &target.scan.state {
        ScanState::Waiting => (Role::Faint, "   waiting for the scan".to_owned()),
        ScanState::Running(..) => (Role::Faint, "   nothing so far".to_owned()),
        ScanState::Failed(reason) => {
            (Role::Bad, format!(" ! {}", clean(reason.lines().next().unwrap_or(""))))
        }
        ScanState::Cancelled => (Role::Warning, " ! The scan was stopped. F5 begins again.".to_owned()),
        ScanState::Done => (Role::Good, "   Nothing that an article knows of.".to_owned()),
    }
}
