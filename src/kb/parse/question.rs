//! Questions: `[[ask]]`.

use std::collections::HashSet;
use std::ops::Range;

use toml::Spanned;

use crate::kb::fix::{Candidates, Proposal, Question};

use super::block_problems::BlockProblems;
use super::file_path::check_file;
use super::fix::is_id;
use super::fix_shape::{Entries, QuestionShape, SpannedText};
use super::key::check_key;

/// How many questions one fix may ask.
const QUESTIONS_MAX: usize = 16;

/// How many fixed answers one question may have.
const CHOICES_MAX: usize = 64;

/// Checks the questions of a block.
pub(super) fn questions(
    shapes: &[Spanned<QuestionShape>],
    block: &mut BlockProblems<'_, '_>,
) -> Vec<Question> {
    if let Some(first) = shapes.get(QUESTIONS_MAX) {
        block.refuse(&first.span(), "too many questions", "ask at most 16");
    }
    let mut ids = HashSet::new();
    for shape in shapes {
        let id = &shape.get_ref().id;
        if !is_id(id.get_ref()) || !ids.insert(id.get_ref().as_str()) {
            block.refuse(
                &id.span(),
                format!("`{}` is no id, or asked already", id.get_ref()),
                "write lower-case letters, digits and hyphens, each id once",
            );
        }
    }
    let shapes = shapes.iter().take(QUESTIONS_MAX);
    shapes.filter_map(|shape| question(shape, &ids, block)).collect()
}

fn question(
    shape: &Spanned<QuestionShape>,
    ids: &HashSet<&str>,
    block: &mut BlockProblems<'_, '_>,
) -> Option<Question> {
    let asked = shape.get_ref();
    let text = block.line_of_text(&asked.question);
    let among = candidates(asked, &shape.span(), block);
    check_except(asked, ids, block);
    let among = among?;
    let propose = proposal(asked.propose.as_ref(), &among, block)?;
    Some(Question { id: asked.id.get_ref().clone(), text: text?, among, propose })
}

fn candidates(
    asked: &QuestionShape,
    span: &Range<usize>,
    block: &mut BlockProblems<'_, '_>,
) -> Option<Candidates> {
    if asked.files.is_none() {
        let only_files =
            asked.except.as_ref().map(Spanned::span).or(asked.at_least.as_ref().map(Spanned::span));
        if let Some(span) = only_files {
            block.refuse(&span, "only a choice among files has this", "leave it out, or write files = '…'");
        }
    }
    match (&asked.files, &asked.keys, &asked.choices) {
        (Some(files), None, None) => files_pattern(files, asked, block),
        (None, Some(keys), None) => {
            block.checked_template(keys, check_key).map(|below| Candidates::Keys { below })
        }
        (None, None, Some(choices)) => fixed(choices, block),
        _ => {
            block.refuse(
                span,
                "a question is about exactly one kind of thing",
                "write one of files = '…\\name*', keys = 'HKLM\\…', choices = { 0 = \"every day\" }",
            );
            None
        }
    }
}

fn files_pattern(
    files: &SpannedText,
    asked: &QuestionShape,
    block: &mut BlockProblems<'_, '_>,
) -> Option<Candidates> {
    let pattern = block.checked_template(files, |path| check_file(path, true))?;
    if pattern.questions().next().is_some() {
        block.refuse(&files.span(), "a question cannot wait for another's answer", "use except = [\"id\"]");
        return None;
    }
    let at_least = asked.at_least.as_ref().map_or(1, |number| *number.get_ref());
    if at_least == 0 {
        let span = asked.at_least.as_ref().map_or(0..0, Spanned::span);
        block.refuse(&span, "there is nothing to choose among no files", "write at-least = 1 or more");
        return None;
    }
    let except = asked.except.iter().flat_map(Spanned::get_ref).map(|id| id.get_ref().clone()).collect();
    Some(Candidates::Files { pattern, except, at_least })
}

fn fixed(choices: &Spanned<Entries<String>>, block: &mut BlockProblems<'_, '_>) -> Option<Candidates> {
    let answers: Vec<(String, String)> = choices
        .get_ref()
        .0
        .iter()
        .map(|(written, reads)| (written.get_ref().clone(), reads.get_ref().clone()))
        .collect();
    if answers.is_empty() || answers.len() > CHOICES_MAX {
        block.refuse(
            &choices.span(),
            "a question has 1 to 64 fixed answers",
            "write choices = { 0 = \"every day\" }",
        );
        return None;
    }
    Some(Candidates::Fixed(answers))
}

fn check_except(asked: &QuestionShape, ids: &HashSet<&str>, block: &mut BlockProblems<'_, '_>) {
    for other in asked.except.iter().flat_map(Spanned::get_ref) {
        if other.get_ref() == asked.id.get_ref() || !ids.contains(other.get_ref().as_str()) {
            let message = format!("no other question is called `{}`", other.get_ref());
            block.refuse(&other.span(), message, "write the id of another [[ask]] of this fix");
        }
    }
}

fn proposal(
    propose: Option<&SpannedText>,
    among: &Candidates,
    block: &mut BlockProblems<'_, '_>,
) -> Option<Proposal> {
    let Some(text) = propose else { return Some(Proposal::None) };
    match (text.get_ref().as_str(), among) {
        (answer, Candidates::Fixed(answers)) if answers.iter().any(|(written, _)| written == answer) => {
            Some(Proposal::Answer(answer.to_owned()))
        }
        ("newest", Candidates::Files { .. } | Candidates::Keys { .. }) => Some(Proposal::Newest),
        ("oldest", Candidates::Files { .. } | Candidates::Keys { .. }) => Some(Proposal::Oldest),
        ("only", Candidates::Files { .. } | Candidates::Keys { .. }) => Some(Proposal::Only),
        (other, _) => {
            block.refuse(
                &text.span(),
                format!("`{other}` is none of the answers"),
                "write \"newest\", \"oldest\" or \"only\" for files and keys, one of the choices otherwise",
            );
            None
        }
    }
}
