//! Registry values: a type number and bytes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The type number of a value. Windows does not restrict it to the named ones
/// (device properties use `0xFFFF0000 | type`), so neither does this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueType(pub u32);

/// The named types (regf specification, "Key value", data types).
impl ValueType {
    /// No defined type.
    pub const NONE: Self = Self(0);
    /// A string.
    pub const SZ: Self = Self(1);
    /// A string with `%variables%`.
    pub const EXPAND_SZ: Self = Self(2);
    /// Bytes.
    pub const BINARY: Self = Self(3);
    /// A 32-bit number, little-endian.
    pub const DWORD: Self = Self(4);
    /// A 32-bit number, big-endian.
    pub const DWORD_BIG_ENDIAN: Self = Self(5);
    /// The target of a symbolic link key.
    pub const LINK: Self = Self(6);
    /// A list of strings, each ended by a NUL, the list by another.
    pub const MULTI_SZ: Self = Self(7);
    /// A driver's resource list.
    pub const RESOURCE_LIST: Self = Self(8);
    /// A hardware description.
    pub const FULL_RESOURCE_DESCRIPTOR: Self = Self(9);
    /// A driver's resource requirements.
    pub const RESOURCE_REQUIREMENTS_LIST: Self = Self(10);
    /// A 64-bit number, little-endian.
    pub const QWORD: Self = Self(11);

    const NAMES: [&'static str; 12] = [
        "REG_NONE",
        "REG_SZ",
        "REG_EXPAND_SZ",
        "REG_BINARY",
        "REG_DWORD",
        "REG_DWORD_BIG_ENDIAN",
        "REG_LINK",
        "REG_MULTI_SZ",
        "REG_RESOURCE_LIST",
        "REG_FULL_RESOURCE_DESCRIPTOR",
        "REG_RESOURCE_REQUIREMENTS_LIST",
        "REG_QWORD",
    ];

    /// Reads what [`fmt::Display`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        if let Some(index) = Self::NAMES.iter().position(|known| *known == name) {
            return u32::try_from(index).ok().map(Self);
        }
        u32::from_str_radix(name.strip_prefix("REG_0x")?, 16).ok().map(Self)
    }
}

/// `REG_DWORD`, or `REG_0xffff0011` for a number without a name.
impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match usize::try_from(self.0).ok().and_then(|index| Self::NAMES.get(index)) {
            Some(name) => f.write_str(name),
            None => write!(f, "REG_{:#x}", self.0),
        }
    }
}

/// A value's type and raw data.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Value {
    /// The type number.
    pub kind: ValueType,
    /// The data as stored: strings are UTF-16LE, normally with their final NUL.
    pub data: Vec<u8>,
}

/// A value with its name; the empty name is the key's default value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedValue {
    /// The name; empty for the default value.
    pub name: String,
    /// Type and data.
    pub value: Value,
}

impl Value {
    /// A `REG_DWORD`.
    pub fn dword(number: u32) -> Self {
        Self { kind: ValueType::DWORD, data: number.to_le_bytes().to_vec() }
    }

    /// A `REG_QWORD`.
    pub fn qword(number: u64) -> Self {
        Self { kind: ValueType::QWORD, data: number.to_le_bytes().to_vec() }
    }

    /// A `REG_SZ`, NUL-terminated.
    pub fn string(text: &str) -> Self {
        Self { kind: ValueType::SZ, data: utf16_with_nul(text) }
    }

    /// A `REG_EXPAND_SZ`, NUL-terminated.
    pub fn expand_string(text: &str) -> Self {
        Self { kind: ValueType::EXPAND_SZ, data: utf16_with_nul(text) }
    }

    /// A `REG_MULTI_SZ`: each string NUL-terminated, then one more NUL.
    pub fn multi_string<S: AsRef<str>>(strings: &[S]) -> Self {
        let mut data: Vec<u8> = strings.iter().flat_map(|text| utf16_with_nul(text.as_ref())).collect();
        data.extend([0, 0]);
        Self { kind: ValueType::MULTI_SZ, data }
    }

    /// A `REG_BINARY`.
    pub fn binary(data: Vec<u8>) -> Self {
        Self { kind: ValueType::BINARY, data }
    }

    /// The number of a `REG_DWORD` (either byte order) of exactly four bytes.
    pub fn as_dword(&self) -> Option<u32> {
        let bytes = <[u8; 4]>::try_from(self.data.as_slice()).ok()?;
        match self.kind {
            ValueType::DWORD => Some(u32::from_le_bytes(bytes)),
            ValueType::DWORD_BIG_ENDIAN => Some(u32::from_be_bytes(bytes)),
            _ => None,
        }
    }

    /// The number of a `REG_QWORD` of exactly eight bytes.
    pub fn as_qword(&self) -> Option<u64> {
        let bytes = <[u8; 8]>::try_from(self.data.as_slice()).ok()?;
        (self.kind == ValueType::QWORD).then(|| u64::from_le_bytes(bytes))
    }

    /// The text of a `REG_SZ`, `REG_EXPAND_SZ` or `REG_LINK`, up to the first
    /// NUL; broken surrogates become U+FFFD.
    pub fn as_string(&self) -> Option<String> {
        match self.kind {
            ValueType::SZ | ValueType::EXPAND_SZ | ValueType::LINK => {
                let units = self.utf16_units();
                let end = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
                Some(String::from_utf16_lossy(&units[..end]))
            }
            _ => None,
        }
    }

    /// The strings of a `REG_MULTI_SZ`. Empty strings inside the list are kept
    /// (`PendingFileRenameOperations` has them); those that end it are not.
    pub fn as_multi_string(&self) -> Option<Vec<String>> {
        if self.kind != ValueType::MULTI_SZ {
            return None;
        }
        let units = self.utf16_units();
        let end = units.iter().rposition(|unit| *unit != 0).map_or(0, |last| last + 1);
        if end == 0 {
            return Some(Vec::new());
        }
        Some(units[..end].split(|unit| *unit == 0).map(String::from_utf16_lossy).collect())
    }

    fn utf16_units(&self) -> Vec<u16> {
        self.data.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
    }
}

fn utf16_with_nul(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

/// The readable form of a value in JSON and TOML: `data` where the friendly
/// form says everything, `raw` (hexadecimal bytes) where it would lose some
/// (a missing final NUL, an odd length, an unnamed type).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadableValue {
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<ReadableData>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum ReadableData {
    Number(u64),
    Text(String),
    List(Vec<String>),
}

impl Value {
    fn to_readable(&self) -> ReadableValue {
        let data = match self.kind {
            ValueType::DWORD => self.as_dword().map(|number| ReadableData::Number(number.into())),
            // TOML integers are signed: larger ones go the raw way.
            ValueType::QWORD => {
                self.as_qword().filter(|number| i64::try_from(*number).is_ok()).map(ReadableData::Number)
            }
            ValueType::SZ | ValueType::EXPAND_SZ => self.as_string().map(ReadableData::Text),
            ValueType::MULTI_SZ => self.as_multi_string().map(ReadableData::List),
            ValueType::BINARY => Some(ReadableData::Text(hex(&self.data))),
            _ => None,
        };
        let lossless = data.filter(|data| Self::from_data(self.kind, data).as_ref() == Some(self));
        let raw = lossless.is_none().then(|| hex(&self.data));
        ReadableValue { kind: self.kind.to_string(), data: lossless, raw }
    }

    fn from_data(kind: ValueType, data: &ReadableData) -> Option<Self> {
        match (kind, data) {
            (ValueType::DWORD, ReadableData::Number(number)) => u32::try_from(*number).ok().map(Self::dword),
            (ValueType::QWORD, ReadableData::Number(number)) => Some(Self::qword(*number)),
            (ValueType::SZ, ReadableData::Text(text)) => Some(Self::string(text)),
            (ValueType::EXPAND_SZ, ReadableData::Text(text)) => Some(Self::expand_string(text)),
            (ValueType::MULTI_SZ, ReadableData::List(strings)) => Some(Self::multi_string(strings)),
            (ValueType::BINARY, ReadableData::Text(text)) => unhex(text).map(Self::binary),
            _ => None,
        }
    }
}

impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_readable().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let readable = ReadableValue::deserialize(deserializer)?;
        let kind = ValueType::parse(&readable.kind)
            .ok_or_else(|| D::Error::custom(format!("unknown registry type {:?}", readable.kind)))?;
        let value = match (&readable.data, &readable.raw) {
            (Some(data), None) => Self::from_data(kind, data),
            (None, Some(raw)) => unhex(raw).map(|data| Self { kind, data }),
            _ => None,
        };
        value.ok_or_else(|| D::Error::custom(format!("a {kind} value whose data does not fit its type")))
    }
}

/// What a person reads in a preview: `REG_DWORD 600`, `REG_SZ "x"`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind)?;
        match self.to_readable().data {
            Some(ReadableData::Number(number)) => write!(f, "{number}"),
            Some(ReadableData::Text(text)) if self.kind == ValueType::BINARY => f.write_str(&text),
            Some(ReadableData::Text(text)) => write!(f, "\"{text}\""),
            Some(ReadableData::List(strings)) => f.write_str(&strings.join(" ")),
            None => write!(f, "raw {}", hex(&self.data)),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn hex(data: &[u8]) -> String {
    let pairs: Vec<String> = data.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    text.split_whitespace()
        .map(|pair| if pair.len() == 2 { u8::from_str_radix(pair, 16).ok() } else { None })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multi_strings_keep_inner_empty_strings() {
        let value = Value::multi_string(&["a", "", "b"]);
        assert_eq!(value.as_multi_string().unwrap(), ["a", "", "b"]);
        assert!(Value::multi_string::<&str>(&[]).as_multi_string().unwrap().is_empty());
    }

    #[test]
    fn every_value_survives_its_readable_form() {
        let odd = [
            Value::dword(600),
            Value::qword(u64::MAX),
            Value::string("WlNotify.dll"),
            Value { kind: ValueType::SZ, data: vec![b'a', 0] },
            Value { kind: ValueType::SZ, data: vec![b'a'] },
            Value { kind: ValueType::MULTI_SZ, data: vec![] },
            Value::multi_string(&["a", "", "b"]),
            Value { kind: ValueType(0xffff_0011), data: vec![1] },
            Value::binary(vec![]),
        ];
        for value in odd {
            let json = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value, "{json}");
        }
    }

    #[test]
    fn readable_form_is_the_documented_one() {
        let json = serde_json::to_string(&Value::dword(600)).unwrap();
        assert_eq!(json, r#"{"type":"REG_DWORD","data":600}"#);
        let raw = serde_json::to_string(&Value { kind: ValueType(0xffff_0011), data: vec![1, 2] }).unwrap();
        assert_eq!(raw, r#"{"type":"REG_0xffff0011","raw":"01 02"}"#);
    }
}
