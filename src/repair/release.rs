//! From an installation's version numbers to the release names articles use.

use crate::kb::release::Reach;
use crate::kb::{AppliesTo, Release};
use crate::windows::Version;
use crate::windows::build::InstallationBuilder;

/// Build numbers at which one Windows 10 code base became another product
/// (Microsoft, "Windows Server release information" and "Windows 11 release
/// information").
const BUILD_WINDOWS_11: u32 = 22_000;
const BUILD_SERVER_2019: u32 = 17_763;
const BUILD_SERVER_2022: u32 = 20_348;
const BUILD_SERVER_2025: u32 = 26_100;

/// Which release an installation is; `None` for versions after (or before) all
/// known ones (Win32 reference, "Operating System Version").
pub fn release_of(version: &Version) -> Option<Release> {
    let server = version.server;
    let either = |client, for_server| Some(if server { for_server } else { client });
    match (version.major, version.minor) {
        (4, 0) => Some(Release::Nt4),
        (5, 0) => Some(Release::Windows2000),
        (5, 1) => Some(Release::WindowsXp),
        // Windows XP x64 is a client of the Server 2003 code base.
        (5, 2) => Some(Release::WindowsServer2003),
        (6, 0) => either(Release::WindowsVista, Release::WindowsServer2008),
        (6, 1) => either(Release::Windows7, Release::WindowsServer2008R2),
        (6, 2) => either(Release::Windows8, Release::WindowsServer2012),
        (6, 3) => either(Release::Windows81, Release::WindowsServer2012R2),
        (10, 0) => Some(ten_or_later(version)),
        _ => None,
    }
}

fn ten_or_later(version: &Version) -> Release {
    match (version.server, version.build) {
        (false, BUILD_WINDOWS_11..) => Release::Windows11,
        (false, _) => Release::Windows10,
        (true, BUILD_SERVER_2025..) => Release::WindowsServer2025,
        (true, BUILD_SERVER_2022..) => Release::WindowsServer2022,
        (true, BUILD_SERVER_2019..) => Release::WindowsServer2019,
        (true, _) => Release::WindowsServer2016,
    }
}

/// A builder of an installation that `entry` means, as far as one can be built.
pub fn builder_of(entry: &AppliesTo) -> InstallationBuilder {
    let builder = match entry.release {
        Release::Nt4 | Release::Windows2000 => InstallationBuilder::windows_2000(),
        Release::WindowsXp => InstallationBuilder::xp(),
        Release::WindowsServer2003 => return InstallationBuilder::server_2003(),
        Release::WindowsVista => InstallationBuilder::vista(),
        Release::WindowsServer2008 => {
            return InstallationBuilder::vista().server("Windows Server (R) 2008 Standard");
        }
        Release::Windows7 => InstallationBuilder::seven(),
        Release::WindowsServer2008R2 => {
            return InstallationBuilder::seven().server("Windows Server 2008 R2 Standard");
        }
        _ => InstallationBuilder::ten(),
    };
    if entry.server == Some(true) { builder.server("Windows Server") } else { builder }
}

/// `Windows XP`: the name articles use, as people write it.
pub fn name(release: Release) -> String {
    let words = release.name().split(' ').map(|word| match word {
        "nt" | "xp" | "r2" => word.to_uppercase(),
        _ => {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        }
    });
    words.collect::<Vec<String>>().join(" ")
}

/// The installation in words: `Windows XP Service Pack 3 (build 2600, x86)`.
pub fn display(version: &Version) -> String {
    let known = release_of(version).map_or_else(|| version.product_name.clone(), name);
    let pack = version.service_pack.as_deref().map(|pack| format!(" {pack}")).unwrap_or_default();
    let architecture = match version.architecture.as_str() {
        "" => String::new(),
        architecture => format!(", {architecture}"),
    };
    format!("{known}{pack} (build {}{architecture})", version.build)
}

/// An `applies-to` entry in words: `Windows 2000 Server`, `Windows Vista and later`.
pub fn describe(entry: &AppliesTo) -> String {
    let edition = match entry.server {
        Some(true) => " (server editions)",
        Some(false) => " (client editions)",
        None => "",
    };
    let reach = match entry.reach {
        Reach::Only => "",
        Reach::AndLater => " and later",
        Reach::AndEarlier => " and earlier",
    };
    format!("{}{edition}{reach}", name(entry.release))
}

/// Whether the entry covers the installation.
///
/// "And later" reaches releases this program does not know; the guard for
/// unknown releases warns of that, not this match.
pub fn covers(entry: &AppliesTo, version: &Version) -> bool {
    if entry.server.is_some_and(|server| server != version.server) {
        return false;
    }
    match release_of(version) {
        Some(release) => entry.includes(release, version.server),
        None if is_after_all(version) => entry.reach == Reach::AndLater,
        None => entry.reach == Reach::AndEarlier,
    }
}

/// Whether the version is later than every release this program knows.
pub fn is_after_all(version: &Version) -> bool {
    release_of(version).is_none() && (version.major, version.minor) > (6, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(major: u32, minor: u32, build: u32, server: bool) -> Version {
        Version { major, minor, build, server, ..Version::default() }
    }

    fn entry(release: Release, reach: Reach, server: Option<bool>) -> AppliesTo {
        AppliesTo { release, reach, server }
    }

    #[test]
    fn names_are_written_as_people_do() {
        assert_eq!(name(Release::Nt4), "Windows NT 4.0");
        assert_eq!(name(Release::WindowsServer2008R2), "Windows Server 2008 R2");
        assert_eq!(display(&version(5, 1, 2600, false)), "Windows XP (build 2600)");
    }

    #[test]
    fn builds_tell_the_tens_apart() {
        let cases = [
            (version(10, 0, 19_045, false), Release::Windows10),
            (version(10, 0, 22_000, false), Release::Windows11),
            (version(10, 0, 14_393, true), Release::WindowsServer2016),
            (version(10, 0, 17_763, true), Release::WindowsServer2019),
            (version(10, 0, 20_348, true), Release::WindowsServer2022),
            (version(10, 0, 26_100, true), Release::WindowsServer2025),
            (version(6, 1, 7601, false), Release::Windows7),
            (version(6, 1, 7601, true), Release::WindowsServer2008R2),
        ];
        for (version, release) in cases {
            assert_eq!(release_of(&version), Some(release), "{version:?}");
        }
    }

    #[test]
    fn a_fix_for_2000_does_not_cover_xp() {
        let entry_2000 = entry(Release::Windows2000, Reach::Only, None);
        assert!(covers(&entry_2000, &version(5, 0, 2195, true)));
        assert!(!covers(&entry_2000, &version(5, 1, 2600, false)));
    }

    #[test]
    fn reach_includes_its_end() {
        let later = entry(Release::WindowsVista, Reach::AndLater, None);
        assert!(covers(&later, &version(6, 0, 6002, false)));
        assert!(covers(&later, &version(10, 0, 22_000, false)));
        assert!(!covers(&later, &version(5, 2, 3790, true)));
        let earlier = entry(Release::WindowsServer2003, Reach::AndEarlier, None);
        assert!(covers(&earlier, &version(5, 2, 3790, true)));
        assert!(!covers(&earlier, &version(6, 0, 6002, false)));
    }

    #[test]
    fn servers_only_means_servers_only() {
        let servers = entry(Release::Windows2000, Reach::Only, Some(true));
        assert!(!covers(&servers, &version(5, 0, 2195, false)));
    }

    #[test]
    fn unknown_releases_are_covered_only_by_and_later() {
        let unknown = version(11, 0, 40_000, false);
        assert!(covers(&entry(Release::Windows10, Reach::AndLater, None), &unknown));
        assert!(!covers(&entry(Release::Windows11, Reach::Only, None), &unknown));
        assert!(!covers(&entry(Release::Windows11, Reach::AndEarlier, None), &unknown));
        assert!(is_after_all(&unknown));
    }
}
