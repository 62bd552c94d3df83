//! Where in a folder a Windows is: its Windows folder and the hives that prove it.

use std::path::{Path, PathBuf};

use crate::hive::storage::{EntryKind, Storage};

use super::path::walk::{self, Reached};
use super::path::{PathError, component::same_name};

/// A Windows folder with the two hives that say what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WindowsFolder {
    pub folder: PathBuf,
    pub system: PathBuf,
    pub software: PathBuf,
}

/// A folder is a Windows folder if its `System32\config` has the SYSTEM and
/// SOFTWARE hives, whatever it is called.
pub(super) fn windows_folder(
    storage: &dyn Storage,
    folder: &Path,
) -> Result<Option<WindowsFolder>, PathError> {
    let Some(system) = hive(storage, folder, "SYSTEM")? else { return Ok(None) };
    let Some(software) = hive(storage, folder, "SOFTWARE")? else { return Ok(None) };
    Ok(Some(WindowsFolder { folder: folder.to_owned(), system, software }))
}

fn hive(storage: &dyn Storage, folder: &Path, name: &str) -> Result<Option<PathBuf>, PathError> {
    let Reached { host, entry, .. } = walk::walk(storage, folder, &config_names(name))?;
    Ok(entry.is_some_and(|entry| entry.kind == EntryKind::File).then_some(host))
}

/// `System32\config\NAME`.
pub(super) fn config_names(hive: &str) -> [String; 3] {
    ["System32", "config", hive].map(str::to_owned)
}

/// The Windows folders directly in `folder`, by name. Folders that cannot be
/// looked into are none: they are other people's, not the target.
pub(super) fn windows_folders_in(
    storage: &dyn Storage,
    folder: &Path,
) -> Result<Vec<WindowsFolder>, PathError> {
    let mut found: Vec<WindowsFolder> = subfolders(storage, folder)?
        .iter()
        .filter_map(|name| windows_folder(storage, &folder.join(name)).ok().flatten())
        .collect();
    found.sort_by(|a, b| a.folder.cmp(&b.folder));
    Ok(found)
}

/// Names of the real directories in `folder`, sorted.
pub(super) fn subfolders(storage: &dyn Storage, folder: &Path) -> Result<Vec<String>, PathError> {
    let entries = walk::list(storage, folder)?;
    let mut names: Vec<String> = entries
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::Directory)
        .map(|entry| entry.name)
        .collect();
    names.sort();
    Ok(names)
}

/// Whether the name is that of the folder in which Setup keeps the Windows it
/// replaced: `Windows.old`, `Windows.old.000`, `Windows.old(1)`.
pub(super) fn is_windows_old(name: &str) -> bool {
    name.get(..11).is_some_and(|start| same_name(start, "Windows.old"))
        && !name[11..].starts_with(|c: char| c.is_alphanumeric())
}

/// The root of the volume as the installation sees it: as many levels above the
/// Windows folder as its own name for itself (`C:\WINNT`) has, where the names
/// agree; else its parent. A Windows in `Windows.old` sees that folder as root.
pub(super) fn volume_of(folder: &Path, own_names: &[String]) -> (PathBuf, Vec<String>) {
    let actual: Vec<String> =
        folder.iter().rev().take(own_names.len()).map(|name| name.to_string_lossy().into_owned()).collect();
    let agrees = !own_names.is_empty()
        && actual.len() == own_names.len()
        && actual.iter().zip(own_names.iter().rev()).all(|(a, b)| same_name(a, b));
    let names = if agrees {
        own_names.to_vec()
    } else {
        folder.file_name().map(|name| name.to_string_lossy().into_owned()).into_iter().collect()
    };
    let mut volume = folder;
    for _ in &names {
        volume = volume.parent().unwrap_or(volume);
    }
    (volume.to_owned(), names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_volume_is_as_far_up_as_the_installation_says() {
        let (volume, own) = volume_of(Path::new("/mnt/d/WINDOWS"), &names(&["Windows"]));
        assert_eq!((volume.as_path(), own), (Path::new("/mnt/d"), names(&["Windows"])));
        let (volume, own) = volume_of(Path::new("/mnt/d/os/winnt"), &names(&["OS", "WINNT"]));
        assert_eq!((volume.as_path(), own), (Path::new("/mnt/d"), names(&["OS", "WINNT"])));
    }

    #[test]
    fn a_renamed_windows_folder_is_directly_on_its_volume() {
        for own in [&["WINDOWS"][..], &[], &["a", "b", "c", "d", "e", "f"]] {
            let (volume, found) = volume_of(Path::new("/mnt/d/WINNT"), &names(own));
            assert_eq!((volume.as_path(), found), (Path::new("/mnt/d"), names(&["WINNT"])), "{own:?}");
        }
    }

    #[test]
    fn folders_of_replaced_windows_are_known_by_name() {
        for name in ["Windows.old", "WINDOWS.OLD.000", "Windows.old(1)"] {
            assert!(is_windows_old(name), "{name}");
        }
        for name in ["Windows", "Windows.older", "old", "Windöws.old"] {
            assert!(!is_windows_old(name), "{name}");
        }
    }
}
