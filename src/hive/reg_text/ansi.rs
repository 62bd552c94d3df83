//! The ANSI code page of version 4 files: Windows-1252.
//!
//! A `REGEDIT4` file does not name its code page; 1252 is that of the Western
//! systems, and ASCII, the only thing most such files hold, is common to all.

/// Bytes 0x80 to 0x9F (Microsoft, "Windows-1252" best-fit table); the five
/// without a character stay the control characters of the same number.
const UPPER_CONTROLS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Reads Windows-1252; every byte has a meaning.
pub(super) fn to_text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| to_char(*byte)).collect()
}

fn to_char(byte: u8) -> char {
    match byte {
        0x80..=0x9f => UPPER_CONTROLS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_half_reads_as_windows_1252() {
        assert_eq!(to_text(b"\x80\x9f\xe9A\xff\x81"), "€ŸéAÿ\u{81}");
    }
}
