//! Finding the built-in articles from what machines said.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pemedic::kb::KnowledgeBase;
use pemedic::kb::search::{Confidence, Context, Hit, Index};

fn search(index: &Index, text: &str) -> Vec<Hit> {
    index.search(text, &Context::default())
}

/// A real error text.
struct Pasted {
    text: String,
    /// Articles that fit, best first.
    expect: Vec<String>,
    /// What else is no mistake: the articles that the note calls acceptable.
    acceptable: Vec<String>,
}

/// The identifiers in those parts of a note that say "acceptable".
fn called_acceptable(note: &str) -> Vec<String> {
    let parts = note.split([',', ';', ':']).filter(|part| part.contains("acceptable"));
    parts.flat_map(str::split_whitespace).filter(|word| word.contains('-')).map(str::to_owned).collect()
}

/// Real error texts, where the facts folder is.
fn pastes() -> Option<Vec<Pasted>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pastes/pastes.jsonl");
    let Ok(text) = fs::read_to_string(&path) else {
        eprintln!("SKIPPED: ../shared/pastes/pastes.jsonl is not there");
        return None;
    };
    let read = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let expect = value["expect"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned());
        Pasted {
            text: value["text"].as_str().unwrap().to_owned(),
            expect: expect.collect(),
            acceptable: called_acceptable(value["note"].as_str().unwrap_or_default()),
        }
    };
    Some(text.lines().map(read).collect())
}

#[test]
fn every_written_form_of_a_code_finds_its_article() {
    let base = KnowledgeBase::load(&[]);
    let index = Index::build(base.articles());
    for text in
        ["0x800704DD", "800704dd", "-2147023651", "2147943645", "1245", "ERROR_NOT_LOGGED_ON", "0x8OO7O4DD"]
    {
        let hits = search(&index, text);
        assert!(
            hits.first().is_some_and(|hit| hit.id == "kb910341" || hit.id == "kb968001"),
            "{text}: {hits:?}"
        );
    }
}

#[test]
fn real_texts_find_the_right_article_first() {
    let Some(pastes) = pastes() else { return };
    let base = KnowledgeBase::load(&[]);
    let index = Index::build(base.articles());
    let ids: BTreeSet<&str> = base.articles().iter().map(|article| article.id.as_str()).collect();
    let (mut all, mut first, mut missed) = (0, 0, Vec::new());
    for Pasted { text, expect, .. } in &pastes {
        let Some(best) = expect.iter().find(|id| ids.contains(id.as_str())) else { continue };
        let hits = search(&index, text);
        all += 1;
        if hits.first().is_some_and(|hit| hit.id == *best) {
            first += 1;
        } else {
            missed.push((text.chars().take(60).collect::<String>(), best.clone()));
        }
    }
    eprintln!("{first} of {all} texts find the right article first; not: {missed:?}");
    assert!(first * 100 >= all * 80, "{first} of {all}: {missed:?}");
}

#[test]
fn texts_that_fit_nothing_give_nothing_above_weak() {
    let Some(pastes) = pastes() else { return };
    let base = KnowledgeBase::load(&[]);
    let index = Index::build(base.articles());
    let wrong: Vec<String> = pastes
        .iter()
        .filter(|pasted| pasted.expect.is_empty())
        .filter(|pasted| {
            let mut sure =
                search(&index, &pasted.text).into_iter().filter(|hit| hit.confidence > Confidence::Weak);
            sure.any(|hit| !pasted.acceptable.contains(&hit.id))
        })
        .map(|pasted| pasted.text.clone())
        .collect();
    eprintln!("{} texts that fit nothing were claimed: {wrong:?}", wrong.len());
    assert!(wrong.is_empty(), "{wrong:?}");
}
