//! The knowledge base: articles, fix blocks, error codes, search.
//!
//! Text in, articles out. Opens no hive and knows no disk beyond reading packs.

pub mod article;
pub mod code;
pub mod condition;
pub mod diagnostics;
pub mod fix;
mod lint;
pub mod load;
pub mod markdown;
pub mod pack;
mod parse;
pub mod paste;
pub mod problem;
pub mod release;
pub mod search;
pub mod template;

pub use article::Article;
pub use condition::Condition;
pub use fix::{Fix, FixId, Safety, Step, StepKind};
pub use load::KnowledgeBase;
pub use parse::rule_steps;
pub use problem::Problem;
pub use release::{AppliesTo, Release};
pub use template::Template;
