//! Search results and codes as text.

use crate::session::{Confidence, ErrorCode, Hit, Kind, SearchReport, Stop, Understanding};

/// What was understood, then the articles, best first.
pub(crate) fn search(report: &SearchReport) -> Vec<String> {
    let mut lines = understood(&report.understood);
    for hit in &report.results {
        lines.extend(result(hit));
    }
    if report.results.is_empty() {
        lines.push("No article fits.".to_owned());
    }
    lines
}

/// One article with what speaks for it.
pub(crate) fn result(hit: &Hit) -> Vec<String> {
    vec![
        format!("{} [{}] {}", hit.id, confidence(hit.confidence), hit.title),
        format!("  {}", hit.why.join("; ")),
    ]
}

fn understood(understanding: &Understanding) -> Vec<String> {
    let mut parts: Vec<String> =
        understanding.formats.iter().map(|format| format.name().to_owned()).collect();
    parts.extend(understanding.codes.iter().map(|pasted| &pasted.code).map(
        |code| match code.readings.first() {
            Some(reading) => format!("{} = {}", code.text, reading.symbol.unwrap_or(&code.value)),
            None => code.text.clone(),
        },
    ));
    parts.extend(understanding.events.iter().map(|event| match &event.source {
        Some(source) => format!("event {} of {source}", event.id),
        None => format!("event {}", event.id),
    }));
    parts.extend(understanding.services.iter().map(|service| format!("service {service}")));
    parts.extend(understanding.drivers.iter().map(|driver| format!("driver {driver}")));
    parts.extend(understanding.keys.iter().cloned());
    parts.extend(understanding.releases.iter().map(ToString::to_string));
    let mut lines = Vec::new();
    if !parts.is_empty() {
        lines.push(format!("understood: {}", parts.join(", ")));
    }
    for pasted in &understanding.codes {
        lines.extend(suggestions(&pasted.code));
    }
    lines
}

fn suggestions(code: &ErrorCode) -> Option<String> {
    if code.did_you_mean.is_empty() {
        return None;
    }
    let likely: Vec<String> =
        code.did_you_mean.iter().map(|near| format!("{} {}", near.value, near.symbol)).collect();
    Some(format!("{}: did you mean {}?", code.text, likely.join(", or ")))
}

/// A stop code with its parameters.
pub(crate) fn stop(stop: &Stop) -> String {
    let numbered = (1..).zip(&stop.parameters).map(|(at, value)| format!("{at}: {value}"));
    format!("{} has the parameters {}", stop.code, numbered.collect::<Vec<_>>().join(", "))
}

/// A code with every reading.
pub(crate) fn code(code: &ErrorCode) -> Vec<String> {
    let mut lines = vec![format!("{} = {}", code.text, code.value)];
    for reading in &code.readings {
        let symbol = reading.symbol.map(|symbol| format!(" {symbol}")).unwrap_or_default();
        lines.push(format!("  {} {}{symbol}", family(reading.kind), reading.number));
        lines.push(format!("    {}", reading.meaning));
        lines.extend(reading.cause.map(|cause| format!("    usual cause: {cause}")));
        lines.extend(reading.origin.as_ref().map(|origin| format!("    from: {origin}")));
        if !reading.also.is_empty() {
            lines.push(format!("    also: {}", reading.also.join(", ")));
        }
    }
    if code.readings.is_empty() {
        lines.push("  not a code in the table".to_owned());
        lines.extend(suggestions(code).map(|line| format!("  {line}")));
    }
    lines
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "certain",
        Confidence::Likely => "likely",
        Confidence::Weak => "weak",
    }
}

fn family(kind: Kind) -> &'static str {
    match kind {
        Kind::Stop => "stop code",
        Kind::WindowsUpdate => "Windows Update",
        Kind::Servicing => "servicing",
        Kind::Bits => "BITS",
        Kind::Setup => "Windows Setup",
        Kind::Win32 => "Win32 error",
        Kind::Ntstatus => "NTSTATUS",
        Kind::Hresult => "HRESULT",
        Kind::Event => "event",
    }
}
