//! Plans and their outcomes as text.

use crate::session::{
    ApplyReport, Change, FixPlan, GuardEffect, GuardFinding, Outcome, Plan, PlanQuestion, Status,
    TargetSummary, display_name,
};

/// One line that names an installation.
pub(crate) fn target(target: &TargetSummary) -> String {
    let computer =
        target.computer_name.as_deref().map(|name| format!(", computer {name}")).unwrap_or_default();
    format!("{}{computer}: {} at {}", target.name, target.system_root, target.windows_folder.display())
}

/// The whole preview.
pub(crate) fn plan(plan: &Plan) -> Vec<String> {
    let mut lines = vec![target(&plan.target)];
    lines.extend(plan.notes.iter().map(|note| format!("note: {note}")));
    for fix in &plan.fixes {
        lines.push(String::new());
        lines.extend(fix_plan(fix));
    }
    lines.extend(guards(&plan.guards));
    lines.push(String::new());
    lines.push(summary(plan));
    lines
}

/// One sentence that says how much would change.
fn summary(plan: &Plan) -> String {
    let changes = plan.changes().count();
    let needed = plan.fixes.iter().filter(|fix| fix.status == Status::Needed).count();
    match (needed, changes) {
        (0, _) => "Nothing to do.".to_owned(),
        (_, 0) => "Nothing would be written; what is needed is to be done by hand.".to_owned(),
        (_, 1) => "1 change; nothing has been written.".to_owned(),
        _ => format!("{changes} changes; nothing has been written."),
    }
}

/// One fix with its changes, commands and instructions.
pub(crate) fn fix_plan(fix: &FixPlan) -> Vec<String> {
    let mut lines = vec![format!("{} [{}] {}", fix.fix, fix.status, fix.title), format!("  {}", fix.reason)];
    if fix.status == Status::Needed {
        lines.extend(fix.warning.iter().map(|warning| format!("  WARNING: {warning}")));
        if !fix.changes.is_empty() {
            lines.push(format!("  safety: {:?}", fix.safety).to_lowercase());
        }
    }
    lines.extend(fix.questions.iter().flat_map(question));
    lines.extend(changes(&fix.changes));
    if matches!(fix.status, Status::Needed | Status::Healthy) {
        lines.extend(fix.first_boot.iter().map(|command| format!("  at the first boot: {command}")));
        lines.extend(manual(&fix.manual));
    }
    lines
}

fn manual(instructions: &[String]) -> Vec<String> {
    if instructions.is_empty() {
        return Vec::new();
    }
    let items = instructions.iter().enumerate().map(|(index, text)| format!("    {}. {text}", index + 1));
    std::iter::once("  by hand:".to_owned()).chain(items).collect()
}

/// A question with what can be chosen.
pub(crate) fn question(question: &PlanQuestion) -> Vec<String> {
    let mut lines = vec![format!("  question {}: {}", question.id, question.text)];
    for candidate in &question.candidates {
        let mark = match (&question.chosen, &question.proposed) {
            (Some(chosen), _) if *chosen == candidate.answer => "*",
            (None, Some(proposed)) if *proposed == candidate.answer => "?",
            _ => " ",
        };
        let mut facts = Vec::new();
        facts.extend(candidate.created.map(|time| format!("created {time}")));
        facts.extend(candidate.modified.map(|time| format!("modified {time}")));
        facts.extend(candidate.size.map(|size| format!("{size} bytes")));
        let label = if candidate.label == candidate.answer || candidate.label.is_empty() {
            candidate.answer.clone()
        } else {
            format!("{} = {}", candidate.answer, candidate.label)
        };
        let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
        lines.push(format!("    {mark} {label}{facts}"));
    }
    lines
}

/// Changes grouped by key, in their order.
fn changes(changes: &[Change]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut heading = String::new();
    for change in changes {
        let (key, line) = change_line(change);
        if key != heading {
            lines.push(format!("  {key}"));
            heading = key;
        }
        lines.push(format!("    {line}"));
    }
    lines
}

/// The heading a change stands under, and its own line.
fn change_line(change: &Change) -> (String, String) {
    match change {
        Change::Value(value) => {
            let name = display_name(&value.value);
            let line = match (&value.before, &value.after) {
                (None, Some(after)) => format!("+ {name} = {after}"),
                (Some(before), None) => format!("- {name} = {before}"),
                (Some(before), Some(after)) => format!("~ {name} = {before}  ->  {after}"),
                (None, None) => format!("  {name}"),
            };
            (value.key.clone(), line)
        }
        Change::KeyCreated(key) => (key.key.clone(), "+ new key".to_owned()),
        Change::KeyDeleted(key) => {
            (key.key.clone(), format!("- the key is deleted: {}", change.before_text()))
        }
        Change::KeyRenamed(key) => (key.key.clone(), format!("~ renamed to {}", change.after_text())),
        Change::KeyRestored(key) => (key.key.clone(), format!("+ put back: {}", change.after_text())),
        Change::FileMovedAside(file) => {
            (file.file.clone(), format!("- moved into the receipt ({})", change.before_text()))
        }
        Change::FileRenamed(file) => (file.file.clone(), format!("~ renamed to {}", change.after_text())),
        Change::FileRestored(file) => (file.file.clone(), format!("+ copied from {}", change.after_text())),
    }
}

/// What the guards saw.
pub(crate) fn guards(findings: &[GuardFinding]) -> Vec<String> {
    let mut lines = Vec::new();
    for finding in findings {
        let word = match finding.effect {
            GuardEffect::Warns => "WARNING",
            GuardEffect::Refuses => "REFUSED",
        };
        lines.push(String::new());
        lines.push(format!("{word} ({}): {}", finding.id, finding.saw));
        lines.push(format!("  why it matters: {}", finding.why));
        lines.push(format!("  what to do: {}", finding.next));
    }
    lines
}

/// What became of an apply, an undo or an import.
pub(crate) fn outcome(report: &ApplyReport) -> Vec<String> {
    let mut lines = Vec::new();
    match report.outcome {
        Outcome::Applied => {
            lines.push(format!("Applied and verified: {} changes.", report.plan.changes().count()));
        }
        Outcome::NothingToDo => lines.push("Nothing to do: everything is as it should be.".to_owned()),
        Outcome::Refused => lines.push("Refused; nothing was written.".to_owned()),
        Outcome::RolledBack => lines.push("Failed; everything was put back as it was.".to_owned()),
    }
    lines.extend(report.failure.iter().map(|failure| format!("  {failure}")));
    lines.extend(report.verified.iter().map(|check| format!("  checked: {check}")));
    if let Some(receipt) = &report.receipt {
        lines.push(format!("Receipt: {receipt}"));
        lines.extend(report.receipt_folder.iter().map(|folder| format!("  in {}", folder.display())));
        lines.push(format!("  take it back with: pemedic undo {receipt}"));
    }
    lines
}
