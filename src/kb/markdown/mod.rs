//! Markdown, as articles use it: `CommonMark` with tables. The only module that
//! knows the Markdown library.
//!
//! [`blocks`] gives front ends a tree without any Markdown in it; the outline
//! gives the readers and rules of this knowledge base headings, fences and
//! links with their places.

mod block;
mod outline;

pub use block::{Block, Cell, Section, Span, blocks, plain_text, sections};
pub(super) use outline::{Fence, Heading, Outline, outline};

use pulldown_cmark::Options;

/// What articles may use beyond `CommonMark`.
const OPTIONS: Options = Options::ENABLE_TABLES;
