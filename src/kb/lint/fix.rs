//! Rules of one fix.

use crate::kb::fix::{Example, Fix, Safety, Step, StepKind};
use crate::kb::markdown::Outline;
use crate::kb::problem::Problems;
use crate::kb::release::{AppliesTo, Release};
use crate::kb::template::Template;

use super::reach::{Installed, reach};

/// Checks a fix; `false` where it must not be offered.
pub(super) fn check(
    fix: &Fix,
    releases: &[AppliesTo],
    outline: &Outline,
    problems: &mut Problems<'_>,
) -> bool {
    let own = if fix.applies_to.is_empty() { releases } else { &fix.applies_to };
    let reached = reach(own, &[&fix.when]);
    it_reaches_what_the_article_is_about(fix, &reached, releases, problems);
    each_step_can_apply(fix, own, problems);
    a_risk_is_explained(fix, outline, problems);
    examples_show_what_it_does(fix, problems);
    notification_packages_stay_before_vista(fix, own, problems)
}

fn it_reaches_what_the_article_is_about(
    fix: &Fix,
    reached: &[Installed],
    releases: &[AppliesTo],
    problems: &mut Problems<'_>,
) {
    let beyond = reached
        .iter()
        .find(|(release, server)| !releases.iter().any(|entry| entry.includes(*release, *server)));
    if let Some((release, _)) = beyond {
        let message = format!("`{}` is for {release}, of which the article does not speak", fix.id.fix);
        problems.lint(
            problems.span_of_line(fix.line),
            message,
            "add the release to the article's applies-to",
        );
    }
}

fn each_step_can_apply(fix: &Fix, own: &[AppliesTo], problems: &mut Problems<'_>) {
    for step in &fix.steps {
        if reach(own, &[&fix.when, &step.when]).is_empty() {
            let place = problems.span_of_line(step.line);
            problems.lint(place, "this step applies to no Windows", "correct applies-to or the conditions");
        }
    }
}

fn a_risk_is_explained(fix: &Fix, outline: &Outline, problems: &mut Problems<'_>) {
    let explained = outline.headings.iter().any(|heading| heading.text.trim() == "Fix safety");
    if fix.safety == Safety::Risky && fix.warning.is_none() && !explained {
        problems.lint(
            problems.span_of_line(fix.line),
            format!("`{}` is risky and nothing says why", fix.id.fix),
            "write warning = \"…\" in the block, or a heading Fix safety",
        );
    }
}

fn examples_show_what_it_does(fix: &Fix, problems: &mut Problems<'_>) {
    let changes = fix.safety != Safety::Manual && fix.steps.iter().any(changes_something_shown);
    if fix.examples.is_empty() && changes {
        problems.lint(
            problems.span_of_line(fix.line),
            format!("`{}` has no example", fix.id.fix),
            "write ```reg before and ```reg after under the block (or `files before`, `files after`)",
        );
    }
    for example in &fix.examples {
        if !is_complete(example) {
            problems.lint(
                problems.span_of_line(example.line),
                "this example does not show both sides",
                "write `reg before` with `reg after`, `files before` with `files after`",
            );
        }
    }
}

fn changes_something_shown(step: &Step) -> bool {
    !matches!(step.kind, StepKind::Manual { .. } | StepKind::FirstBoot { .. } | StepKind::Use(_))
}

fn is_complete(example: &Example) -> bool {
    example.registry_before.is_some() == example.registry_after.is_some()
        && example.files_before.is_some() == example.files_after.is_some()
}

/// Winlogon notification packages do not exist on Vista and later: a value
/// there would only hide the true cause.
fn notification_packages_stay_before_vista(
    fix: &Fix,
    own: &[AppliesTo],
    problems: &mut Problems<'_>,
) -> bool {
    let mut good = true;
    for step in fix.steps.iter().filter(|step| key_of(&step.kind).is_some_and(is_notification_package)) {
        let reached = reach(own, &[&fix.when, &step.when]);
        if reached.iter().any(|(release, _)| *release >= Release::WindowsVista) {
            good = false;
            problems.fatal(
                problems.span_of_line(step.line),
                r"Winlogon\Notify means nothing on Windows Vista and later",
                "narrow applies-to to releases before Vista",
            );
        }
    }
    good
}

fn is_notification_package(key: &Template) -> bool {
    key.shape().to_lowercase().contains(r"\winlogon\notify")
}

fn key_of(kind: &StepKind) -> Option<&Template> {
    match kind {
        StepKind::Set { key, .. }
        | StepKind::Members { key, .. }
        | StepKind::DeleteValues { key, .. }
        | StepKind::DeleteKey { key }
        | StepKind::RenameKey { key, .. } => Some(key),
        _ => None,
    }
}
