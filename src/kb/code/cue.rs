//! Words beside a number that say what kind of number it is, in the languages
//! Windows speaks.

/// What the words beside a number say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// Nothing.
    None,
    /// It is an error.
    Error,
    /// It is a stop code.
    Stop,
    /// It is the id of an event.
    Event,
}

/// How far before a number a word may stand, in bytes.
const REACH_BEFORE: usize = 48;
/// How far behind a number.
const REACH_AFTER: usize = 16;

/// Stems, matched anywhere in a lower-case word.
const STEMS: &[(&str, Cue)] = &[
    ("stop", Cue::Stop),
    ("bugcheck", Cue::Stop),
    ("bug check", Cue::Stop),
    ("bsod", Cue::Stop),
    ("blue screen", Cue::Stop),
    ("bluescreen", Cue::Stop),
    ("event", Cue::Event),
    ("ereignis", Cue::Event),
    ("ev\u{e9}nement", Cue::Event),
    ("\u{e9}v\u{e9}nement", Cue::Event),
    ("évènement", Cue::Event),
    ("событи", Cue::Event),
    ("події", Cue::Event),
    ("събити", Cue::Event),
    ("zdarze", Cue::Event),
    ("událost", Cue::Event),
    ("udalost", Cue::Event),
    ("gebeurtenis", Cue::Event),
    ("händelse", Cue::Event),
    ("hændelse", Cue::Event),
    ("hendelse", Cue::Event),
    ("tapahtuma", Cue::Event),
    ("olay", Cue::Event),
    ("esemény", Cue::Event),
    ("evenimentul", Cue::Event),
    ("συμβάν", Cue::Event),
    ("イベント", Cue::Event),
    ("事件", Cue::Event),
    ("이벤트", Cue::Event),
    ("instanceid", Cue::Event),
    ("error", Cue::Error),
    ("fail", Cue::Error),
    ("hresult", Cue::Error),
    ("exit", Cue::Error),
    ("return", Cue::Error),
    ("status", Cue::Error),
    ("result", Cue::Error),
    ("code", Cue::Error),
    ("fehler", Cue::Error),
    ("erreur", Cue::Error),
    ("erro", Cue::Error),
    ("ошибк", Cue::Error),
    ("помилк", Cue::Error),
    ("грешк", Cue::Error),
    ("сбой", Cue::Error),
    ("błąd", Cue::Error),
    ("błęd", Cue::Error),
    ("chyb", Cue::Error),
    ("hiba", Cue::Error),
    ("hata", Cue::Error),
    ("fout", Cue::Error),
    ("virhe", Cue::Error),
    ("fejl", Cue::Error),
    ("feil", Cue::Error),
    ("felkod", Cue::Error),
    ("greška", Cue::Error),
    ("napaka", Cue::Error),
    ("eroare", Cue::Error),
    ("σφάλμα", Cue::Error),
    ("lỗi", Cue::Error),
    ("ข้อผิดพลาด", Cue::Error),
    ("خطأ", Cue::Error),
    ("שגיאה", Cue::Error),
    ("错误", Cue::Error),
    ("錯誤", Cue::Error),
    ("失败", Cue::Error),
    ("失敗", Cue::Error),
    ("エラー", Cue::Error),
    ("오류", Cue::Error),
    ("실패", Cue::Error),
    ("%%", Cue::Error),
    ("[sc]", Cue::Error),
];

/// Words that may stand between the telling word and the number.
const FILLERS: &[&str] = &[
    "code",
    "no",
    "nr",
    "num",
    "number",
    "is",
    "was",
    "with",
    "of",
    "a",
    "id",
    "the",
    "value",
    "at",
    "in",
    "dec",
    "windows",
    "win32",
    "service",
    "qualifiers",
    "status",
    "specific",
    "following",
    "kod",
    "n",
];

/// The cue for a number from the text before and behind it.
pub(super) fn of(before: &str, after: &str) -> Cue {
    let line = window_before(before).to_lowercase();
    let nearest = STEMS.iter().filter_map(|(stem, cue)| Some((line.rfind(stem)? + stem.len(), *cue)));
    let nearest =
        nearest.filter(|(end, cue)| *cue != Cue::Event || names_events(&line[..*end], &line[*end..]));
    let nearest = nearest.max_by_key(|(end, _)| *end);
    if let Some((end, cue)) = nearest
        && reaches(&line[end..])
    {
        return cue;
    }
    let after = window_after(after).to_lowercase();
    let word = after.trim_start_matches([' ', '-']);
    let named = STEMS.iter().find(|(stem, cue)| *cue != Cue::Event && word.starts_with(stem));
    named.map_or(Cue::None, |(_, cue)| *cue)
}

/// `event` must be the word itself: `EventSystem` is a source.
fn names_events(word: &str, rest: &str) -> bool {
    let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    !word.ends_with("event")
        || matches!(&rest[..letters], "" | "s" | "o" | "os" | "id" | "ids" | "code" | "number")
}

/// Whether what stands between the telling word and the number lets the word
/// speak for the number.
fn reaches(gap: &str) -> bool {
    let ends_open = gap.trim_end().ends_with([':', '(', '=', '#', '>', '\'', '"']);
    let gap = gap.trim_start_matches(|c: char| c.is_alphanumeric());
    if gap.contains(['.', ';', '!', '?']) && !ends_open {
        return false;
    }
    let words = gap.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let strangers = words.filter(|word| !FILLERS.contains(word)).count();
    strangers == 0 || ends_open && strangers <= 3
}

/// The end of the text before, back to the start of its line; of the line
/// before where there is nothing else.
fn window_before(before: &str) -> &str {
    let mut from = before.len().saturating_sub(REACH_BEFORE);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let window = &before[from..];
    let ink = window.trim_end().len();
    let line = window[..ink].rfind('\n').map_or(0, |at| at + 1);
    &window[line..]
}

fn window_after(after: &str) -> &str {
    let mut to = after.len().min(REACH_AFTER);
    while !after.is_char_boundary(to) {
        to -= 1;
    }
    after[..to].lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: Cue) {
        assert_eq!(of(before, after), expected, "{before:?} … {after:?}");
    }

    #[test]
    fn words_for_error_speak_for_the_number_behind_them() {
        for before in [
            "Error ",
            "an error code of ",
            "StartService error (code ",
            "[SC] OpenService 失败 ",
            "гуглите ошибку ",
            "Systemfehler ",
            "    %%",
            "Winerror ",
            "WIN32_EXIT_CODE    : ",
            "[SC] StartService FAILED ",
            "error:\n",
        ] {
            check(before, "", Cue::Error);
        }
    }

    #[test]
    fn words_further_away_do_not() {
        check("Error: it waited for more than ", " seconds", Cue::None);
        check("It failed. There were ", " files", Cue::None);
        check("the year ", "", Cue::None);
    }

    #[test]
    fn the_nearest_word_decides() {
        check("Error\nEvent ID: ", "", Cue::Event);
        check("Код события: ", "", Cue::Event);
        check("STOP: ", "", Cue::Stop);
        check("the ", " error", Cue::Error);
    }
}
