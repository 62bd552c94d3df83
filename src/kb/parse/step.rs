//! Steps: `[[step]]`.

use std::collections::HashSet;
use std::ops::Range;

use toml::Spanned;

use crate::kb::fix::{FixId, NewName, RuleCall, Step, StepKind, Wanted};
use crate::kb::template::Template;

use super::Fault;
use super::block_problems::BlockProblems;
use super::condition::conditions;
use super::file_path::{check_file, check_file_name};
use super::fix::is_id;
use super::fix_shape::{Entries, OneOrMany, SpannedText, StepShape, WantedShape};
use super::key::{check_key, check_removable_key, check_value_name};
use super::wanted::wanted;

/// How many steps one fix may have.
pub(in crate::kb) const STEPS_MAX: usize = 64;

/// Longest service name (`CreateService`, Win32 reference).
const SERVICE_NAME_MAX: usize = 256;

/// Longest command line of a first-boot step.
const COMMAND_MAX: usize = 1024;

/// Each kind of step: what it must have, what it may have.
const KINDS: [(&[&str], &[&str]); 14] = [
    (&["key", "set"], &[]),
    (&["key", "include"], &["exclude"]),
    (&["key", "exclude"], &[]),
    (&["key", "delete-values"], &[]),
    (&["delete-key"], &[]),
    (&["rename-key", "to"], &[]),
    (&["service", "start"], &["delayed"]),
    (&["move-aside"], &[]),
    (&["rename-file", "to"], &[]),
    (&["rename-file", "tail-after", "tail"], &[]),
    (&["restore-file", "from"], &[]),
    (&["first-boot"], &[]),
    (&["manual"], &["unless"]),
    (&["rule"], &["with"]),
];

const KINDS_HINT: &str = "write one of key + set, key + include and/or exclude, key + delete-values, delete-key, \
     rename-key + to, service + start (+ delayed), move-aside, rename-file + to, rename-file + tail-after + tail, \
     restore-file + from, first-boot, manual (+ unless), rule (+ with), use";

/// Checks one step of a block. One that names members of several values
/// becomes several.
pub(super) fn steps(shape: &Spanned<StepShape>, block: &mut BlockProblems<'_, '_>) -> Vec<Step> {
    let wanted = shape.get_ref();
    let line = block.line(&shape.span());
    let when = conditions(&wanted.when, block);
    if !is_one_kind(wanted) {
        let names = present(wanted).join("`, `");
        block.refuse(&shape.span(), format!("a step is exactly one thing; this has `{names}`"), KINDS_HINT);
        return Vec::new();
    }
    let kinds = kinds(wanted, block).unwrap_or_default();
    kinds.into_iter().map(|kind| Step { kind, when: when.clone(), line }).collect()
}

/// Checks a service name: one key name.
pub(super) fn service_name(name: &SpannedText, block: &mut BlockProblems<'_, '_>) -> Option<String> {
    let text = name.get_ref();
    if text.is_empty() || text.contains(['\\', '/', '\0']) || text.encode_utf16().count() > SERVICE_NAME_MAX {
        block.refuse(
            &name.span(),
            format!("`{text}` is no service name"),
            "write the service's key name: \"BITS\"",
        );
        return None;
    }
    Some(text.clone())
}

fn is_one_kind(shape: &StepShape) -> bool {
    let present = present(shape);
    present == ["use"]
        || KINDS.iter().any(|(required, optional)| {
            required.iter().all(|name| present.contains(name))
                && present.iter().all(|name| required.contains(name) || optional.contains(name))
        })
}

/// The keys that are there, in a fixed order.
fn present(shape: &StepShape) -> Vec<&'static str> {
    let all = [
        ("key", shape.key.is_some()),
        ("set", shape.set.is_some()),
        ("include", shape.include.is_some()),
        ("exclude", shape.exclude.is_some()),
        ("delete-values", shape.delete_values.is_some()),
        ("delete-key", shape.delete_key.is_some()),
        ("rename-key", shape.rename_key.is_some()),
        ("to", shape.to.is_some()),
        ("service", shape.service.is_some()),
        ("start", shape.start.is_some()),
        ("delayed", shape.delayed.is_some()),
        ("move-aside", shape.move_aside.is_some()),
        ("rename-file", shape.rename_file.is_some()),
        ("tail-after", shape.tail_after.is_some()),
        ("tail", shape.tail.is_some()),
        ("restore-file", shape.restore_file.is_some()),
        ("from", shape.from.is_some()),
        ("first-boot", shape.first_boot.is_some()),
        ("manual", shape.manual.is_some()),
        ("unless", shape.unless.is_some()),
        ("rule", shape.rule.is_some()),
        ("with", shape.with.is_some()),
        ("use", shape.used.is_some()),
    ];
    all.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
}

/// What a step of one known kind wants.
fn kinds(shape: &StepShape, block: &mut BlockProblems<'_, '_>) -> Option<Vec<StepKind>> {
    let kind = match shape {
        StepShape { key: Some(key), .. } => return on_key(key, shape, block),
        StepShape { delete_key: Some(key), .. } => {
            StepKind::DeleteKey { key: block.checked_template(key, check_removable_key)? }
        }
        StepShape { rename_key: Some(key), to: Some(to), .. } => rename_key(key, to, block)?,
        StepShape { service: Some(service), .. } => service_start(service, shape, block)?,
        StepShape { move_aside: Some(file), .. } => {
            StepKind::MoveAside { file: block.checked_template(file, |path| check_file(path, true))? }
        }
        StepShape { rename_file: Some(file), .. } => rename_file(file, shape, block)?,
        StepShape { restore_file: Some(file), from: Some(from), .. } => restore_file(file, from, block)?,
        StepShape { first_boot: Some(command), .. } => {
            StepKind::FirstBoot { command: block.checked_template(command, check_command)? }
        }
        StepShape { manual: Some(text), .. } => manual(text, shape, block)?,
        StepShape { rule: Some(name), with, .. } => StepKind::Rule(rule_call(name, with.as_ref(), block)?),
        StepShape { used: Some(name), .. } => StepKind::Use(fix_id(name, block)?),
        _ => return None,
    };
    Some(vec![kind])
}

fn on_key(key: &SpannedText, shape: &StepShape, block: &mut BlockProblems<'_, '_>) -> Option<Vec<StepKind>> {
    let key = block.checked_template(key, check_key)?;
    if let Some(set) = &shape.set {
        return Some(vec![StepKind::Set { key, values: values(set, block) }]);
    }
    if let Some(names) = &shape.delete_values {
        return value_names(names, block).map(|names| vec![StepKind::DeleteValues { key, names }]);
    }
    Some(members(&key, shape, block))
}

fn values(set: &Spanned<Entries<WantedShape>>, block: &mut BlockProblems<'_, '_>) -> Vec<(String, Wanted)> {
    let entries = &set.get_ref().0;
    if entries.is_empty() {
        block.refuse(&set.span(), "this step sets nothing", "write set = { Name = 1 }");
    }
    let mut seen = HashSet::new();
    let mut values = Vec::new();
    for (name, shape) in entries {
        check_new_name(name, &mut seen, block);
        values.extend(wanted(shape, block).map(|wanted| (name.get_ref().clone(), wanted)));
    }
    values
}

fn value_names(names: &Spanned<Vec<SpannedText>>, block: &mut BlockProblems<'_, '_>) -> Option<Vec<String>> {
    if names.get_ref().is_empty() {
        block.refuse(&names.span(), "this step deletes nothing", "write delete-values = [\"Name\"]");
        return None;
    }
    let mut seen = HashSet::new();
    names.get_ref().iter().for_each(|name| check_new_name(name, &mut seen, block));
    Some(names.get_ref().iter().map(|name| name.get_ref().clone()).collect())
}

/// A value name that is well formed and not yet named (without regard to case).
fn check_new_name(name: &SpannedText, seen: &mut HashSet<String>, block: &mut BlockProblems<'_, '_>) {
    block.checked(&name.span(), check_value_name(name.get_ref()));
    if !seen.insert(name.get_ref().to_lowercase()) {
        let message = format!("`{}` is named twice (names are compared without case)", name.get_ref());
        block.refuse(&name.span(), message, "name each value once");
    }
}

fn members(key: &Template, shape: &StepShape, block: &mut BlockProblems<'_, '_>) -> Vec<StepKind> {
    let mut kinds: Vec<StepKind> = Vec::new();
    for (name, include) in entries_of(shape.include.as_ref()) {
        let include = member_list(include, block);
        let exclude = entries_of(shape.exclude.as_ref())
            .find(|(other, _)| other.get_ref().eq_ignore_ascii_case(name.get_ref()))
            .map(|(_, list)| member_list(list, block))
            .unwrap_or_default();
        check_apart(&include, &exclude, &name.span(), block);
        kinds.push(StepKind::Members { key: key.clone(), value: name.get_ref().clone(), include, exclude });
    }
    for (name, exclude) in entries_of(shape.exclude.as_ref()) {
        let named = |kind: &StepKind| matches!(kind, StepKind::Members { value, .. } if value.eq_ignore_ascii_case(name.get_ref()));
        if !kinds.iter().any(named) {
            let exclude = member_list(exclude, block);
            let value = name.get_ref().clone();
            kinds.push(StepKind::Members { key: key.clone(), value, include: Vec::new(), exclude });
        }
    }
    if kinds.is_empty() {
        let span = shape.include.as_ref().or(shape.exclude.as_ref()).map_or(0..0, Spanned::span);
        block.refuse(&span, "no value is named", "write include = { netsvcs = [\"BITS\"] }");
    }
    kinds
}

fn entries_of(
    list: Option<&Spanned<Entries<Vec<SpannedText>>>>,
) -> impl Iterator<Item = &(SpannedText, Spanned<Vec<SpannedText>>)> {
    list.into_iter().flat_map(|entries| entries.get_ref().0.iter())
}

fn member_list(list: &Spanned<Vec<SpannedText>>, block: &mut BlockProblems<'_, '_>) -> Vec<Template> {
    if list.get_ref().is_empty() {
        block.refuse(&list.span(), "no member is named", "write include = { netsvcs = [\"BITS\"] }");
    }
    let mut seen = HashSet::new();
    let mut members = Vec::new();
    for text in list.get_ref() {
        if text.get_ref().is_empty() || !seen.insert(text.get_ref().to_lowercase()) {
            let message = format!("`{}` is empty or named twice", text.get_ref());
            block.refuse(&text.span(), message, "name each member once (case does not count)");
        }
        members.extend(block.template(text.get_ref(), &text.span()));
    }
    members
}

fn check_apart(
    include: &[Template],
    exclude: &[Template],
    span: &Range<usize>,
    block: &mut BlockProblems<'_, '_>,
) {
    let same = |a: &Template, b: &Template| a.to_string().to_lowercase() == b.to_string().to_lowercase();
    if let Some(both) = include.iter().find(|member| exclude.iter().any(|other| same(member, other))) {
        block.refuse(span, format!("`{both}` is both included and excluded"), "keep one of the two");
    }
}

fn rename_key(key: &SpannedText, to: &SpannedText, block: &mut BlockProblems<'_, '_>) -> Option<StepKind> {
    let key = block.checked_template(key, check_removable_key);
    let to = block.checked_template(to, |name| {
        let shape = name.shape();
        if shape.is_empty() || shape.contains(['\\', '\0']) || shape.len() > 255 || name.has_folder() {
            return Err(Fault::new("this is no key name", "write the new last part of the key alone"));
        }
        Ok(())
    });
    Some(StepKind::RenameKey { key: key?, to: to? })
}

fn service_start(
    service: &SpannedText,
    shape: &StepShape,
    block: &mut BlockProblems<'_, '_>,
) -> Option<StepKind> {
    let service = service_name(service, block)?;
    let start = shape.start.as_ref()?;
    let types: Vec<_> = OneOrMany::parts(start).map(|(kind, _)| *kind).collect();
    let distinct: HashSet<_> = types.iter().map(|kind| *kind as u8).collect();
    if types.is_empty() || distinct.len() < types.len() {
        block.refuse(
            &start.span(),
            "no start type, or one twice",
            "write start = \"auto\" or [\"demand\", \"auto\"]",
        );
        return None;
    }
    Some(StepKind::ServiceStart {
        service,
        start: types,
        delayed: shape.delayed.as_ref().map(|flag| *flag.get_ref()),
    })
}

fn rename_file(file: &SpannedText, shape: &StepShape, block: &mut BlockProblems<'_, '_>) -> Option<StepKind> {
    let path = block.checked_template(file, |path| check_file(path, false));
    let to = match (&shape.to, &shape.tail_after, &shape.tail) {
        (Some(to), None, None) => NewName::Exact(block.checked_template(to, check_file_name)?),
        (None, Some(after), Some(tail)) => {
            if after.get_ref().is_empty() {
                block.refuse(&after.span(), "no separator is named", "write tail-after = \"_\"");
            }
            NewName::Tail {
                after: after.get_ref().clone(),
                tail: block.checked_template(tail, check_file_name)?,
            }
        }
        _ => return None,
    };
    Some(StepKind::RenameFile { file: path?, to })
}

fn restore_file(
    file: &SpannedText,
    from: &Spanned<OneOrMany<String>>,
    block: &mut BlockProblems<'_, '_>,
) -> Option<StepKind> {
    let file = block.checked_template(file, |path| check_file(path, false));
    let mut sources = Vec::new();
    for (text, span) in OneOrMany::parts(from) {
        let source = block.template(text, &span)?;
        block.checked(&span, check_file(&source, false))?;
        sources.push(source);
    }
    if sources.is_empty() {
        block.refuse(
            &from.span(),
            "no source is named",
            "write from = '{SystemRoot}\\System32\\dllcache\\x.dll'",
        );
    }
    Some(StepKind::RestoreFile { file: file?, from: sources })
}

fn manual(text: &SpannedText, shape: &StepShape, block: &mut BlockProblems<'_, '_>) -> Option<StepKind> {
    let unless = match &shape.unless {
        Some(list) if list.get_ref().is_empty() => {
            block.refuse(&list.span(), "nothing is asked here", "write unless = [{ service = \"BITS\" }]");
            return None;
        }
        Some(list) => conditions(list.get_ref(), block),
        None => Vec::new(),
    };
    Some(StepKind::Manual { text: block.line_of_text(text)?, unless })
}

fn check_command(command: &Template) -> Result<(), Fault> {
    let text = command.shape();
    if text.trim().is_empty() || text.contains(char::is_control) || text.len() > COMMAND_MAX {
        return Err(Fault::new("this is no command line", "write one line of at most 1,024 characters"));
    }
    Ok(())
}

fn rule_call(
    name: &SpannedText,
    with: Option<&Spanned<Entries<String>>>,
    block: &mut BlockProblems<'_, '_>,
) -> Option<RuleCall> {
    let Some((plugin, rule)) =
        name.get_ref().split_once('/').filter(|(plugin, rule)| is_id(plugin) && is_id(rule))
    else {
        let message = format!("`{}` is no rule's full name", name.get_ref());
        block.refuse(&name.span(), message, "write plugin/rule: \"svchost-groups/missing-members\"");
        return None;
    };
    let mut arguments = Vec::new();
    for (argument, value) in with.into_iter().flat_map(|entries| &entries.get_ref().0) {
        arguments.push((argument.get_ref().clone(), block.template(value.get_ref(), &value.span())?));
    }
    Some(RuleCall { plugin: plugin.to_owned(), rule: rule.to_owned(), arguments })
}

fn fix_id(name: &SpannedText, block: &mut BlockProblems<'_, '_>) -> Option<FixId> {
    match name.get_ref().split_once('/') {
        Some((article, fix)) if is_id(article) && is_id(fix) => {
            Some(FixId { article: article.to_owned(), fix: fix.to_owned() })
        }
        _ => {
            let message = format!("`{}` is no fix's full name", name.get_ref());
            block.refuse(&name.span(), message, "write article/fix: \"kb910341/senslogn-xp\"");
            None
        }
    }
}
