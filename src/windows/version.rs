//! Which Windows an installation is.

use serde::Serialize;

use crate::hive::{Hive, HiveError};

use super::control_set;
use super::lookup::{number, text};

/// The key of the SOFTWARE hive that says which Windows it is.
pub const CURRENT_VERSION: &str = r"Microsoft\Windows NT\CurrentVersion";

/// Version numbers and names, from the installation's own hives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Major version (5 for 2000, XP, 2003; 6 for Vista to 8.1; 10).
    pub major: u32,
    /// Minor version.
    pub minor: u32,
    /// Build number (`CurrentBuildNumber`).
    pub build: u32,
    /// `ProductName`; it still says 10 on Windows 11. Systems without one get
    /// `Windows NT` and the version.
    pub product_name: String,
    /// `EditionID`, where there is one.
    pub edition: Option<String>,
    /// `CSDVersion`: `Service Pack 4`.
    pub service_pack: Option<String>,
    /// A server (`ProductOptions\ProductType` is not `WinNT`).
    pub server: bool,
    /// `x86`, `amd64`, `arm64`, `ia64`; empty where the hive does not say.
    pub architecture: String,
}

impl Version {
    /// Reads it from the SOFTWARE hive and a control set of the SYSTEM hive.
    ///
    /// # Errors
    /// [`HiveError`] where damage hides the answer.
    pub fn read(software: &Hive, system: &Hive, control_set: u32) -> Result<Self, HiveError> {
        let said = |name| text(software, CURRENT_VERSION, name);
        let (major, minor) = numbers(software)?;
        // CurrentBuild is a dead text up to XP; CurrentBuildNumber never is.
        let build = match said("CurrentBuildNumber")? {
            Some(build) => Some(build),
            None => said("CurrentBuild")?,
        };
        let control = format!(r"{}\Control", control_set::key_name(control_set));
        let product_type = text(system, &format!(r"{control}\ProductOptions"), "ProductType")?;
        let environment = format!(r"{control}\Session Manager\Environment");
        let architecture = text(system, &environment, "PROCESSOR_ARCHITECTURE")?.unwrap_or_default();
        Ok(Self {
            major,
            minor,
            build: build.and_then(|build| build.trim().parse().ok()).unwrap_or_default(),
            product_name: said("ProductName")?.unwrap_or_else(|| format!("Windows NT {major}.{minor}")),
            edition: said("EditionID")?.filter(|edition| !edition.is_empty()),
            service_pack: said("CSDVersion")?.filter(|pack| !pack.is_empty()),
            server: product_type.is_some_and(|product| !product.eq_ignore_ascii_case("WinNT")),
            architecture: architecture.to_ascii_lowercase(),
        })
    }
}

/// Windows 10 and later say 6.3 in `CurrentVersion` and the truth in two numbers.
fn numbers(software: &Hive) -> Result<(u32, u32), HiveError> {
    if let Some(major) = number(software, CURRENT_VERSION, "CurrentMajorVersionNumber")? {
        let minor = number(software, CURRENT_VERSION, "CurrentMinorVersionNumber")?;
        return Ok((major, minor.unwrap_or_default()));
    }
    let version = text(software, CURRENT_VERSION, "CurrentVersion")?.unwrap_or_default();
    Ok(parse_pair(&version).unwrap_or_default())
}

fn parse_pair(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.trim().split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_two_numbers() {
        assert_eq!(parse_pair("5.1"), Some((5, 1)));
        for odd in ["", "5", "five.one", "5.1.2600"] {
            assert_eq!(parse_pair(odd), None, "{odd}");
        }
    }
}
