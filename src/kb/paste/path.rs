//! Registry keys and file names in a text.

/// At most so many of each are kept.
const NAMES_MAX: usize = 200;

/// Longest component of a path, in bytes (a key name has at most 255
/// characters: Win32 reference, "Registry Element Size Limits").
const COMPONENT_BYTES_MAX: usize = 255;

/// First components of registry keys, in lower case.
const KEY_ROOTS: &[&str] = &[
    "hklm",
    "hklm:",
    "hkey_local_machine",
    "hkcu",
    "hkcu:",
    "hkey_current_user",
    "hkcr",
    "hkey_classes_root",
    "hku",
    "hkey_users",
    "registry",
    "machine",
    "system",
    "software",
    "sam",
    "security",
    "currentcontrolset",
    "controlset001",
    "controlset002",
    "controlset003",
    "components",
];

/// Endings of file names that technicians meet.
const ENDINGS: &[&str] = &[
    "sys",
    "dll",
    "exe",
    "inf",
    "log",
    "dat",
    "xml",
    "ocx",
    "drv",
    "cat",
    "mui",
    "ini",
    "etl",
    "evtx",
    "dmp",
    "msi",
    "msu",
    "cab",
    "blf",
    "efi",
    "wim",
    "cpl",
    "com",
    "bak",
    "regtrans-ms",
    "mum",
    "manifest",
    "edb",
];

/// The registry keys of a text, as written from their root on.
pub fn keys(text: &str) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| line.contains('\\')) {
        for path in paths(line) {
            let mut components = path.split('\\').filter(|component| !component.is_empty());
            let rooted =
                components.next().is_some_and(|first| KEY_ROOTS.contains(&first.to_lowercase().as_str()));
            if rooted
                && components.next().is_some()
                && keys.len() < NAMES_MAX
                && !keys.iter().any(|key| key == path)
            {
                keys.push(path.to_owned());
            }
        }
    }
    keys
}

/// The paths of a line: components joined by backslashes. Only the last
/// component ends at a space, for the others may contain some.
fn paths(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for piece in line.split(['"', '\'', '[', ']', '<', '>', '|', '\t', ',', ';', '(', ')', '`']) {
        let mut piece = piece;
        while let Some(first) = piece.find('\\') {
            let from = piece[..first].rfind(char::is_whitespace).map_or(0, |at| at + 1);
            let to = end_of_path(piece, first);
            found.push(piece[from..to].trim_end_matches(['.', ':', '\\', '?', '!']));
            piece = &piece[to..];
        }
    }
    found
}

fn end_of_path(piece: &str, first: usize) -> usize {
    let mut at = first;
    loop {
        let rest = &piece[at + 1..];
        let next =
            rest.find('\\').filter(|next| *next <= COMPONENT_BYTES_MAX && !begins_anew(&rest[..*next]));
        match next {
            Some(next) => at += 1 + next,
            None => return at + 1 + rest.find(char::is_whitespace).unwrap_or(rest.len()),
        }
    }
}

/// Whether the text up to the next backslash ends in the root of another path.
fn begins_anew(component: &str) -> bool {
    let Some((_, last)) = component.rsplit_once(char::is_whitespace) else { return false };
    last.ends_with(':') || last.starts_with('%') || KEY_ROOTS.contains(&last.to_lowercase().as_str())
}

/// The file names of a text, in lower case, without their folders.
pub(super) fn files(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let mut files: Vec<String> = Vec::new();
    for (at, _) in text.match_indices('.') {
        let length = bytes[at + 1..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
        let ending = &text[at + 1..at + 1 + length];
        if !(2..=11).contains(&length) || !ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
            continue;
        }
        let before = &bytes[at.saturating_sub(COMPONENT_BYTES_MAX)..at];
        let name = before.iter().rev().take_while(|b| is_name(**b)).count();
        let file = text[at - name..at + 1 + length].to_lowercase();
        let host = text[..at - name].ends_with("//");
        if name > 0 && !host && files.len() < NAMES_MAX && !files.contains(&file) {
            files.push(file);
        }
    }
    files
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'$' | b'+' | b'~')
}

/// A key in the form in which keys are compared: lower case, from `system` or
/// `software` on, every control set being the current one.
pub fn normal_key(path: &str) -> Option<Vec<String>> {
    let lower = path.to_lowercase();
    let components: Vec<&str> =
        lower.split(['\\', '/']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let control_set = |part: &&str| *part == "currentcontrolset" || part.starts_with("controlset00");
    if let Some(at) = components.iter().position(control_set) {
        let rest = components[at + 1..].iter().map(|part| (*part).to_owned());
        return Some(["system", "currentcontrolset"].map(str::to_owned).into_iter().chain(rest).collect());
    }
    let hive = components.iter().position(|part| matches!(*part, "system" | "software"))?;
    Some(components[hive..].iter().map(|part| (*part).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_from_prose_and_reg_files() {
        let check = |text: &str, expected: &str| assert_eq!(keys(text), [expected], "{text}");
        check(
            "happens to HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\Notify\\SensLogn, namely",
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\Notify\\SensLogn",
        );
        check("[HKLM\\SYSTEM\\ControlSet001\\Services\\BITS]", "HKLM\\SYSTEM\\ControlSet001\\Services\\BITS");
        check("the CurrentControlSet\\Services\\vpci key", "CurrentControlSet\\Services\\vpci");
    }

    #[test]
    fn a_file_path_is_no_key() {
        assert_eq!(keys("C:\\Windows\\System32\\config\\SYSTEM and x"), [""; 0]);
        assert_eq!(
            keys("C:\\Windows\\System32 and then HKLM\\SOFTWARE\\Microsoft"),
            ["HKLM\\SOFTWARE\\Microsoft"]
        );
    }

    #[test]
    fn files_are_named_without_folders() {
        assert_eq!(
            files(
                "C:\\W\\System32\\drivers\\CSAgent.sys, Inetinfo.exe (v1.2.3) http://schemas.microsoft.com/x"
            ),
            ["csagent.sys", "inetinfo.exe"]
        );
    }

    #[test]
    fn keys_are_compared_without_their_root() {
        let normal = |path: &str| normal_key(path).unwrap_or_default().join("/");
        assert_eq!(
            normal("HKLM\\SYSTEM\\ControlSet001\\Services\\BITS"),
            "system/currentcontrolset/services/bits"
        );
        assert_eq!(normal("HKLM:\\Offline\\ControlSet002\\Services"), "system/currentcontrolset/services");
        assert_eq!(normal("HKCU\\Software\\X"), "software/x");
    }
}
