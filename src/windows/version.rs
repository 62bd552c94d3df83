//! Which Windows an installation is.

use serde::Serialize;

/// Version numbers and names, from the installation's own hives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Major version (5 for 2000, XP, 2003; 6 for Vista to 8.1; 10).
    pub major: u32,
    /// Minor version.
    pub minor: u32,
    /// Build number (`CurrentBuildNumber`).
    pub build: u32,
    /// `ProductName`; it still says 10 on Windows 11.
    pub product_name: String,
    /// `EditionID`, where there is one.
    pub edition: Option<String>,
    /// `CSDVersion`: `Service Pack 4`.
    pub service_pack: Option<String>,
    /// A server (`ProductOptions\ProductType` is not `WinNT`).
    pub server: bool,
    /// `x86`, `amd64`, `arm64`, `ia64`.
    pub architecture: String,
}
