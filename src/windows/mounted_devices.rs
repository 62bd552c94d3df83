//! `SYSTEM\MountedDevices`: which letters Windows gave to which volume.

use crate::hive::{Hive, HiveError, KeyPath};

const KEY: &str = "MountedDevices";
const LETTER_PREFIX: &str = "\\DosDevices\\";

/// The letters that mean the same volume as `letter`, `letter` itself left out.
///
/// Volumes are compared by what identifies one for good: 12 bytes (MBR disk
/// signature and byte offset of the partition) or `DMIO:ID:` and the GPT
/// partition's GUID. Device paths of removable drives identify a slot, not a
/// volume, and never match.
///
/// # Errors
/// [`HiveError`] where damage hides the answer.
pub fn letters_of_same_volume(system: &Hive, letter: char) -> Result<Vec<char>, HiveError> {
    let values = system.values(&KeyPath::new(KEY))?.unwrap_or_default();
    let lettered: Vec<(char, &[u8])> = values
        .iter()
        .filter_map(|value| Some((letter_of(&value.name)?, value.value.data.as_slice())))
        .filter(|(_, identity)| identifies_volume(identity))
        .collect();
    let Some((_, own)) = lettered.iter().find(|(other, _)| other.eq_ignore_ascii_case(&letter)) else {
        return Ok(Vec::new());
    };
    let others = lettered.iter().filter(|(other, _)| !other.eq_ignore_ascii_case(&letter));
    Ok(others.filter(|(_, identity)| identity == own).map(|(other, _)| *other).collect())
}

/// The letter in `\DosDevices\C:`.
fn letter_of(value_name: &str) -> Option<char> {
    let start = value_name.get(..LETTER_PREFIX.len())?;
    let mut rest = value_name[LETTER_PREFIX.len()..].chars();
    let letter = rest.next().filter(char::is_ascii_alphabetic)?;
    (start.eq_ignore_ascii_case(LETTER_PREFIX) && rest.as_str() == ":").then(|| letter.to_ascii_uppercase())
}

fn identifies_volume(identity: &[u8]) -> bool {
    match identity.len() {
        // A disk without a signature has zero there, as any other such disk.
        12 => identity[..4] != [0; 4],
        24 => identity.starts_with(b"DMIO:ID:"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letter_values_name_a_letter() {
        assert_eq!(letter_of(r"\DosDevices\c:"), Some('C'));
        for other in [r"\??\Volume{x}", r"\DosDevices\", r"\DosDevices\CC:", r"\DosDevices\1:", "#{x}"] {
            assert_eq!(letter_of(other), None, "{other}");
        }
    }

    #[test]
    fn device_paths_and_unsigned_disks_identify_nothing() {
        assert!(identifies_volume(&[1; 12]));
        assert!(identifies_volume(b"DMIO:ID:0123456789abcdef"));
        assert!(!identifies_volume(&[0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]));
        assert!(!identifies_volume(b"DISK:ID:0123456789abcdef"));
        assert!(!identifies_volume(b"_??_USBSTOR#Disk&Ven"));
        assert!(!identifies_volume(b""));
    }
}
