//! Control sets: which part of the SYSTEM hive will be `CurrentControlSet`.

use crate::hive::{Hive, HiveError, KeyPath};

use super::lookup::number;

/// The key of a control set in the SYSTEM hive: `ControlSet001`.
pub fn key_name(number: u32) -> String {
    format!("ControlSet{number:03}")
}

/// The control set that will boot: `Select\Default`, else `Select\Current`, the
/// first of them that exists. `None` where neither does.
///
/// # Errors
/// [`HiveError`] where damage hides the answer.
pub fn booting(system: &Hive) -> Result<Option<u32>, HiveError> {
    for name in ["Default", "Current"] {
        if let Some(selected) = number(system, "Select", name)?
            && system.key_exists(&KeyPath::new(&key_name(selected)))?
        {
            return Ok(Some(selected));
        }
    }
    Ok(None)
}

/// A path in the SYSTEM hive with `CurrentControlSet` replaced by the control
/// set that it will be.
pub fn with_real_name(path: &KeyPath, number: u32) -> KeyPath {
    match path.names().split_first() {
        Some((first, rest)) if first.eq_ignore_ascii_case("CurrentControlSet") => {
            KeyPath::new(&key_name(number)).join(&rest.join("\\"))
        }
        _ => path.clone(),
    }
}

/// Every control set of the hive, ascending.
///
/// # Errors
/// [`HiveError`] where damage hides the answer.
pub fn all(system: &Hive) -> Result<Vec<u32>, HiveError> {
    let keys = system.subkeys(&KeyPath::root())?.unwrap_or_default();
    let mut numbers: Vec<u32> = keys.iter().filter_map(|name| parse(name)).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// The number in `ControlSet001`; `None` for any other name.
pub fn parse(key: &str) -> Option<u32> {
    let digits = key.get(10..).filter(|digits| digits.len() >= 3)?;
    let known = key[..10].eq_ignore_ascii_case("ControlSet") && digits.bytes().all(|b| b.is_ascii_digit());
    known.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_leading_current_control_set_is_replaced() {
        let real = |path| with_real_name(&KeyPath::new(path), 2).to_string();
        assert_eq!(real(r"currentcontrolset\Services\a"), r"ControlSet002\Services\a");
        assert_eq!(real("CurrentControlSet"), "ControlSet002");
        assert_eq!(real(r"ControlSet001\CurrentControlSet"), r"ControlSet001\CurrentControlSet");
        assert_eq!(real(""), "");
    }

    #[test]
    fn names_and_numbers_of_control_sets_agree() {
        assert_eq!(key_name(2), "ControlSet002");
        assert_eq!(parse("controlset002"), Some(2));
        for other in
            ["ControlSet", "ControlSet2", "ControlSet00x", "CurrentControlSet", "Select", "ControlSetä01"]
        {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
