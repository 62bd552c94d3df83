//! Conditions of fixes and steps: questions about the target.

use std::fmt;
use std::str::FromStr;

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

/// A text is not a file version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a file version")]
pub struct FileVersionError(String);

impl FromStr for FileVersion {
    type Err = FileVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || FileVersionError(text.to_owned());
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let numbers: Vec<u16> = text
            .split('.')
            .map(|part| part.parse::<u16>().ok().filter(|_| digits(part)))
            .collect::<Option<_>>()
            .ok_or_else(error)?;
        <[u16; 4]>::try_from(numbers).map(Self).map_err(|_| error())
    }
}

impl fmt::Display for FileVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, build, revision] = self.0;
        write!(f, "{major}.{minor}.{build}.{revision}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_versions_read_back_and_compare_as_numbers() {
        let version: FileVersion = "5.0.2195.6968".parse().unwrap();
        assert_eq!(version.to_string(), "5.0.2195.6968");
        assert!("5.0.2195.695".parse::<FileVersion>().unwrap() < version);
        assert!("5.131.2195.1".parse::<FileVersion>().unwrap() > version);
        for text in
            ["", "5", "5.0.2195", "5.0.2195.6968.1", "5.0.2195.70000", "5.0.+1.2", "5.0..1", "a.b.c.d"]
        {
            assert!(text.parse::<FileVersion>().is_err(), "{text}");
        }
    }
}
