//! Steps that delete or rename a key.

use crate::windows::Located;

use super::super::change::ABSENT;
use super::super::intent::Intent;
use super::super::obstacle::Obstacle;
use super::super::resolve::Resolver;
use super::{Looked, places};

/// The key does not exist.
pub(super) fn delete(key: &str, resolver: Resolver<'_, '_>) -> Result<Looked, Obstacle> {
    let mut looked = Looked::default();
    for at in places(key, resolver)? {
        refuse_root(&at)?;
        if resolver.workspace.key_exists(&at)? {
            looked.saw(&at.full_name, "present", Some(ABSENT.to_owned()));
            looked.intents.push(Intent::DeleteKey { at });
        } else {
            looked.saw(at.full_name, ABSENT, None);
        }
    }
    Ok(looked)
}

/// The key has the other name; nothing to do where it is absent.
pub(super) fn rename(key: &str, to: &str, resolver: Resolver<'_, '_>) -> Result<Looked, Obstacle> {
    let mut looked = Looked::default();
    for at in places(key, resolver)? {
        refuse_root(&at)?;
        if to.is_empty() || to.contains('\\') {
            return Err(Obstacle::blocked(format!("{to:?} is not the name of a key")));
        }
        if !resolver.workspace.key_exists(&at)? {
            looked.saw(at.full_name, ABSENT, None);
            continue;
        }
        let target = sibling(&at, to);
        let taken = !target.path.is_same(&at.path) && resolver.workspace.key_exists(&target)?;
        if taken {
            return Err(Obstacle::blocked(format!(
                "{} cannot be renamed: {} exists as well; look which of them is right",
                at.full_name, target.full_name
            )));
        }
        if at.path.name() != Some(to) || stored_name(&at, resolver)? != to {
            looked.saw(&at.full_name, "present", Some(format!("named {to}")));
            looked.intents.push(Intent::RenameKey { at, name: to.to_owned() });
        }
    }
    Ok(looked)
}

/// A hive without its root key is no hive.
fn refuse_root(at: &Located) -> Result<(), Obstacle> {
    if at.path.is_root() {
        return Err(Obstacle::blocked(format!("{} is the root key of a hive", at.full_name)));
    }
    Ok(())
}

fn sibling(at: &Located, name: &str) -> Located {
    let parent = at.path.parent().unwrap_or_default();
    let full_name = at.full_name.rsplit_once('\\').map_or("", |(parent, _)| parent);
    Located { path: parent.join(name), full_name: format!("{full_name}\\{name}"), ..at.clone() }
}

fn stored_name(at: &Located, resolver: Resolver<'_, '_>) -> Result<String, Obstacle> {
    Ok(resolver.workspace.tree(at)?.map_or_else(String::new, |tree| tree.name))
}
