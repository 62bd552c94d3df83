//! One offline installation: what it is and where its files are.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::hive::storage::{DirEntry, Storage};
use crate::hive::store::{self, StoreError};
use crate::hive::{Hive, HiveError, KeyPath};

use super::locate::{self, WindowsFolder};
use super::lookup::text;
use super::path::{Namespace, PathError, TargetPath, pattern, walk};
use super::version::{CURRENT_VERSION, Version};
use super::{control_set, folders, mounted_devices};

/// An offline Windows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Installation {
    /// Root of its volume on the host.
    pub volume: PathBuf,
    /// The Windows folder on the host, in true case.
    pub windows_folder: PathBuf,
    /// The Windows folder as Windows itself calls it: `C:\WINNT`.
    pub system_root: String,
    /// What it is.
    pub version: Version,
    /// `ComputerName`, where readable.
    pub computer_name: Option<String>,
    /// Number of the control set that will boot (`Select\Default`, else `Current`).
    pub control_set: u32,
    /// What it is to the machine that pemedic runs on.
    pub role: Role,
    /// Of the hives SYSTEM and SOFTWARE those that were not saved whole: what
    /// is read is what their transaction logs make of them.
    pub recovered_hives: Vec<String>,
    /// How it writes paths.
    #[serde(skip)]
    pub namespace: Namespace,
}

/// What an installation is to the machine; nothing set for an ordinary offline
/// Windows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Role {
    /// It is the system that runs pemedic.
    pub running: bool,
    /// It is a Windows PE (WinPE, WinRE, Setup).
    pub windows_pe: bool,
    /// It lies in `Windows.old`, where Setup keeps the Windows it replaced.
    pub windows_old: bool,
}

/// A file found by a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub path: TargetPath,
    /// What it is.
    pub entry: DirEntry,
}

/// Why a folder is not a usable installation.
#[derive(Debug, thiserror::Error)]
pub enum InstallationError {
    /// Nothing there looks like Windows.
    #[error(
        "no Windows installation in {0}: neither the folder nor a Windows folder in it has the SYSTEM and SOFTWARE hives in System32\\config"
    )]
    NotFound(PathBuf),
    /// A volume with more than one Windows.
    #[error("{folder} has several Windows folders; name one of them: {}", join(.found))]
    Several {
        /// The volume's root.
        folder: PathBuf,
        /// Its Windows folders.
        found: Vec<PathBuf>,
    },
    /// A hive that is needed to know the installation is unusable.
    #[error(transparent)]
    Hive(#[from] StoreError),
    /// The SYSTEM hive has no control set that could boot.
    #[error(
        "{0}: Select names no control set that exists, so nothing in this hive would boot; restore the hive first"
    )]
    NoControlSet(PathBuf),
    /// A path cannot be resolved.
    #[error(transparent)]
    Path(#[from] PathError),
}

fn join(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

impl Installation {
    /// Opens the installation at a volume's root or at its Windows folder.
    ///
    /// # Errors
    /// [`InstallationError`].
    pub fn open(storage: &dyn Storage, folder: &Path) -> Result<Self, InstallationError> {
        let folder = absolute(folder)?;
        if let Some(found) = locate::windows_folder(storage, &folder)? {
            return Self::load(storage, &found);
        }
        let found = locate::windows_folders_in(storage, &folder)?;
        match found.as_slice() {
            [] => Err(InstallationError::NotFound(folder)),
            [only] => Self::load(storage, only),
            several => {
                let found = several.iter().map(|found| found.folder.clone()).collect();
                Err(InstallationError::Several { folder, found })
            }
        }
    }

    pub(super) fn load(storage: &dyn Storage, found: &WindowsFolder) -> Result<Self, InstallationError> {
        let system = store::load(storage, &found.system)?;
        let software = store::load(storage, &found.software)?;
        let damaged = |path: &Path| {
            let path = path.to_owned();
            move |source: HiveError| InstallationError::Hive(StoreError::Hive { path, source })
        };
        let Some(control_set) = control_set::booting(&system).map_err(damaged(&found.system))? else {
            return Err(InstallationError::NoControlSet(found.system.clone()));
        };
        let (volume, letter, names) =
            own_place(&software, &found.folder).map_err(damaged(&found.software))?;
        let mut namespace = Namespace::new(letter, &names);
        let letters = mounted_devices::letters_of_same_volume(&system, letter);
        namespace.add_letters(letters.map_err(damaged(&found.system))?);
        folders::define(&mut namespace, &software).map_err(damaged(&found.software))?;
        let recovered = [("SYSTEM", &system), ("SOFTWARE", &software)];
        let recovered = recovered.into_iter().filter(|(_, hive)| hive.recovery().recovered);
        Ok(Self {
            recovered_hives: recovered.map(|(name, _)| name.to_owned()).collect(),
            role: role(&software, &system, control_set, &found.folder, &volume)
                .map_err(damaged(&found.software))?,
            version: Version::read(&software, &system, control_set).map_err(damaged(&found.software))?,
            computer_name: computer_name(&system, control_set).map_err(damaged(&found.system))?,
            windows_folder: found.folder.clone(),
            system_root: namespace.system_root().to_owned(),
            volume,
            control_set,
            namespace,
        })
    }

    /// The all-users profile folder as Windows itself calls it:
    /// `C:\Documents and Settings\All Users`, `C:\ProgramData`.
    pub fn all_users_profile(&self) -> Option<String> {
        self.namespace.variable("ALLUSERSPROFILE")
    }

    /// Resolves a path as Windows writes it, without regard to case, through
    /// no link. What does not exist is taken as written.
    ///
    /// # Errors
    /// [`PathError`].
    pub fn resolve(&self, storage: &dyn Storage, windows_path: &str) -> Result<TargetPath, PathError> {
        self.look(storage, windows_path).map(|(path, _)| path)
    }

    /// As [`Installation::resolve`], with what is there; `None` for nothing.
    ///
    /// # Errors
    /// [`PathError`].
    pub fn look(
        &self,
        storage: &dyn Storage,
        windows_path: &str,
    ) -> Result<(TargetPath, Option<DirEntry>), PathError> {
        self.look_by(&|directory, name| walk::find(storage, directory, name), windows_path)
    }

    /// As [`Installation::look`], with another way to look into directories.
    ///
    /// # Errors
    /// [`PathError`].
    pub fn look_by(
        &self,
        find: walk::Finder<'_>,
        windows_path: &str,
    ) -> Result<(TargetPath, Option<DirEntry>), PathError> {
        let mut components = self.namespace.components(windows_path, false)?;
        let reached = walk::walk_by(find, &self.volume, &components.names)?;
        components.names = reached.names;
        Ok((TargetPath { windows: components.to_windows(), host: reached.host }, reached.entry))
    }

    /// The files and folders that a path with `*` or `?` in its last component
    /// names, sorted by name; without them the one file, if it exists. Links
    /// are left out: they are not the target's.
    ///
    /// # Errors
    /// [`PathError`].
    pub fn matches(&self, storage: &dyn Storage, windows_pattern: &str) -> Result<Vec<Found>, PathError> {
        let mut components = self.namespace.components(windows_pattern, true)?;
        let Some(last) = components.names.pop().filter(|last| pattern::is_pattern(last)) else {
            let (path, entry) = self.look(storage, windows_pattern)?;
            return Ok(entry.map(|entry| Found { path, entry }).into_iter().collect());
        };
        let reached = walk::walk(storage, &self.volume, &components.names)?;
        if !reached.entry.is_some_and(|entry| entry.kind == crate::hive::storage::EntryKind::Directory) {
            return Ok(Vec::new());
        }
        components.names = reached.names;
        let mut found = Vec::new();
        for entry in walk::list(storage, &reached.host)? {
            if pattern::matches(&last, &entry.name)
                && let Ok(entry) = walk::followable(&reached.host, entry)
            {
                let mut here = components.clone();
                here.names.push(entry.name.clone());
                let path = TargetPath { windows: here.to_windows(), host: reached.host.join(&entry.name) };
                found.push(Found { path, entry });
            }
        }
        found.sort_by(|a, b| a.entry.name.cmp(&b.entry.name));
        Ok(found)
    }
}

/// `D:` alone would mean the current folder of that drive.
pub(super) fn absolute(folder: &Path) -> Result<PathBuf, PathError> {
    let text = folder.to_string_lossy();
    let is_letter = cfg!(windows) && text.len() == 2 && text.ends_with(':');
    let folder = if is_letter { PathBuf::from(format!("{text}\\")) } else { folder.to_owned() };
    std::path::absolute(&folder).map_err(|source| PathError::Io { path: folder, source })
}

/// The volume's root on the host, its letter, and the Windows folder's names
/// below it, from what the installation says of itself.
fn own_place(software: &Hive, folder: &Path) -> Result<(PathBuf, char, Vec<String>), HiveError> {
    let said = match text(software, CURRENT_VERSION, "SystemRoot")? {
        Some(root) => Some(root),
        None => text(software, CURRENT_VERSION, "PathName")?,
    };
    let said = said.unwrap_or_default();
    let letter = said.chars().next().filter(char::is_ascii_alphabetic).unwrap_or('C');
    let own_names: Vec<String> = match said.get(1..3) {
        Some(":\\") => said[3..].split('\\').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let (volume, names) = locate::volume_of(folder, &own_names);
    Ok((volume, letter, names))
}

fn computer_name(system: &Hive, control_set: u32) -> Result<Option<String>, HiveError> {
    let key = format!(r"{}\Control\ComputerName\ComputerName", control_set::key_name(control_set));
    Ok(text(system, &key, "ComputerName")?.filter(|name| !name.is_empty()))
}

/// A Windows PE says so in `CurrentVersion\WinPE` and, once started, in
/// `Control\MiniNT`.
fn role(
    software: &Hive,
    system: &Hive,
    control_set: u32,
    folder: &Path,
    volume: &Path,
) -> Result<Role, HiveError> {
    let mini_nt = format!(r"{}\Control\MiniNT", control_set::key_name(control_set));
    Ok(Role {
        running: is_running(folder),
        windows_pe: software.key_exists(&KeyPath::new(&format!(r"{CURRENT_VERSION}\WinPE")))?
            || system.key_exists(&KeyPath::new(&mini_nt))?,
        windows_old: volume.file_name().is_some_and(|name| locate::is_windows_old(&name.to_string_lossy())),
    })
}

/// Whether pemedic runs under the Windows in `folder`.
fn is_running(folder: &Path) -> bool {
    cfg!(windows)
        && std::env::var("SystemRoot")
            .is_ok_and(|root| super::path::component::same_name(&root, &folder.to_string_lossy()))
}
