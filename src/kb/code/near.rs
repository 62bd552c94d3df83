//! Near misses: a code with one digit short or wrong is offered as a question.

use serde::Serialize;

use super::table::table;

/// A known code that differs in one digit from what was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// `0x` and eight digits.
    pub value: String,
    /// Its symbol.
    pub symbol: &'static str,
}

/// How many questions are asked at most.
const SUGGESTIONS_MAX: usize = 3;

/// Known codes that have one digit more or one other digit.
pub(super) fn suggestions(text: &str, value: u32) -> Vec<Suggestion> {
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    match hex.len() {
        7 => known((0..=7).rev().flat_map(|digit| with_digit(value, digit))),
        8 => known((0..8).flat_map(|digit| with_other_digit(value, digit))),
        _ => Vec::new(),
    }
}

/// Seven digits with an eighth put in before the lowest `place` of them.
fn with_digit(value: u32, place: u32) -> impl Iterator<Item = u32> {
    let low = value & (1_u32.unbounded_shl(place * 4).wrapping_sub(1));
    let high = (value ^ low) << 4;
    (0..16).map(move |digit: u32| high | digit.unbounded_shl(place * 4) | low)
}

/// The value with another digit at a place.
fn with_other_digit(value: u32, place: u32) -> impl Iterator<Item = u32> {
    let rest = value & !(0xF << (place * 4));
    (0..16).map(move |digit: u32| rest | digit << (place * 4)).filter(move |other| *other != value)
}

fn known(values: impl Iterator<Item = u32>) -> Vec<Suggestion> {
    let mut found: Vec<Suggestion> = Vec::new();
    for value in values.filter(|value| value >> 31 == 1) {
        let wrapped = if value >> 16 == 0x8007 { value & 0xFFFF } else { value };
        let Some(row) = table().rows_of(wrapped).first() else { continue };
        let value = format!("0x{value:08X}");
        if found.iter().all(|seen| seen.value != value) {
            found.push(Suggestion { value, symbol: row.symbol });
        }
    }
    found.truncate(SUGGESTIONS_MAX);
    found
}
