//! Finding the built-in articles from what machines said: invented texts in
//! `tests/pastes`, the same changed as scanners, hurried people and forums
//! change them, and collected texts where the facts folder is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use pemedic::kb::KnowledgeBase;
use pemedic::kb::search::{Confidence, Context, Hit, Index};

/// A text with the articles that fit.
struct Pasted {
    text: String,
    /// Articles that fit, best first; none where nothing fits.
    expect: Vec<String>,
    /// What else is no mistake: the articles that the note calls acceptable.
    acceptable: Vec<String>,
}

/// The identifiers in those parts of a note that say "acceptable".
fn called_acceptable(note: &str) -> Vec<String> {
    let parts = note.split([',', ';', ':']).filter(|part| part.contains("acceptable"));
    parts.flat_map(str::split_whitespace).filter(|word| word.contains('-')).map(str::to_owned).collect()
}

fn read(jsonl: &str) -> Vec<Pasted> {
    let paste = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let expect = value["expect"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned());
        Pasted {
            text: value["text"].as_str().unwrap().to_owned(),
            expect: expect.collect(),
            acceptable: called_acceptable(value["note"].as_str().unwrap_or_default()),
        }
    };
    jsonl.lines().map(paste).collect()
}

fn invented() -> Vec<Pasted> {
    read(include_str!("../pastes/own.jsonl"))
}

fn collected() -> Option<Vec<Pasted>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pastes/pastes.jsonl");
    let text = fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("SKIPPED: ../shared/pastes/pastes.jsonl is not there");
    }
    text.map(|text| read(&text))
}

/// The built-in articles with those of the plugins: their ids, and the index.
static BASE: LazyLock<(BTreeSet<String>, Index)> = LazyLock::new(|| {
    let plugins = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins");
    let folders = fs::read_dir(plugins).unwrap().flatten().map(|entry| entry.path().join("articles"));
    let base = KnowledgeBase::load(&folders.filter(|folder| folder.is_dir()).collect::<Vec<_>>());
    let ids = base.articles().iter().map(|article| article.id.clone()).collect();
    (ids, Index::build(base.articles()))
});

fn search(text: &str) -> Vec<Hit> {
    BASE.1.search(text, &Context::default())
}

/// How many of some texts find an article that fits first, and among the first
/// three; and which of those that fit nothing are claimed above weak.
#[derive(Debug, Default)]
struct Tally {
    fitting: usize,
    first: usize,
    third: usize,
    missed: Vec<String>,
    claimed: Vec<String>,
}

impl Tally {
    fn of(pastes: &[Pasted], change: impl Fn(&str) -> String) -> Self {
        let mut tally = Self::default();
        for paste in pastes {
            let text = change(&paste.text);
            let hits = search(&text);
            let start: String = text.chars().take(60).collect();
            let shown = || format!("{start} -> {:?}", hits.first().map(|hit| (&hit.id, hit.confidence)));
            if paste.expect.iter().any(|id| BASE.0.contains(id)) {
                let place = hits.iter().position(|hit| paste.expect.contains(&hit.id));
                tally.fitting += 1;
                tally.first += usize::from(place == Some(0));
                tally.third += usize::from(place.is_some_and(|place| place < 3));
                tally.missed.extend((place != Some(0)).then(shown));
            } else {
                let sure = hits.iter().filter(|hit| hit.confidence > Confidence::Weak);
                let wrong = sure.filter(|hit| !paste.acceptable.contains(&hit.id)).count() > 0;
                tally.claimed.extend(wrong.then(shown));
            }
        }
        tally
    }

    /// Floors in percent, and how many may be claimed wrongly.
    fn check(&self, name: &str, first: usize, third: usize, claimed: usize) {
        let Self { fitting, first: found, third: among, .. } = self;
        eprintln!(
            "{name}: {found} first, {among} in first three of {fitting}; {} claimed",
            self.claimed.len()
        );
        assert!(found * 100 >= fitting * first, "{name}: {self:?}");
        assert!(among * 100 >= fitting * third, "{name}: {self:?}");
        assert!(self.claimed.len() <= claimed, "{name}: {self:?}");
    }
}

/// A letter left out of every sixth long word.
fn with_typos(text: &str) -> String {
    let mut long = 0;
    let word = |word: &str| {
        long += usize::from(word.len() >= 6 && word.bytes().all(|b| b.is_ascii_lowercase()));
        if long == 6 {
            long = 0;
            return format!("{}{}", &word[..3], &word[4..]);
        }
        word.to_owned()
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// What a scanner makes of codes: `O` for 0, `l` for 1.
fn scanned(text: &str) -> String {
    let word = |word: &str| match word.strip_prefix("0x") {
        Some(digits) => format!("0x{}", digits.replace('0', "O").replace('1', "l")),
        None => word.to_owned(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_written_form_of_a_code_finds_its_article() {
    for text in
        ["0x800704DD", "800704dd", "-2147023651", "2147943645", "1245", "ERROR_NOT_LOGGED_ON", "0x8OO7O4DD"]
    {
        let hits = search(text);
        assert!(
            hits.first().is_some_and(|hit| hit.id == "kb910341" || hit.id == "kb968001"),
            "{text}: {hits:?}"
        );
    }
}

#[test]
fn invented_texts_find_the_right_article() {
    Tally::of(&invented(), str::to_owned).check("as written", 95, 100, 0);
}

#[test]
fn misspelt_scanned_and_joined_texts_find_the_right_article() {
    let invented = invented();
    Tally::of(&invented, with_typos).check("typos", 95, 98, 0);
    Tally::of(&invented, scanned).check("scanned", 95, 98, 0);
    Tally::of(&invented, |text| text.replace('\n', " ")).check("lines joined", 95, 98, 0);
    Tally::of(&invented, str::to_uppercase).check("capitals", 93, 97, 1);
}

#[test]
fn texts_within_another_language_find_the_right_article() {
    let invented = invented();
    let german = |text: &str| format!("Hallo, seit gestern kommt diese Meldung:\n{text}\nWas kann ich tun?");
    let russian = |text: &str| format!("Здравствуйте, такая ошибка: {text} Что делать?");
    Tally::of(&invented, german).check("German around it", 95, 98, 0);
    Tally::of(&invented, russian).check("Russian around it", 95, 98, 0);
}

#[test]
fn texts_cut_short_find_their_article_or_claim_nothing() {
    let cut = |text: &str| text.chars().take((text.chars().count() * 2 / 3).max(40)).collect::<String>();
    Tally::of(&invented(), cut).check("cut short", 80, 90, 0);
}

#[test]
fn collected_texts_find_the_right_article() {
    let Some(collected) = collected() else { return };
    Tally::of(&collected, str::to_owned).check("collected", 95, 97, 0);
    Tally::of(&collected, with_typos).check("collected, typos", 92, 95, 0);
}
