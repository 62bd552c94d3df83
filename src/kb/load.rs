//! Loading packs: the embedded one, a `kb` folder beside the executable, `--kb`.

use std::path::PathBuf;

use super::article::Article;
use super::fix::{Fix, FixId};
use super::problem::Problem;

/// All articles, later packs winning by id.
pub struct KnowledgeBase {
    articles: Vec<Article>,
    problems: Vec<Problem>,
    notes: Vec<String>,
}

impl KnowledgeBase {
    /// Loads the embedded articles, then each pack folder in order. Never
    /// fails as a whole: what is wrong is in [`KnowledgeBase::problems`].
    pub fn load(packs: &[PathBuf]) -> Self {
        todo!("{packs:?}")
    }

    /// Every article, by id.
    pub fn articles(&self) -> &[Article] {
        &self.articles
    }

    /// What is wrong in the packs.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Which articles replaced which.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// An article by id or alias, without regard to case.
    pub fn article(&self, name: &str) -> Option<&Article> {
        todo!("{name}")
    }

    /// A fix by its full name.
    pub fn fix(&self, id: &FixId) -> Option<&Fix> {
        todo!("{id}")
    }
}
