//! Finding offline installations and saying what they are.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::hive::storage::Storage;

use super::path::{PathError, TargetPath};
use super::version::Version;

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
}

/// Why a folder is not a usable installation.
#[derive(Debug, thiserror::Error)]
pub enum InstallationError {
    /// Nothing there looks like Windows.
    #[error(
        "no Windows installation in {0}: neither the folder nor a Windows folder in it has System32\\config"
    )]
    NotFound(PathBuf),
    /// A hive that is needed to know the installation is unusable.
    #[error(transparent)]
    Hive(#[from] crate::hive::store::StoreError),
    /// A path cannot be resolved.
    #[error(transparent)]
    Path(#[from] PathError),
}

impl Installation {
    /// Opens the installation at a volume's root or at its Windows folder.
    ///
    /// # Errors
    /// [`InstallationError`].
    pub fn open(storage: &dyn Storage, folder: &Path) -> Result<Self, InstallationError> {
        let _ = storage;
        todo!("{folder:?}")
    }

    /// Resolves a path as Windows writes it, without regard to case, through
    /// no link. The last component need not exist.
    ///
    /// # Errors
    /// [`PathError`].
    pub fn resolve(&self, storage: &dyn Storage, windows_path: &str) -> Result<TargetPath, PathError> {
        let _ = storage;
        todo!("{windows_path}")
    }
}

/// The installations on the given roots (volume roots or folders of them).
pub fn discover(storage: &dyn Storage, roots: &[PathBuf]) -> Vec<Result<Installation, InstallationError>> {
    let _ = storage;
    todo!("{roots:?}")
}
