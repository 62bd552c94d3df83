//! Names of Windows releases, as articles write them.

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
