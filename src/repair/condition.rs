//! Conditions evaluated on the target, with what was seen.

use crate::hive::Value;
use crate::kb::Condition;
use crate::kb::condition::{FileVersion, Subject};
use crate::kb::template::Template;

use super::change::{ABSENT, display_name};
use super::obstacle::Obstacle;
use super::plan::Evidence;
use super::release;
use super::resolve::Resolver;

/// The answer to a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Whether the condition holds.
    pub holds: bool,
    /// What was seen.
    pub evidence: Evidence,
}

/// Looks whether a condition holds.
pub(crate) fn evaluate(condition: &Condition, resolver: Resolver<'_, '_>) -> Result<Finding, Obstacle> {
    let Finding { holds, evidence } = subject(&condition.subject, resolver)?;
    Ok(Finding { holds: holds != condition.absent, evidence })
}

/// The first condition that does not hold.
pub(crate) fn first_unmet(
    conditions: &[Condition],
    resolver: Resolver<'_, '_>,
) -> Result<Option<(Evidence, bool)>, Obstacle> {
    for condition in conditions {
        let finding = evaluate(condition, resolver)?;
        if !finding.holds {
            return Ok(Some((finding.evidence, condition.absent)));
        }
    }
    Ok(None)
}

fn subject(subject: &Subject, resolver: Resolver<'_, '_>) -> Result<Finding, Obstacle> {
    let version = &resolver.workspace.installation().version;
    match subject {
        Subject::Windows(releases) => {
            let holds = releases.iter().any(|entry| release::covers(entry, version));
            Ok(finding(holds, "Windows version", release::display(version)))
        }
        Subject::Edition(words) => {
            let edition = version.edition.as_deref().unwrap_or(&version.product_name);
            let folded = edition.to_lowercase();
            let holds = words.iter().any(|word| folded.contains(&word.to_lowercase()));
            Ok(finding(holds, "Windows edition", edition))
        }
        Subject::Key(key) => key_present(&resolver.text(key)?, resolver),
        Subject::Service(name) => {
            key_present(&format!(r"HKLM\SYSTEM\CurrentControlSet\Services\{name}"), resolver)
        }
        Subject::Value { key, value, equals, contains } => {
            value_present(key, value, &Expected { equals, contains }, resolver)
        }
        Subject::File { path, version_below } => file_present(path, *version_below, resolver),
        Subject::Any(conditions) => any(conditions, resolver),
    }
}

fn finding(holds: bool, place: impl Into<String>, found: impl Into<String>) -> Finding {
    Finding { holds, evidence: Evidence { place: place.into(), found: found.into(), wanted: None } }
}

fn key_present(key: &str, resolver: Resolver<'_, '_>) -> Result<Finding, Obstacle> {
    let mut place = key.to_owned();
    for at in resolver.workspace.locate(key)? {
        place.clone_from(&at.full_name);
        if resolver.workspace.key_exists(&at)? {
            return Ok(finding(true, place, "present"));
        }
    }
    Ok(finding(false, place, ABSENT))
}

struct Expected<'e> {
    equals: &'e Option<Template>,
    contains: &'e Option<Template>,
}

fn value_present(
    key: &Template,
    name: &str,
    expected: &Expected<'_>,
    resolver: Resolver<'_, '_>,
) -> Result<Finding, Obstacle> {
    let equals = expected.equals.as_ref().map(|template| resolver.text(template)).transpose()?;
    let contains = expected.contains.as_ref().map(|template| resolver.text(template)).transpose()?;
    let key = resolver.text(key)?;
    let mut last = finding(false, format!("{key}\\{}", display_name(name)), ABSENT);
    for at in resolver.workspace.locate(&key)? {
        let Some(value) = resolver.workspace.value(&at, name)? else { continue };
        let holds = equals.as_ref().is_none_or(|wanted| equals_text(&value, wanted))
            && contains.as_ref().is_none_or(|member| contains_member(&value, member));
        last = finding(holds, format!("{}\\{}", at.full_name, display_name(name)), value.to_string());
        if holds {
            break;
        }
    }
    Ok(last)
}

/// Whether a string equals the text or a number its decimal form.
fn equals_text(value: &Value, wanted: &str) -> bool {
    let number = value.as_dword().map(u64::from).or_else(|| value.as_qword());
    match (number, value.as_string()) {
        (Some(number), _) => wanted.trim().parse() == Ok(number),
        (None, Some(text)) => text.to_uppercase() == wanted.to_uppercase(),
        (None, None) => false,
    }
}

fn contains_member(value: &Value, member: &str) -> bool {
    let members = value.as_multi_string().unwrap_or_default();
    members.iter().any(|present| present.to_uppercase() == member.to_uppercase())
}

fn file_present(
    path: &Template,
    version_below: Option<FileVersion>,
    resolver: Resolver<'_, '_>,
) -> Result<Finding, Obstacle> {
    let path = resolver.text(path)?;
    let found = resolver.workspace.find(&path)?;
    let Some(first) = found.first() else { return Ok(finding(false, path, ABSENT)) };
    let Some(limit) = version_below else {
        return Ok(finding(true, first.path.windows.clone(), "present"));
    };
    let mut last = finding(false, first.path.windows.clone(), "no file version");
    for place in &found {
        let version = match resolver.workspace.file_version(place) {
            Ok(Some(version)) => FileVersion(version),
            Ok(None) => continue,
            Err(error) => {
                last.evidence.found = error.to_string();
                continue;
            }
        };
        let seen = format!("file version {version}");
        last = finding(version < limit, place.path.windows.clone(), seen);
        last.evidence.wanted = Some(format!("{limit} or later"));
        if last.holds {
            break;
        }
    }
    Ok(last)
}

fn any(conditions: &[Condition], resolver: Resolver<'_, '_>) -> Result<Finding, Obstacle> {
    let mut seen = Vec::new();
    for condition in conditions {
        let finding = evaluate(condition, resolver)?;
        if finding.holds {
            return Ok(finding);
        }
        seen.push(finding.evidence.to_string());
    }
    Ok(finding(false, "what it needs one of", seen.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_equal_their_written_form() {
        assert!(equals_text(&Value::dword(4), "4"));
        assert!(!equals_text(&Value::dword(4), "0x4"));
        assert!(equals_text(&Value::string("SERVERNT"), "ServerNT"));
        assert!(!equals_text(&Value::binary(vec![4]), "4"));
    }

    #[test]
    fn members_are_compared_without_case() {
        let groups = Value::multi_string(&["BITS", "wuauserv"]);
        assert!(contains_member(&groups, "bits"));
        assert!(!contains_member(&groups, "bit"));
        assert!(!contains_member(&Value::string("bits"), "bits"));
    }
}
