//! What the TOML reader says, in the words of articles.

use std::ops::Range;

use super::Fault;

/// How alike (0 to 1) a known name must be to be proposed.
const LIKENESS_MIN: f64 = 0.7;

/// Place and fault of a TOML error in `text`.
pub(super) fn toml_fault(error: &toml::de::Error, text: &str) -> (Range<usize>, Fault) {
    let span = error.span().unwrap_or(0..text.lines().next().unwrap_or_default().len());
    let message = error.message();
    let (found, expected) = match message.split_once(", expected ") {
        Some((found, expected)) => (found, Some(expected)),
        None => (message, None),
    };
    let found = found.replace("unknown field", "unknown key").replace("missing field", "missing key");
    let suggestion = match expected {
        Some(expected) => expected_hint(&found, expected),
        None if found.starts_with("missing key") => format!("add {}", quoted(&found).unwrap_or("it")),
        None if found == "duplicate key" => "keep one of the two".to_owned(),
        None => "correct the TOML there".to_owned(),
    };
    (span, Fault { message: found, suggestion })
}

fn expected_hint(found: &str, expected: &str) -> String {
    let choices = expected.trim_start_matches("one of ");
    let alike = quoted(found).and_then(|name| {
        let known = choices.split(", ").map(|choice| choice.trim_matches('`'));
        let scored = known.map(|choice| (strsim::jaro_winkler(name, choice), choice));
        scored.filter(|(score, _)| *score >= LIKENESS_MIN).max_by(|a, b| a.0.total_cmp(&b.0))
    });
    match alike {
        Some((_, choice)) => format!("did you mean `{choice}`? Possible: {choices}"),
        None if found.starts_with("unknown") => format!("write one of {choices}"),
        None => format!("write {expected}"),
    }
}

fn quoted(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kb::parse::fix_shape::FixShape;

    fn fault(text: &str) -> (String, Fault) {
        let error = toml::from_str::<FixShape>(text).err().unwrap();
        let (span, fault) = toml_fault(&error, text);
        (text[span].to_owned(), fault)
    }

    #[test]
    fn a_misspelt_key_gets_the_nearest_one() {
        let (place, fault) = fault("id = 'x'\ntitel = 'y'");
        assert_eq!((place.as_str(), fault.message.as_str()), ("titel", "unknown key `titel`"));
        assert!(fault.suggestion.starts_with("did you mean `title`?"), "{}", fault.suggestion);
        let (place, fault) = self::fault("id = 'x'\n[[step]]\nzzz = 1");
        assert_eq!(place, "zzz");
        assert!(fault.suggestion.starts_with("write one of `key`, `set`"), "{}", fault.suggestion);
    }

    #[test]
    fn wrong_types_and_missing_keys_are_said() {
        let (place, wrong) = fault("id = 3");
        assert_eq!((place.as_str(), wrong.suggestion.as_str()), ("3", "write a string"));
        let (_, missing) = fault("id = 'x'");
        assert_eq!(
            (missing.message.as_str(), missing.suggestion.as_str()),
            ("missing key `title`", "add title")
        );
        let (place, twice) = fault("id = 'x'\nid = 'y'");
        assert_eq!((place.as_str(), twice.message.as_str()), ("id", "duplicate key"));
        let (place, safety) = fault("id = 'x'\ntitle = 'y'\nsafety = 'sage'");
        assert_eq!(place, "'sage'");
        assert!(safety.suggestion.starts_with("did you mean `safe`?"), "{}", safety.suggestion);
    }
}
