//! Steps on files: move aside, rename, restore.

use crate::kb::fix::NewName;
use crate::windows::path::component::{objection, same_name};

use super::super::change::ABSENT;
use super::super::intent::Intent;
use super::super::obstacle::Obstacle;
use super::super::resolve::Resolver;
use super::super::workspace::FilePlace;
use super::Looked;

/// No such file; those that are there move to the receipt.
pub(super) fn move_aside(pattern: &str, resolver: Resolver<'_, '_>) -> Result<Looked, Obstacle> {
    let mut looked = Looked::default();
    let found = resolver.workspace.find(pattern)?;
    if found.is_empty() {
        looked.saw(pattern, ABSENT, None);
    }
    for place in found {
        looked.saw(&place.path.windows, "present", Some(ABSENT.to_owned()));
        looked.intents.push(Intent::MoveAside { file: place.path });
    }
    Ok(looked)
}

/// The files have the wanted names; nothing to do where there is none.
pub(super) fn rename(pattern: &str, to: &NewName, resolver: Resolver<'_, '_>) -> Result<Looked, Obstacle> {
    let mut looked = Looked::default();
    let found = resolver.workspace.find(pattern)?;
    if found.is_empty() {
        looked.saw(pattern, ABSENT, None);
        return Ok(looked);
    }
    let mut taken: Vec<String> = Vec::new();
    for place in found {
        let Some(name) = new_name(&place, to, resolver)? else {
            looked.saw(place.path.windows, "has another form of name", None);
            continue;
        };
        if taken.iter().any(|other| same_name(other, &name)) {
            return Err(Obstacle::blocked(format!(
                "several files would have to be called {name}; decide which of them is the right one first"
            )));
        }
        taken.push(name.clone());
        if same_name(&place.entry.name, &name) {
            looked.saw(place.path.windows, "has the right name", None);
            continue;
        }
        refuse_taken(&place, &name, resolver)?;
        looked.saw(&place.path.windows, &place.entry.name, Some(name.clone()));
        looked.intents.push(Intent::RenameFile { file: place.path, name });
    }
    Ok(looked)
}

/// The wanted name; `None` for a file whose name has not the separator.
fn new_name(place: &FilePlace, to: &NewName, resolver: Resolver<'_, '_>) -> Result<Option<String>, Obstacle> {
    let name = match to {
        NewName::Exact(name) => resolver.text(name)?,
        NewName::Tail { after, tail } => {
            let Some((head, _)) = place.entry.name.split_once(after.as_str()) else { return Ok(None) };
            format!("{head}{after}{}", resolver.text(tail)?)
        }
    };
    match objection(&name, false) {
        Some(why) => Err(Obstacle::blocked(format!("{name:?} cannot be a file's name: {why}"))),
        None if name.is_empty() => Err(Obstacle::blocked("the new name is empty")),
        None => Ok(Some(name)),
    }
}

fn refuse_taken(place: &FilePlace, name: &str, resolver: Resolver<'_, '_>) -> Result<(), Obstacle> {
    let there = resolver.workspace.sibling(&place.path, name)?;
    match resolver.workspace.look(&there.windows)? {
        (_, None) => Ok(()),
        (path, Some(_)) => Err(Obstacle::blocked(format!(
            "{} cannot be renamed: {} exists already; look which of them is right",
            place.path.windows, path.windows
        ))),
    }
}

/// The file exists; else the first source that exists is copied there.
pub(super) fn restore(
    file: &str,
    sources: &[String],
    resolver: Resolver<'_, '_>,
) -> Result<Looked, Obstacle> {
    let mut looked = Looked::default();
    let (path, entry) = resolver.workspace.look(file)?;
    if entry.is_some() {
        looked.saw(path.windows, "present", None);
        return Ok(looked);
    }
    for source in sources {
        if let (from, Some(_)) = resolver.workspace.look(source)? {
            looked.saw(&path.windows, ABSENT, Some(format!("a copy of {}", from.windows)));
            looked.intents.push(Intent::RestoreFile { file: path, from });
            return Ok(looked);
        }
    }
    Err(Obstacle::blocked(format!(
        "{} is missing and none of its sources exists ({}); bring one of them, then plan again",
        path.windows,
        sources.join(", ")
    )))
}
