//! A whole fix block.

use std::ops::Range;

use toml::Spanned;

use crate::kb::fix::{Fix, FixId, Safety, Step, StepKind};
use crate::kb::problem::Problems;

use super::Excerpt;
use super::answers::check_answers;
use super::block_problems::BlockProblems;
use super::condition::{conditions, releases};
use super::fix_shape::FixShape;
use super::question::questions;
use super::step::{STEPS_MAX, steps};
use super::toml_fault::toml_fault;

/// Lower-case letters, digits and hyphens, at most 64, a letter or digit first.
pub(super) fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= 64
        && text.bytes().next().is_some_and(plain)
        && text.bytes().all(|byte| plain(byte) || byte == b'-')
}

/// Reads one block of the article `article`; `None` with problems noted where
/// anything is wrong with it: half a repair is worse than none. `registry` are
/// the steps of the `reg fix` blocks under it.
pub(super) fn fix(
    article: &str,
    excerpt: &Excerpt,
    registry: Vec<Step>,
    problems: &mut Problems<'_>,
) -> Option<Fix> {
    let mut block = BlockProblems::new(excerpt, problems);
    let shape: FixShape = match toml::from_str(&excerpt.text) {
        Ok(shape) => shape,
        Err(error) => {
            let (span, fault) = toml_fault(&error, &excerpt.text);
            block.refuse(&span, fault.message, &fault.suggestion);
            return None;
        }
    };
    let fix = checked(article, &shape, registry, &mut block)?;
    (!block.is_faulty()).then_some(fix)
}

fn checked(
    article: &str,
    shape: &FixShape,
    registry: Vec<Step>,
    block: &mut BlockProblems<'_, '_>,
) -> Option<Fix> {
    if !is_id(shape.id.get_ref()) {
        let message = format!("`{}` is no id", shape.id.get_ref());
        block.refuse(
            &shape.id.span(),
            message,
            "write lower-case letters, digits and hyphens: \"senslogn-xp\"",
        );
    }
    if let Some(first) = shape.step.get(STEPS_MAX) {
        block.refuse(&first.span(), "too many steps", "write at most 64, or two fixes");
    }
    let title = block.line_of_text(&shape.title);
    let warning = match &shape.warning {
        Some(text) => Some(block.line_of_text(text)?),
        None => None,
    };
    let applies_to = releases(shape.applies_to.iter().map(|text| (text.get_ref(), text.span())), block);
    let questions = questions(&shape.ask, block);
    let mut placed = Vec::new();
    for step in shape.step.iter().take(STEPS_MAX) {
        placed.extend(steps(step, block).into_iter().map(|wanted| (wanted, step.span())));
    }
    placed.extend(registry.into_iter().map(|step| (step, shape.id.span())));
    let when = conditions(&shape.when, block);
    if !block.is_faulty() {
        check_safety(&shape.safety, &placed, block);
        check_answers(shape, &questions, &placed, block);
    }
    Some(Fix {
        id: FixId { article: article.to_owned(), fix: shape.id.get_ref().clone() },
        title: title?,
        applies_to,
        when,
        safety: *shape.safety.get_ref(),
        optional: shape.optional,
        warning,
        questions,
        steps: placed.into_iter().map(|(step, _)| step).collect(),
        examples: Vec::new(),
        line: block.line(&(0..0)),
    })
}

fn check_safety(safety: &Spanned<Safety>, steps: &[(Step, Range<usize>)], block: &mut BlockProblems<'_, '_>) {
    let manual = |(step, _): &(Step, _)| matches!(step.kind, StepKind::Manual { .. });
    // What these stand for is checked where it is known.
    let stands_for_others = |(step, _): &(Step, _)| matches!(step.kind, StepKind::Use(_) | StepKind::Rule(_));
    if steps.is_empty() {
        block.refuse(
            &safety.span(),
            "this fix has no steps",
            "write at least one [[step]], or a `reg fix` block under it",
        );
    } else if *safety.get_ref() == Safety::Manual
        && !steps.iter().all(|step| manual(step) || stands_for_others(step))
    {
        block.refuse(
            &safety.span(),
            "a manual fix has manual steps only",
            "write safety = \"safe\" or \"risky\"",
        );
    } else if *safety.get_ref() != Safety::Manual && steps.iter().all(manual) {
        block.refuse(&safety.span(), "every step of this fix is manual", "write safety = \"manual\"");
    }
}

#[cfg(test)]
mod tests;
