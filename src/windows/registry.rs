//! The offline registry: full key names to hives and paths in them.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::hive::storage::Storage;
use crate::hive::store::StoreError;
use crate::hive::{Hive, HiveError, KeyPath, Value};

use super::Installation;

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
        "{0} is not a key of an offline installation (HKLM\\SOFTWARE, SYSTEM, SAM, SECURITY, COMPONENTS, DRIVERS, BCD00000000; HKU\\.DEFAULT; HKCR; HKCU)"
    )]
    UnknownRoot(String),
    /// `CurrentControlSet` was asked for and the control set does not exist.
    #[error("the SYSTEM hive selects control set {0}, which does not exist")]
    NoControlSet(u32),
    /// The hive file is unusable.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The hive is damaged there.
    #[error("{key}: {source}")]
    Hive {
        /// Full key name.
        key: String,
        /// Why.
        source: HiveError,
    },
}

/// The registry of one installation, hives loaded when first asked for and
/// kept.
pub struct OfflineRegistry<'a> {
    storage: &'a dyn Storage,
    installation: &'a Installation,
}

impl<'a> OfflineRegistry<'a> {
    /// The registry of `installation`.
    pub fn new(storage: &'a dyn Storage, installation: &'a Installation) -> Self {
        Self { storage, installation }
    }

    /// Where a key is (whether or not it exists): one place, or for `HKCU` one
    /// for each user profile.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn locate(&self, key: &str) -> Result<Vec<Located>, RegistryError> {
        let _ = (self.storage, self.installation);
        todo!("{key}")
    }

    /// A hive by name, loaded (and recovered) once.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn hive(&self, located: &Located) -> Result<Arc<Hive>, RegistryError> {
        todo!("{located:?}")
    }

    /// One value by full key name; `None` where key, value or hive file is absent.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn value(&self, key: &str, name: &str) -> Result<Option<Value>, RegistryError> {
        todo!("{key} {name}")
    }

    /// Whether the key exists.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn key_exists(&self, key: &str) -> Result<bool, RegistryError> {
        todo!("{key}")
    }

    /// Subkey names by full key name; `None` where there is no such key.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn subkeys(&self, key: &str) -> Result<Option<Vec<String>>, RegistryError> {
        todo!("{key}")
    }
}
