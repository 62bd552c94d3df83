//! Questions and the places where their answers are used fit together.

use std::collections::HashSet;
use std::ops::Range;

use crate::kb::fix::{Candidates, NewName, Question, Step, StepKind, Wanted};
use crate::kb::template::{Piece, Template};

use super::block_problems::BlockProblems;
use super::fix_shape::FixShape;

/// What a template of a step stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Key,
    File,
    Text,
}

/// Every `{ask:…}` has its question of the right kind; every question is used.
pub(super) fn check_answers(
    shape: &FixShape,
    questions: &[Question],
    steps: &[(Step, Range<usize>)],
    block: &mut BlockProblems<'_, '_>,
) {
    let mut used: HashSet<&str> = HashSet::new();
    for (step, place) in steps {
        for (role, template) in templates(&step.kind) {
            used.extend(template.questions());
            check_template(role, template, questions, place, block);
        }
    }
    for question in questions {
        if let Candidates::Files { except, .. } = &question.among {
            used.extend(except.iter().map(String::as_str));
        }
    }
    for asked in &shape.ask {
        let id = &asked.get_ref().id;
        if !used.contains(id.get_ref().as_str()) {
            let message = format!("the answer to `{}` is not used", id.get_ref());
            block.refuse(&id.span(), message, "write {ask:…} in a step, or do not ask");
        }
    }
}

/// Whether no part of the step is an answer or comes from the registry.
pub(super) fn asks_and_reads_nothing(kind: &StepKind) -> bool {
    let reads = |piece: &Piece| matches!(piece, Piece::Ask(_) | Piece::Registry { .. });
    templates(kind).iter().all(|(_, template)| !template.0.iter().any(reads))
}

fn check_template(
    role: Role,
    template: &Template,
    questions: &[Question],
    place: &Range<usize>,
    block: &mut BlockProblems<'_, '_>,
) {
    for (index, id) in template.0.iter().enumerate().filter_map(asked) {
        let Some(question) = questions.iter().find(|question| question.id == id) else {
            let message = format!("`{{ask:{id}}}` has no question");
            block.refuse(place, message, &format!("write an [[ask]] with id = \"{id}\""));
            continue;
        };
        // The answer of a choice among files is a whole path.
        let whole_path = matches!(question.among, Candidates::Files { .. });
        let wanted = match role {
            Role::File => whole_path == (index == 0),
            Role::Key => !whole_path,
            Role::Text => true,
        };
        if !wanted {
            block.refuse(
                place,
                format!("the answer to `{id}` cannot stand there"),
                "use the answer of `files` as a whole path, those of `keys` and `choices` as a part of a name",
            );
        }
    }
}

fn asked((index, piece): (usize, &Piece)) -> Option<(usize, &str)> {
    match piece {
        Piece::Ask(id) => Some((index, id)),
        _ => None,
    }
}

fn templates(kind: &StepKind) -> Vec<(Role, &Template)> {
    let mut all = Vec::new();
    match kind {
        StepKind::Set { key, values } => {
            all.push((Role::Key, key));
            all.extend(
                values.iter().flat_map(|(_, wanted)| wanted_templates(wanted)).map(|text| (Role::Text, text)),
            );
        }
        StepKind::Members { key, include, exclude, .. } => {
            all.push((Role::Key, key));
            all.extend(include.iter().chain(exclude).map(|text| (Role::Text, text)));
        }
        StepKind::DeleteValues { key, .. } | StepKind::DeleteKey { key } => all.push((Role::Key, key)),
        StepKind::RenameKey { key, to } => all.extend([(Role::Key, key), (Role::Key, to)]),
        StepKind::MoveAside { file } => all.push((Role::File, file)),
        StepKind::RenameFile { file, to } => {
            let (NewName::Exact(name) | NewName::Tail { tail: name, .. }) = to;
            all.extend([(Role::File, file), (Role::Text, name)]);
        }
        StepKind::RestoreFile { file, from } => {
            all.extend(std::iter::once(file).chain(from).map(|path| (Role::File, path)));
        }
        StepKind::FirstBoot { command } => all.push((Role::Text, command)),
        StepKind::Rule(call) => all.extend(call.arguments.iter().map(|(_, value)| (Role::Text, value))),
        StepKind::ServiceStart { .. }
        | StepKind::Manual { .. }
        | StepKind::Registry { .. }
        | StepKind::Use(_) => {}
    }
    all
}

fn wanted_templates(wanted: &Wanted) -> Vec<&Template> {
    match wanted {
        Wanted::DwordText(text) | Wanted::Text(text) | Wanted::Expand(text) => vec![text],
        Wanted::Strings(strings) => strings.iter().collect(),
        Wanted::Dword(_) | Wanted::Qword(_) | Wanted::Binary(_) => Vec::new(),
    }
}
