//! Names of keys and values as stored: one byte for each character where all
//! are below U+0100, else UTF-16LE.

use std::cmp::Ordering;

use super::HiveError;
use super::field::u16_at;
use super::format::Format;
use super::upcase;

/// The longest key name in UTF-16 units (Microsoft, "Registry element size
/// limits").
const KEY_NAME_LIMIT: usize = 255;
/// The longest value name in UTF-16 units (same source).
const VALUE_NAME_LIMIT: usize = 16_383;

/// A name as it lies in its cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    bytes: &'a [u8],
    is_compressed: bool,
}

impl<'a> Name<'a> {
    pub(super) fn new(bytes: &'a [u8], is_compressed: bool) -> Self {
        Self { bytes, is_compressed }
    }

    pub(super) fn is_compressed(self) -> bool {
        self.is_compressed
    }

    /// Whether the bytes are whole characters.
    pub(super) fn is_whole(self) -> bool {
        self.is_compressed || self.bytes.len().is_multiple_of(2)
    }

    pub(super) fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The name's UTF-16 units.
    pub(super) fn units(self) -> impl Iterator<Item = u16> + use<'a> {
        let step = if self.is_compressed { 1 } else { 2 };
        self.bytes.chunks_exact(step).map(|unit| match unit {
            [latin] => u16::from(*latin),
            pair => u16_at(pair, 0),
        })
    }

    /// Bytes the name takes as UTF-16, which is what key nodes count.
    pub(super) fn utf16_size(self) -> usize {
        if self.is_compressed { self.bytes.len() * 2 } else { self.bytes.len() }
    }

    /// For people: lone surrogates become U+FFFD.
    pub(super) fn to_string_lossy(self) -> String {
        if self.is_compressed && self.bytes.is_ascii() {
            return String::from_utf8_lossy(self.bytes).into_owned();
        }
        char::decode_utf16(self.units()).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }

    /// The name, if text can express it.
    pub(super) fn to_text(self) -> Option<String> {
        char::decode_utf16(self.units()).collect::<Result<String, _>>().ok()
    }

    /// A copy that outlives its cell.
    pub(super) fn to_stored(self) -> StoredName {
        StoredName { bytes: self.bytes.to_vec(), is_compressed: self.is_compressed }
    }

    pub(super) fn compare(self, other: Name<'_>) -> Ordering {
        if self.is_compressed && other.is_compressed {
            return upcase::compare_latin(self.bytes, other.bytes);
        }
        upcase::compare(self.units(), other.units())
    }

    pub(super) fn is_same(self, other: Name<'_>) -> bool {
        self.utf16_size() == other.utf16_size() && self.compare(other).is_eq()
    }

    pub(super) fn hash(self) -> u32 {
        if self.is_compressed { upcase::hash_latin(self.bytes) } else { upcase::hash(self.units()) }
    }

    /// The first four characters, for a fast leaf; all zero where one of them
    /// does not fit a byte (regf specification, "Fast leaf").
    pub(super) fn hint(self) -> [u8; 4] {
        let mut hint = [0; 4];
        for (place, unit) in hint.iter_mut().zip(self.units()) {
            match u8::try_from(unit) {
                Ok(latin) => *place = latin,
                Err(_) => return [0; 4],
            }
        }
        hint
    }
}

/// A name ready to be stored.
#[derive(Clone, Debug)]
pub(super) struct StoredName {
    bytes: Vec<u8>,
    is_compressed: bool,
}

impl StoredName {
    /// A key's name.
    pub(super) fn of_key(name: &str, format: Format) -> Result<Self, HiveError> {
        if name.is_empty() {
            return Err(HiveError::Limit("a key name cannot be empty".to_owned()));
        }
        if name.contains('\\') {
            return Err(HiveError::Limit(format!("a key name cannot contain a backslash: {name:?}")));
        }
        Self::bounded(name, KEY_NAME_LIMIT, format)
    }

    /// A value's name; empty for the default value.
    pub(super) fn of_value(name: &str, format: Format) -> Result<Self, HiveError> {
        Self::bounded(name, VALUE_NAME_LIMIT, format)
    }

    fn bounded(name: &str, limit: usize, format: Format) -> Result<Self, HiveError> {
        let length = name.encode_utf16().count();
        if length > limit {
            let start: String = name.chars().take(32).collect();
            let why = format!("the name {start:?}... has {length} characters; the registry allows {limit}");
            return Err(HiveError::Limit(why));
        }
        let latin = name.chars().map(|letter| u8::try_from(letter).ok()).collect::<Option<Vec<u8>>>();
        Ok(match latin {
            Some(bytes) if format.compresses_names() => Self { bytes, is_compressed: true },
            _ => Self::wide(name),
        })
    }

    /// A name in UTF-16 though it may fit bytes.
    pub(super) fn wide(name: &str) -> Self {
        Self { bytes: name.encode_utf16().flat_map(u16::to_le_bytes).collect(), is_compressed: false }
    }

    pub(super) fn as_name(&self) -> Name<'_> {
        Name::new(&self.bytes, self.is_compressed)
    }

    pub(super) fn is_compressed(&self) -> bool {
        self.is_compressed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(name: &str) -> StoredName {
        StoredName::of_value(name, Format::new(1, 5).unwrap()).unwrap()
    }

    #[test]
    fn only_names_below_u0100_are_compressed() {
        for (name, bytes, compressed) in [("äb", vec![0xe4, 0x62], true), ("Ÿ", vec![0x78, 0x01], false)] {
            let name_bytes = stored(name);
            assert_eq!((name_bytes.bytes.clone(), name_bytes.is_compressed), (bytes, compressed));
            assert_eq!(name_bytes.as_name().to_text().as_deref(), Some(name));
        }
        let oldest = StoredName::of_key("a", Format::new(1, 1).unwrap()).unwrap();
        assert!(!oldest.is_compressed);
    }

    #[test]
    fn both_forms_of_a_name_are_the_same_name() {
        let wide = StoredName::wide("ÄPFEL");
        assert!(stored("äpfel").as_name().is_same(wide.as_name()));
        assert_eq!(stored("äpfel").as_name().hash(), wide.as_name().hash());
        assert_eq!(stored("äpfel").as_name().utf16_size(), 10);
    }

    #[test]
    fn hints_hold_four_bytes_or_nothing() {
        assert_eq!(stored("Select").as_name().hint(), *b"Sele");
        assert_eq!(stored("ab").as_name().hint(), [b'a', b'b', 0, 0]);
        assert_eq!(stored("abЖd").as_name().hint(), [0; 4]);
        assert_eq!(stored("abcdЖ").as_name().hint(), *b"abcd");
    }

    #[test]
    fn limits_are_those_of_windows() {
        let format = Format::new(1, 5).unwrap();
        assert!(StoredName::of_key(&"k".repeat(255), format).is_ok());
        for refused in ["", "a\\b", &"k".repeat(256)] {
            assert!(matches!(StoredName::of_key(refused, format), Err(HiveError::Limit(_))));
        }
        assert!(StoredName::of_value(&"v".repeat(16_384), format).is_err());
    }

    #[test]
    fn lone_surrogates_are_no_text() {
        let name = Name::new(&[0x00, 0xd8, 0x61, 0x00], false);
        assert_eq!(name.to_text(), None);
        assert_eq!(name.to_string_lossy(), "\u{fffd}a");
    }
}
