//! Written numbers: hexadecimal with and without `0x`, signed and unsigned
//! decimal, 64-bit sign-extended.

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
        let token = token.trim();
        if let Some(hex) = token.strip_prefix("0x").or_else(|| token.strip_prefix("0X")) {
            return Some(Self { value: hex_value(hex)?, written: Written::Hex });
        }
        if let Some(digits) = token.strip_prefix(['-', '\u{2212}', '\u{2013}']) {
            return negative(digits);
        }
        if is_bare_hex(token) {
            return Some(Self { value: hex_value(token)?, written: Written::BareHex });
        }
        if token.len() <= 10 && !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Self { value: token.parse().ok()?, written: Written::Decimal });
        }
        let hex = token.strip_suffix(['h', 'H']).filter(|h| h.starts_with(|c: char| c.is_ascii_digit()))?;
        Some(Self { value: hex_value(hex)?, written: Written::Hex })
    }
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

fn is_bare_hex(token: &str) -> bool {
    let first = token.bytes().next().unwrap_or_default().to_ascii_lowercase();
    token.len() == 8
        && token.bytes().all(|b| b.is_ascii_hexdigit())
        && (matches!(first, b'8' | b'c' | b'd') || token.starts_with("0000"))
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
    fn sign_extended_numbers_lose_their_extension() {
        assert_eq!(value("0xFFFFFFFFC0000034"), Some(0xC000_0034));
        assert_eq!(value("0x000000000000007B"), Some(0x7B));
        assert_eq!(value("0xFFFFF80212345678"), None);
    }

    #[test]
    fn longer_and_other_tokens_are_no_numbers() {
        for token in ["0x1800704dd", "20230115a", "12345678901", "0x", "", "zz", "-5", "abcd1234"] {
            assert_eq!(value(token), None, "{token}");
        }
    }
}
