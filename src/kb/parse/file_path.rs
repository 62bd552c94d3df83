//! Which files an article may name: plain absolute paths of the target, as
//! Windows itself writes them, that cannot lead out of it.

use crate::kb::template::{Piece, Template};

use super::Fault;

/// Names that mean a device in every folder (Naming files, Win32 reference).
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Longest path, in UTF-16 units.
const PATH_MAX: usize = 1024;

/// Checks a path; `pattern` allows `*` and `?` in its last component.
pub(super) fn check_file(path: &Template, pattern: bool) -> Result<(), Fault> {
    let written = path.to_string();
    let rest = after_start(path).ok_or_else(|| {
        Fault::new(
            format!("`{written}` is no place in the installation"),
            r"begin with {SystemRoot}\, {AllUsersProfile}\, {SystemDrive}\ or a drive letter as Windows sees it (C:\)",
        )
    })?;
    if written.encode_utf16().count() > PATH_MAX {
        return Err(Fault::new("the path is too long", "write at most 1,024 characters"));
    }
    if written.contains('/') || written.contains('%') {
        return Err(Fault::new(
            format!("`{written}` is not written as articles write paths"),
            "use backslashes, and {SystemRoot} for %SystemRoot%",
        ));
    }
    let mut names = rest.split('\\').peekable();
    while let Some(name) = names.next() {
        check_component(name, pattern && names.peek().is_none())?;
    }
    Ok(())
}

/// Checks one file name that is not a path.
pub(super) fn check_file_name(name: &Template) -> Result<(), Fault> {
    if name.has_folder() {
        return Err(Fault::new("a file name has no folders", "write the name alone"));
    }
    check_component(&name.shape(), false)
}

/// The path behind its first component, placeholders replaced by a letter.
fn after_start(path: &Template) -> Option<String> {
    let (first, rest) = path.0.split_first()?;
    let rest = Template(rest.to_vec());
    match first {
        _ if rest.has_folder() => None,
        Piece::Text(text) => {
            let drive = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
            let below = text.get(1..)?.strip_prefix(":\\").filter(|_| drive)?;
            Some(format!("{below}{}", rest.shape()))
        }
        // A whole path may come from the target; it is checked again there.
        Piece::Ask(_) | Piece::Registry { .. } if rest.0.is_empty() => Some("x".to_owned()),
        _ => rest.shape().strip_prefix('\\').map(str::to_owned),
    }
}

fn check_component(name: &str, pattern: bool) -> Result<(), Fault> {
    let fault = |message: String, suggestion: &str| Err(Fault::new(message, suggestion));
    let allowed = |character: char| pattern && matches!(character, '*' | '?');
    if let Some(found) = name.chars().find(|character| is_forbidden(*character) && !allowed(*character)) {
        let message = format!("`{}` cannot stand in the name `{name}`", found.escape_default());
        return match found {
            '*' | '?' => {
                fault(message, "patterns stand only in the last part of a path that is searched for")
            }
            ':' => fault(message, "name the file itself: streams and devices cannot be repaired"),
            _ => fault(message, "write the name as Explorer shows it"),
        };
    }
    if name == "." || name == ".." {
        return fault(format!("`{name}` could lead out of the target"), "write the whole path from the root");
    }
    if name.is_empty() || name.ends_with(['.', ' ']) {
        return fault(
            format!("`{name}` is no file name"),
            "write names without a final dot or space, one backslash between them",
        );
    }
    if is_device(name) {
        return fault(format!("`{name}` is a device"), "name a file or folder");
    }
    Ok(())
}

fn is_forbidden(character: char) -> bool {
    character.is_control() || r#"<>:"/\|?*"#.contains(character)
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = ["com", "lpt"].iter().any(|prefix| {
        stem.strip_prefix(prefix).is_some_and(|number| {
            let mut digits = number.chars();
            matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
        })
    });
    numbered || DEVICES.contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_the_installation_pass() {
        for path in [
            r"{SystemRoot}\System32\x.dll",
            r"C:\WINNT\x",
            r"{SystemDrive}\boot.ini",
            r"{AllUsersProfile}\Application Data\Crypto\c2",
            "{ask:new-key}",
            r"{registry:HKLM\SOFTWARE\A\Path}",
            r"{registry:HKLM\SOFTWARE\A\Path}\x.dll",
            r"C:\x_{registry:HKLM\SOFTWARE\A\Guid}",
        ] {
            assert_eq!(check_file(&path.parse().unwrap(), false), Ok(()), "{path}");
        }
        assert_eq!(check_file(&r"C:\a\c23*".parse().unwrap(), true), Ok(()));
    }

    #[test]
    fn places_outside_the_target_are_refused() {
        for path in [
            "",
            "x.dll",
            r"\x",
            r"\\server\share\x",
            r"\\?\C:\x",
            r"\\.\PhysicalDrive0",
            r"C:x",
            "C:",
            "{SystemRoot}",
            r"{SystemRoot}x\y",
            r"1:\x",
            r"System32\x",
            r"{SystemRoot}\..\x",
            r"{SystemRoot}\.\x",
            r"C:\a\..",
            r"C:\a\\b",
            r"C:\a\",
            r"C:\a.",
            r"C:\a ",
            r"C:\a:stream",
            r"C:\a\NUL",
            r"C:\con.txt",
            r"C:\COM1\x",
            r"C:\lpt¹.log",
            r"C:\a|b",
            "C:\\a\tb",
            "C:/a",
            r"C:\%SystemRoot%\a",
            r"C:\a*",
            r"C:\x{SystemRoot}",
        ] {
            assert!(check_file(&path.parse().unwrap(), false).is_err(), "{path}");
        }
        assert!(check_file(&r"C:\*\a".parse().unwrap(), true).is_err());
        assert!(check_file(&format!(r"C:\{}", "x".repeat(PATH_MAX)).parse().unwrap(), false).is_err());
    }

    #[test]
    fn file_names_are_one_component() {
        let check = |name: &str| check_file_name(&name.parse().unwrap());
        assert_eq!(check(r"a_{registry:HKLM\SOFTWARE\A\Guid}"), Ok(()));
        for name in ["", "a\\b", "..", "{SystemRoot}", "nul", "a*"] {
            assert!(check(name).is_err(), "{name}");
        }
    }

    #[test]
    fn ordinary_names_are_no_devices() {
        for name in ["console", "com10", "comx", "nullable.txt", "auxiliary"] {
            assert!(!is_device(name), "{name}");
        }
    }
}
