//! `pemedic apply FIX…`, and the way that undo and import share with it:
//! recover, preview, ask, apply.

use std::sync::atomic::AtomicBool;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::text;
use crate::session::{
    ApplyReport, Choices, Confirmation, Outcome, Prepared, Safety, Session, SessionError, Status,
};

/// Makes the plan anew with the answers given so far.
type Planner<'p> = &'p dyn Fn(&Session, &Choices) -> Result<Prepared, SessionError>;

/// Previews, asks, applies and verifies fixes.
///
/// # Errors
/// [`Failure`].
pub(crate) fn run(context: &mut Context<'_, '_>, fixes: &[String]) -> Result<i32, Failure> {
    carry_out(context, &|session, choices| session.plan(fixes, choices))
}

/// What every writing verb does with its plan.
///
/// # Errors
/// [`Failure`].
pub(crate) fn carry_out(context: &mut Context<'_, '_>, plan: Planner<'_>) -> Result<i32, Failure> {
    recover(context)?;
    let mut choices = context.choices()?;
    let mut prepared = plan(&context.session, &choices)?;
    if ask_questions(context, &prepared, &mut choices)? {
        prepared = plan(&context.session, &choices)?;
    }
    context.lines(&text::plan::plan(prepared.plan()))?;
    let Some(confirmation) = confirm(context, &prepared)? else {
        return refuse(context, &prepared);
    };
    let session = context.session.clone();
    let report = session.apply(&prepared, confirmation, &mut context.progress(), &AtomicBool::new(false))?;
    context.show(&report, || text::plan::outcome(&report))?;
    Ok(exit_code(context, &report))
}

/// Finishes or rolls back what an interrupted run left, and says so.
fn recover(context: &mut Context<'_, '_>) -> Result<(), Failure> {
    let session = context.session.clone();
    let notes = session.recover(&mut context.progress())?;
    for note in notes {
        context.note(&format!("{}: {}; {}", note.receipt, note.found, note.done))?;
    }
    Ok(())
}

/// Asks what the command line did not answer; whether anything was answered.
fn ask_questions(
    context: &mut Context<'_, '_>,
    prepared: &Prepared,
    choices: &mut Choices,
) -> Result<bool, Failure> {
    if context.common.yes || !context.console.interactive {
        return Ok(false);
    }
    let mut answered = false;
    for fix in &prepared.plan().fixes {
        for question in &fix.questions {
            if choices.answer(&fix.fix, &question.id).is_some() {
                continue;
            }
            for line in text::plan::question(question) {
                context.console.note(line)?;
            }
            let proposed = question.proposed.as_deref();
            let prompt = match proposed {
                Some(proposed) => format!("Answer [{proposed}]:"),
                None => "Answer:".to_owned(),
            };
            let answer = context.console.ask(&prompt)?.filter(|answer| !answer.is_empty());
            if let Some(answer) = answer {
                choices.set(&format!("{}:{}", fix.fix, question.id), &answer);
                answered = true;
            }
        }
    }
    Ok(answered)
}

/// The word that permits risky fixes.
const RISKY_WORD: &str = "risky";

/// What the person says to the preview; `None` for no.
fn confirm(context: &mut Context<'_, '_>, prepared: &Prepared) -> Result<Option<Confirmation>, Failure> {
    let permitted = context.permitted();
    let plan = prepared.plan();
    // Where nothing would be written there is nothing to confirm, and where a
    // guard refuses, the report says so without a question.
    let pending = plan.fixes.iter().any(|fix| fix.status == Status::Needed);
    if context.common.yes || !pending || plan.is_refused() {
        return Ok(Some(permitted));
    }
    if plan.safety() == Safety::Risky && !permitted.allow_risky {
        let question =
            format!("This can make a machine worse that it does not fit. Type {RISKY_WORD} to apply:");
        let answer = context.console.ask(&question)?;
        let confirmation = Confirmation { allow_risky: true, in_person: true };
        return Ok((answer.as_deref() == Some(RISKY_WORD)).then_some(confirmation));
    }
    let answer = context.console.ask("Apply? [y/N]")?.unwrap_or_default();
    let confirmation = Confirmation { in_person: true, ..permitted };
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes").then_some(confirmation))
}

/// Nobody said yes.
fn refuse(context: &mut Context<'_, '_>, prepared: &Prepared) -> Result<i32, Failure> {
    let failure = if context.console.interactive {
        "not confirmed"
    } else {
        "nobody was there to confirm it: with --yes it is applied without a question"
    };
    let report = ApplyReport::refused(prepared.plan().clone(), failure);
    context.show(&report, || text::plan::outcome(&report))?;
    Ok(4)
}

fn exit_code(context: &Context<'_, '_>, report: &ApplyReport) -> i32 {
    match report.outcome {
        Outcome::Applied => context.common.reboot_code.unwrap_or(0),
        Outcome::NothingToDo => 0,
        Outcome::Refused => 4,
        Outcome::RolledBack => 5,
    }
}
