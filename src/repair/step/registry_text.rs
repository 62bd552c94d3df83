//! A `reg fix` block: the registry is as its `.reg` text says.

use crate::hive::reg_text::{self, RegEntry};

use super::super::change::{ABSENT, display_name};
use super::super::intent::Intent;
use super::super::obstacle::Obstacle;
use super::super::resolve::Resolver;
use super::values::is_as_wanted;
use super::{Looked, keys, places};

pub(super) fn look(text: &str, resolver: Resolver<'_, '_>) -> Result<Looked, Obstacle> {
    let unusable = |why: String| Obstacle::blocked(format!("its registry text cannot be used: {why}"));
    let read = reg_text::parse_text(text, false).map_err(|error| unusable(error.to_string()))?;
    if let Some(key) = read.deleted_and_written() {
        return Err(unusable(format!("{key} is deleted and written; a fix says what is wanted, not how")));
    }
    let mut looked = Looked::default();
    for entry in &read.entries {
        let found = if entry.delete { keys::delete(&entry.key, resolver)? } else { key(entry, resolver)? };
        looked.evidence.extend(found.evidence);
        looked.intents.extend(found.intents);
    }
    Ok(looked)
}

/// The key is there with these values, and without those that are deleted.
fn key(entry: &RegEntry, resolver: Resolver<'_, '_>) -> Result<Looked, Obstacle> {
    let mut looked = Looked::default();
    let only_deletes = !entry.values.is_empty() && entry.values.iter().all(|(_, value)| value.is_none());
    for at in places(&entry.key, resolver)? {
        if !resolver.workspace.key_exists(&at)? && !only_deletes {
            looked.saw(&at.full_name, ABSENT, Some("present".to_owned()));
            looked.intents.push(Intent::CreateKey { at: at.clone() });
        }
        for (name, wanted) in &entry.values {
            let present = resolver.workspace.value(&at, name)?;
            let place = format!("{}\\{}", at.full_name, display_name(name));
            let found = present.as_ref().map_or_else(|| ABSENT.to_owned(), ToString::to_string);
            let (at, name) = (at.clone(), name.clone());
            match (&present, wanted) {
                (None, None) => looked.saw(place, found, None),
                (Some(present), Some(wanted)) if is_as_wanted(present, wanted) => {
                    looked.saw(place, found, None);
                }
                (_, Some(value)) => {
                    looked.saw(place, found, Some(value.to_string()));
                    looked.intents.push(Intent::SetValue { at, name, value: value.clone() });
                }
                (Some(_), None) => {
                    looked.saw(place, found, Some(ABSENT.to_owned()));
                    looked.intents.push(Intent::DeleteValue { at, name });
                }
            }
        }
    }
    Ok(looked)
}
