//! Steps on the members of multi-strings: order and other members are kept.

use crate::hive::{NamedValue, Value, ValueType};
use crate::windows::Located;

use super::super::change::{ABSENT, display_name};
use super::super::intent::Intent;
use super::super::obstacle::Obstacle;
use super::super::resolve::Resolver;
use super::{Looked, places};

/// What must and must not be among the members.
pub(super) struct Members {
    pub(super) include: Vec<String>,
    pub(super) exclude: Vec<String>,
}

/// A multi-string has (has not) these members; the value `*` is every
/// multi-string of the key.
pub(super) fn members(
    key: &str,
    value: &str,
    members: &Members,
    resolver: Resolver<'_, '_>,
) -> Result<Looked, Obstacle> {
    let mut looked = Looked::default();
    for at in places(key, resolver)? {
        let present = resolver.workspace.values(&at)?.unwrap_or_default();
        if value == "*" {
            for named in present.iter().filter(|named| named.value.kind == ValueType::MULTI_SZ) {
                one(&at, &named.name, Some(&named.value), members, &mut looked)?;
            }
        } else {
            let named = present.iter().find(|named| same(&named.name, value));
            one(&at, value, named.map(|NamedValue { value, .. }| value), members, &mut looked)?;
        }
    }
    Ok(looked)
}

fn one(
    at: &Located,
    name: &str,
    present: Option<&Value>,
    members: &Members,
    looked: &mut Looked,
) -> Result<(), Obstacle> {
    let place = format!("{}\\{}", at.full_name, display_name(name));
    let before = match present {
        None => Vec::new(),
        Some(value) => value.as_multi_string().ok_or_else(|| wrong_type(&place, value))?,
    };
    let found = present.map_or_else(|| ABSENT.to_owned(), ToString::to_string);
    let after = wanted(&before, members);
    if after == before {
        looked.saw(place, found, None);
        return Ok(());
    }
    let value = Value::multi_string(&after);
    looked.saw(place, found, Some(value.to_string()));
    looked.intents.push(Intent::SetValue { at: at.clone(), name: name.to_owned(), value });
    Ok(())
}

/// A list stored in another type is not overwritten: what it means is not
/// known here.
fn wrong_type(place: &str, value: &Value) -> Obstacle {
    Obstacle::blocked(format!(
        "{place} is {value} instead of REG_MULTI_SZ; look what wrote it, correct its type, then plan again"
    ))
}

fn wanted(before: &[String], members: &Members) -> Vec<String> {
    let keep = |member: &&String| !members.exclude.iter().any(|out| same(out, member));
    let mut after: Vec<String> = before.iter().filter(keep).cloned().collect();
    for member in &members.include {
        if !after.iter().any(|present| same(present, member)) {
            after.push(member.clone());
        }
    }
    after
}

fn same(a: &str, b: &str) -> bool {
    a.to_uppercase() == b.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(members: &[&str]) -> Vec<String> {
        members.iter().map(|member| (*member).to_owned()).collect()
    }

    #[test]
    fn missing_members_are_appended_and_the_rest_stays() {
        let members = Members { include: list(&["SMTPSVC", "W3SVC", "nntpsvc"]), exclude: Vec::new() };
        assert_eq!(
            wanted(&list(&["w3svc", "other", "MSFTPSVC"]), &members),
            ["w3svc", "other", "MSFTPSVC", "SMTPSVC", "nntpsvc"]
        );
    }

    #[test]
    fn only_the_named_members_go() {
        let members = Members { include: Vec::new(), exclude: list(&["dead"]) };
        assert_eq!(wanted(&list(&["partmgr", "DEAD", "", "fvevol"]), &members), ["partmgr", "", "fvevol"]);
    }

    #[test]
    fn a_wish_that_is_met_changes_nothing() {
        let members = Members { include: list(&["BITS"]), exclude: list(&["x"]) };
        assert_eq!(wanted(&list(&["bits"]), &members), ["bits"]);
    }
}
