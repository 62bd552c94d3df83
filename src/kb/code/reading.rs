//! What a code may be: one number has several readings.

use serde::Serialize;

use super::facility;
use super::key::CodeKey;
use super::near::{self, Suggestion};
use super::number::{Number, Written};
use super::scan::{self, Found};
use super::table::{Row, table};

/// A family of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A stop code of a blue screen.
    Stop,
    /// A Windows Update result.
    WindowsUpdate,
    /// A result of the servicing stack (CBS, DISM).
    Servicing,
    /// A result of the Background Intelligent Transfer Service.
    Bits,
    /// A result of Windows Setup.
    Setup,
    /// A Win32 error.
    Win32,
    /// An NTSTATUS value.
    Ntstatus,
    /// Any other HRESULT.
    Hresult,
    /// An event of the event log.
    Event,
}

/// One reading of a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The family it belongs to.
    pub kind: Kind,
    /// Its number as that family writes it (`1245`, `0x80240020`).
    pub number: String,
    /// Its symbol.
    pub symbol: Option<&'static str>,
    /// What it means, in one plain sentence.
    pub meaning: String,
    /// What usually causes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<&'static str>,
    /// Which part of Windows it comes from and how grave it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The same trouble in other families (`0x800704DD`, `0xC0000034 …`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

/// A code as it was written, with every reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorCode {
    /// As written.
    pub text: String,
    /// `0x` and eight digits.
    pub value: String,
    /// Every reading, the likeliest first.
    pub readings: Vec<Reading>,
    /// Known codes one digit away, where there is no reading.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub did_you_mean: Vec<Suggestion>,
    /// Normal forms, one for each reading that has one.
    #[serde(skip)]
    pub keys: Vec<CodeKey>,
}

/// Every reading of every code in a text that is about codes: here a bare
/// `1245` or `7B` is a code as well.
pub fn explain(text: &str) -> Vec<ErrorCode> {
    let found = scan::find(text);
    if !found.is_empty() {
        return found.iter().map(of_found).collect();
    }
    text.split(|c: char| c.is_whitespace() || ",;()[]{}\"'".contains(c))
        .filter_map(|token| asked(token.trim_end_matches(['.', ':', '!', '?'])))
        .collect()
}

/// A token of which the technician says that it is a code.
fn asked(token: &str) -> Option<ErrorCode> {
    let number = Number::parse(token);
    let short = || -> Option<Number> {
        let hex = (1..=8).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_hexdigit());
        let value = hex.then(|| u32::from_str_radix(token, 16).ok()).flatten()?;
        Some(Number { value, written: Written::Hex })
    };
    number.or_else(short).map(|number| of_number(token, number))
}

fn of_found(found: &Found<'_>) -> ErrorCode {
    of_number(found.text, found.number)
}

/// A number with all its readings.
pub(super) fn of_number(text: &str, number: Number) -> ErrorCode {
    let (readings, keys) = readings(number);
    let did_you_mean = if readings.is_empty() { near::suggestions(text, number.value) } else { Vec::new() };
    ErrorCode {
        text: text.to_owned(),
        value: format!("0x{:08X}", number.value),
        readings,
        did_you_mean,
        keys,
    }
}

/// Every reading of a number and the normal forms they have.
pub fn readings(number: Number) -> (Vec<Reading>, Vec<CodeKey>) {
    let mut rows: Vec<Row> = table().rows_of(number.value).to_vec();
    let hex = matches!(number.written, Written::Hex | Written::BareHex);
    rows.retain(|row| row.kind != Kind::Stop || hex);
    let keys_of = |row: &Row| match row.kind {
        Kind::Win32 => CodeKey::Win32(row.value),
        Kind::Stop => CodeKey::of_stop(row.value),
        _ => CodeKey::of_status(row.value),
    };
    let wrapped = CodeKey::of_status(number.value);
    if let CodeKey::Win32(error) = wrapped {
        rows.extend(table().rows_of(error).iter().filter(|row| row.kind == Kind::Win32));
    } else if wrapped != CodeKey::Status(number.value)
        && let CodeKey::Status(status) = wrapped
    {
        rows.extend(table().rows_of(status));
    }
    rows.sort_by_key(|row| row.kind);
    rows.dedup_by_key(|row| row.kind);
    let mut keys: Vec<CodeKey> = rows.iter().map(keys_of).collect();
    if number.value >> 31 == 1 {
        keys.push(wrapped);
    } else if number.value < 0x1_0000 && !hex {
        keys.push(CodeKey::Win32(number.value));
    }
    keys.sort_unstable();
    keys.dedup();
    (rows.iter().map(reading).collect(), keys)
}

fn reading(row: &Row) -> Reading {
    let known = table().meaning(row.symbol);
    let number = match row.kind {
        Kind::Win32 | Kind::Event => row.value.to_string(),
        Kind::Stop => format!("0x{:X}", row.value),
        _ => format!("0x{:08X}", row.value),
    };
    let also = match row.kind {
        Kind::Win32 if row.value > 0 => vec![format!("0x{:08X}", 0x8007_0000 | row.value)],
        _ => Vec::new(),
    };
    Reading {
        kind: row.kind,
        number,
        symbol: Some(row.symbol),
        meaning: known.map_or_else(|| facility::words_of(row.symbol), |known| known.meaning.to_owned()),
        cause: known.and_then(|known| known.cause),
        origin: facility::origin(row.kind, row.value),
        also,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<CodeKey> {
        explain(text).into_iter().flat_map(|code| code.keys).collect()
    }

    #[test]
    fn every_written_form_has_the_same_normal_form() {
        for text in [
            "0x800704DD",
            "800704dd",
            "-2147023651",
            "2147943645",
            "1245",
            "%%1245",
            "ERROR_NOT_LOGGED_ON",
            "4DD",
        ] {
            assert!(keys(text).contains(&CodeKey::Win32(1245)), "{text}: {:?}", keys(text));
        }
        assert_eq!(keys("HRESULT_FROM_WIN32(1245)"), [CodeKey::Win32(1245)]);
    }

    #[test]
    fn a_short_hexadecimal_number_is_a_stop_code_and_a_win32_error() {
        let codes = explain("0x7B");
        let kinds: Vec<Kind> = codes[0].readings.iter().map(|reading| reading.kind).collect();
        assert_eq!(kinds, [Kind::Stop, Kind::Win32]);
        assert_eq!(codes[0].readings[0].symbol, Some("INACCESSIBLE_BOOT_DEVICE"));
    }

    #[test]
    fn a_near_miss_is_a_question() {
        let codes = explain("0x80074DD");
        assert!(codes[0].readings.is_empty() && codes[0].keys.is_empty());
        assert!(codes[0].did_you_mean.iter().any(|s| s.value == "0x800704DD"), "{codes:?}");
    }

    #[test]
    fn a_code_inside_a_longer_number_is_no_code() {
        assert_eq!(keys("0x1800704dd"), []);
    }
}
