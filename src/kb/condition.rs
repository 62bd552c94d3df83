//! Conditions of fixes and steps: questions about the target.

use super::release::AppliesTo;
use super::template::Template;

/// A question about the target with its expected answer.
///
/// In a fix block: `{ service = "InetInfo" }`, `{ key = '…', absent = true }`,
/// `{ file = '{SystemRoot}\System32\x.dll', version-below = "5.0.2195.6968" }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What is asked.
    pub subject: Subject,
    /// `absent = true`: the answer must be no.
    pub absent: bool,
}

/// What a [`Condition`] asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The installation is one of these.
    Windows(Vec<AppliesTo>),
    /// The edition's name contains one of these words (`enterprise`, `home`).
    Edition(Vec<String>),
    /// The key exists.
    Key(Template),
    /// The value exists (and, where given, has this text, number or member).
    Value {
        /// Full key name.
        key: Template,
        /// Value name.
        value: String,
        /// Text or decimal number it must equal, without regard to case.
        equals: Option<Template>,
        /// Member that a multi-string must contain.
        contains: Option<Template>,
    },
    /// The service has a key under `CurrentControlSet\Services`.
    Service(String),
    /// The file exists (a last component with `*` or `?` matches any).
    File {
        /// Path as Windows itself writes it.
        path: Template,
        /// And its file version (PE resource) is below this.
        version_below: Option<FileVersion>,
    },
    /// At least one of these holds.
    Any(Vec<Condition>),
}

/// A file version of four 16-bit numbers (`VS_FIXEDFILEINFO`, Win32 reference).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileVersion(pub [u16; 4]);
