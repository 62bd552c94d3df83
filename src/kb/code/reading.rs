//! What a code may be: one number has several readings.

use serde::Serialize;

use super::cue::Cue;
use super::event;
use super::facility;
use super::key::CodeKey;
use super::near::{self, Suggestion};
use super::number::Written;
use super::scan::{self, Found};
use super::table::{Row, table};

/// A family of codes, in the order in which a number is likeliest meant.
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
    /// Its symbol, if it has a public one.
    pub symbol: Option<&'static str>,
    /// The source of an event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'static str>,
    /// What it means, in one plain sentence.
    pub meaning: String,
    /// What usually causes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<&'static str>,
    /// Which part of Windows it comes from and how grave it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The same trouble in other families (`0x800704DD`, `ERROR_FILE_NOT_FOUND (2)`).
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
    /// Known codes one digit away, where nothing explains this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub did_you_mean: Vec<Suggestion>,
    /// Normal forms, one for each reading that has one.
    #[serde(skip)]
    pub keys: Vec<CodeKey>,
}

/// Every reading of every code in a text that is about codes: here a bare
/// `1245`, `7000` or `7B` is a code as well.
pub fn explain(text: &str) -> Vec<ErrorCode> {
    let mut codes: Vec<ErrorCode> = Vec::new();
    for code in scan::find(text, true).iter().map(ErrorCode::of) {
        if codes.iter().all(|seen| seen.value != code.value || seen.text != code.text) {
            codes.push(code);
        }
    }
    codes
}

/// The normal forms of every code in a text that is about codes.
pub fn keys(text: &str) -> Vec<CodeKey> {
    scan::find(text, true).iter().flat_map(|found| keys_of(found, &rows_of(found))).collect()
}

impl ErrorCode {
    /// A code found in a text, with its readings.
    pub fn of(found: &Found<'_>) -> Self {
        let number = found.number;
        let rows = rows_of(found);
        let mut readings: Vec<Reading> = rows.iter().map(Reading::of).collect();
        if number.value >> 31 == 1 {
            // A wrapped Win32 error is explained as it was written.
            let wrapped = readings.iter_mut().filter(|reading| reading.kind == Kind::Win32);
            wrapped.for_each(|reading| reading.origin = facility::origin(Kind::Hresult, number.value));
        }
        let decimal = matches!(number.written, Written::Decimal);
        if decimal && found.kind.is_none() && found.cue != Cue::Error {
            readings.extend(event::readings(number.value));
        }
        if readings.is_empty() && !is_short(found) {
            readings.extend(Reading::of_unknown(number.value));
        }
        let listed = readings.iter().any(|reading| reading.symbol.is_some() || reading.kind == Kind::Event);
        let did_you_mean = if listed { Vec::new() } else { near::suggestions(found.text, number.value) };
        let keys = keys_of(found, &rows);
        Self {
            text: found.text.to_owned(),
            value: format!("0x{:08X}", number.value),
            readings,
            did_you_mean,
            keys,
        }
    }
}

/// The stop code whose symbol has these words: `inaccessible boot device`.
pub fn of_stop_name(text: &str, symbol: &str) -> Option<ErrorCode> {
    let row = table().symbol(symbol).filter(|row| row.kind == Kind::Stop)?;
    let number = super::number::Number { value: row.value, written: Written::Hex };
    Some(ErrorCode::of(&Found { text, at: 0, number, kind: Some(Kind::Stop), cue: Cue::Stop }))
}

/// The symbols of all stop codes.
pub fn stop_names() -> impl Iterator<Item = &'static str> {
    table().rows().filter(|row| row.kind == Kind::Stop).map(|row| row.symbol)
}

/// Fewer digits than a status has, so that it can only be a question.
fn is_short(found: &Found<'_>) -> bool {
    found.number.value >= 0x1_0000 && found.number.value < 0x1000_0000 && found.text.len() == 9
}

/// The rows of the table that may be meant, one of each family.
fn rows_of(found: &Found<'_>) -> Vec<Row> {
    let value = found.number.value;
    let hex = matches!(found.number.written, Written::Hex | Written::BareHex);
    let allowed = |row: &&Row| match found.kind {
        Some(kind) => row.kind == kind,
        None => row.kind != Kind::Stop || hex || found.cue == Cue::Stop,
    };
    let mut rows: Vec<Row> = table().rows_of(value).iter().filter(allowed).copied().collect();
    match CodeKey::of_status(value) {
        CodeKey::Win32(error) if value >> 31 == 1 => {
            rows.extend(table().rows_of(error).iter().filter(|row| row.kind == Kind::Win32));
        }
        CodeKey::Status(status) if status != value => rows.extend(table().rows_of(status)),
        _ => {}
    }
    if hex
        && let CodeKey::Stop(stop) = CodeKey::of_stop(value)
        && stop != value
    {
        rows.extend(table().rows_of(stop).iter().filter(|row| row.kind == Kind::Stop));
    }
    if found.cue == Cue::Stop && rows.iter().any(|row| row.kind == Kind::Stop) {
        rows.retain(|row| row.kind != Kind::Win32);
    }
    rows.sort_by_key(|row| (row.kind, table().meaning(row).is_none()));
    rows.dedup_by_key(|row| row.kind);
    rows
}

fn keys_of(found: &Found<'_>, rows: &[Row]) -> Vec<CodeKey> {
    let mut keys: Vec<CodeKey> = rows.iter().map(Row::key).collect();
    if found.number.value >> 31 == 1 {
        keys.push(CodeKey::of_status(found.number.value));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

impl Row {
    /// The normal form.
    pub(super) fn key(&self) -> CodeKey {
        match self.kind {
            Kind::Win32 => CodeKey::Win32(self.value),
            Kind::Stop => CodeKey::of_stop(self.value),
            _ => CodeKey::of_status(self.value),
        }
    }

    /// The number as its family writes it.
    pub(super) fn number(&self) -> String {
        match self.kind {
            Kind::Win32 | Kind::Event => self.value.to_string(),
            Kind::Stop => format!("0x{:X}", self.value),
            _ => format!("0x{:08X}", self.value),
        }
    }
}

impl Reading {
    fn of(row: &Row) -> Self {
        let known = table().meaning(row);
        let symbol = Some(row.symbol).filter(|symbol| !symbol.is_empty());
        Self {
            kind: row.kind,
            number: row.number(),
            symbol,
            source: None,
            meaning: known.map_or_else(|| facility::words_of(row.symbol), |known| known.meaning.to_owned()),
            cause: known.and_then(|known| known.cause),
            origin: facility::origin(row.kind, row.value),
            also: table().twins(row),
        }
    }

    /// What the number alone says of a status that no table has.
    fn of_unknown(value: u32) -> Option<Self> {
        let origin = facility::origin(Kind::Hresult, value).filter(|_| value >> 31 == 1)?;
        let kind = match value >> 16 {
            0x8024 => Kind::WindowsUpdate,
            0x800F => Kind::Servicing,
            0x8020 | 0x8019 => Kind::Bits,
            0xC190 | 0xC180 => Kind::Setup,
            0xC000..=0xCFFF => Kind::Ntstatus,
            _ => Kind::Hresult,
        };
        let meaning = "Not in the table; only its parts can be read.".to_owned();
        let number = format!("0x{value:08X}");
        Some(Self {
            kind,
            number,
            symbol: None,
            source: None,
            meaning,
            cause: None,
            origin: Some(origin),
            also: vec![],
        })
    }
}

#[cfg(test)]
mod tests;
