//! Full key names: which hive they mean, before any file is looked at.

use crate::hive::KeyPath;

use super::super::path::component::upcase;

/// A full key name taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::windows) struct KeyName {
    pub root: Root,
    /// The key within the hive, `CurrentControlSet` not yet replaced.
    pub path: KeyPath,
}

/// The hive a full key name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::windows) enum Root {
    /// A hive file in `System32\config`, by its name below `HKLM`.
    Machine(&'static str),
    /// `HKLM\BCD00000000`.
    BootConfiguration,
    /// `HKU\.DEFAULT`, which is also `HKU\S-1-5-18`.
    DefaultUser,
    /// `HKU\SID`.
    User(String),
    /// `HKU\SID_Classes`, `HKU\SID\Software\Classes`.
    UserClasses(String),
    /// `HKCU`: each user's own.
    EveryUser,
    /// `HKCU\Software\Classes`.
    EveryUserClasses,
}

/// Hives below `HKLM` that are files of that name in `System32\config`.
pub(super) const MACHINE_HIVES: [&str; 6] =
    ["SYSTEM", "SOFTWARE", "SAM", "SECURITY", "COMPONENTS", "DRIVERS"];
pub(super) const BOOT_CONFIGURATION: &str = "BCD00000000";
/// The account whose profile is `HKU\.DEFAULT`.
pub(super) const LOCAL_SYSTEM: &str = "S-1-5-18";
const CLASSES_SUFFIX: &str = "_Classes";

impl KeyName {
    /// Takes apart `HKLM\SOFTWARE\X`, also with the long names of the roots,
    /// and as regedit's address bar and PowerShell write it.
    pub(in crate::windows) fn parse(text: &str) -> Option<Self> {
        let mut names = KeyPath::new(text).names().to_vec();
        if names.first().is_some_and(|name| is(name, "Computer")) {
            names.remove(0);
        }
        if names.is_empty() {
            return None;
        }
        let first = names.remove(0);
        let parsed = match folded(first.trim_end_matches(':')).as_str() {
            "HKLM" | "HKEY_LOCAL_MACHINE" => machine(&mut names)?,
            "HKU" | "HKEY_USERS" => user(&mut names)?,
            "HKCU" | "HKEY_CURRENT_USER" if takes_classes(&mut names) => Root::EveryUserClasses,
            "HKCU" | "HKEY_CURRENT_USER" => Root::EveryUser,
            "HKCR" | "HKEY_CLASSES_ROOT" => {
                names.insert(0, "Classes".to_owned());
                Root::Machine("SOFTWARE")
            }
            _ => return None,
        };
        Some(Self { root: parsed, path: KeyPath::new(&names.join("\\")) })
    }
}

fn machine(names: &mut Vec<String>) -> Option<Root> {
    let name = take_first(names)?;
    if is(&name, BOOT_CONFIGURATION) {
        return Some(Root::BootConfiguration);
    }
    MACHINE_HIVES.iter().find(|hive| is(hive, &name)).map(|hive| Root::Machine(hive))
}

fn user(names: &mut Vec<String>) -> Option<Root> {
    let name = take_first(names)?;
    if is(&name, ".DEFAULT") || is(&name, LOCAL_SYSTEM) {
        return Some(Root::DefaultUser);
    }
    let sid = name.to_ascii_uppercase();
    if !sid.starts_with("S-1-") {
        return None;
    }
    if let Some(sid) = sid.strip_suffix(&CLASSES_SUFFIX.to_ascii_uppercase()) {
        return Some(Root::UserClasses(sid.to_owned()));
    }
    Some(if takes_classes(names) { Root::UserClasses(sid) } else { Root::User(sid) })
}

/// Removes a leading `Software\Classes`: that key of a user is a hive of its own.
fn takes_classes(names: &mut Vec<String>) -> bool {
    let classes = matches!(names.as_slice(), [a, b, ..] if is(a, "Software") && is(b, "Classes"));
    if classes {
        names.drain(..2);
    }
    classes
}

fn take_first(names: &mut Vec<String>) -> Option<String> {
    (!names.is_empty()).then(|| names.remove(0))
}

fn is(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

fn folded(text: &str) -> String {
    text.chars().map(upcase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (Root, String) {
        let name = KeyName::parse(text).unwrap();
        (name.root, name.path.to_string())
    }

    #[test]
    fn every_spelling_of_a_root_is_known() {
        let software = (Root::Machine("SOFTWARE"), r"Microsoft\X".to_owned());
        for text in [
            r"HKLM\SOFTWARE\Microsoft\X",
            r"hklm\software\Microsoft\X\",
            r"HKEY_LOCAL_MACHINE\Software\Microsoft\X",
            r"Computer\HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\X",
            r"HKLM:\SOFTWARE\Microsoft\X",
        ] {
            assert_eq!(parsed(text), software, "{text}");
        }
        assert_eq!(parsed(r"HKCR\.txt"), (Root::Machine("SOFTWARE"), r"Classes\.txt".to_owned()));
        assert_eq!(parsed(r"HKLM\BCD00000000\Objects"), (Root::BootConfiguration, "Objects".to_owned()));
    }

    #[test]
    fn users_and_their_classes_are_different_hives() {
        let sid = "S-1-5-21-1-2-3-1000";
        assert_eq!(parsed(r"HKU\.default\Software"), (Root::DefaultUser, "Software".to_owned()));
        assert_eq!(parsed(r"HKU\S-1-5-18\Software"), (Root::DefaultUser, "Software".to_owned()));
        assert_eq!(parsed(r"HKU\s-1-5-21-1-2-3-1000\X"), (Root::User(sid.to_owned()), "X".to_owned()));
        let classes = (Root::UserClasses(sid.to_owned()), ".txt".to_owned());
        assert_eq!(parsed(&format!(r"HKU\{sid}_Classes\.txt")), classes);
        assert_eq!(parsed(&format!(r"HKU\{sid}\software\classes\.txt")), classes);
        assert_eq!(parsed(r"HKCU\Software\Classes\.txt"), (Root::EveryUserClasses, ".txt".to_owned()));
        assert_eq!(parsed(r"HKCU\Software\Class"), (Root::EveryUser, r"Software\Class".to_owned()));
    }

    #[test]
    fn what_no_hive_holds_is_unknown() {
        for text in ["", "HKLM", r"HKLM\HARDWARE\X", r"HKCC\X", r"HKU\Bob", r"SOFTWARE\X", r"HKLM\SYSTEMX"] {
            assert_eq!(KeyName::parse(text), None, "{text}");
        }
    }
}
