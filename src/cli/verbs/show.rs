//! `pemedic show ARTICLE`

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::text;

/// Prints an article.
///
/// # Errors
/// [`Failure`].
pub fn run(context: &mut Context<'_, '_>, article: &str) -> Result<i32, Failure> {
    let document = context.session.article_document(article)?;
    let width = context.console.width;
    context.show(&document, || text::article::article(&document, width))?;
    Ok(0)
}
