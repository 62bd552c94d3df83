//! Rules that plugins offer: findings and steps of the fix language, computed
//! from the target. The engine only knows this face of them.

use crate::hive::storage::Storage;
use crate::kb::fix::{RuleCall, Safety};
use crate::kb::{Step, StepKind};
use crate::windows::OfflineRegistry;

use super::condition;
use super::obstacle::Obstacle;
use super::plan::Evidence;
use super::release;
use super::resolve::Resolver;

/// Runs rules by name.
pub trait Rules: Send + Sync {
    /// Runs one rule on a target.
    ///
    /// # Errors
    /// Why it gave nothing; the sentence names the plugin.
    fn run(&self, call: &RuleCall, target: &RuleTarget<'_>) -> Result<RuleOutcome, String>;
}

/// What a rule works with.
pub struct RuleTarget<'a> {
    /// The disk, for looking at files.
    pub storage: &'a dyn Storage,
    /// The registry as it is on the disk.
    pub registry: &'a OfflineRegistry<'a>,
    /// The release's name as articles write it.
    pub release: String,
    /// The arguments, resolved.
    pub arguments: Vec<(String, String)>,
}

/// What a rule returned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleOutcome {
    /// What it found.
    pub findings: Vec<Evidence>,
    /// What it proposes.
    pub steps: Vec<Step>,
}

/// No plugins: every call is refused.
pub struct NoRules;

impl Rules for NoRules {
    fn run(&self, call: &RuleCall, _: &RuleTarget<'_>) -> Result<RuleOutcome, String> {
        Err(format!("the plugin {} is not loaded", call.plugin))
    }
}

/// A step as it is to be looked at: itself, or what the rule it calls returned.
pub(crate) fn unfold(
    step: &Step,
    safety: Safety,
    resolver: Resolver<'_, '_>,
) -> Result<RuleOutcome, Obstacle> {
    let StepKind::Rule(call) = &step.kind else {
        return Ok(RuleOutcome { findings: Vec::new(), steps: vec![step.clone()] });
    };
    match condition::first_unmet(&step.when, resolver) {
        Ok(None) => {}
        Ok(Some(_)) | Err(Obstacle::NotAsked) => return Ok(RuleOutcome::default()),
        Err(obstacle) => return Err(obstacle),
    }
    let mut arguments = Vec::with_capacity(call.arguments.len());
    for (name, value) in &call.arguments {
        arguments.push((name.clone(), resolver.text(value)?));
    }
    let workspace = resolver.workspace;
    let target = RuleTarget {
        storage: workspace.storage(),
        registry: workspace.registry(),
        release: release::display(&workspace.installation().version),
        arguments,
    };
    let outcome = workspace.rules().run(call, &target).map_err(Obstacle::Blocked)?;
    if let Some(bold) = outcome.steps.iter().find(|step| !is_within(&step.kind, safety)) {
        let what = describe(&bold.kind);
        return Err(Obstacle::blocked(format!(
            "the plugin {} returned a step that {what}, in a fix that calls itself {}",
            call.plugin,
            if safety == Safety::Manual { "manual" } else { "safe" }
        )));
    }
    Ok(outcome)
}

/// Whether a rule may return this in a fix of that safety.
fn is_within(kind: &StepKind, safety: Safety) -> bool {
    match safety {
        Safety::Manual => matches!(kind, StepKind::Manual { .. }),
        Safety::Safe => is_harmless(kind),
        Safety::Risky => true,
    }
}

/// Whether a safe fix may do this because a rule says so: changes of values
/// can be read in a preview, whole keys, files and commands need a person who
/// was told that the fix is risky.
fn is_harmless(kind: &StepKind) -> bool {
    matches!(
        kind,
        StepKind::Set { .. }
            | StepKind::Members { .. }
            | StepKind::DeleteValues { .. }
            | StepKind::ServiceStart { .. }
            | StepKind::Manual { .. }
    )
}

fn describe(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::DeleteKey { .. } => "deletes a key",
        StepKind::RenameKey { .. } => "renames a key",
        StepKind::MoveAside { .. } | StepKind::RenameFile { .. } | StepKind::RestoreFile { .. } => {
            "changes files"
        }
        StepKind::FirstBoot { .. } => "queues a command",
        _ => "changes values",
    }
}
