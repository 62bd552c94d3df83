//! Finding installations on the volumes of this machine.

use std::path::{Path, PathBuf};

use crate::hive::storage::Storage;

use super::installation::{Installation, InstallationError};
use super::locate::{self, WindowsFolder};

/// How far below a given root a volume's root may lie: `/mnt` finds `/mnt/disk/part2`.
const LEVELS_MAX: usize = 2;
/// How many folders one search looks at, so that a root given by mistake ends.
const FOLDERS_MAX: usize = 2_000;

/// The installations on the given roots (volume roots, Windows folders, or
/// folders in which volumes are mounted); without roots, on every mounted
/// volume. Those in `Windows.old` come after the others.
pub fn discover(storage: &dyn Storage, roots: &[PathBuf]) -> Vec<Result<Installation, InstallationError>> {
    let mut found: Vec<_> = discover_folders(storage, roots).into_iter().map(|(_, found)| found).collect();
    found.sort_by_key(|result| result.as_ref().is_ok_and(|found| found.role.windows_old));
    found
}

/// The same with the Windows folder of each, in the order of their paths.
pub fn discover_folders(
    storage: &dyn Storage,
    roots: &[PathBuf],
) -> Vec<(PathBuf, Result<Installation, InstallationError>)> {
    let (roots, levels) = match roots {
        [] => (super::volumes::mounted(), 0),
        given => (given.to_vec(), LEVELS_MAX),
    };
    let mut folders = Vec::new();
    let mut remaining = FOLDERS_MAX;
    for root in roots {
        let Ok(root) = super::installation::absolute(&root) else { continue };
        search(storage, &root, levels, &mut remaining, &mut folders);
    }
    let mut seen = std::collections::BTreeSet::new();
    folders.retain(|found: &WindowsFolder| seen.insert(found.folder.clone()));
    folders.into_iter().map(|found| (found.folder.clone(), Installation::load(storage, &found))).collect()
}

/// Collects the Windows folders at or in `folder`; where there are none, looks
/// into its subfolders. What cannot be read has no installation to offer.
fn search(
    storage: &dyn Storage,
    folder: &Path,
    levels: usize,
    remaining: &mut usize,
    found: &mut Vec<WindowsFolder>,
) {
    if *remaining == 0 {
        return;
    }
    *remaining -= 1;
    if let Ok(Some(windows)) = locate::windows_folder(storage, folder) {
        found.push(windows);
        return;
    }
    let Ok(subfolders) = locate::subfolders(storage, folder) else { return };
    let before = found.len();
    for name in &subfolders {
        let subfolder = folder.join(name);
        if let Ok(Some(windows)) = locate::windows_folder(storage, &subfolder) {
            found.push(windows);
        } else if locate::is_windows_old(name) {
            found.extend(locate::windows_folders_in(storage, &subfolder).unwrap_or_default());
        }
    }
    if found.len() == before && levels > 0 {
        for name in &subfolders {
            search(storage, &folder.join(name), levels - 1, remaining, found);
        }
    }
}

#[cfg(test)]
mod tests;
