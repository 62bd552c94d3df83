//! The knowledge base itself: listing and linting it.

use std::path::PathBuf;

use crate::hive::reg_text;
use crate::kb::diagnostics::render;
use crate::kb::{Article, KnowledgeBase, Problem};
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
        let mut report = if paths.is_empty() {
            report(&self.knowledge_base, &[])
        } else {
            report(&KnowledgeBase::load(paths), paths)
        };
        report.plugins = self.plugins.problems().to_vec();
        Ok(report)
    }
}

/// What is said of a base, or of the parts of it that come from `paths`.
fn report(base: &KnowledgeBase, paths: &[PathBuf]) -> KbCheckReport {
    let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let is_named = |file: &str| names.is_empty() || names.iter().any(|name| file.starts_with(name.as_str()));
    let named = || base.articles().iter().filter(|article| is_named(&article.pack));
    let mut problems: Vec<Problem> =
        base.problems().iter().filter(|it| is_named(&it.file)).cloned().collect();
    let mut rendered: Vec<String> =
        problems.iter().map(|problem| render(problem, base.source_of(problem))).collect();
    for problem in named().flat_map(example_problems) {
        rendered.push(render(&problem, ""));
        problems.push(problem);
    }
    let articles = named().count();
    KbCheckReport { version: DOCUMENT_VERSION, articles, problems, rendered, plugins: Vec::new() }
}

/// Examples that are no registry text, or only after repairs.
fn example_problems(article: &Article) -> Vec<Problem> {
    let mut problems = Vec::new();
    for example in article.fixes.iter().flat_map(|fix| &fix.examples) {
        for text in [&example.registry_before, &example.registry_after].into_iter().flatten() {
            let said = match reg_text::parse_text(text, false) {
                Ok(read) => read.repairs.into_iter().map(|repair| (repair.line, repair.message)).collect(),
                Err(error) => vec![(error.line, error.message)],
            };
            problems.extend(said.into_iter().map(|(line, message)| Problem {
                file: format!("{}/{}.md", article.pack, article.id),
                line: example.line,
                column: 1,
                span: 0..0,
                message: format!("line {line} of an example below line {}: {message}", example.line),
                suggestion: "write it as regedit exports it".to_owned(),
                fatal: false,
            }));
        }
    }
    problems
}
