//! The releases that can be built: what their hives say of themselves.

/// What a release is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recipe {
    /// The Windows folder's name.
    pub folder: &'static str,
    /// `CurrentVersion`.
    pub version: &'static str,
    /// `CurrentMajorVersionNumber`, since Windows 10.
    pub major: Option<u32>,
    /// `CurrentBuildNumber`.
    pub build: &'static str,
    /// `ProductName`.
    pub product: &'static str,
    /// `EditionID`, since Vista.
    pub edition: Option<&'static str>,
    /// `CSDVersion`.
    pub service_pack: Option<&'static str>,
    /// `ProductType`.
    pub product_type: &'static str,
    /// `PROCESSOR_ARCHITECTURE`.
    pub architecture: &'static str,
}

pub(super) const WINDOWS_2000: Recipe = Recipe {
    folder: "WINNT",
    version: "5.0",
    major: None,
    build: "2195",
    product: "Microsoft Windows 2000",
    edition: None,
    service_pack: Some("Service Pack 4"),
    product_type: "WinNT",
    architecture: "x86",
};

pub(super) const XP: Recipe = Recipe {
    folder: "WINDOWS",
    version: "5.1",
    build: "2600",
    product: "Microsoft Windows XP",
    service_pack: Some("Service Pack 3"),
    ..WINDOWS_2000
};

pub(super) const SERVER_2003: Recipe = Recipe {
    version: "5.2",
    build: "3790",
    product: "Microsoft Windows Server 2003",
    service_pack: Some("Service Pack 2"),
    product_type: "ServerNT",
    ..XP
};

pub(super) const VISTA: Recipe = Recipe {
    folder: "Windows",
    version: "6.0",
    build: "6002",
    product: "Windows Vista (TM) Business",
    edition: Some("Business"),
    service_pack: Some("Service Pack 2"),
    product_type: "WinNT",
    ..XP
};

pub(super) const SEVEN: Recipe = Recipe {
    version: "6.1",
    build: "7601",
    product: "Windows 7 Professional",
    edition: Some("Professional"),
    service_pack: Some("Service Pack 1"),
    architecture: "AMD64",
    ..VISTA
};

pub(super) const TEN: Recipe = Recipe {
    version: "6.3",
    major: Some(10),
    build: "19045",
    product: "Windows 10 Pro",
    service_pack: None,
    ..SEVEN
};

impl Recipe {
    /// Vista and later: other folders, other hive files.
    pub(super) fn is_vista_or_later(&self) -> bool {
        !self.version.starts_with("5.")
    }

    /// The file in the volume's root that loads it.
    pub(super) fn loader(&self) -> &'static str {
        if self.is_vista_or_later() { "bootmgr" } else { "ntldr" }
    }

    /// `System32\config` as this release writes it.
    pub(super) fn config_folder(&self) -> String {
        let system32 = if self.is_vista_or_later() { "System32" } else { "system32" };
        format!(r"%SystemRoot%\{system32}\config")
    }

    /// Where profiles are.
    pub(super) fn profiles_folder(&self) -> &'static str {
        if self.is_vista_or_later() {
            r"%SystemDrive%\Users"
        } else {
            r"%SystemDrive%\Documents and Settings"
        }
    }

    /// A user's class registrations, below the profile.
    pub(super) fn classes_file(&self) -> &'static str {
        if self.is_vista_or_later() {
            r"AppData\Local\Microsoft\Windows\UsrClass.dat"
        } else {
            r"Local Settings\Application Data\Microsoft\Windows\UsrClass.dat"
        }
    }

    /// Minor format version of the machine's hives; those of users stay at 3.
    pub(super) fn hive_format(&self) -> u32 {
        if self.version == "5.0" { 3 } else { 5 }
    }
}
