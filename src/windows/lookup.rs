//! Single values of a hive in the form they are wanted.

use crate::hive::{Hive, HiveError, KeyPath};

/// The text of a string value; `None` where it is absent or of another type.
pub(super) fn text(hive: &Hive, key: &str, name: &str) -> Result<Option<String>, HiveError> {
    Ok(hive.value(&KeyPath::new(key), name)?.and_then(|value| value.as_string()))
}

/// The number of a `REG_DWORD`; `None` where it is absent or of another type.
pub(super) fn number(hive: &Hive, key: &str, name: &str) -> Result<Option<u32>, HiveError> {
    Ok(hive.value(&KeyPath::new(key), name)?.and_then(|value| value.as_dword()))
}
