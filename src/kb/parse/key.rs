//! Which registry keys an article may name.

use crate::kb::template::{Piece, Template};

use super::Fault;

/// The hives of an offline installation, as articles write them.
const HIVES: [&str; 10] = [
    r"HKLM\SOFTWARE",
    r"HKLM\SYSTEM",
    r"HKLM\SAM",
    r"HKLM\SECURITY",
    r"HKLM\COMPONENTS",
    r"HKLM\DRIVERS",
    r"HKLM\BCD00000000",
    r"HKU\.DEFAULT",
    "HKCR",
    "HKCU",
];

/// Longest key name, in UTF-16 units (Registry element size limits, Win32 reference).
const KEY_NAME_MAX: usize = 255;

/// Longest value name, in UTF-16 units (same source).
const VALUE_NAME_MAX: usize = 16_383;

/// Checks a full key name: a hive of the installation, then plain names.
pub(super) fn check_key(key: &Template) -> Result<(), Fault> {
    let Some(Piece::Text(start)) = key.0.first() else {
        return Err(Fault::new("a key name begins with its hive", &hives_hint()));
    };
    let hive =
        hive_of(start).filter(|hive| key.0.len() == 1 || start.len() > hive.len()).ok_or_else(|| {
            Fault::new(format!("`{start}` is in no hive of an offline installation"), &hive_hint(start))
        })?;
    if key.has_folder() {
        return Err(Fault::new("a folder cannot be part of a key name", "name the key without it"));
    }
    let below = start[hive.len()..].trim_start_matches('\\');
    if hive.eq_ignore_ascii_case(r"HKLM\SYSTEM") && is_numbered_control_set(below) {
        return Err(Fault::new(
            "the number of the control set differs from machine to machine",
            r"write HKLM\SYSTEM\CurrentControlSet: it means the one that will boot",
        ));
    }
    check_names(&key.shape())
}

/// Checks a key that is to be deleted or renamed: far enough from the root
/// that nothing Windows needs goes with it.
pub(super) fn check_removable_key(key: &Template) -> Result<(), Fault> {
    check_key(key)?;
    let name = key.shape().to_uppercase();
    let names = name.split('\\').count();
    // HKCR lies two levels below its hive already.
    let hive_names = match name.split('\\').next() {
        Some("HKCR") => 0,
        Some("HKCU") => 1,
        _ => 2,
    };
    if names < hive_names + 2 {
        return Err(Fault::new(
            format!("`{key}` is too near the root of its hive to be deleted or renamed"),
            "name a key at least two levels below the hive",
        ));
    }
    Ok(())
}

/// Checks a value name.
pub(super) fn check_value_name(name: &str) -> Result<(), Fault> {
    if name.contains('\0') || name.encode_utf16().count() > VALUE_NAME_MAX {
        return Err(Fault::new(
            "a value name has no NUL and at most 16,383 characters",
            "write the name that Registry Editor shows",
        ));
    }
    Ok(())
}

fn check_names(key: &str) -> Result<(), Fault> {
    let fault = |message: &str| Err(Fault::new(message, "write key names with one backslash between them"));
    for name in key.split('\\') {
        if name.is_empty() {
            return fault("a key name has an empty part");
        }
        if name.contains(['\0', '\n', '\r']) || name.encode_utf16().count() > KEY_NAME_MAX {
            return fault("a key name has no line breaks or NUL and at most 255 characters");
        }
    }
    Ok(())
}

fn hive_of(key: &str) -> Option<&'static str> {
    HIVES.into_iter().find(|hive| {
        let same = key.get(..hive.len()).is_some_and(|start| start.eq_ignore_ascii_case(hive));
        same && matches!(key.as_bytes().get(hive.len()), None | Some(b'\\'))
    })
}

fn is_numbered_control_set(below: &str) -> bool {
    let name = below.split('\\').next().unwrap_or_default().to_ascii_lowercase();
    name.strip_prefix("controlset").is_some_and(|digits| digits.parse::<u16>().is_ok())
}

fn hive_hint(key: &str) -> String {
    let long = [
        ("HKEY_LOCAL_MACHINE", "HKLM"),
        ("HKEY_USERS", "HKU"),
        ("HKEY_CLASSES_ROOT", "HKCR"),
        ("HKEY_CURRENT_USER", "HKCU"),
    ];
    let upper = key.to_uppercase();
    match long.into_iter().find(|(name, _)| upper.starts_with(name)) {
        Some((name, short)) => format!("write {short}{}", &key[name.len()..]),
        None => hives_hint(),
    }
}

fn hives_hint() -> String {
    format!("begin with one of {}", HIVES.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(check: fn(&Template) -> Result<(), Fault>, key: &str) -> String {
        check(&key.parse().unwrap()).unwrap_err().message
    }

    #[test]
    fn keys_of_the_installation_pass() {
        for key in [
            r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\SensLogn",
            r"hklm\system\CurrentControlSet\Services\BITS",
            r"HKLM\COMPONENTS",
            r"HKCR\.exe",
            r"HKCU\Software\Microsoft",
            r"HKU\.DEFAULT\Control Panel",
            r"HKLM\SYSTEM\CurrentControlSet\Control\Class\{4D36E967-E325-11CE-BFC1-08002BE10318}",
            r"HKLM\SOFTWARE\Profiles\{ask:profile}\x",
        ] {
            assert_eq!(check_key(&key.parse().unwrap()), Ok(()), "{key}");
        }
    }

    #[test]
    fn keys_elsewhere_are_refused() {
        for key in [
            r"HKLM\HARDWARE\x",
            r"HKLM\SOFTWAREX\x",
            r"HKU\S-1-5-18\x",
            r"SOFTWARE\x",
            "",
            r"\Registry\Machine",
            r"HKLM",
            r"HKLM\SOFTWARE{ask:x}",
        ] {
            let message = fault(check_key, key);
            assert!(message.contains("hive"), "{key}: {message}");
        }
        let long = check_key(&r"HKEY_LOCAL_MACHINE\SOFTWARE\x".parse().unwrap()).unwrap_err();
        assert_eq!(long.suggestion, r"write HKLM\SOFTWARE\x");
        assert!(fault(check_key, r"HKLM\SYSTEM\ControlSet001\Services").contains("control set"));
        assert!(fault(check_key, r"HKLM\SOFTWARE\\x").contains("empty part"));
        assert!(fault(check_key, r"HKLM\SOFTWARE\x\").contains("empty part"));
        assert!(fault(check_key, r"HKLM\SOFTWARE\{SystemRoot}").contains("folder"));
        assert!(fault(check_key, &format!(r"HKLM\SOFTWARE\{}", "x".repeat(256))).contains("255"));
    }

    #[test]
    fn keys_near_the_root_cannot_be_removed() {
        for key in [r"HKLM\SYSTEM", r"HKLM\SYSTEM\CurrentControlSet", r"HKCU\Software", "HKCR"] {
            assert!(fault(check_removable_key, key).contains("too near"), "{key}");
        }
        for key in [r"HKLM\SOFTWARE\Clients\x", r"HKCR\.exe\x", r"HKCU\Software\x"] {
            assert_eq!(check_removable_key(&key.parse().unwrap()), Ok(()), "{key}");
        }
    }

    #[test]
    fn value_names_are_bounded() {
        assert_eq!(check_value_name(""), Ok(()));
        assert!(check_value_name("a\0").is_err());
        assert!(check_value_name(&"x".repeat(VALUE_NAME_MAX + 1)).is_err());
    }
}
