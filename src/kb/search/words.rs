//! Words of articles and of what people type.

use std::collections::BTreeSet;

use crate::kb::article::Article;

/// The text of an article that words are looked up in.
pub(super) fn searchable(article: &Article) -> String {
    let lists = [&article.aliases, &article.products, &article.services, &article.messages, &article.phrases];
    let lists: Vec<String> = lists.iter().map(|list| list.join("\n")).collect();
    [article.id.as_str(), &article.title, &lists.join("\n"), &article.body].join("\n")
}

/// The distinct words of a text, in lower case.
pub(super) fn of(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '-');
    words.filter(|word| word.chars().count() > 2).map(str::to_lowercase).collect()
}
