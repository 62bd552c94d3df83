//! What the Windows this program runs on says about a code, in its own words
//! and language.

use serde::Serialize;

use crate::kb::code::{ErrorCode, Kind};

/// One text of the running Windows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SystemText {
    /// The code: `0x` and eight digits.
    pub value: String,
    /// As which kind of code the system was asked.
    pub kind: Kind,
    /// What it answered.
    pub text: String,
}

/// The texts for all readings of all codes; none where no Windows runs.
pub(super) fn system_texts(codes: &[ErrorCode]) -> Vec<SystemText> {
    let mut texts: Vec<SystemText> = Vec::new();
    for code in codes {
        for kind in code.readings.iter().map(|reading| reading.kind).chain([Kind::Hresult]) {
            let text = number(&code.value).and_then(|number| system_text(kind, number));
            if let Some(text) = text.filter(|text| texts.iter().all(|known| known.text != *text)) {
                texts.push(SystemText { value: code.value.clone(), kind, text });
            }
        }
    }
    texts
}

fn number(value: &str) -> Option<u32> {
    u32::from_str_radix(value.strip_prefix("0x")?, 16).ok()
}

/// Stop codes and events have no text in the system's message table.
#[cfg(windows)]
fn system_text(kind: Kind, number: u32) -> Option<String> {
    use crate::system_calls::message;
    match kind {
        Kind::Ntstatus => message::status_text(number),
        Kind::Stop | Kind::Event => None,
        _ => message::system_text(number),
    }
}

#[cfg(not(windows))]
fn system_text(_kind: Kind, _number: u32) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_code_is_read_back() {
        assert_eq!(number("0x800704DD"), Some(0x8007_04DD));
        assert_eq!(number("1245"), None);
    }

    #[test]
    fn a_system_answers_in_its_own_words_or_not_at_all() {
        let codes = crate::kb::code::explain("0x80070005");
        let texts = system_texts(&codes);
        if cfg!(windows) {
            assert!(
                texts.iter().any(|text| text.value == "0x80070005" && !text.text.is_empty()),
                "{texts:?}"
            );
        } else {
            assert_eq!(texts, []);
        }
    }
}
