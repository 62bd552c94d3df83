//! One fix compared with the target: its status, evidence and changes.

use crate::kb::{Fix, KnowledgeBase, StepKind};

use super::change::Change;
use super::choices::Choices;
use super::condition;
use super::expand::{Expanded, applies_to, expand};
use super::intent::Intent;
use super::obstacle::Obstacle;
use super::plan::{FixPlan, Status};
use super::question::ask;
use super::release;
use super::resolve::{Answers, Resolver};
use super::rule::unfold;
use super::step::{self, Looked};
use super::workspace::Workspace;

/// A probed fix with what is needed to probe it again.
pub(crate) struct Probed {
    /// What front ends show.
    pub plan: FixPlan,
    /// What became of its questions.
    pub answers: Answers,
}

/// Compares a fix with the target and, where it is needed, carries its changes
/// out in the workspace. After a [`Status::Blocked`] the workspace may hold a
/// part of them and is not to be used any further.
pub(crate) fn probe(
    fix: &Fix,
    knowledge_base: &KnowledgeBase,
    choices: &Choices,
    workspace: &mut Workspace<'_>,
) -> Probed {
    let mut probe = Probe { plan: empty_plan(fix), answers: Answers::new() };
    let first_record = workspace.records().len();
    let status = probe.run(fix, knowledge_base, choices, workspace);
    probe.plan.changes = records_from(workspace, first_record);
    match status {
        Ok((status, reason)) => probe.conclude(status, reason),
        Err(obstacle) => {
            probe.plan.changes.clear();
            probe.conclude(Status::Blocked, reason_of(obstacle));
        }
    }
    Probed { plan: probe.plan, answers: probe.answers }
}

/// The first thing in which the target differs from what the fix wants, its
/// questions being answered.
///
/// Steps on files that a person chose among are left out: a choice is about
/// the files that were there, and after the repair the same name may stand for
/// another file (a machine key renamed to that of the one moved aside). That
/// these are as planned is seen from their changes. The same goes for a rule's
/// steps on files while the workspace has changes: a rule looks at the disk.
pub(crate) fn first_difference(
    fix: &Fix,
    knowledge_base: &KnowledgeBase,
    answers: &Answers,
    workspace: &Workspace<'_>,
) -> Result<Option<Intent>, Obstacle> {
    let resolver = Resolver { workspace, answers };
    let is_changed = !workspace.records().is_empty();
    for step in expand(fix, knowledge_base).steps {
        let is_overtaken = is_changed && matches!(step.kind, StepKind::Rule(_));
        for step in unfold(&step, fix.safety, resolver)?.steps {
            if step::is_on_chosen_file(&step.kind) || (is_overtaken && step::is_on_file(&step.kind)) {
                continue;
            }
            let looked = step::look(&step, resolver, false)?;
            if let Some(intent) = looked.intents.into_iter().next() {
                return Ok(Some(intent));
            }
        }
    }
    Ok(None)
}

struct Probe {
    plan: FixPlan,
    answers: Answers,
}

impl Probe {
    fn run(
        &mut self,
        fix: &Fix,
        knowledge_base: &KnowledgeBase,
        choices: &Choices,
        workspace: &mut Workspace<'_>,
    ) -> Result<(Status, String), Obstacle> {
        if let Some(reason) = self.not_applicable(fix, knowledge_base, workspace)? {
            return Ok((Status::NotApplicable, reason));
        }
        let Expanded { questions, steps, problem } = expand(fix, knowledge_base);
        if let Some(problem) = problem {
            return Err(Obstacle::Blocked(problem));
        }
        let asked = ask(fix, &questions, workspace, choices)?;
        (self.plan.questions, self.answers) = (asked.questions, asked.answers);
        let first_record = workspace.records().len();
        let only_commands = steps.iter().all(|step| step::only_asks_for(&step.kind));
        for step in &steps {
            let unfolded = unfold(step, fix.safety, Resolver { workspace, answers: &self.answers })?;
            self.plan.evidence.extend(unfolded.findings);
            for step in &unfolded.steps {
                let commands_due = only_commands || workspace.records().len() > first_record;
                let resolver = Resolver { workspace, answers: &self.answers };
                let looked = step::look(step, resolver, commands_due)?;
                self.take(fix, looked, workspace)?;
            }
        }
        Ok(self.judge(&steps))
    }

    /// Why the fix is not for this installation.
    fn not_applicable(
        &mut self,
        fix: &Fix,
        knowledge_base: &KnowledgeBase,
        workspace: &Workspace<'_>,
    ) -> Result<Option<String>, Obstacle> {
        let version = &workspace.installation().version;
        let releases = applies_to(fix, knowledge_base);
        if !releases.is_empty() && !releases.iter().any(|entry| release::covers(entry, version)) {
            let names: Vec<String> = releases.iter().map(release::describe).collect();
            let reason =
                format!("{} is for {}; this is {}", fix.id.fix, names.join(", "), release::display(version));
            return Ok(Some(reason));
        }
        let answers = Answers::new();
        let unmet = condition::first_unmet(&fix.when, Resolver { workspace, answers: &answers })?;
        Ok(unmet.map(|(evidence, must_be_absent)| {
            let place = format!("{} is {}", evidence.place, evidence.found);
            self.plan.evidence.push(evidence);
            let contrary = if must_be_absent { "without it" } else { "where that is otherwise" };
            format!("{place}: {} is for installations {contrary}", fix.id.fix)
        }))
    }

    fn take(&mut self, fix: &Fix, looked: Looked, workspace: &mut Workspace<'_>) -> Result<(), Obstacle> {
        self.plan.evidence.extend(looked.evidence);
        self.plan.manual.extend(looked.manual);
        if !looked.intents.is_empty() {
            self.plan.first_boot.extend(looked.first_boot);
        }
        for intent in looked.intents {
            workspace.perform(&self.plan.fix, intent)?;
        }
        debug_assert_eq!(self.plan.fix, fix.id.to_string());
        Ok(())
    }

    fn judge(&self, steps: &[crate::kb::Step]) -> (Status, String) {
        let differing = self.plan.evidence.iter().filter(|evidence| evidence.wanted.is_some()).count();
        if differing > 0 {
            let things = if differing == 1 { "thing differs" } else { "things differ" };
            return (Status::Needed, format!("{differing} {things} from what the article wants"));
        }
        let reason = if steps.iter().all(|step| step::is_instruction(&step.kind)) {
            "only instructions for a person: nothing on the disk says whether they are needed"
        } else {
            "everything is as the article wants it"
        };
        (Status::Healthy, reason.to_owned())
    }

    fn conclude(&mut self, status: Status, reason: String) {
        self.plan.status = status;
        self.plan.reason = reason;
    }
}

fn empty_plan(fix: &Fix) -> FixPlan {
    FixPlan {
        fix: fix.id.to_string(),
        title: fix.title.clone(),
        status: Status::Healthy,
        reason: String::new(),
        safety: fix.safety,
        optional: fix.optional,
        warning: fix.warning.clone(),
        evidence: Vec::new(),
        questions: Vec::new(),
        changes: Vec::new(),
        manual: Vec::new(),
        first_boot: Vec::new(),
    }
}

fn records_from(workspace: &Workspace<'_>, first: usize) -> Vec<Change> {
    workspace.records().iter().skip(first).map(|record| record.change.clone()).collect()
}

fn reason_of(obstacle: Obstacle) -> String {
    match obstacle {
        Obstacle::Blocked(reason) => reason,
        Obstacle::Failed(error) => error.to_string(),
        Obstacle::NotAsked => "a question that it depends on does not arise here".to_owned(),
    }
}
