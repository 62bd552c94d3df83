//! Words beside a number that say what kind of number it is, in the languages
//! Windows speaks.

use std::sync::LazyLock;

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
    ("stop code", Cue::Stop),
    ("stopcode", Cue::Stop),
    ("stoppcode", Cue::Stop),
    ("code d'arrêt", Cue::Stop),
    ("código de detención", Cue::Stop),
    ("codice di arresto", Cue::Stop),
    ("код остановки", Cue::Stop),
    ("bugcheck code", Cue::Stop),
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

/// Where the telling words of a text stand, found in one pass over it.
pub(super) struct Cues<'a> {
    text: &'a str,
    /// In the order of their beginnings.
    words: Vec<Telling>,
}

/// A telling word in a text, in bytes.
#[derive(Clone, Copy)]
struct Telling {
    from: usize,
    to: usize,
    cue: Cue,
}

/// For each of the first three bytes of a word the stems, one bit each, that
/// may begin so: what no stem shares is passed by with three look-ups.
struct Beginnings([Vec<u128>; 3]);

static BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| {
    let mut beginnings = Beginnings([vec![0; 256], vec![0; 256], vec![0; 256]]);
    for ((stem, _), bit) in STEMS.iter().zip(0..u128::BITS) {
        for written in [stem.to_string(), stem.to_uppercase()] {
            for (place, stems) in beginnings.0.iter_mut().enumerate() {
                match written.as_bytes().get(place) {
                    Some(byte) => stems[usize::from(*byte)] |= 1 << bit,
                    None => stems.iter_mut().for_each(|stems| *stems |= 1 << bit),
                }
            }
        }
    }
    beginnings
});

impl Beginnings {
    fn at(&self, bytes: &[u8]) -> u128 {
        let Self([first, second, third]) = self;
        let stems = |list: &[u128], byte: Option<&u8>| byte.map_or(u128::MAX, |b| list[usize::from(*b)]);
        stems(first, bytes.first()) & stems(second, bytes.get(1)) & stems(third, bytes.get(2))
    }
}

/// The length in the text of a stem that stands at its start.
fn length_of(stem: &str, text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let same = stem
        .chars()
        .all(|c| chars.next().is_some_and(|other| other == c || other.to_lowercase().eq(std::iter::once(c))));
    same.then(|| text.len() - chars.as_str().len())
}

impl<'a> Cues<'a> {
    /// The telling words of a text.
    pub(super) fn of(text: &'a str) -> Self {
        let (bytes, beginnings) = (text.as_bytes(), &*BEGINNINGS);
        let mut words = Vec::new();
        for from in 0..bytes.len() {
            let mut stems = beginnings.at(&bytes[from..]);
            while stems != 0 {
                let stem = STEMS.get(stems.trailing_zeros() as usize);
                stems &= stems - 1;
                let Some((stem, cue)) = stem else { continue };
                let length = text.get(from..).and_then(|rest| length_of(stem, rest));
                words.extend(length.map(|length| Telling { from, to: from + length, cue: *cue }));
            }
        }
        Self { text, words }
    }

    /// What the words before a number say.
    pub(super) fn before(&self, at: usize) -> Cue {
        let window = at - window_before(&self.text[..at]).len();
        let end = self.words.partition_point(|word| word.from < at);
        let near = self.words[..end].iter().rev().take_while(|word| word.from >= window);
        let speaking = near.filter(|word| word.to <= at && self.speaks(word));
        match speaking.max_by_key(|word| word.to) {
            Some(word) if reaches(&self.text[word.to..at].to_lowercase()) => word.cue,
            _ => Cue::None,
        }
    }

    /// What the words before a number say, or else the one behind it.
    pub(super) fn beside(&self, at: usize, end: usize) -> Cue {
        let before = self.before(at);
        if before != Cue::None {
            return before;
        }
        let after = window_after(&self.text[end..]);
        let word = end + after.len() - after.trim_start_matches([' ', '-']).len();
        let first = self.words.partition_point(|known| known.from < word);
        let here = self.words[first..].iter().take_while(|known| known.from == word);
        here.filter(|known| known.cue != Cue::Event && self.speaks(known))
            .map(|known| known.cue)
            .next()
            .unwrap_or(Cue::None)
    }

    /// `event` and `stop` must be the words themselves: `EventSystem` is a
    /// source, and what is `STOPPED` is a service.
    fn speaks(&self, word: &Telling) -> bool {
        let written = &self.text[word.from..word.to];
        let Some((_, endings)) = WHOLE_WORDS.iter().find(|(stem, _)| written.eq_ignore_ascii_case(stem))
        else {
            return true;
        };
        let rest = &self.text[word.to..];
        let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        endings.iter().any(|ending| rest[..letters].eq_ignore_ascii_case(ending))
    }
}

/// Stems that are words, with what may be glued to them.
const WHOLE_WORDS: &[(&str, &[&str])] = &[
    ("event", &["", "s", "o", "os", "id", "ids", "code", "number"]),
    ("stop", &["", "code", "codes", "error", "fehler", "screen", "kod", "c"]),
];

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
        let text = format!("{before}1{after}");
        let found = Cues::of(&text).beside(before.len(), before.len() + 1);
        assert_eq!(found, expected, "{before:?} … {after:?}");
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

    #[test]
    fn capitals_of_any_alphabet_say_the_same() {
        check("ОШИБКА ", "", Cue::Error);
        check("Событие ", "", Cue::Event);
        check("FEHLER ", "", Cue::Error);
        check("EventSystem ", "", Cue::None);
        check("STATE : ", "  STOPPED", Cue::None);
        check("it stopped ", " times", Cue::None);
        for before in ["Stopcode ", "Stop code: ", "Stoppcode: ", "Код остановки: ", "Code d'arrêt : "]
        {
            check(before, "", Cue::Stop);
        }
    }

    #[test]
    fn every_stem_has_its_bit() {
        assert!(STEMS.len() <= u128::BITS as usize);
        assert!(STEMS.iter().all(|(stem, _)| *stem == stem.to_lowercase()));
    }
}
