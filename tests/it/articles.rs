//! Every article of the knowledge base is clean.

use pemedic::kb::KnowledgeBase;

#[test]
fn every_article_lints_clean() {
    let base = KnowledgeBase::load(&[]);
    let problems: Vec<String> = base
        .problems()
        .iter()
        .map(|problem| format!("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.message))
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(!base.articles().is_empty());
}
