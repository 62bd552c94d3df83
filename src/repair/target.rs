//! What is shown of the installation a repair is for.

use std::path::PathBuf;

use serde::Serialize;

use crate::kb::Release;
use crate::windows::Installation;

use super::release;

/// An installation as every report shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TargetSummary {
    /// Root of its volume on this machine.
    pub volume: PathBuf,
    /// Its Windows folder on this machine.
    pub windows_folder: PathBuf,
    /// Its Windows folder as it calls it itself: `C:\WINNT`.
    pub system_root: String,
    /// `Windows XP Service Pack 3 (build 2600, x86)`.
    pub name: String,
    /// Which release that is; `None` for a version this program does not know.
    pub release: Option<Release>,
    /// `5.1.2600`.
    pub version: String,
    /// `EditionID`, where there is one.
    pub edition: Option<String>,
    /// `Service Pack 4`.
    pub service_pack: Option<String>,
    /// `x86`, `amd64`, `arm64`, `ia64`.
    pub architecture: String,
    /// A server edition.
    pub server: bool,
    /// The machine's own name.
    pub computer_name: Option<String>,
    /// Number of the control set that will boot.
    pub control_set: u32,
    /// Of SYSTEM and SOFTWARE those that were not saved whole and are read as
    /// their transaction logs make them.
    pub recovered_hives: Vec<String>,
}

impl TargetSummary {
    /// The summary of an installation.
    pub fn new(installation: &Installation) -> Self {
        let version = &installation.version;
        Self {
            volume: installation.volume.clone(),
            windows_folder: installation.windows_folder.clone(),
            system_root: installation.system_root.clone(),
            name: release::display(version),
            release: release::release_of(version),
            version: format!("{}.{}.{}", version.major, version.minor, version.build),
            edition: version.edition.clone(),
            service_pack: version.service_pack.clone(),
            architecture: version.architecture.clone(),
            server: version.server,
            computer_name: installation.computer_name.clone(),
            control_set: installation.control_set,
            recovered_hives: installation.recovered_hives.clone(),
        }
    }
}
