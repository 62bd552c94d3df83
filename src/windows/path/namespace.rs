//! How an installation itself names paths: its drive letters and variables.

use std::collections::BTreeMap;

use super::PathError;
use super::component::{objection, upcase};

/// Longest path taken, in bytes; Windows' own limit is 32,767 UTF-16 units.
const PATH_BYTES_MAX: usize = 96 * 1024;

/// The letters and variables with which an installation writes its paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    system_root: String,
    letters: Vec<char>,
    variables: BTreeMap<String, String>,
}

/// A path below the volume's root, as names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Components {
    /// The letter it was written with, upper case.
    pub letter: char,
    /// The names from the root downwards.
    pub names: Vec<String>,
}

impl Components {
    /// `C:\a\b`; the root itself is `C:\`.
    pub fn to_windows(&self) -> String {
        format!("{}:\\{}", self.letter, self.names.join("\\"))
    }
}

impl Namespace {
    /// A namespace whose Windows folder is `names` below the root of the volume
    /// that Windows calls `letter`.
    pub fn new(letter: char, names: &[String]) -> Self {
        let letter = letter.to_ascii_uppercase();
        let root = Components { letter, names: names.to_vec() };
        Self { system_root: root.to_windows(), letters: vec![letter], variables: BTreeMap::new() }
    }

    /// The Windows folder: `C:\WINNT`.
    pub fn system_root(&self) -> &str {
        &self.system_root
    }

    /// Further letters of the same volume.
    pub fn add_letters(&mut self, letters: impl IntoIterator<Item = char>) {
        for letter in letters {
            let letter = letter.to_ascii_uppercase();
            if !self.letters.contains(&letter) {
                self.letters.push(letter);
            }
        }
    }

    /// Every letter of the target volume, the system's own first.
    pub fn letters(&self) -> &[char] {
        &self.letters
    }

    /// Defines `%name%`; its text may begin with another variable that is
    /// known already.
    pub fn define(&mut self, name: &str, text: &str) {
        if let Ok(expanded) = self.expand(text) {
            self.variables.insert(folded(name), expanded);
        }
    }

    /// The text of `%name%`: `SystemRoot`, `windir`, `SystemDrive` and what was
    /// defined.
    pub fn variable(&self, name: &str) -> Option<String> {
        match folded(name).as_str() {
            "SYSTEMROOT" | "WINDIR" => Some(self.system_root.clone()),
            "SYSTEMDRIVE" => self.system_root.get(..2).map(str::to_owned),
            other => self.variables.get(other).cloned(),
        }
    }

    /// Replaces a leading `%variable%`. Only a leading one can begin a path;
    /// elsewhere a percent sign is an ordinary character of names.
    ///
    /// # Errors
    /// [`PathError::NotPlain`] for a variable that is not known offline.
    pub fn expand(&self, text: &str) -> Result<String, PathError> {
        let Some((name, rest)) = text.strip_prefix('%').and_then(|rest| rest.split_once('%')) else {
            return Ok(text.to_owned());
        };
        match self.variable(name) {
            Some(value) => Ok(format!("{value}{rest}")),
            None => Err(not_plain(text, "it begins with a variable that is not known offline")),
        }
    }

    /// The components of a path as Windows writes it: `C:\x`, `%SystemRoot%\x`,
    /// `\SystemRoot\x`, `\??\C:\x`, `\\?\C:\x`, and `system32\x`, which services
    /// mean below the Windows folder. With `wildcards` the last component may
    /// hold `*` and `?`.
    ///
    /// # Errors
    /// [`PathError::OtherVolume`], [`PathError::NotPlain`].
    pub fn components(&self, text: &str, wildcards: bool) -> Result<Components, PathError> {
        if text.len() > PATH_BYTES_MAX {
            let start = text.chars().take(80).collect::<String>();
            return Err(not_plain(&start, "it is longer than any path"));
        }
        let absolute = self.absolute(text)?;
        let mut characters = absolute.chars();
        let letter = characters.next().map_or('?', |c| c.to_ascii_uppercase());
        let Some(rest) = characters.as_str().strip_prefix(":\\") else {
            return Err(not_plain(text, "a drive letter must be followed by :\\"));
        };
        if !letter.is_ascii_alphabetic() {
            return Err(not_plain(text, "it begins with no drive letter"));
        }
        if !letter.is_ascii_alphabetic() {
            return Err(not_plain(text, "it begins with no drive letter"));
        }
        if !self.letters.contains(&letter) {
            return Err(PathError::OtherVolume(text.to_owned()));
        }
        Ok(Components { letter, names: names(rest, wildcards, text)? })
    }

    /// `X:…` for every accepted beginning.
    fn absolute(&self, written: &str) -> Result<String, PathError> {
        let text = written.replace('/', "\\");
        let unprefixed = ["\\??\\", "\\\\?\\"].iter().find_map(|prefix| text.strip_prefix(prefix));
        let text = self.expand(unprefixed.unwrap_or(&text))?;
        if text.get(1..2) == Some(":") {
            return Ok(text);
        }
        if unprefixed.is_some() {
            return Err(not_plain(written, "a drive letter is missing behind its prefix"));
        }
        match strip_prefix_folded(&text, "\\SystemRoot") {
            Some(rest) if rest.is_empty() || rest.starts_with('\\') => {
                Ok(format!("{}{rest}", self.system_root))
            }
            _ if text.starts_with('\\') => {
                Err(not_plain(written, "it is a device, a share or a path without a drive letter"))
            }
            _ if text.is_empty() => Err(not_plain(written, "it is empty")),
            _ => Ok(format!("{}\\{text}", self.system_root)),
        }
    }
}

fn names(rest: &str, wildcards: bool, written: &str) -> Result<Vec<String>, PathError> {
    let names: Vec<&str> = rest.split('\\').filter(|name| !name.is_empty()).collect();
    let last = names.len().saturating_sub(1);
    for (index, name) in names.iter().enumerate() {
        if let Some(why) = objection(name, wildcards && index == last) {
            return Err(not_plain(written, why));
        }
    }
    Ok(names.into_iter().map(str::to_owned).collect())
}

fn not_plain(path: &str, why: &'static str) -> PathError {
    PathError::NotPlain { path: path.to_owned(), why }
}

fn folded(name: &str) -> String {
    name.chars().map(upcase).collect()
}

fn strip_prefix_folded<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namespace() -> Namespace {
        let mut namespace = Namespace::new('c', &["WINNT".to_owned()]);
        namespace.define("AllUsersProfile", r"%SystemDrive%\Documents and Settings\All Users");
        namespace
    }

    #[test]
    fn every_spelling_of_a_path_means_the_same() {
        for text in [
            r"C:\WINNT\system32\drivers\x.sys",
            r"c:\\WINNT\system32\drivers\x.sys",
            "C:/WINNT/system32/drivers/x.sys",
            r"%SystemRoot%\system32\drivers\x.sys",
            r"%WINDIR%\system32\drivers\x.sys",
            r"%systemdrive%\WINNT\system32\drivers\x.sys",
            r"\SystemRoot\system32\drivers\x.sys",
            r"\systemroot\system32\drivers\x.sys",
            r"\??\C:\WINNT\system32\drivers\x.sys",
            r"\\?\c:\WINNT\system32\drivers\x.sys",
            r"\??\%SystemRoot%\system32\drivers\x.sys",
            r"system32\drivers\x.sys",
        ] {
            let components = namespace().components(text, false).unwrap();
            assert_eq!(components.to_windows(), r"C:\WINNT\system32\drivers\x.sys", "{text}");
        }
    }

    #[test]
    fn variables_may_build_on_others() {
        let components = namespace().components(r"%ALLUSERSPROFILE%\x", false).unwrap();
        assert_eq!(components.to_windows(), r"C:\Documents and Settings\All Users\x");
    }

    #[test]
    fn the_root_itself_has_no_components() {
        assert_eq!(namespace().components("C:\\", false).unwrap().to_windows(), "C:\\");
    }

    #[test]
    fn letters_of_other_volumes_are_refused() {
        let mut namespace = namespace();
        assert!(matches!(namespace.components(r"D:\x", false), Err(PathError::OtherVolume(_))));
        namespace.add_letters(['d']);
        assert_eq!(namespace.components(r"d:\x", false).unwrap().to_windows(), r"D:\x");
    }

    #[test]
    fn what_could_leave_the_target_is_refused() {
        for text in [
            "",
            "C:",
            "C:x",
            r"C:\a\..\b",
            r"C:\a\.\b",
            r"C:\a:stream",
            r"C:\nul",
            r"\\server\share\x",
            r"\\?\UNC\server\share",
            r"\\?\Volume{656b1715-ecf6-11df-92e6-806e6f6e6963}\x",
            r"\\.\PhysicalDrive0",
            r"\Device\HarddiskVolume1\x",
            r"\Windows\x",
            r"%TEMP%\x",
            r"C:\a*",
            r"..\x",
            r"\??\system32\x",
            "1:\\x",
            "é:\\x",
        ] {
            let result = namespace().components(text, false);
            assert!(matches!(result, Err(PathError::NotPlain { .. })), "{text}: {result:?}");
        }
        assert!(namespace().components(&"x\\".repeat(60_000), false).is_err());
    }

    #[test]
    fn wildcards_belong_into_the_last_component() {
        assert!(namespace().components(r"C:\a\c23*", true).is_ok());
        assert!(namespace().components(r"C:\a*\b", true).is_err());
    }
}
