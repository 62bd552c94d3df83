//! Lists as text: targets, scans, histories, audits, articles.

use crate::session::{
    CheckedHive, FixPlan, History, HistoryState, HiveState, KbList, ScanReport, Status, TargetsReport,
};

use super::plan;

/// The installations found.
pub(crate) fn targets(report: &TargetsReport) -> Vec<String> {
    let mut lines = Vec::new();
    for found in &report.targets {
        lines.push(plan::target(&found.summary));
        if !found.summary.recovered_hives.is_empty() {
            let hives = found.summary.recovered_hives.join(" and ");
            lines.push(format!("  not saved whole: {hives}; read as the transaction logs make it"));
        }
        lines.extend(plan::guards(&found.guards).into_iter().map(|line| format!("  {line}")));
    }
    lines.extend(report.problems.iter().map(|problem| format!("not usable: {problem}")));
    if lines.is_empty() {
        lines.push("No offline Windows installation found.".to_owned());
    }
    lines
}

/// What is wrong with a target; what is healthy is only counted.
pub(crate) fn scan(report: &ScanReport) -> Vec<String> {
    let mut lines = vec![plan::target(&report.target)];
    let of = |status: Status| report.fixes.iter().filter(move |fix| fix.status == status);
    // One that is only applied when named, and waits for an answer, is no finding.
    let (mut optional, needed): (Vec<_>, Vec<_>) = of(Status::Needed).partition(|fix| fix.optional);
    let (waiting, blocked): (Vec<_>, Vec<_>) = of(Status::Blocked).partition(|fix| fix.optional);
    optional.extend(waiting);
    for fix in needed.iter().chain(&blocked) {
        lines.push(String::new());
        lines.extend(finding(fix));
    }
    if !optional.is_empty() {
        lines.push(String::new());
        lines.push(
            "Possible here, but only when named; a scan cannot know whether they are right:".to_owned(),
        );
        lines.extend(optional.iter().map(|fix| format!("  {}: {}", fix.fix, fix.title)));
    }
    for result in &report.first_boot {
        let state = result.exit_code.map_or("has not run yet".to_owned(), |code| format!("exit code {code}"));
        lines.push(format!("first-boot command of {}: {} ({state})", result.receipt, result.command));
    }
    lines.extend(plan::guards(&report.guards));
    lines.push(String::new());
    lines.push(format!(
        "{} needed, {} blocked, {} optional, {} healthy, {} not applicable{}",
        needed.len(),
        blocked.len(),
        optional.len(),
        of(Status::Healthy).count(),
        of(Status::NotApplicable).count(),
        if report.cancelled { " (scan stopped before its end)" } else { "" },
    ));
    lines
}

/// How many pieces of evidence a finding shows before it is cut.
const EVIDENCE_SHOWN: usize = 4;

fn finding(fix: &FixPlan) -> Vec<String> {
    let mut lines = vec![format!("{} [{}] {}", fix.fix, fix.status, fix.title), format!("  {}", fix.reason)];
    let telling: Vec<_> = fix.evidence.iter().filter(|evidence| evidence.wanted.is_some()).collect();
    lines.extend(telling.iter().take(EVIDENCE_SHOWN).map(|evidence| format!("  {evidence}")));
    if telling.len() > EVIDENCE_SHOWN {
        lines.push(format!("  … and {} more: pemedic plan {}", telling.len() - EVIDENCE_SHOWN, fix.fix));
    }
    lines
}

/// Receipts, latest first.
pub(crate) fn history(history: &History) -> Vec<String> {
    let mut lines = vec![plan::target(&history.target)];
    for receipt in &history.receipts {
        let state = match receipt.state {
            HistoryState::Applied => "applied",
            HistoryState::Undone => "undone",
            HistoryState::RolledBack => "rolled back",
            HistoryState::Unfinished => "UNFINISHED",
        };
        let undoes = receipt.undoes.as_deref().map(|name| format!(", takes back {name}")).unwrap_or_default();
        lines.push(format!("{} [{state}] {} changes{undoes}", receipt.receipt, receipt.changes));
        lines.push(format!("  {}", receipt.fixes.join(" ")));
        for item in &receipt.checklist {
            lines.push(format!("  [{}] {}", if item.done { 'x' } else { ' ' }, item.text));
        }
    }
    if history.receipts.is_empty() {
        lines.push("No receipts.".to_owned());
    }
    lines.extend(history.problems.iter().map(|problem| format!("unreadable: {problem}")));
    lines
}

/// One audited hive.
pub(crate) fn checked_hive(hive: &CheckedHive) -> Vec<String> {
    let state = match hive.state {
        HiveState::Clean => "clean",
        HiveState::Recovered => "dirty, recovered from its logs (in memory)",
        HiveState::Unrecoverable => "UNRECOVERABLE",
    };
    let mut lines = vec![format!("{}: {state}", hive.file.display())];
    lines.extend(hive.logs.iter().map(|log| format!("  {log}")));
    if hive.state != HiveState::Unrecoverable {
        lines.push(format!("  {} keys, {} values, {} defects", hive.keys, hive.values, hive.defects.len()));
    }
    lines.extend(hive.defects.iter().map(|defect| {
        format!(
            "  {:#010x} {}: expected {}, found {}",
            defect.offset, defect.rule, defect.expected, defect.found
        )
    }));
    lines
}

/// Articles with their fixes.
pub(crate) fn articles(list: &KbList) -> Vec<String> {
    let mut lines = Vec::new();
    for article in &list.articles {
        lines.push(format!("{}  {}", article.id, article.title));
        lines.extend(article.fixes.iter().map(|fix| format!("  {}/{fix}", article.id)));
    }
    lines.extend(list.notes.iter().map(|note| format!("note: {note}")));
    lines
}
