//! Loading a base: what one bad piece costs, who wins, what is found.

use super::*;

const HEADINGS: &str = "\n## Symptoms\n\nx\n\n## Cause\n\nx\n\n## Resolution\n\nx\n\n";

fn article(id: &str, fixes: &str) -> String {
    format!(
        "+++\nid = \"{id}\"\ntitle = \"About {id}\"\naliases = [\"also-{id}\"]\nproducts = [\"Windows XP\"]\n\
         applies-to = [\"windows xp\"]\ncodes = [\"1083\"]\n\
         references = [{{ title = \"A book\" }}]\n+++\n{HEADINGS}{fixes}"
    )
}

fn fix(id: &str, more: &str) -> String {
    format!(
        "```toml fix\nid = \"{id}\"\ntitle = \"Fix {id}\"\nsafety = \"safe\"\n{more}\n```\n\n\
         ```reg before\n[HKLM\\SOFTWARE\\x]\n```\n\n```reg after\n[HKLM\\SOFTWARE\\x]\n\"a\"=dword:1\n```\n\n"
    )
}

const SET: &str = "[[step]]\nkey = 'HKLM\\SOFTWARE\\x'\nset = { a = 1 }";

fn base(articles: &[(&str, String)]) -> KnowledgeBase {
    let texts: Vec<(&str, &str)> = articles.iter().map(|(name, text)| (*name, text.as_str())).collect();
    KnowledgeBase::from_texts(&texts)
}

#[test]
fn a_bad_article_costs_only_itself() {
    let base = base(&[
        ("a.md", article("a", &fix("f", SET))),
        ("bad.md", "no front matter".to_owned()),
        ("c.md", article("c", "")),
    ]);
    let ids: Vec<&str> = base.articles().iter().map(|article| article.id.as_str()).collect();
    assert_eq!(ids, ["a", "c"]);
    let [problem] = base.problems() else { unreachable!("{:?}", base.problems()) };
    assert_eq!((problem.file.as_str(), problem.line, problem.column), ("bad.md", 1, 1));
    assert!(problem.fatal);
    assert_eq!(base.source_of(problem), "no front matter");
}

#[test]
fn a_bad_fix_costs_only_itself() {
    let base = base(&[("a.md", article("a", &[fix("f", SET), fix("g", "[[step]]\nkex = 1")].concat()))]);
    assert_eq!(base.articles()[0].fixes.len(), 1);
    let [problem] = base.problems() else { unreachable!("{:?}", base.problems()) };
    assert_eq!(problem.message, "unknown key `kex`");
    let source = base.source_of(problem);
    assert_eq!(&source[problem.span.clone()], "kex");
    assert_eq!(source.lines().nth(problem.line - 1).unwrap(), "kex = 1");
}

#[test]
fn names_and_aliases_are_found_without_case() {
    let base = base(&[("a.md", article("a", &fix("f", SET)))]);
    assert!(base.article("A").is_some() && base.article("ALSO-a").is_some() && base.article("b").is_none());
    let id = |article: &str, fix: &str| FixId { article: article.to_owned(), fix: fix.to_owned() };
    assert!(base.fix(&id("also-a", "F")).is_some());
    assert!(base.fix(&id("a", "g")).is_none());
}

#[test]
fn later_packs_win_with_a_note() {
    let base = base(&[("a.md", article("a", "")), ("other/a.md", article("a", &fix("f", SET)))]);
    assert_eq!(base.articles().len(), 1);
    assert_eq!(base.articles()[0].fixes.len(), 1);
    assert_eq!(base.notes(), ["a of given replaces that of given"]);
}

#[test]
fn the_largest_articles_are_read_in_reasonable_time() {
    let size = crate::kb::pack::ARTICLE_SIZE_MAX;
    let head = article("a", "");
    for piece in [
        "```\n```\n",
        "```toml fix\nid='f'\n```\n",
        "```toml fix\nid='f'\ntitle='t'\nsafety='safe'\n[[step]]\nuse='a/f'\n```\n",
        "```reg before\n```\n",
        "## x\n",
        "> ",
        "- ",
        "[a](b) ",
        "| a |\n|---|\n",
    ] {
        let text = [head.as_str(), &piece.repeat((size - head.len()) / piece.len())].concat();
        let start = std::time::Instant::now();
        let base = base(&[("a.md", text)]);
        crate::kb::markdown::blocks(&base.articles()[0].body);
        assert!(start.elapsed().as_secs() < 20, "{piece:?} took {:?}", start.elapsed());
    }
}
