//! Which file of an installation is which hive.

use std::path::PathBuf;

use crate::hive::Hive;
use crate::hive::storage::{EntryKind, Storage};

use super::super::lookup::text;
use super::super::path::walk::Finder;
use super::super::path::{PathError, TargetPath, walk};
use super::super::{Installation, locate};

/// Where boot configuration stores are on the volume that boots: with BIOS, and
/// with UEFI.
const BOOT_STORES: [&[&str]; 2] = [&["Boot", "BCD"], &["EFI", "Microsoft", "Boot", "BCD"]];
const SHELL_FOLDERS: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders";

/// `System32\config\NAME`, whether it exists or not.
pub(super) fn machine(
    find: Finder<'_>,
    installation: &Installation,
    name: &str,
) -> Result<PathBuf, PathError> {
    Ok(walk::walk_by(find, &installation.windows_folder, &locate::config_names(name))?.host)
}

/// The boot configuration store on the installation's own volume; `None` where
/// it is on another (the EFI system partition, System Reserved).
pub(super) fn boot_store(
    storage: &dyn Storage,
    installation: &Installation,
) -> Result<Option<PathBuf>, PathError> {
    for names in BOOT_STORES {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let reached = walk::walk(storage, &installation.volume, &names)?;
        if reached.entry.is_some_and(|entry| entry.kind == EntryKind::File) {
            return Ok(Some(reached.host));
        }
    }
    Ok(None)
}

/// A user's own hive.
pub(super) fn user(find: Finder<'_>, folder: &TargetPath) -> Result<PathBuf, PathError> {
    Ok(walk::walk_by(find, &folder.host, &["NTUSER.DAT".to_owned()])?.host)
}

/// A user's class registrations, in the folder for local application data.
/// Since Vista its name is fixed; before, it is localised and the user's own
/// hive names it.
pub(super) fn user_classes(
    storage: &dyn Storage,
    installation: &Installation,
    folder: &TargetPath,
    user: Option<&Hive>,
) -> Result<PathBuf, PathError> {
    let named = || {
        let folder = text(user?, SHELL_FOLDERS, "Local AppData").ok()??;
        let (variable, rest) = folder.strip_prefix('%')?.split_once('%')?;
        variable.eq_ignore_ascii_case("USERPROFILE").then(|| rest.to_owned())
    };
    let local = if installation.version.major >= 6 {
        r"\AppData\Local".to_owned()
    } else {
        named().unwrap_or_else(|| r"\Local Settings\Application Data".to_owned())
    };
    installation
        .resolve(storage, &format!(r"{}{local}\Microsoft\Windows\UsrClass.dat", folder.windows))
        .map(|path| path.host)
}
