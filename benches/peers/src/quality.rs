//! Which article each peer puts first for real texts.

use std::fs;
use std::path::Path;

use pemedic::kb::KnowledgeBase;
use pemedic::kb::search::{Context, Index};

use crate::command_line_tools::{fzf, ripgrep};
use crate::full_text::FullText;
use crate::fuzzy::Fuzzy;

/// A text with the articles that fit.
struct Pasted {
    text: String,
    expect: Vec<String>,
}

/// An article file: its id and all of its text.
pub(crate) struct File {
    pub(crate) id: String,
    pub(crate) text: String,
}

fn pastes(path: &Path) -> Vec<Pasted> {
    let Ok(text) = fs::read_to_string(path) else {
        eprintln!("SKIPPED: {} is not there", path.display());
        return Vec::new();
    };
    let read = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        let expect = value["expect"].as_array()?.iter().filter_map(|id| Some(id.as_str()?.to_owned()));
        Some(Pasted { text: value["text"].as_str()?.to_owned(), expect: expect.collect() })
    };
    text.lines().filter_map(read).collect()
}

fn files(folder: &Path) -> Vec<File> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let articles = entries.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let read = |path: std::path::PathBuf| {
        let id = path.file_stem()?.to_str()?.to_owned();
        Some(File { id, text: fs::read_to_string(&path).ok()? })
    };
    articles.filter_map(read).collect()
}

type Ranking<'a> = Box<dyn Fn(&str) -> Vec<String> + 'a>;

/// Prints first-place and in-first-three rates of everyone.
pub(crate) fn compare(root: &Path) {
    let files = files(&root.join("kb"));
    let base = KnowledgeBase::load(&[]);
    let index = Index::build(base.articles());
    let full_text = FullText::new(files.iter().map(|file| file.text.as_str()));
    let fuzzy = Fuzzy::new(files.iter().map(|file| file.text.as_str()).collect());
    let id = |at: usize| files.get(at).map(|file| file.id.clone());
    let ids = |places: Vec<usize>| places.into_iter().filter_map(id).collect::<Vec<_>>();
    let pemedic = |text: &str| {
        let hits = index.search(text, &Context::default());
        hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>()
    };
    let peers: [(&str, Ranking<'_>); 5] = [
        ("pemedic", Box::new(pemedic)),
        ("tantivy", Box::new(|text| ids(full_text.search(text)))),
        ("nucleo", Box::new(|text| ids(fuzzy.search(text)))),
        ("fzf", Box::new(|text| fzf(&files, text))),
        ("ripgrep", Box::new(|text| ripgrep(&files, &root.join("kb"), text))),
    ];
    for (name, path) in [("invented", "tests/pastes/own.jsonl"), ("collected", "../shared/pastes/pastes.jsonl")] {
        let pastes = pastes(&root.join(path));
        let fits = |id: &String| files.iter().any(|file| file.id == *id);
        let pastes: Vec<Pasted> = pastes.into_iter().filter(|paste| paste.expect.iter().any(fits)).collect();
        if pastes.is_empty() {
            continue;
        }
        println!("\n{} {name} texts, {} articles\n\n| | first | in first three |\n|---|---|---|", pastes.len(), files.len());
        for (peer, rank) in &peers {
            let places: Vec<Option<usize>> = pastes
                .iter()
                .map(|paste| rank(&paste.text).iter().position(|id| paste.expect.contains(id)))
                .collect();
            let below = |bound: usize| places.iter().filter(|place| place.is_some_and(|at| at < bound)).count();
            let percent = |count: usize| count * 100 / pastes.len();
            println!("| {peer} | {} % | {} % |", percent(below(1)), percent(below(3)));
        }
    }
}
