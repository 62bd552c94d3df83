//! Words in the form in which they are compared: lower case, without plural and
//! verb endings, contractions made one with their long forms.

/// Longest word that is kept, in bytes; the rest of a longer one is dropped.
const WORD_BYTES_MAX: usize = 64;

/// Length of a GUID, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
pub(super) const GUID_BYTES: usize = 36;

/// Words that tell nothing, unfolded: the upper parts of registry paths, the
/// functions that tools name beside any error, and the small words of English.
pub(super) const STOP_WORDS: &[&str] = &[
    "startservice",
    "openservice",
    "controlservice",
    "createservice",
    "deleteservice",
    "changeserviceconfig",
    "queryserviceconfig",
    "queryservicestatus",
    "enumqueryservicesstatus",
    "openscmanager",
    "startservicectrldispatcher",
    "regopenkey",
    "regopenkeyex",
    "createfile",
    "createprocess",
    "loadlibrary",
    "hkey",
    "hklm",
    "hkcu",
    "hkcr",
    "currentcontrolset",
    "currentversion",
    "controlset001",
    "controlset002",
    "controlset003",
    "a",
    "about",
    "after",
    "all",
    "also",
    "am",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "been",
    "but",
    "by",
    "can",
    "could",
    "did",
    "do",
    "does",
    "for",
    "from",
    "get",
    "gets",
    "got",
    "had",
    "has",
    "have",
    "help",
    "here",
    "hi",
    "how",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "just",
    "me",
    "my",
    "now",
    "of",
    "on",
    "or",
    "our",
    "please",
    "so",
    "some",
    "such",
    "than",
    "thanks",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "to",
    "too",
    "up",
    "us",
    "very",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "will",
    "with",
    "would",
    "you",
    "your",
];

/// Calls `each` with every word of a text, in order, and with the place behind
/// it. A word of ASCII is as written; any other is in lower case. What is
/// compared is [`folded`] from it.
pub(super) fn each_written(text: &str, mut each: impl FnMut(&str, usize)) {
    let bytes = text.as_bytes();
    let mut word = String::with_capacity(WORD_BYTES_MAX);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if is_letter(*byte) {
            let guid = word.is_empty() && byte.is_ascii_hexdigit() && is_guid(&bytes[at..]);
            let run = bytes[at..].iter().position(|b| !is_letter(*b)).unwrap_or(bytes.len() - at);
            let end = at + if guid { GUID_BYTES } else { run };
            if word.is_empty() && (guid || ends_word(&bytes[end..])) {
                give(&text[at..end.min(at + WORD_BYTES_MAX)], end, &mut each);
            } else {
                push(&mut word, &text[at..end]);
            }
            at = end;
        } else if byte.is_ascii() {
            if word.is_empty() || ends_word(&bytes[at..]) {
                give(&word, at, &mut each);
                word.clear();
            }
            at += 1;
        } else {
            let c = text[at..].chars().next().unwrap_or(' ');
            if c.is_alphanumeric() {
                let lower = c.to_lowercase();
                lower.for_each(|lower| push(&mut word, lower.encode_utf8(&mut [0; 4])));
            } else if c != '\u{2019}' {
                give(&word, at, &mut each);
                word.clear();
            }
            at += c.len_utf8();
        }
    }
    give(&word, at, &mut each);
}

fn is_letter(byte: u8) -> bool {
    const LETTERS: [bool; 256] = {
        let (mut letters, mut byte) = ([false; 256], 0_u8);
        while byte < 0x80 {
            letters[byte as usize] = byte.is_ascii_alphanumeric();
            byte += 1;
        }
        letters
    };
    LETTERS[usize::from(byte)]
}

/// Whether a word ends here: not at the apostrophe of `can't`, nor before a
/// letter outside ASCII.
fn ends_word(rest: &[u8]) -> bool {
    match rest {
        [] => true,
        [b'\'', next, ..] => !next.is_ascii_alphabetic(),
        [next, ..] => next.is_ascii(),
    }
}

/// The form of a written word in which it is compared.
pub(super) fn folded(written: &str) -> String {
    let mut word = written.to_lowercase();
    if !is_guid(written.as_bytes()) {
        stem(&mut word);
    }
    word
}

/// Adds letters in lower case, as far as there is room.
fn push(word: &mut String, letters: &str) {
    let (from, room) = (word.len(), WORD_BYTES_MAX - word.len());
    if letters.len() <= room {
        word.push_str(letters);
    } else if letters.is_ascii() {
        word.push_str(&letters[..room]);
    }
    if let Some(added) = word.get_mut(from..) {
        added.make_ascii_lowercase();
    }
}

fn give(word: &str, end: usize, each: &mut impl FnMut(&str, usize)) {
    if word.len() > 1 && !is_prefixed_hex(word) {
        each(word, end);
    }
}

/// Codes with `0x` are found as codes, in any written form, not as words.
fn is_prefixed_hex(word: &str) -> bool {
    word.strip_prefix("0x")
        .or_else(|| word.strip_prefix("0X"))
        .is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

pub(super) fn is_guid(bytes: &[u8]) -> bool {
    bytes.get(8) == Some(&b'-')
        && bytes.len() >= GUID_BYTES
        && bytes[..GUID_BYTES].iter().zip(0..).all(|(b, at)| match at {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
        && !bytes.get(GUID_BYTES).is_some_and(u8::is_ascii_alphanumeric)
}

/// Drops the endings of English plurals and verbs, roughly and alike for
/// articles and queries.
fn stem(word: &mut String) {
    if is_negation(word) {
        word.clear();
        word.push_str("not");
        return;
    }
    if word.bytes().any(|b| b.is_ascii_digit()) {
        return;
    }
    let cut = |word: &mut String, ending: &str, least: usize| {
        let fits = word.len() >= ending.len() + least && word.ends_with(ending);
        if fits {
            word.truncate(word.len() - ending.len());
        }
        fits
    };
    if cut(word, "ies", 3) {
        word.push('y');
    } else if word.len() > 3
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is")
    {
        word.truncate(word.len() - 1);
    }
    let verb = cut(word, "ing", 3) || !word.ends_with("eed") && cut(word, "ed", 3);
    if verb && doubled(word) {
        word.truncate(word.len() - 1);
    }
    let _ = cut(word, "e", 4);
}

/// Words that say that something is not so; they are one word here.
fn is_negation(word: &str) -> bool {
    match word {
        "no" | "not" | "cannot" | "unable" | "never" => true,
        _ => {
            word.ends_with("nt")
                && matches!(
                    word,
                    "cant" | "wont" | "dont" | "isnt" | "doesnt" | "didnt" | "wasnt" | "couldnt" | "wouldnt"
                )
        }
    }
}

/// `stopp`, `runn`: a consonant doubled by its ending.
fn doubled(word: &str) -> bool {
    matches!(word.as_bytes(), [.., a, b] if a == b && !matches!(a, b'l' | b's' | b'e' | b'o'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        each_written(text, |word, _| words.push(folded(word)));
        words
    }

    #[test]
    fn forms_of_a_word_are_one() {
        let check = |a: &str, b: &str| assert_eq!(words(a), words(b), "{a} / {b}");
        check("services failed starting", "Service fail start");
        check("User profile cannot be loaded", "user profiles can't be loaded");
        check("can't, won't", "not not");
        check("updates updating", "update updated");
        check("stopped entries", "stop entry");
    }

    #[test]
    fn names_and_guids_stay_whole() {
        assert_eq!(words("{4D36E96F-E325-11CE-BFC1-08002BE10318}"), ["4d36e96f-e325-11ce-bfc1-08002be10318"]);
        assert_eq!(
            words("csagent.sys c2319c42033a5ca7_9790"),
            ["csagent", "sys", "c2319c42033a5ca7", "9790"]
        );
        assert_eq!(words("служба Windows"), ["служба", "window"]);
    }

    #[test]
    fn long_and_empty_texts_are_harmless() {
        assert_eq!(words(""), [""; 0]);
        assert_eq!(words(&"x".repeat(1000))[0].len(), WORD_BYTES_MAX);
    }
}
