//! Events of the event log in a text.

use super::PastedEvent;

/// Events in the classic form: `Event Source: …`, `Event ID: 7000`.
pub(super) fn find(text: &str) -> Vec<PastedEvent> {
    let mut events: Vec<PastedEvent> = Vec::new();
    let mut source = None;
    for line in text.lines() {
        let lower = line.trim().to_lowercase();
        let after =
            |name: &str| lower.strip_prefix(name).map(|rest| rest.trim_start_matches([':', ' ']).to_owned());
        if let Some(name) = after("event source").or_else(|| after("source:")) {
            source = Some(line.trim()[lower.len() - name.len()..].to_owned());
        } else if let Some(id) = after("event id").or_else(|| after("event ")) {
            let digits: String = id.chars().take_while(char::is_ascii_digit).collect();
            if let Ok(id) = digits.parse() {
                let event = PastedEvent { source: source.clone(), id };
                if !events.contains(&event) {
                    events.push(event);
                }
            }
        }
    }
    events
}
