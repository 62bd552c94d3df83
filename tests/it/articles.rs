//! The articles of the knowledge base: they are clean, their examples are
//! ordinary `.reg` text, and no damage to them makes the reader panic.

use std::fs;
use std::path::Path;

use pemedic::hive::reg_text;
use pemedic::kb::article::Article;
use pemedic::kb::fix::Example;
use pemedic::kb::{KnowledgeBase, diagnostics, markdown};
use pemedic::plugin::Plugins;
use proptest::prelude::*;
use proptest::test_runner::Config;

#[test]
fn every_article_lints_clean() {
    // They lead to articles that plugins bring, too.
    let base = KnowledgeBase::load_with(Plugins::load(&[]).articles(), &[]);
    let shown: Vec<String> =
        base.problems().iter().map(|problem| diagnostics::render(problem, base.source_of(problem))).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    assert!(base.articles().len() >= 5);
}

#[test]
fn the_founding_documents_are_there_under_their_names() {
    let base = KnowledgeBase::load(&[]);
    for name in ["kb910341", "kb968001", "kb277770", "kb884872", "machineguid", "netsvcs-2000"] {
        assert!(base.article(name).is_some(), "{name}");
    }
    assert_eq!(base.article("MachineGuid").unwrap().id, "kb884872");
}

fn examples(article: &Article) -> impl Iterator<Item = &Example> {
    article.fixes.iter().flat_map(|fix| &fix.examples)
}

#[test]
fn registry_examples_are_reg_text() {
    let mut wrong = Vec::new();
    for article in KnowledgeBase::load(&[]).articles() {
        for example in examples(article) {
            for text in [&example.registry_before, &example.registry_after].into_iter().flatten() {
                match reg_text::parse_text(text, false) {
                    Ok(parsed) if parsed.repairs.is_empty() && !parsed.entries.is_empty() => {}
                    Ok(parsed) => {
                        wrong.push(format!("{}:{}: {:?}", article.id, example.line, parsed.repairs));
                    }
                    Err(error) => wrong.push(format!("{}:{}: {error}", article.id, example.line)),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn file_examples_are_absolute_paths() {
    for article in KnowledgeBase::load(&[]).articles() {
        for example in examples(article) {
            for text in [&example.files_before, &example.files_after].into_iter().flatten() {
                assert!(text.lines().all(|line| line.starts_with(r"C:\")), "{}:{}", article.id, example.line);
            }
        }
    }
}

fn sources() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kb");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// Replaces the characters from `start` on by `with`.
fn damaged(text: &str, start: usize, length: usize, with: &str) -> String {
    let start = start % (text.len() + 1);
    let before: String = text.chars().take(start).collect();
    let after: String = text.chars().skip(start + length).collect();
    format!("{before}{with}{after}")
}

proptest! {
    #![proptest_config(Config { cases: 64, ..Config::default() })]

    #[test]
    fn no_damage_to_an_article_makes_the_reader_panic(
        which in any::<prop::sample::Index>(),
        places in prop::collection::vec((any::<u16>(), 0_usize..40, ".{0,12}"), 1..6),
    ) {
        let all = sources();
        let mut text = which.get(&all).clone();
        for (start, length, with) in &places {
            text = damaged(&text, usize::from(*start), *length, with);
        }
        let base = KnowledgeBase::from_texts(&[("a.md", &text)]);
        for problem in base.problems() {
            prop_assert!(!diagnostics::render(problem, base.source_of(problem)).is_empty());
            prop_assert!(text.is_char_boundary(problem.span.start) && text.is_char_boundary(problem.span.end));
        }
        let blocks = markdown::blocks(&text);
        for section in markdown::sections(&blocks) {
            prop_assert!(section.blocks.end <= blocks.len());
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "(\\+\\+\\+\n)?([a-z=\"'\\[\\]{}#>`|\\-\n\u{e9}]|```toml fix\n){0,200}") {
        let base = KnowledgeBase::from_texts(&[("a.md", &text)]);
        prop_assert!(base.problems().iter().all(|p| !diagnostics::render(p, base.source_of(p)).is_empty()));
        markdown::blocks(&text);
    }
}

/// Fenced blocks of the articles' manual with this info string.
fn manual_blocks(info: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/articles.md")).unwrap();
    let blocks = markdown::blocks(&text).into_iter();
    let found = blocks.filter_map(|block| match block {
        markdown::Block::Code { info: found, text, .. } if found == info => Some(text),
        _ => None,
    });
    found.collect()
}

#[test]
fn the_article_in_the_manual_is_clean() {
    let [article] = &manual_blocks("markdown")[..] else { panic!("one article is shown") };
    let base = KnowledgeBase::from_texts(&[("spooler-disabled.md", article)]);
    assert_eq!(base.problems(), []);
    assert_eq!(base.articles()[0].fixes[0].examples.len(), 1);
}

#[test]
fn every_step_in_the_manual_is_read() {
    let steps = manual_blocks("toml");
    assert!(steps.len() >= 14);
    for step in steps {
        let safety = if step.contains("manual =") { "manual" } else { "safe" };
        let used = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("kb/kb910341.md")).unwrap();
        let front = "+++\nid = \"a\"\ntitle = \"t\"\nproducts = []\napplies-to = [\"windows xp\"]\n+++\n";
        let text =
            format!("{front}```toml fix\nid = \"f\"\ntitle = \"t\"\nsafety = \"{safety}\"\n{step}```\n");
        let base = KnowledgeBase::from_texts(&[("a.md", &text), ("kb910341.md", &used)]);
        assert!(base.problems().iter().all(|problem| !problem.fatal), "{step}{:?}", base.problems());
        assert_eq!(base.article("a").unwrap().fixes.len(), 1, "{step}");
    }
}
