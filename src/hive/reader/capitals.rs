//! Letters whose capital is contested between nt-hive and Windows.

use nt_hive::NtHiveNameString;

use crate::hive::name::Name;
use crate::hive::upcase::upcase;

/// Whether a name has a letter that a newer Unicode maps to one capital, and
/// the registry (see [`crate::hive::upcase`]) to none.
pub(super) fn are_contested(name: Name<'_>) -> bool {
    name.units().any(is_contested)
}

fn is_contested(unit: u16) -> bool {
    if unit < 0x80 || upcase(unit) != unit {
        return false;
    }
    let Some(letter) = char::from_u32(u32::from(unit)) else { return false };
    let mut capital = letter.to_uppercase();
    // Title case letters keep their place in between: `ǅ` of `Ǆ` and `ǆ`.
    capital.len() == 1 && capital.next() != Some(letter)
}

/// Whether both readers see the same stored name.
pub(super) fn is_same_name(outside: &NtHiveNameString<'_>, own: Name<'_>) -> bool {
    match outside {
        NtHiveNameString::Latin1(bytes) => own.is_compressed() && *bytes == own.bytes(),
        NtHiveNameString::Utf16LE(bytes) => !own.is_compressed() && *bytes == own.bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nt_hive_orders_all_uncontested_letters_as_we_do() {
        let mut units: Vec<u16> = (0..=u16::MAX).filter(|unit| !is_contested(*unit)).collect();
        assert!((65_000..65_400).contains(&units.len()), "{} letters", units.len());
        units.sort_by_key(|unit| upcase(*unit));
        for pair in units.windows(2) {
            let (left, right) = (pair[0].to_le_bytes(), pair[1].to_le_bytes());
            let outside = NtHiveNameString::Utf16LE(&left).cmp(&NtHiveNameString::Utf16LE(&right));
            assert_eq!(outside, upcase(pair[0]).cmp(&upcase(pair[1])), "{pair:#06x?}");
        }
    }

    #[test]
    fn the_micro_sign_is_contested_and_common_letters_are_not() {
        for (text, expected) in [("µ", true), ("ſ", true), ("abc", false), ("äöüß", false), ("яж", false)]
        {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(are_contested(Name::new(&bytes, false)), expected, "{text}");
        }
    }
}
