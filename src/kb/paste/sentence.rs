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

/// Most words of such a sentence behind the word service.
const WORDS_MAX: usize = 9;

/// Whether a text is what Windows prints of any service, or a part of that,
/// without a reason behind it.
pub fn is_service_sentence(text: &str) -> bool {
    text.match_indices(" service ").any(|(at, service)| {
        let rest = &text[at + service.len()..];
        let rest = rest.strip_prefix("which ").unwrap_or(rest);
        let says = SENTENCES.iter().any(|(sentence, event)| event.is_some() && rest.starts_with(sentence));
        says && rest.split_whitespace().count() <= WORDS_MAX
    })
}

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
    fn what_is_printed_of_any_service_is_told_from_a_reason() {
        assert!(is_service_sentence("Netlogon service terminated with the following error"));
        assert!(is_service_sentence("A service failed to start due to the following error:"));
        assert!(!is_service_sentence(
            "A service failed to start due to the following error: The system cannot find it"
        ));
        assert!(!is_service_sentence("service cannot be started, either because it is disabled"));
    }

    #[test]
    fn sentences_name_the_service_and_stand_for_an_event() {
        let text = "The A B service depends on the C service which failed to start because of the following error:\n\
                    The Netlogon service hung on starting.\nThe service did not start";
        let found: Vec<_> = find(text).collect();
        assert_eq!(found, [("A B", Some(7001)), ("Netlogon", Some(7022))]);
    }
}
