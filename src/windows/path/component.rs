//! One component of a Windows path: which names are plain, and which are the
//! same name.
//!
//! Rules from "Naming Files, Paths, and Namespaces" (Win32 reference).

/// Longest name of one component, in UTF-16 units (NTFS, FAT, exFAT).
pub const NAME_UNITS_MAX: usize = 255;

const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Why `name` is not a plain file name; `None` where it is one.
/// `wildcards` lets `*` and `?` pass.
pub fn objection(name: &str, wildcards: bool) -> Option<&'static str> {
    if name == "." || name == ".." {
        return Some("it has . or .. in it; write where it leads");
    }
    if name.encode_utf16().count() > NAME_UNITS_MAX {
        return Some("a name in it is longer than 255 characters");
    }
    if name.contains(':') {
        return Some("a colon names a stream or a device");
    }
    if name.chars().any(|c| c < ' ' || "<>\"|/\\".contains(c) || (!wildcards && "*?".contains(c))) {
        return Some("it has a character that no file name can have");
    }
    // Win32 drops them, so that the file meant would be another one.
    if name.ends_with('.') || name.ends_with(' ') {
        return Some("a name in it ends in a dot or a space");
    }
    is_device(name).then_some("a name in it is that of a device")
}

/// `CON`, `nul.txt`, `COM1`, `LPT¹`: Windows opens the device instead.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_uppercase();
    let port = |prefix| {
        stem.strip_prefix(prefix).is_some_and(|rest: &str| {
            let mut digits = rest.chars();
            digits.next().is_some_and(|c| "123456789¹²³".contains(c)) && digits.next().is_none()
        })
    };
    DEVICES.contains(&stem.as_str()) || port("COM") || port("LPT")
}

/// Whether Windows takes both for the same name: equal after the simple,
/// one-to-one uppercase mapping that NTFS uses. A letter outside ASCII is never
/// the same as one inside it (Unicode would turn `ı` into `I`; `$UpCase` does not).
pub fn same_name(a: &str, b: &str) -> bool {
    a.chars().map(upcase).eq(b.chars().map(upcase))
}

/// The simple uppercase form of one character.
pub fn upcase(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) if only.is_ascii() == c.is_ascii() => only,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_have_no_objection() {
        for name in
            ["system32", "c23_a-b", "Dokumente und Einstellungen", "NULL", "COM10", "COM", "console.dll"]
        {
            assert_eq!(objection(name, false), None, "{name}");
        }
        assert_eq!(objection("c23*", true), None);
    }

    #[test]
    fn names_windows_would_read_otherwise_are_refused() {
        let long = "x".repeat(256);
        for name in [
            "..",
            ".",
            "a:b",
            "x?",
            "*",
            "a\0",
            "a<",
            "end.",
            "end ",
            "nul",
            "NUL.txt",
            "com1",
            "LPT³.log",
            "aux .c",
            &long,
        ] {
            assert!(objection(name, false).is_some(), "{name:?}");
        }
    }

    #[test]
    fn names_compare_as_ntfs_does() {
        assert!(same_name("Système", "SYSTÈME"));
        assert!(same_name("windows", "WINDOWS"));
        assert!(!same_name("ı", "I"));
        assert!(!same_name("straße", "STRASSE"));
        assert!(!same_name("win", "windows"));
    }
}
