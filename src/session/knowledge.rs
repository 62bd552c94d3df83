//! The knowledge base itself: listing and linting it.

use std::path::PathBuf;

use crate::hive::reg_text;
use crate::kb::StepKind;
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
            report(&KnowledgeBase::load_with(self.plugins.articles(), paths), paths)
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
    for problem in named().flat_map(registry_problems) {
        rendered.push(render(&problem, ""));
        problems.push(problem);
    }
    let articles = named().count();
    KbCheckReport { version: DOCUMENT_VERSION, articles, problems, rendered, plugins: Vec::new() }
}

/// Fix blocks and examples that are no registry text, or only after repairs.
fn registry_problems(article: &Article) -> Vec<Problem> {
    let mut problems = Vec::new();
    for fix in &article.fixes {
        for step in &fix.steps {
            if let StepKind::Registry { text } = &step.kind {
                let said = text_problems(text, "a registry block", true);
                problems.extend(said.map(|message| problem(article, step.line, message)));
            }
        }
        for example in &fix.examples {
            for text in [&example.registry_before, &example.registry_after].into_iter().flatten() {
                let said = text_problems(text, "an example", false);
                problems.extend(said.map(|message| problem(article, example.line, message)));
            }
        }
    }
    problems
}

fn problem(article: &Article, line: usize, message: String) -> Problem {
    Problem {
        file: format!("{}/{}.md", article.pack, article.id),
        line,
        column: 1,
        span: 0..0,
        message: format!("below line {line}: {message}"),
        suggestion: "write it as regedit exports it".to_owned(),
        fatal: false,
    }
}

/// What is wrong with registry text in `place`.
fn text_problems(text: &str, place: &str, is_wanted_state: bool) -> impl Iterator<Item = String> {
    let said = match reg_text::parse_text(text, false) {
        Ok(read) => {
            let contradiction = read.deleted_and_written().filter(|_| is_wanted_state);
            let contradiction = contradiction.map(|key| format!("{place} deletes {key} and writes to it"));
            let repaired =
                |repair: reg_text::TextRepair| format!("line {} of {place}: {}", repair.line, repair.message);
            contradiction.into_iter().chain(read.repairs.into_iter().map(repaired)).collect()
        }
        Err(error) => vec![format!("line {} of {place}: {}", error.line, error.message)],
    };
    said.into_iter()
}
