//! The knowledge base itself: listing and linting it.

use std::path::PathBuf;

use crate::kb::{KnowledgeBase, Problem};
use crate::repair::plan::DOCUMENT_VERSION;

use super::{KbCheckReport, KbList, Session, SessionError};

impl Session {
    /// The articles and their fixes.
    pub fn kb_list(&self) -> KbList {
        KbList::new(&self.knowledge_base)
    }

    /// Lints article files and folders (without any: the loaded base). They are
    /// read together with the built-in articles, which they may use.
    ///
    /// # Errors
    /// [`super::ExitClass::NoSuch`] for a path that is not there.
    pub fn kb_check(&self, paths: &[PathBuf]) -> Result<KbCheckReport, SessionError> {
        if let Some(missing) = paths.iter().find(|path| !path.exists()) {
            let message = format!("there is no file or folder {}", missing.display());
            return Err(SessionError::no_such(message).next("name article files or folders of them"));
        }
        if paths.is_empty() {
            return Ok(report(&self.knowledge_base, &[]));
        }
        Ok(report(&KnowledgeBase::load(paths), paths))
    }
}

/// What is said of a base, or of the parts of it that come from `paths`.
fn report(base: &KnowledgeBase, paths: &[PathBuf]) -> KbCheckReport {
    let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let is_named = |file: &str| names.is_empty() || names.iter().any(|name| file.starts_with(name.as_str()));
    let problems: Vec<Problem> = base.problems().iter().filter(|it| is_named(&it.file)).cloned().collect();
    let articles = base.articles().iter().filter(|article| is_named(&article.pack)).count();
    KbCheckReport { version: DOCUMENT_VERSION, articles, problems }
}
