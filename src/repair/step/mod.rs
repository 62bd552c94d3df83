//! Steps compared with the target: what is there, what is wanted, and what
//! would have to be done. Nothing here changes anything.

mod files;
mod first_boot;
mod keys;
mod members;
mod registry_text;
mod service;
mod values;

use crate::kb::fix::StepKind;
use crate::kb::{Condition, Step};
use crate::windows::Located;

use super::change::ABSENT;
use super::condition;
use super::intent::Intent;
use super::obstacle::Obstacle;
use super::plan::Evidence;
use super::resolve::Resolver;

pub(crate) use first_boot::{RUN_ONCE_KEY, result_file, value_name};

/// What a step found.
#[derive(Debug, Default)]
pub(crate) struct Looked {
    /// What was looked at.
    pub evidence: Vec<Evidence>,
    /// What differs from what is wanted, as what to do about it.
    pub intents: Vec<Intent>,
    /// An instruction for a person.
    pub manual: Option<String>,
    /// A command for the first boot.
    pub first_boot: Option<String>,
}

impl Looked {
    fn saw(&mut self, place: impl Into<String>, found: impl Into<String>, wanted: Option<String>) {
        self.evidence.push(Evidence { place: place.into(), found: found.into(), wanted });
    }
}

/// Compares one step with the target. `commands_due` says whether a
/// command for the first boot has a reason: the steps before it change
/// something, or the fix has nothing but commands.
pub(crate) fn look(step: &Step, resolver: Resolver<'_, '_>, commands_due: bool) -> Result<Looked, Obstacle> {
    let met = condition::first_unmet(&step.when, resolver).map(|unmet| unmet.is_none());
    let looked = match met {
        Ok(true) => look_at(&step.kind, resolver, commands_due),
        Ok(false) => Ok(Looked::default()),
        Err(obstacle) => Err(obstacle),
    };
    match looked {
        // The question does not arise, so what hangs on its answer falls away.
        Err(Obstacle::NotAsked) => Ok(Looked::default()),
        other => other,
    }
}

fn look_at(kind: &StepKind, resolver: Resolver<'_, '_>, commands_due: bool) -> Result<Looked, Obstacle> {
    match kind {
        StepKind::Set { key, values } => values::set(&resolver.text(key)?, values, resolver),
        StepKind::Members { key, value, include, exclude } => {
            let members =
                members::Members { include: resolver.texts(include)?, exclude: resolver.texts(exclude)? };
            members::members(&resolver.text(key)?, value, &members, resolver)
        }
        StepKind::DeleteValues { key, names } => values::delete(&resolver.text(key)?, names, resolver),
        StepKind::DeleteKey { key } => keys::delete(&resolver.text(key)?, resolver),
        StepKind::RenameKey { key, to } => keys::rename(&resolver.text(key)?, &resolver.text(to)?, resolver),
        StepKind::ServiceStart { service, start, delayed } => {
            service::start(service, start, *delayed, resolver)
        }
        StepKind::Registry { text } => registry_text::look(text, resolver),
        StepKind::MoveAside { file } => files::move_aside(&resolver.text(file)?, resolver),
        StepKind::RenameFile { file, to } => files::rename(&resolver.text(file)?, to, resolver),
        StepKind::RestoreFile { file, from } => {
            files::restore(&resolver.text(file)?, &resolver.texts(from)?, resolver)
        }
        StepKind::FirstBoot { command } => {
            first_boot::queue(&resolver.text(command)?, commands_due, resolver)
        }
        StepKind::Manual { text, unless } => manual(text, unless, resolver),
        // Both are unfolded before; one that is left names nothing.
        StepKind::Rule(call) => {
            let name = format!("{}/{}", call.plugin, call.rule);
            Err(Obstacle::blocked(format!("the rule {name} that it calls is not to be found")))
        }
        StepKind::Use(fix) => {
            Err(Obstacle::blocked(format!("the fix {fix} that it uses is not to be found")))
        }
    }
}

/// An instruction, where one of the conditions does not hold or there is none.
fn manual(text: &str, unless: &[Condition], resolver: Resolver<'_, '_>) -> Result<Looked, Obstacle> {
    let mut looked = Looked::default();
    let needed = if let Some((evidence, must_be_absent)) = condition::first_unmet(unless, resolver)? {
        let wanted = match evidence.found.as_str() {
            ABSENT => "present",
            _ if must_be_absent => "otherwise",
            _ => "as the article wants it",
        };
        looked.saw(evidence.place, evidence.found, Some(wanted.to_owned()));
        true
    } else {
        unless.is_empty()
    };
    looked.manual = needed.then(|| text.to_owned());
    Ok(looked)
}

/// Whether a step only instructs, whatever is found.
pub(crate) fn is_instruction(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Manual { unless, .. } if unless.is_empty())
}

/// Whether a step changes nothing by itself: it queues a command or tells a
/// person what to do.
pub(crate) fn only_asks_for(kind: &StepKind) -> bool {
    matches!(kind, StepKind::FirstBoot { .. } | StepKind::Manual { .. })
}

/// Whether a step moves, renames or restores a file.
pub(crate) fn is_on_file(kind: &StepKind) -> bool {
    matches!(kind, StepKind::MoveAside { .. } | StepKind::RenameFile { .. } | StepKind::RestoreFile { .. })
}

/// Whether a step works on a file that a person chose.
pub(crate) fn is_on_chosen_file(kind: &StepKind) -> bool {
    match kind {
        StepKind::MoveAside { file }
        | StepKind::RenameFile { file, .. }
        | StepKind::RestoreFile { file, .. } => file.questions().next().is_some(),
        _ => false,
    }
}

/// The places of a key whose hive file exists. One that is missing is an
/// obstacle, except among user profiles: a profile may have no hive yet.
fn places(key: &str, resolver: Resolver<'_, '_>) -> Result<Vec<Located>, Obstacle> {
    let all = resolver.workspace.locate(key)?;
    let alone = all.len() == 1;
    let mut places = Vec::with_capacity(all.len());
    for at in all {
        if resolver.workspace.hive_exists(&at)? {
            places.push(at);
        } else if alone {
            let file = at.file.display();
            return Err(Obstacle::blocked(format!("the hive {file} that would hold {key} does not exist")));
        }
    }
    Ok(places)
}
