//! `pemedic show ARTICLE`

use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::text;
use crate::session::{Article, Event, Reference, Safety};

/// The `show` document.
#[derive(Serialize)]
struct ArticleDocument<'a> {
    version: u32,
    id: &'a str,
    title: &'a str,
    aliases: &'a [String],
    products: &'a [String],
    codes: &'a [String],
    events: &'a [Event],
    services: &'a [String],
    related: &'a [String],
    references: &'a [Reference],
    fixes: Vec<FixEntry<'a>>,
    body: &'a str,
}

#[derive(Serialize)]
struct FixEntry<'a> {
    fix: String,
    title: &'a str,
    safety: Safety,
    optional: bool,
}

impl<'a> ArticleDocument<'a> {
    fn new(article: &'a Article) -> Self {
        let fixes = article.fixes.iter().map(|fix| FixEntry {
            fix: fix.id.to_string(),
            title: &fix.title,
            safety: fix.safety,
            optional: fix.optional,
        });
        Self {
            version: 1,
            id: &article.id,
            title: &article.title,
            aliases: &article.aliases,
            products: &article.products,
            codes: &article.codes,
            events: &article.events,
            services: &article.services,
            related: &article.related,
            references: &article.references,
            fixes: fixes.collect(),
            body: &article.body,
        }
    }
}

/// Prints an article.
pub(in crate::cli) fn run(context: &mut Context<'_, '_>, name: &str) -> Result<i32, Failure> {
    let session = context.session.clone();
    let article = session.article(name)?;
    let width = context.console.width;
    context.show(&ArticleDocument::new(article), || text::article::article(article, width))?;
    Ok(0)
}
