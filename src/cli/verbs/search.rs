//! `pemedic search [TEXT…|-]` and `pemedic explain CODE`

use std::io::Read as _;

use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::text;
use crate::session::{ErrorCode, Hit, Stop, SystemText};

/// Bytes of a paste that are read; what is longer is cut, and said.
const PASTE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Ranks articles. Exit code 3 where none fits.
///
/// # Errors
/// [`Failure`].
pub(crate) fn run(context: &mut Context<'_, '_>, words: &[String]) -> Result<i32, Failure> {
    let from_input = words.is_empty() || words == ["-"];
    let text = if from_input { read_input(context)? } else { words.join(" ") };
    let report = context.session.search(&text, None);
    context.show(&report, || text::search::search(&report))?;
    Ok(if report.results.is_empty() { 3 } else { 0 })
}

fn read_input(context: &mut Context<'_, '_>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    (&mut *context.console.input).take(PASTE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    let most = usize::try_from(PASTE_BYTES_MAX).unwrap_or(usize::MAX);
    if bytes.len() > most {
        bytes.truncate(most);
        context.console.note(format!("only the first {} MiB were read", PASTE_BYTES_MAX >> 20))?;
    }
    Ok(decode(&bytes))
}

/// UTF-16 where a byte order mark says so (PowerShell writes it), else UTF-8.
fn decode(bytes: &[u8]) -> String {
    let units = |from: fn([u8; 2]) -> u16| -> Vec<u16> {
        bytes[2..].chunks_exact(2).map(|pair| from([pair[0], pair[1]])).collect()
    };
    match bytes {
        [0xFF, 0xFE, ..] => String::from_utf16_lossy(&units(u16::from_le_bytes)),
        [0xFE, 0xFF, ..] => String::from_utf16_lossy(&units(u16::from_be_bytes)),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The `explain` document: the readings, and the articles about them.
#[derive(Serialize)]
struct ExplainDocument<'a> {
    version: u32,
    codes: &'a [ErrorCode],
    #[serde(skip_serializing_if = "Option::is_none")]
    stop: Option<&'a Stop>,
    results: &'a [Hit],
    #[serde(skip_serializing_if = "<[SystemText]>::is_empty")]
    system: &'a [SystemText],
}

/// Prints every reading of a code. Exit code 3 where there is none.
///
/// # Errors
/// [`Failure`].
pub(crate) fn explain(context: &mut Context<'_, '_>, code: &str) -> Result<i32, Failure> {
    let report = context.session.explain(code);
    let results = context.session.search(code, None).results;
    let document = ExplainDocument {
        version: report.version,
        codes: &report.codes,
        stop: report.stop.as_ref(),
        results: &results,
        system: &report.system,
    };
    context.show(&document, || {
        let mut lines: Vec<String> = report.codes.iter().flat_map(text::search::code).collect();
        if lines.is_empty() {
            lines.push(format!("{code} is not an error code in any form"));
        }
        lines.extend(report.stop.as_ref().map(text::search::stop));
        let said = |text: &SystemText| format!("This Windows says of {}: {}", text.value, text.text);
        lines.extend(report.system.iter().map(said));
        lines.extend(results.iter().flat_map(text::search::result));
        lines
    })?;
    Ok(if report.codes.iter().any(|code| !code.readings.is_empty()) { 0 } else { 3 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pastes_in_utf_16_are_understood() {
        assert_eq!(decode(b"\xff\xfe1\x000\x008\x003\x00"), "1083");
        assert_eq!(decode(b"\xfe\xff\x001\x000"), "10");
        assert_eq!(decode("ключ".as_bytes()), "ключ");
    }
}
