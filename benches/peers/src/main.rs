//! The search beside its peers: who finds the right article for real texts, and
//! how fast a keystroke is, in one run.
//!
//! ripgrep and fzf are called where installed; tantivy and nucleo are linked.
//! Each peer gets the whole article files and, generously, every word of the
//! text as an alternative.

mod command_line_tools;
mod fuzzy;
#[allow(dead_code, reason = "shared with the search's own benchmark, which uses all of it")]
#[path = "../../search/generated.rs"]
mod generated;
mod full_text;
mod quality;
mod speed;

fn main() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    quality::compare(&root);
    speed::compare(10_000);
}

/// The words of a text, each once, in lower case.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2) {
        let word = word.to_lowercase();
        if !words.contains(&word) && words.len() < 200 {
            words.push(word);
        }
    }
    words
}
