//! The offline registry: full key names to hives and paths in them.

mod hive_file;
pub(super) mod key_name;
mod locate;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use crate::hive::storage::{DirEntry, Storage};
use crate::hive::store::{self, StoreError};
use crate::hive::{FileTime, Hive, HiveError, KeyPath, KeyTree, NamedValue, Value};

use super::Installation;
use super::path::directories::Directories;
use super::path::{PathError, TargetPath};
use super::profile::{self, Profile};

/// Which hive of an installation. Written as the design contract writes it:
/// `SOFTWARE`, `HKU\.DEFAULT`, `user:S-1-5-21-…`, `classes:S-1-5-21-…`, `BCD00000000`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HiveName(pub String);

/// A key's place: which hive file, and the path in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Which hive.
    pub hive: HiveName,
    /// Its file on the host.
    pub file: PathBuf,
    /// The key within it.
    pub path: KeyPath,
    /// The full name with the real control set: `HKLM\SYSTEM\ControlSet001\…`.
    pub full_name: String,
}

/// Why a key cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// No hive of an installation holds it.
    #[error(
        "{0} is not a key of an offline installation (HKLM\\SOFTWARE, SYSTEM, SAM, SECURITY, COMPONENTS, DRIVERS, BCD00000000; HKU\\.DEFAULT; HKU\\SID; HKCR; HKCU)"
    )]
    UnknownRoot(String),
    /// The boot configuration is on another volume.
    #[error(
        "the boot configuration (BCD00000000) is not on the target's own volume {0}: neither \\Boot\\BCD nor \\EFI\\Microsoft\\Boot\\BCD is there"
    )]
    BootStoreElsewhere(PathBuf),
    /// `ProfileList` has no such account.
    #[error("the installation has no profile for {0}")]
    NoProfile(String),
    /// A profile's folder cannot be reached.
    #[error("the profile of {sid} cannot be reached: {why}")]
    ProfileUnreachable {
        /// Whose.
        sid: String,
        /// Why, as a path error says it.
        why: String,
    },
    /// The way to the hive file is not safe.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The hive file is unusable.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// The hive is damaged there.
    #[error("{key}: {source}")]
    Hive {
        /// Full key name.
        key: String,
        /// Why.
        source: HiveError,
    },
}

type LoadResult = Result<Arc<Hive>, Arc<StoreError>>;

/// The registry of one installation, hives loaded when first asked for and
/// kept; an unusable one is not tried again. Shows the disk as it was then:
/// after a change make a new one.
pub struct OfflineRegistry<'a> {
    storage: &'a dyn Storage,
    installation: &'a Installation,
    hives: Mutex<HashMap<PathBuf, LoadResult>>,
    profiles: OnceLock<Vec<Profile>>,
    directories: Directories,
}

impl<'a> OfflineRegistry<'a> {
    /// The registry of `installation`.
    pub fn new(storage: &'a dyn Storage, installation: &'a Installation) -> Self {
        Self {
            storage,
            installation,
            hives: Mutex::default(),
            profiles: OnceLock::new(),
            directories: Directories::default(),
        }
    }

    /// What is at a path as Windows writes it; `None` for nothing. As
    /// [`Installation::look`], but each directory is read once.
    ///
    /// # Errors
    /// [`PathError`].
    pub fn look(&self, windows_path: &str) -> Result<(TargetPath, Option<DirEntry>), PathError> {
        self.installation.look_by(&|directory, name| self.find(directory, name), windows_path)
    }

    fn find(&self, directory: &Path, name: &str) -> Result<Option<DirEntry>, PathError> {
        self.directories.find(self.storage, directory, name)
    }

    /// Whose registry it is.
    pub fn installation(&self) -> &Installation {
        self.installation
    }

    /// A hive by name, loaded (and recovered) once.
    ///
    /// # Errors
    /// [`RegistryError::Store`].
    pub fn hive(&self, located: &Located) -> Result<Arc<Hive>, RegistryError> {
        let mut hives = self.hives.lock().unwrap_or_else(PoisonError::into_inner);
        let loaded = hives
            .entry(located.file.clone())
            .or_insert_with(|| store::load(self.storage, &located.file).map(Arc::new).map_err(Arc::new));
        loaded.clone().map_err(RegistryError::Store)
    }

    /// The user profiles, those that cannot be reached too.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn profiles(&self) -> Result<&[Profile], RegistryError> {
        if let Some(known) = self.profiles.get() {
            return Ok(known);
        }
        let located = self.machine("SOFTWARE", KeyPath::new(super::folders::PROFILE_LIST))?;
        let software = self.hive(&located)?;
        let listed = profile::list(self.storage, self.installation, &software)
            .map_err(|source| RegistryError::Hive { key: located.full_name, source })?;
        Ok(self.profiles.get_or_init(|| listed))
    }

    /// One value by full key name; `None` where key, value or hive file is
    /// absent. For `HKCU` that of the first profile which has it.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn value(&self, key: &str, name: &str) -> Result<Option<Value>, RegistryError> {
        self.first(key, |hive, path| hive.value(path, name))
    }

    /// All values of a key as stored; `None` where there is no such key.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn values(&self, key: &str) -> Result<Option<Vec<NamedValue>>, RegistryError> {
        self.first(key, Hive::values)
    }

    /// Whether the key exists.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn key_exists(&self, key: &str) -> Result<bool, RegistryError> {
        let found = self.first(key, |hive, path| Ok(hive.key_exists(path)?.then_some(())))?;
        Ok(found.is_some())
    }

    /// Subkey names by full key name; `None` where there is no such key.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn subkeys(&self, key: &str) -> Result<Option<Vec<String>>, RegistryError> {
        self.first(key, Hive::subkeys)
    }

    /// When the key was last written; `None` where there is no such key.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn last_written(&self, key: &str) -> Result<Option<FileTime>, RegistryError> {
        self.first(key, Hive::last_written)
    }

    /// The key with everything below it; `None` where there is no such key.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn tree(&self, key: &str) -> Result<Option<KeyTree>, RegistryError> {
        self.first(key, Hive::tree)
    }

    /// Asks each place of the key until one has an answer; a hive file that
    /// does not exist has none.
    fn first<T>(
        &self,
        key: &str,
        ask: impl Fn(&Hive, &KeyPath) -> Result<Option<T>, HiveError>,
    ) -> Result<Option<T>, RegistryError> {
        for located in self.locate(key)? {
            let hive = match self.hive(&located) {
                Ok(hive) => hive,
                Err(RegistryError::Store(error)) if matches!(*error, StoreError::Missing(_)) => continue,
                Err(error) => return Err(error),
            };
            let answer = ask(&hive, &located.path);
            let answer = answer.map_err(|source| RegistryError::Hive { key: located.full_name, source })?;
            if answer.is_some() {
                return Ok(answer);
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_can_be_used_from_several_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<OfflineRegistry<'_>>();
    }
}
