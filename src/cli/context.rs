//! What every verb works with.

use crate::session::{Choices, Confirmation, Progress, Session, Stage};

use super::arguments::{Allow, Common};
use super::cmtrace::{RunLog, Severity};
use super::console::Console;
use super::failure::Failure;

/// The session, the options and the streams of one run.
pub(super) struct Context<'a, 'c> {
    /// Everything that can be done.
    pub session: Session,
    /// Options every verb understands.
    pub common: &'a Common,
    /// Where words go.
    pub console: &'a mut Console<'c>,
    /// Where everything is written down.
    pub log: &'a mut RunLog,
}

impl Context<'_, '_> {
    /// The answers given with `--choose`.
    ///
    /// # Errors
    /// Wrong usage for one without `=`.
    pub(super) fn choices(&self) -> Result<Choices, Failure> {
        Choices::parse(&self.common.choose).map_err(|text| {
            Failure::usage(format!("--choose {text:?} has no answer: write --choose QUESTION=ANSWER"))
        })
    }

    /// What the options permit without asking.
    pub(super) fn permitted(&self) -> Confirmation {
        Confirmation { allow_risky: self.common.allow.contains(&Allow::Risky), in_person: false }
    }

    /// Lines of a result; not printed where JSON is wanted.
    ///
    /// # Errors
    /// Those of the stream.
    pub(super) fn lines(&mut self, lines: &[String]) -> Result<(), Failure> {
        for line in lines {
            self.log.record(Severity::Information, line);
            if !self.common.json {
                self.console.say(line)?;
            }
        }
        Ok(())
    }

    /// One line beside the result.
    ///
    /// # Errors
    /// Those of the stream.
    pub(super) fn note(&mut self, line: &str) -> Result<(), Failure> {
        self.log.record(Severity::Warning, line);
        Ok(self.console.note(line)?)
    }

    /// Shows a result: one document with `--json`, else lines.
    ///
    /// # Errors
    /// Those of the stream.
    pub(super) fn show(
        &mut self,
        document: &impl serde::Serialize,
        lines: impl FnOnce() -> Vec<String>,
    ) -> Result<(), Failure> {
        if self.common.json {
            self.console.document(document)?;
        }
        if self.common.json && !self.log.is_kept() {
            return Ok(());
        }
        self.lines(&lines())
    }

    /// Shows a step forward, where a person is watching.
    pub(super) fn progress(&mut self) -> impl FnMut(&Progress) + '_ {
        let watched = self.console.interactive && !self.common.json;
        let err = &mut *self.console.err;
        let log = &mut *self.log;
        move |progress: &Progress| {
            if progress.stage != Stage::Probing {
                let text = format!("{:?}: {}", progress.stage, progress.subject);
                log.record(Severity::Information, &text);
            }
            if watched {
                // A broken error stream must not stop a repair half-way.
                let _ = writeln!(
                    err,
                    "[{}/{}] {:?}: {}",
                    progress.step, progress.steps, progress.stage, progress.subject
                );
            }
        }
    }
}
