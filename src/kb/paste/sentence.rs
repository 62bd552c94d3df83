//! The sentences of the Service Control Manager: they name a service and, where
//! the number is missing, stand for an event.

/// What follows `The NAME service`, and the event whose text it is.
const SENTENCES: &[(&str, Option<u32>)] = &[
    ("failed to start", Some(7000)),
    ("depends on", Some(7001)),
    ("was unable to log on", Some(7038)),
    ("hung on starting", Some(7022)),
    ("terminated with the following error", Some(7023)),
    ("terminated with the following service-specific error", Some(7024)),
    ("terminated with service-specific error", Some(7024)),
    ("terminated unexpectedly", Some(7034)),
    ("terminated", None),
    ("entered the", Some(7036)),
    ("on Local Computer", None),
    ("is not started", None),
    ("is starting", None),
    ("could not be started", None),
    ("cannot be started", None),
];

/// Longest name of a service that is looked for, in characters.
const NAME_CHARS_MAX: usize = 60;

/// Every `The NAME service …` with the event it stands for.
pub(super) fn find(text: &str) -> impl Iterator<Item = (&str, Option<u32>)> {
    text.match_indices(" service ").filter_map(move |(at, service)| {
        let rest = &text[at + service.len()..];
        let (_, event) = SENTENCES.iter().find(|(sentence, _)| rest.starts_with(sentence))?;
        let from = text[..at].char_indices().rev().take(NAME_CHARS_MAX).last().map_or(at, |(from, _)| from);
        let before = &text[from..at];
        let the = before.rfind("The ").or_else(|| before.rfind("the "))?;
        let name = before[the + 4..].trim();
        (!name.is_empty() && !name.contains('\n')).then_some((name, *event))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_name_the_service_and_stand_for_an_event() {
        let text = "The A B service depends on the C service which failed to start because of the following error:\n\
                    The Netlogon service hung on starting.\nThe service did not start";
        let found: Vec<_> = find(text).collect();
        assert_eq!(found, [("A B", Some(7001)), ("Netlogon", Some(7022))]);
    }
}
