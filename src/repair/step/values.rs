//! Steps that set or delete values.

use crate::hive::{Value, ValueType};
use crate::kb::fix::Wanted;

use super::super::change::{ABSENT, display_name};
use super::super::intent::Intent;
use super::super::obstacle::Obstacle;
use super::super::resolve::Resolver;
use super::{Looked, places};

/// These values are so.
pub(super) fn set(
    key: &str,
    values: &[(String, Wanted)],
    resolver: Resolver<'_, '_>,
) -> Result<Looked, Obstacle> {
    let mut looked = Looked::default();
    for at in places(key, resolver)? {
        if values.is_empty() && !resolver.workspace.key_exists(&at)? {
            looked.saw(&at.full_name, ABSENT, Some("present".to_owned()));
            looked.intents.push(Intent::CreateKey { at: at.clone() });
        }
        for (name, wanted) in values {
            let wanted = resolver.wanted(wanted)?;
            let present = resolver.workspace.value(&at, name)?;
            let place = format!("{}\\{}", at.full_name, display_name(name));
            let found = present.as_ref().map_or_else(|| ABSENT.to_owned(), ToString::to_string);
            if present.as_ref().is_some_and(|present| is_as_wanted(present, &wanted)) {
                looked.saw(place, found, None);
            } else {
                looked.saw(place, found, Some(wanted.to_string()));
                looked.intents.push(Intent::SetValue { at: at.clone(), name: name.clone(), value: wanted });
            }
        }
    }
    Ok(looked)
}

/// These values do not exist.
pub(super) fn delete(key: &str, names: &[String], resolver: Resolver<'_, '_>) -> Result<Looked, Obstacle> {
    let mut looked = Looked::default();
    for at in places(key, resolver)? {
        for name in names {
            let place = format!("{}\\{}", at.full_name, display_name(name));
            match resolver.workspace.value(&at, name)? {
                None => looked.saw(place, ABSENT, None),
                Some(present) => {
                    looked.saw(place, present.to_string(), Some(ABSENT.to_owned()));
                    looked.intents.push(Intent::DeleteValue { at: at.clone(), name: name.clone() });
                }
            }
        }
    }
    Ok(looked)
}

/// Whether Windows would take both for the same: strings are compared without
/// case and without what follows their first NUL; an expandable string without
/// a variable is as good as a plain one. Everything else must be equal.
pub(super) fn is_as_wanted(present: &Value, wanted: &Value) -> bool {
    if present == wanted {
        return true;
    }
    if let (Some(present), Some(wanted)) = (present.as_multi_string(), wanted.as_multi_string()) {
        return present.len() == wanted.len() && present.iter().zip(&wanted).all(|(a, b)| same(a, b));
    }
    let plain = |value: &Value| value.kind == ValueType::SZ || value.kind == ValueType::EXPAND_SZ;
    match (present.as_string(), wanted.as_string()) {
        (Some(text), Some(wanted_text)) if plain(present) && plain(wanted) => {
            same(&text, &wanted_text) && (present.kind == wanted.kind || !text.contains('%'))
        }
        _ => false,
    }
}

fn same(a: &str, b: &str) -> bool {
    a.to_uppercase() == b.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_differ_only_where_windows_sees_a_difference() {
        let wanted = Value::string("WlNotify.dll");
        assert!(is_as_wanted(&Value::string("wlnotify.DLL"), &wanted));
        assert!(is_as_wanted(&Value::expand_string("WlNotify.dll"), &wanted));
        let unterminated = Value { kind: ValueType::SZ, data: wanted.data[..24].to_vec() };
        assert!(is_as_wanted(&unterminated, &wanted));
        assert!(!is_as_wanted(&Value::string("other.dll"), &wanted));
        assert!(!is_as_wanted(&Value::binary(wanted.data.clone()), &wanted));
    }

    #[test]
    fn an_unexpanded_variable_is_not_as_good() {
        let wanted = Value::expand_string(r"%SystemRoot%\x.exe");
        assert!(!is_as_wanted(&Value::string(r"%SystemRoot%\x.exe"), &wanted));
    }

    #[test]
    fn numbers_must_have_their_type() {
        assert!(!is_as_wanted(&Value::string("1"), &Value::dword(1)));
        assert!(!is_as_wanted(&Value::qword(1), &Value::dword(1)));
        assert!(is_as_wanted(&Value::dword(1), &Value::dword(1)));
    }

    #[test]
    fn lists_keep_their_order() {
        let wanted = Value::multi_string(&["a", "b"]);
        assert!(is_as_wanted(&Value::multi_string(&["A", "B"]), &wanted));
        assert!(!is_as_wanted(&Value::multi_string(&["b", "a"]), &wanted));
        assert!(!is_as_wanted(&Value::multi_string(&["a"]), &wanted));
    }
}
