//! Names of Windows releases, as articles write them.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// A Windows release, in order of appearance; a client and the server of the
/// same code base stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Release {
    /// Windows NT 4.0.
    Nt4,
    /// Windows 2000, Professional and Server.
    Windows2000,
    /// Windows XP.
    WindowsXp,
    /// Windows Server 2003, 2003 R2 and XP x64.
    WindowsServer2003,
    /// Windows Vista.
    WindowsVista,
    /// Windows Server 2008.
    WindowsServer2008,
    /// Windows 7.
    Windows7,
    /// Windows Server 2008 R2.
    WindowsServer2008R2,
    /// Windows 8.
    Windows8,
    /// Windows Server 2012.
    WindowsServer2012,
    /// Windows 8.1.
    Windows81,
    /// Windows Server 2012 R2.
    WindowsServer2012R2,
    /// Windows 10.
    Windows10,
    /// Windows Server 2016.
    WindowsServer2016,
    /// Windows Server 2019.
    WindowsServer2019,
    /// Windows Server 2022.
    WindowsServer2022,
    /// Windows 11.
    Windows11,
    /// Windows Server 2025.
    WindowsServer2025,
}

/// One entry of `applies-to`: a release, optionally with everything after or
/// before it, optionally narrowed to its server or client editions.
///
/// Written as `windows 2000`, `windows 2000 server`, `windows 2000 professional`,
/// `windows vista and later`, `windows server 2003 and earlier`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppliesTo {
    /// The release named.
    pub release: Release,
    /// How far it reaches.
    pub reach: Reach,
    /// `Some(true)`: servers only; `Some(false)`: clients only.
    pub server: Option<bool>,
}

/// How far an `applies-to` entry reaches from its release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// That release alone.
    Only,
    /// That release and all after it.
    AndLater,
    /// That release and all before it.
    AndEarlier,
}

/// Every release with the name articles use, in order of appearance.
const NAMES: [(Release, &str); 18] = [
    (Release::Nt4, "windows nt 4.0"),
    (Release::Windows2000, "windows 2000"),
    (Release::WindowsXp, "windows xp"),
    (Release::WindowsServer2003, "windows server 2003"),
    (Release::WindowsVista, "windows vista"),
    (Release::WindowsServer2008, "windows server 2008"),
    (Release::Windows7, "windows 7"),
    (Release::WindowsServer2008R2, "windows server 2008 r2"),
    (Release::Windows8, "windows 8"),
    (Release::WindowsServer2012, "windows server 2012"),
    (Release::Windows81, "windows 8.1"),
    (Release::WindowsServer2012R2, "windows server 2012 r2"),
    (Release::Windows10, "windows 10"),
    (Release::WindowsServer2016, "windows server 2016"),
    (Release::WindowsServer2019, "windows server 2019"),
    (Release::WindowsServer2022, "windows server 2022"),
    (Release::Windows11, "windows 11"),
    (Release::WindowsServer2025, "windows server 2025"),
];

impl Release {
    /// Every release, in order of appearance.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(release, _)| *release)
    }

    /// The name articles use: `windows server 2008 r2`.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(release, _)| *release == self).map_or("windows", |(_, name)| name)
    }

    /// Whether it has server editions (`Some(true)`), client editions
    /// (`Some(false)`), or both. Windows XP x64 is of the Server 2003 code base.
    fn only(self) -> Option<bool> {
        match self {
            Self::Nt4 | Self::Windows2000 | Self::WindowsServer2003 => None,
            other => Some(other.name().starts_with("windows server")),
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl AppliesTo {
    /// Whether an installation of this release, server or not, is meant.
    pub fn includes(&self, release: Release, server: bool) -> bool {
        let reached = match self.reach {
            Reach::Only => release == self.release,
            Reach::AndLater => release >= self.release,
            Reach::AndEarlier => release <= self.release,
        };
        reached && self.server.is_none_or(|wanted| wanted == server)
    }
}

/// Why a text is not an `applies-to` entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppliesToError {
    /// No such release.
    #[error("unknown Windows release `{0}`")]
    UnknownRelease(String),
    /// The release has no such editions.
    #[error("{release} has no {word} editions")]
    NoSuchEdition {
        /// The release named.
        release: Release,
        /// The word that narrows it.
        word: String,
    },
}

impl FromStr for AppliesTo {
    type Err = AppliesToError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let (words, reach) = match words.as_slice() {
            [rest @ .., "and", "later"] => (rest, Reach::AndLater),
            [rest @ .., "and", "earlier"] => (rest, Reach::AndEarlier),
            all => (all, Reach::Only),
        };
        let (words, narrowed) = match words {
            [rest @ .., "server"] => (rest, Some("server")),
            [rest @ .., word @ ("professional" | "workstation" | "client")] => (rest, Some(*word)),
            all => (all, None),
        };
        let name = words.join(" ");
        let (release, _) = *NAMES
            .iter()
            .find(|(_, known)| *known == name)
            .ok_or_else(|| AppliesToError::UnknownRelease(text.to_owned()))?;
        let server = narrowed.map(|word| word == "server");
        match (server, narrowed, reach, release.only()) {
            (Some(wanted), Some(word), Reach::Only, Some(only)) if wanted != only => {
                Err(AppliesToError::NoSuchEdition { release, word: word.to_owned() })
            }
            _ => Ok(Self { release, reach, server }),
        }
    }
}

impl fmt::Display for AppliesTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.release.name())?;
        match (self.server, self.release) {
            (None, _) => {}
            (Some(true), _) => f.write_str(" server")?,
            (Some(false), Release::Nt4) => f.write_str(" workstation")?,
            (Some(false), Release::Windows2000) => f.write_str(" professional")?,
            (Some(false), _) => f.write_str(" client")?,
        }
        match self.reach {
            Reach::Only => Ok(()),
            Reach::AndLater => f.write_str(" and later"),
            Reach::AndEarlier => f.write_str(" and earlier"),
        }
    }
}

impl Serialize for AppliesTo {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> AppliesTo {
        text.parse().unwrap()
    }

    #[test]
    fn every_written_form_reads_back() {
        for text in [
            "windows nt 4.0 workstation",
            "windows 2000",
            "windows 2000 server",
            "windows 2000 professional",
            "windows server 2003 and earlier",
            "windows vista and later",
            "windows vista client and later",
            "windows server 2008 r2",
            "windows 8.1",
        ] {
            assert_eq!(parsed(text).to_string(), text);
        }
        assert_eq!(parsed("  Windows   XP "), parsed("windows xp"));
    }

    #[test]
    fn every_release_is_named_in_order() {
        let all: Vec<Release> = Release::all().collect();
        assert!(all.is_sorted());
        assert!(all.iter().all(|release| parsed(release.name()).release == *release));
    }

    #[test]
    fn unknown_releases_and_editions_are_refused() {
        for text in ["", "windows", "windows 2001", "2000", "windows later", "windows xp and"] {
            let error = text.parse::<AppliesTo>().unwrap_err();
            assert_eq!(error, AppliesToError::UnknownRelease(text.to_owned()));
        }
        let error = "windows xp server".parse::<AppliesTo>().unwrap_err();
        assert_eq!(error.to_string(), "windows xp has no server editions");
        assert!("windows server 2008 client".parse::<AppliesTo>().is_err());
    }

    #[test]
    fn reach_and_edition_narrow() {
        let later = parsed("windows vista and later");
        assert!(later.includes(Release::WindowsVista, false) && later.includes(Release::Windows11, false));
        assert!(later.includes(Release::WindowsServer2008, true));
        assert!(!later.includes(Release::WindowsServer2003, true));
        let earlier = parsed("windows server 2003 and earlier");
        assert!(earlier.includes(Release::Nt4, false) && !earlier.includes(Release::WindowsVista, false));
        let server = parsed("windows 2000 server");
        assert!(server.includes(Release::Windows2000, true) && !server.includes(Release::Windows2000, false));
        assert!(!server.includes(Release::WindowsXp, true));
    }
}
