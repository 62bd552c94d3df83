//! Written numbers: hexadecimal with and without `0x`, signed and unsigned
//! decimal, 64-bit sign-extended, and with the letters that a scanner or an eye
//! takes for digits (`O` for 0, `l` and `I` for 1).

use std::borrow::Cow;

/// How a number was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// `0x7B`, `7Bh`.
    Hex,
    /// Eight hexadecimal digits and nothing that says so: `800704dd`.
    BareHex,
    /// `1245`, `2147943645`.
    Decimal,
    /// `-2147023651`.
    Negative,
}

/// A number that may be a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its 32 bits.
    pub value: u32,
    /// How it was written.
    pub written: Written,
}

impl Number {
    /// Reads a token; `None` where it cannot be a 32-bit code (too long, other
    /// characters). Bare hexadecimal needs eight digits with the severity bit
    /// or leading zeros, so that dates and serial numbers are no codes.
    pub fn parse(token: &str) -> Option<Self> {
        if let Some(hex) = after_prefix(token) {
            return Some(Self { value: hex_value(&with_digits(hex))?, written: Written::Hex });
        }
        if let Some(digits) = token.strip_prefix(['-', '\u{2212}']) {
            return negative(digits);
        }
        if let Some(value) = bare_hex(token) {
            return Some(Self { value, written: Written::BareHex });
        }
        if (1..=10).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Self { value: token.parse().ok()?, written: Written::Decimal });
        }
        let hex = token.strip_suffix(['h', 'H']).filter(|h| h.starts_with(|c: char| c.is_ascii_digit()))?;
        Some(Self { value: hex_value(hex)?, written: Written::Hex })
    }
}

/// What follows `0x` at the start of a token.
fn after_prefix(token: &str) -> Option<&str> {
    let rest = token.strip_prefix(['0', 'O', 'o'])?;
    rest.strip_prefix(['x', 'X'])
}

/// Where in a run of letters and digits a number with `0x` stands: alone, or
/// glued to words (`Error0x800704DD`, `0x800704DDPlease`).
pub(super) fn prefixed(run: &str) -> Option<&str> {
    let bytes = run.as_bytes();
    let marks = bytes.windows(2).zip(0..).filter(|(pair, _)| matches!(pair, [b'0' | b'O', b'x' | b'X']));
    let glued_left = |at: &usize| *at == 0 || !bytes[*at - 1].is_ascii_digit();
    let from = marks.map(|(_, at)| at).find(glued_left)?;
    let digits = &run[from + 2..];
    let length = digits.bytes().take_while(|b| is_hex(*b)).count();
    let end = if length == digits.len() { length } else { before_word(digits)? };
    (end > 0).then(|| &run[from..from + 2 + end])
}

/// Eight digits and then a word: `800704DDPlease`, `800704DDError`.
fn before_word(digits: &str) -> Option<usize> {
    let bytes = digits.as_bytes();
    let word = bytes.get(8)?.is_ascii_uppercase() && bytes.get(9).is_none_or(u8::is_ascii_lowercase);
    (word && bytes[..8].iter().all(|b| is_hex(*b))).then_some(8)
}

fn is_hex(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b'O' | b'o' | b'l' | b'I')
}

/// Letters that look like digits become those digits.
fn with_digits(text: &str) -> Cow<'_, str> {
    if !text.contains(['O', 'o', 'l', 'I']) {
        return Cow::Borrowed(text);
    }
    let digit = |c| match c {
        'O' | 'o' => '0',
        'l' | 'I' => '1',
        other => other,
    };
    Cow::Owned(text.chars().map(digit).collect())
}

/// A short number of which the technician says that it is a code: `7B`, `c5`.
pub(super) fn short_hex(token: &str) -> Option<Number> {
    let hex = (1..=8).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_hexdigit());
    let value = hex.then(|| hex_value(token)).flatten()?;
    Some(Number { value, written: Written::Hex })
}

/// `1O83`, `l245`: a decimal number with letters taken for digits.
pub(super) fn misread_decimal(token: &str) -> Option<Number> {
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let misread = (3..=5).contains(&token.len()) && digits >= 2 && digits < token.len();
    let value = misread.then(|| with_digits(token).parse().ok()).flatten()?;
    Some(Number { value, written: Written::Decimal })
}

fn negative(digits: &str) -> Option<Number> {
    if !(9..=10).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value = 0_i64.checked_sub(digits.parse().ok()?)?;
    let value = i32::try_from(value).ok()?.cast_unsigned();
    Some(Number { value, written: Written::Negative })
}

/// Up to eight digits, or sixteen of which the first eight only extend the
/// sign (as 64-bit stop screens print a status).
fn hex_value(hex: &str) -> Option<u32> {
    if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    match hex.len() {
        1..=8 => u32::from_str_radix(hex, 16).ok(),
        16 => {
            let value = u64::from_str_radix(hex, 16).ok()?;
            let low = u32::try_from(value & 0xFFFF_FFFF).ok()?;
            let extends = match value >> 32 {
                0 => true,
                0xFFFF_FFFF => low >> 31 == 1,
                _ => false,
            };
            extends.then_some(low)
        }
        _ => None,
    }
}

fn bare_hex(token: &str) -> Option<u32> {
    if token.len() != 8 || token.bytes().filter(u8::is_ascii_digit).count() < 3 || !token.bytes().all(is_hex)
    {
        return None;
    }
    let digits = with_digits(token);
    let status = digits.starts_with(['8', 'c', 'C', 'd', 'D']) || digits.starts_with("0000");
    status.then(|| hex_value(&digits)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(token: &str) -> Option<u32> {
        Number::parse(token).map(|n| n.value)
    }

    #[test]
    fn every_written_form_gives_the_same_bits() {
        for token in ["0x800704DD", "800704dd", "-2147023651", "2147943645", "0X800704dd", "800704DDh"] {
            assert_eq!(value(token), Some(0x8007_04DD), "{token}");
        }
        assert_eq!(value("1245"), Some(1245));
        assert_eq!(value("0000007b"), Some(0x7B));
    }

    #[test]
    fn letters_that_look_like_digits_are_read_as_digits() {
        for token in ["0x8OO7O4DD", "Ox800704DD", "8oo704dd"] {
            assert_eq!(value(token), Some(0x8007_04DD), "{token}");
        }
        assert_eq!(misread_decimal("1O83").map(|n| n.value), Some(1083));
        assert_eq!(misread_decimal("Olli"), None);
    }

    #[test]
    fn sign_extended_numbers_lose_their_extension() {
        assert_eq!(value("0xFFFFFFFFC0000034"), Some(0xC000_0034));
        assert_eq!(value("0x000000000000007B"), Some(0x7B));
        assert_eq!(value("0xFFFFF80212345678"), None);
    }

    #[test]
    fn longer_and_other_tokens_are_no_numbers() {
        for token in ["0x1800704dd", "20230115a", "12345678901", "0x", "", "zz", "-5", "abcd1234", "collodeo"]
        {
            assert_eq!(value(token), None, "{token}");
        }
    }

    #[test]
    fn numbers_glued_to_words_are_cut_out() {
        for run in ["Error0x800704DD", "0x800704DDPlease", "0x800704DDError", "hr_0x800704DD", "0x800704DD"] {
            assert_eq!(prefixed(run), Some("0x800704DD"), "{run}");
        }
        assert_eq!(prefixed("0x1800704dd"), Some("0x1800704dd"));
        assert_eq!(prefixed("10x20"), None);
        assert_eq!(prefixed("0x12zz"), None);
    }
}
