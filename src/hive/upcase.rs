//! The upper case Windows compares names in: unit by unit of UTF-16, so that
//! nothing outside the basic plane has a case and no name changes its length.
//!
//! The table is that of Unicode 5.1 (which Windows 7 has) with simple
//! mappings only, and of those only the ones that lead back: `ß` has none, and
//! `ı`, `ſ`, `ς`, `µ` and the title case digraphs keep themselves, because
//! their capitals belong to other letters. Later Unicode versions gave
//! capitals to more letters (Georgian, Cherokee); Windows versions differ
//! there, and a list sorted without them stays as it is.

use std::cmp::Ordering;

/// Letters whose distance to their capitals is the same.
struct Run {
    first: u16,
    last: u16,
    /// Distance of neighbours in the run: 1, or 2 where capitals lie between.
    step: u16,
    /// The first letter's capital.
    to: u16,
}

const fn run(first: u16, last: u16, step: u16, to: u16) -> Run {
    Run { first, last, step, to }
}

/// The capital of one UTF-16 unit.
pub(super) fn upcase(unit: u16) -> u16 {
    match LATIN.get(usize::from(unit)) {
        Some(capital) => *capital,
        None => upcase_beyond_latin(unit),
    }
}

fn upcase_beyond_latin(unit: u16) -> u16 {
    let after = RUNS.partition_point(|run| run.first <= unit);
    match after.checked_sub(1).and_then(|index| RUNS.get(index)) {
        Some(run) if unit <= run.last && (unit - run.first).is_multiple_of(run.step) => {
            run.to + (unit - run.first)
        }
        _ => unit,
    }
}

/// The order of subkeys: by capitals, unit by unit.
pub(super) fn compare(left: impl Iterator<Item = u16>, right: impl Iterator<Item = u16>) -> Ordering {
    left.map(upcase).cmp(right.map(upcase))
}

/// [`compare`] for names of characters below U+0100.
pub(super) fn compare_latin(left: &[u8], right: &[u8]) -> Ordering {
    for (left, right) in left.iter().zip(right) {
        if left != right {
            let order = upcase_latin(*left).cmp(&upcase_latin(*right));
            if order.is_ne() {
                return order;
            }
        }
    }
    left.len().cmp(&right.len())
}

/// [`hash`] for names of characters below U+0100.
pub(super) fn hash_latin(name: &[u8]) -> u32 {
    name.iter().fold(0, |hash: u32, letter| add_to_hash(hash, upcase_latin(*letter)))
}

fn upcase_latin(letter: u8) -> u16 {
    LATIN.get(usize::from(letter)).copied().unwrap_or_default()
}

fn add_to_hash(hash: u32, capital: u16) -> u32 {
    hash.wrapping_mul(37).wrapping_add(u32::from(capital))
}

/// The capitals of the characters below U+0100.
static LATIN: [u16; 256] = {
    let mut capitals = [0; 256];
    let mut unit = 0;
    while unit < 256 {
        capitals[unit as usize] = match unit {
            0x61..=0x7a | 0xe0..=0xf6 | 0xf8..=0xfe => unit - 32,
            0xff => 0x178,
            _ => unit,
        };
        unit += 1;
    }
    capitals
};

/// Whether two names differ in case at most.
pub(super) fn is_same(left: &str, right: &str) -> bool {
    compare(left.encode_utf16(), right.encode_utf16()).is_eq()
}

/// The hash of a name in a hash leaf (regf specification, "Hash leaf").
pub(super) fn hash(units: impl Iterator<Item = u16>) -> u32 {
    units.fold(0, |hash, unit| add_to_hash(hash, upcase(unit)))
}

/// Sorted by first letter.
static RUNS: &[Run] = &[
    run(0x0101, 0x012f, 2, 0x0100),
    run(0x0133, 0x0137, 2, 0x0132),
    run(0x013a, 0x0148, 2, 0x0139),
    run(0x014b, 0x0177, 2, 0x014a),
    run(0x017a, 0x017e, 2, 0x0179),
    run(0x0180, 0x0180, 1, 0x0243),
    run(0x0183, 0x0185, 2, 0x0182),
    run(0x0188, 0x0188, 1, 0x0187),
    run(0x018c, 0x018c, 1, 0x018b),
    run(0x0192, 0x0192, 1, 0x0191),
    run(0x0195, 0x0195, 1, 0x01f6),
    run(0x0199, 0x0199, 1, 0x0198),
    run(0x019a, 0x019a, 1, 0x023d),
    run(0x019e, 0x019e, 1, 0x0220),
    run(0x01a1, 0x01a5, 2, 0x01a0),
    run(0x01a8, 0x01a8, 1, 0x01a7),
    run(0x01ad, 0x01ad, 1, 0x01ac),
    run(0x01b0, 0x01b0, 1, 0x01af),
    run(0x01b4, 0x01b6, 2, 0x01b3),
    run(0x01b9, 0x01b9, 1, 0x01b8),
    run(0x01bd, 0x01bd, 1, 0x01bc),
    run(0x01bf, 0x01bf, 1, 0x01f7),
    run(0x01c6, 0x01c6, 1, 0x01c4),
    run(0x01c9, 0x01c9, 1, 0x01c7),
    run(0x01cc, 0x01cc, 1, 0x01ca),
    run(0x01ce, 0x01dc, 2, 0x01cd),
    run(0x01dd, 0x01dd, 1, 0x018e),
    run(0x01df, 0x01ef, 2, 0x01de),
    run(0x01f3, 0x01f3, 1, 0x01f1),
    run(0x01f5, 0x01f5, 1, 0x01f4),
    run(0x01f9, 0x021f, 2, 0x01f8),
    run(0x0223, 0x0233, 2, 0x0222),
    run(0x023c, 0x023c, 1, 0x023b),
    run(0x0242, 0x0242, 1, 0x0241),
    run(0x0247, 0x024f, 2, 0x0246),
    run(0x0250, 0x0250, 1, 0x2c6f),
    run(0x0251, 0x0251, 1, 0x2c6d),
    run(0x0253, 0x0253, 1, 0x0181),
    run(0x0254, 0x0254, 1, 0x0186),
    run(0x0256, 0x0257, 1, 0x0189),
    run(0x0259, 0x0259, 1, 0x018f),
    run(0x025b, 0x025b, 1, 0x0190),
    run(0x0260, 0x0260, 1, 0x0193),
    run(0x0263, 0x0263, 1, 0x0194),
    run(0x0268, 0x0268, 1, 0x0197),
    run(0x0269, 0x0269, 1, 0x0196),
    run(0x026b, 0x026b, 1, 0x2c62),
    run(0x026f, 0x026f, 1, 0x019c),
    run(0x0271, 0x0271, 1, 0x2c6e),
    run(0x0272, 0x0272, 1, 0x019d),
    run(0x0275, 0x0275, 1, 0x019f),
    run(0x027d, 0x027d, 1, 0x2c64),
    run(0x0280, 0x0280, 1, 0x01a6),
    run(0x0283, 0x0283, 1, 0x01a9),
    run(0x0288, 0x0288, 1, 0x01ae),
    run(0x0289, 0x0289, 1, 0x0244),
    run(0x028a, 0x028b, 1, 0x01b1),
    run(0x028c, 0x028c, 1, 0x0245),
    run(0x0292, 0x0292, 1, 0x01b7),
    run(0x0371, 0x0373, 2, 0x0370),
    run(0x0377, 0x0377, 1, 0x0376),
    run(0x037b, 0x037d, 1, 0x03fd),
    run(0x03ac, 0x03ac, 1, 0x0386),
    run(0x03ad, 0x03af, 1, 0x0388),
    run(0x03b1, 0x03c1, 1, 0x0391),
    run(0x03c3, 0x03cb, 1, 0x03a3),
    run(0x03cc, 0x03cc, 1, 0x038c),
    run(0x03cd, 0x03ce, 1, 0x038e),
    run(0x03d7, 0x03d7, 1, 0x03cf),
    run(0x03d9, 0x03ef, 2, 0x03d8),
    run(0x03f2, 0x03f2, 1, 0x03f9),
    run(0x03f8, 0x03f8, 1, 0x03f7),
    run(0x03fb, 0x03fb, 1, 0x03fa),
    run(0x0430, 0x044f, 1, 0x0410),
    run(0x0450, 0x045f, 1, 0x0400),
    run(0x0461, 0x0481, 2, 0x0460),
    run(0x048b, 0x04bf, 2, 0x048a),
    run(0x04c2, 0x04ce, 2, 0x04c1),
    run(0x04cf, 0x04cf, 1, 0x04c0),
    run(0x04d1, 0x0523, 2, 0x04d0),
    run(0x0561, 0x0586, 1, 0x0531),
    run(0x1d79, 0x1d79, 1, 0xa77d),
    run(0x1d7d, 0x1d7d, 1, 0x2c63),
    run(0x1e01, 0x1e95, 2, 0x1e00),
    run(0x1ea1, 0x1eff, 2, 0x1ea0),
    run(0x1f00, 0x1f07, 1, 0x1f08),
    run(0x1f10, 0x1f15, 1, 0x1f18),
    run(0x1f20, 0x1f27, 1, 0x1f28),
    run(0x1f30, 0x1f37, 1, 0x1f38),
    run(0x1f40, 0x1f45, 1, 0x1f48),
    run(0x1f51, 0x1f57, 2, 0x1f59),
    run(0x1f60, 0x1f67, 1, 0x1f68),
    run(0x1f70, 0x1f71, 1, 0x1fba),
    run(0x1f72, 0x1f75, 1, 0x1fc8),
    run(0x1f76, 0x1f77, 1, 0x1fda),
    run(0x1f78, 0x1f79, 1, 0x1ff8),
    run(0x1f7a, 0x1f7b, 1, 0x1fea),
    run(0x1f7c, 0x1f7d, 1, 0x1ffa),
    run(0x1f80, 0x1f87, 1, 0x1f88),
    run(0x1f90, 0x1f97, 1, 0x1f98),
    run(0x1fa0, 0x1fa7, 1, 0x1fa8),
    run(0x1fb0, 0x1fb1, 1, 0x1fb8),
    run(0x1fb3, 0x1fb3, 1, 0x1fbc),
    run(0x1fc3, 0x1fc3, 1, 0x1fcc),
    run(0x1fd0, 0x1fd1, 1, 0x1fd8),
    run(0x1fe0, 0x1fe1, 1, 0x1fe8),
    run(0x1fe5, 0x1fe5, 1, 0x1fec),
    run(0x1ff3, 0x1ff3, 1, 0x1ffc),
    run(0x214e, 0x214e, 1, 0x2132),
    run(0x2170, 0x217f, 1, 0x2160),
    run(0x2184, 0x2184, 1, 0x2183),
    run(0x24d0, 0x24e9, 1, 0x24b6),
    run(0x2c30, 0x2c5e, 1, 0x2c00),
    run(0x2c61, 0x2c61, 1, 0x2c60),
    run(0x2c65, 0x2c65, 1, 0x023a),
    run(0x2c66, 0x2c66, 1, 0x023e),
    run(0x2c68, 0x2c6c, 2, 0x2c67),
    run(0x2c73, 0x2c73, 1, 0x2c72),
    run(0x2c76, 0x2c76, 1, 0x2c75),
    run(0x2c81, 0x2ce3, 2, 0x2c80),
    run(0x2d00, 0x2d25, 1, 0x10a0),
    run(0xa641, 0xa65f, 2, 0xa640),
    run(0xa663, 0xa66d, 2, 0xa662),
    run(0xa681, 0xa697, 2, 0xa680),
    run(0xa723, 0xa72f, 2, 0xa722),
    run(0xa733, 0xa76f, 2, 0xa732),
    run(0xa77a, 0xa77c, 2, 0xa779),
    run(0xa77f, 0xa787, 2, 0xa77e),
    run(0xa78c, 0xa78c, 1, 0xa78b),
    run(0xff41, 0xff5a, 1, 0xff21),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn upper(letter: char) -> char {
        let mut units = [0; 2];
        let units = letter.encode_utf16(&mut units);
        let capitals: Vec<u16> = units.iter().map(|unit| upcase(*unit)).collect();
        char::decode_utf16(capitals).next().unwrap().unwrap()
    }

    #[test]
    fn letters_have_their_simple_capitals() {
        for (letter, capital) in
            [('a', 'A'), ('é', 'É'), ('ÿ', 'Ÿ'), ('ж', 'Ж'), ('ѐ', 'Ѐ'), ('ａ', 'Ａ'), ('ǆ', 'Ǆ'), ('ᾳ', 'ᾼ')]
        {
            assert_eq!(upper(letter), capital, "{letter}");
        }
    }

    #[test]
    fn letters_without_a_capital_of_their_own_stay() {
        for letter in ['ß', 'µ', 'ı', 'ſ', 'ς', 'ǅ', '÷', '×', 'ẞ', 'ა', 'Ꭰ', '𐐨'] {
            assert_eq!(upper(letter), letter, "{letter}");
        }
    }

    #[test]
    fn runs_are_sorted_and_apart() {
        for pair in RUNS.windows(2) {
            assert!(pair[0].last < pair[1].first);
        }
    }

    /// The standard library knows a newer Unicode, but what 5.1 had never
    /// changes: each of our pairs must be one of its simple pairs, both ways.
    #[test]
    fn every_pair_is_a_unicode_pair() {
        let mut pairs = 0;
        for unit in 0..=u16::MAX {
            let capital = upcase(unit);
            if capital == unit {
                continue;
            }
            pairs += 1;
            let (lower, upper) =
                (char::from_u32(unit.into()).unwrap(), char::from_u32(capital.into()).unwrap());
            assert_eq!(upper.to_lowercase().next(), Some(lower), "{unit:#x}");
        }
        assert_eq!(pairs, 973);
    }

    #[test]
    fn sharp_s_sorts_after_all_of_ascii() {
        let order = |left: &str, right: &str| compare(left.encode_utf16(), right.encode_utf16());
        assert_eq!(order("ss1", "SS3"), Ordering::Less);
        assert_eq!(order("SS3", "ß2"), Ordering::Less);
        assert!(is_same("ÄÖÜ", "äöü") && !is_same("ß", "SS"));
    }

    #[test]
    fn a_name_sorts_before_its_extensions() {
        assert_eq!(compare("key".encode_utf16(), "KEY1".encode_utf16()), Ordering::Less);
    }

    #[test]
    fn latin_names_compare_and_hash_as_wide_ones() {
        let names = ["", "a", "B", "ab", "Ab!", "ß", "ÿ", "Ÿ", "\u{fe}", "z\u{d7}"];
        let latin =
            |name: &str| name.chars().map(|letter| u8::try_from(letter).ok()).collect::<Option<Vec<u8>>>();
        for left in names {
            let Some(left_bytes) = latin(left) else { continue };
            assert_eq!(hash_latin(&left_bytes), hash(left.encode_utf16()));
            for right in names {
                let Some(right_bytes) = latin(right) else { continue };
                let wide = compare(left.encode_utf16(), right.encode_utf16());
                assert_eq!(compare_latin(&left_bytes, &right_bytes), wide, "{left} {right}");
            }
        }
    }

    #[test]
    fn the_hash_ignores_case() {
        assert_eq!(hash("aB".encode_utf16()), 37 * 65 + 66);
    }
}
