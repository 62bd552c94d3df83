//! Reading articles: text to validated types, with every problem's place.

mod answers;
mod article;
mod block_problems;
mod condition;
mod example;
mod excerpt;
mod file_path;
mod fix;
mod fix_shape;
mod front_matter;
mod key;
mod question;
mod rule_steps;
mod step;
mod toml_fault;
mod wanted;

pub(super) use article::{Draft, article};
pub(super) use excerpt::Excerpt;
pub use rule_steps::rule_steps;
pub(super) use step::STEPS_MAX;

/// What is wrong with a piece of an article, before its place is known.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    message: String,
    suggestion: String,
}

impl Fault {
    fn new(message: impl Into<String>, suggestion: &str) -> Self {
        Self { message: message.into(), suggestion: suggestion.to_owned() }
    }
}
