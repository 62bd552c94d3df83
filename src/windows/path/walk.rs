//! Following names on the host: without regard to case, through no link.
//!
//! Windows' own junctions ("Documents and Settings", "All Users") point to an
//! absolute `\??\C:\…`, which in a PE is whatever disk is C: now. So no link
//! below the volume's root is followed, wherever it points.

use std::path::{Path, PathBuf};

use crate::hive::storage::{DirEntry, EntryKind, Storage};

use super::PathError;
use super::component::same_name;

/// Where a walk ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The place on the host.
    pub host: PathBuf,
    /// The names, those of existing components in their true case.
    pub names: Vec<String>,
    /// What is there; `None` where the last name or one before it is missing.
    pub entry: Option<DirEntry>,
}

/// Follows `names` from the directory `base`. Names that do not exist are
/// taken as written.
///
/// # Errors
/// [`PathError::ThroughLink`], also for the last name;
/// [`PathError::Ambiguous`], [`PathError::Io`].
pub fn walk(storage: &dyn Storage, base: &Path, names: &[String]) -> Result<Reached, PathError> {
    walk_by(&|directory, name| find(storage, directory, name), base, names)
}

/// How the entry of a directory is found that Windows would find under a name.
pub type Finder<'f> = &'f dyn Fn(&Path, &str) -> Result<Option<DirEntry>, PathError>;

/// As [`walk`], with another way to look into directories.
///
/// # Errors
/// As [`walk`].
pub fn walk_by(find: Finder<'_>, base: &Path, names: &[String]) -> Result<Reached, PathError> {
    let mut reached =
        Reached { host: base.to_owned(), names: Vec::new(), entry: Some(directory_entry(base)) };
    for name in names {
        let parent_is_directory =
            reached.entry.as_ref().is_some_and(|entry| entry.kind == EntryKind::Directory);
        let entry = if parent_is_directory { find(&reached.host, name)? } else { None };
        let name = entry.as_ref().map_or(name, |entry| &entry.name).clone();
        reached.host.push(&name);
        reached.names.push(name);
        reached.entry = entry;
    }
    Ok(reached)
}

/// The entry of `directory` that Windows would find under `name`.
///
/// # Errors
/// As [`walk`].
pub fn find(storage: &dyn Storage, directory: &Path, name: &str) -> Result<Option<DirEntry>, PathError> {
    let entries = list(storage, directory)?;
    only(directory, entries.into_iter().filter(|entry| same_name(&entry.name, name)))
}

/// The only one of the entries that Windows takes for the same name.
///
/// # Errors
/// As [`walk`].
pub fn only(
    directory: &Path,
    same: impl IntoIterator<Item = DirEntry>,
) -> Result<Option<DirEntry>, PathError> {
    let mut same = same.into_iter();
    match (same.next(), same.next()) {
        (Some(first), Some(second)) => Err(PathError::Ambiguous {
            directory: directory.to_owned(),
            first: first.name,
            second: second.name,
        }),
        (Some(entry), None) => followable(directory, entry).map(Some),
        _ => Ok(None),
    }
}

/// The entries of a directory; none where there is no such directory.
///
/// # Errors
/// [`PathError::Io`].
pub fn list(storage: &dyn Storage, directory: &Path) -> Result<Vec<DirEntry>, PathError> {
    match storage.list(directory) {
        Ok(entries) => Ok(entries),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(PathError::Io { path: directory.to_owned(), source }),
    }
}

fn directory_entry(base: &Path) -> DirEntry {
    DirEntry {
        name: base.display().to_string(),
        kind: EntryKind::Directory,
        len: 0,
        created: None,
        modified: None,
    }
}

/// The entry, if it is no link. A reparse point that holds a file's own content
/// in another form is the file, not a way elsewhere.
///
/// # Errors
/// [`PathError::ThroughLink`].
pub fn followable(directory: &Path, mut entry: DirEntry) -> Result<DirEntry, PathError> {
    if entry.kind != EntryKind::Link {
        return Ok(entry);
    }
    let link = directory.join(&entry.name);
    let to = std::fs::read_link(&link).map_or_else(|error| error.to_string(), |to| to.display().to_string());
    if is_stored_content(&to) {
        entry.kind = EntryKind::File;
        return Ok(entry);
    }
    Err(PathError::ThroughLink { link, to })
}

/// Whether ntfs-3g's substitute for a link's target names a reparse tag of
/// stored content: compressed system files (WOF) and deduplicated files. Tags
/// from "Reparse Point Tags" (MS-FSCC 2.1.2.1).
fn is_stored_content(to: &str) -> bool {
    const TAGS: [&str; 2] = ["0x80000017", "0x80000013"];
    to.strip_prefix("unsupported reparse tag ").is_some_and(|tag| TAGS.contains(&tag))
}

#[cfg(test)]
mod tests;
