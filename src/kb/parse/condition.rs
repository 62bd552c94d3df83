//! Conditions: `when = [ … ]`.

use std::str::FromStr;

use toml::Spanned;

use crate::kb::condition::{Condition, FileVersion, Subject};
use crate::kb::release::AppliesTo;
use crate::kb::template::Template;

use super::Fault;
use super::block_problems::BlockProblems;
use super::file_path::check_file;
use super::fix_shape::{ConditionShape, OneOrMany, SpannedText, TextOrNumber};
use super::key::{check_key, check_value_name};
use super::step::service_name;

/// How deep `any` may stand in `any`.
const ANY_DEPTH_MAX: usize = 3;

/// How many conditions one list may have.
const CONDITIONS_MAX: usize = 64;

pub(super) const RELEASE_HINT: &str =
    "write a release as in `windows 2000 server`, `windows xp`, `windows vista and later`";

/// Checks a list of conditions; those that are wrong are left out and noted.
pub(super) fn conditions(
    shapes: &[Spanned<ConditionShape>],
    block: &mut BlockProblems<'_, '_>,
) -> Vec<Condition> {
    list(shapes, ANY_DEPTH_MAX, block)
}

/// Checks a list of releases.
pub(super) fn releases<'t>(
    texts: impl Iterator<Item = (&'t String, std::ops::Range<usize>)>,
    block: &mut BlockProblems<'_, '_>,
) -> Vec<AppliesTo> {
    let checked = texts.map(|(text, span)| {
        let release = AppliesTo::from_str(text).map_err(|error| Fault::new(error.to_string(), RELEASE_HINT));
        block.checked(&span, release)
    });
    checked.collect::<Vec<_>>().into_iter().flatten().collect()
}

fn list(
    shapes: &[Spanned<ConditionShape>],
    depth: usize,
    block: &mut BlockProblems<'_, '_>,
) -> Vec<Condition> {
    if let Some(first) = shapes.get(CONDITIONS_MAX) {
        block.refuse(&first.span(), "too many conditions", "write at most 64");
    }
    shapes.iter().take(CONDITIONS_MAX).filter_map(|shape| condition(shape, depth, block)).collect()
}

fn condition(
    shape: &Spanned<ConditionShape>,
    depth: usize,
    block: &mut BlockProblems<'_, '_>,
) -> Option<Condition> {
    let subject = subject(shape, depth, block)?;
    if templates(&subject).any(|template| template.questions().next().is_some()) {
        block.refuse(&shape.span(), "a condition cannot wait for an answer", "ask about the target itself");
        return None;
    }
    Some(Condition { subject, absent: shape.get_ref().absent })
}

fn templates(subject: &Subject) -> impl Iterator<Item = &Template> {
    let (first, more) = match subject {
        Subject::Key(key) => (Some(key), [None, None]),
        Subject::Value { key, equals, contains, .. } => (Some(key), [equals.as_ref(), contains.as_ref()]),
        Subject::File { path, .. } => (Some(path), [None, None]),
        _ => (None, [None, None]),
    };
    first.into_iter().chain(more.into_iter().flatten())
}

/// The keys that are there, in a fixed order.
fn present(shape: &ConditionShape) -> Vec<&'static str> {
    let all = [
        ("windows", shape.windows.is_some()),
        ("edition", shape.edition.is_some()),
        ("key", shape.key.is_some()),
        ("value", shape.value.is_some()),
        ("equals", shape.equals.is_some()),
        ("contains", shape.contains.is_some()),
        ("service", shape.service.is_some()),
        ("file", shape.file.is_some()),
        ("version-below", shape.version_below.is_some()),
        ("any", shape.any.is_some()),
    ];
    all.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
}

fn subject(
    shape: &Spanned<ConditionShape>,
    depth: usize,
    block: &mut BlockProblems<'_, '_>,
) -> Option<Subject> {
    let asked = shape.get_ref();
    match (present(asked).as_slice(), asked) {
        (["windows"], ConditionShape { windows: Some(windows), .. }) => {
            some_releases(windows, block).map(Subject::Windows)
        }
        (["edition"], ConditionShape { edition: Some(edition), .. }) => {
            Some(Subject::Edition(OneOrMany::parts(edition).map(|(word, _)| word.to_lowercase()).collect()))
        }
        (["key"], ConditionShape { key: Some(key), .. }) => {
            block.checked_template(key, check_key).map(Subject::Key)
        }
        (
            ["key", "value"] | ["key", "value", "equals" | "contains"],
            ConditionShape { key: Some(key), value: Some(value), equals, contains, .. },
        ) => value_subject(key, value, equals.as_ref(), contains.as_ref(), block),
        (["service"], ConditionShape { service: Some(service), .. }) => {
            service_name(service, block).map(Subject::Service)
        }
        (["file"] | ["file", "version-below"], ConditionShape { file: Some(file), version_below, .. }) => {
            file_subject(file, version_below.as_ref(), block)
        }
        (["any"], ConditionShape { any: Some(any), .. }) => any_subject(any, depth, block),
        (found, _) => {
            let message = match found {
                [] => "this condition asks nothing".to_owned(),
                _ => format!("`{}` do not make one condition", found.join("`, `")),
            };
            block.refuse(
                &shape.span(),
                message,
                "write one of windows, edition, key, key + value (+ equals or contains), service, \
                 file (+ version-below), any; each with absent = true to deny it",
            );
            None
        }
    }
}

fn some_releases(
    windows: &Spanned<OneOrMany<String>>,
    block: &mut BlockProblems<'_, '_>,
) -> Option<Vec<AppliesTo>> {
    let releases = releases(OneOrMany::parts(windows), block);
    if windows.get_ref().0.is_empty() {
        block.refuse(&windows.span(), "no release is named", RELEASE_HINT);
    }
    (!releases.is_empty()).then_some(releases)
}

fn value_subject(
    key: &SpannedText,
    value: &SpannedText,
    equals: Option<&Spanned<TextOrNumber>>,
    contains: Option<&SpannedText>,
    block: &mut BlockProblems<'_, '_>,
) -> Option<Subject> {
    let key = block.checked_template(key, check_key);
    let named = block.checked(&value.span(), check_value_name(value.get_ref()));
    let equals = match equals {
        Some(text) => Some(block.template(&text.get_ref().0, &text.span())?),
        None => None,
    };
    let contains = match contains {
        Some(text) => Some(block.template(text.get_ref(), &text.span())?),
        None => None,
    };
    named?;
    Some(Subject::Value { key: key?, value: value.get_ref().clone(), equals, contains })
}

fn file_subject(
    file: &SpannedText,
    version_below: Option<&SpannedText>,
    block: &mut BlockProblems<'_, '_>,
) -> Option<Subject> {
    let path: Option<Template> = block.checked_template(file, |path| check_file(path, true));
    let Some(text) = version_below else {
        return Some(Subject::File { path: path?, version_below: None });
    };
    let version = FileVersion::from_str(text.get_ref())
        .map_err(|error| Fault::new(error.to_string(), "write four numbers: \"5.0.2195.6968\""));
    let version = block.checked(&text.span(), version);
    Some(Subject::File { path: path?, version_below: Some(version?) })
}

fn any_subject(
    any: &Spanned<Vec<Spanned<ConditionShape>>>,
    depth: usize,
    block: &mut BlockProblems<'_, '_>,
) -> Option<Subject> {
    if depth == 0 || any.get_ref().is_empty() {
        block.refuse(
            &any.span(),
            "`any` is empty or too deep",
            "write any = [{ … }, { … }], three deep at most",
        );
        return None;
    }
    Some(Subject::Any(list(any.get_ref(), depth - 1, block)))
}
