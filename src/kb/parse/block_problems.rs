//! Problems of one fix block: each costs the fix.

use std::ops::Range;
use std::str::FromStr;

use crate::kb::problem::Problems;
use crate::kb::template::{Template, TemplateError};

use super::fix_shape::SpannedText;
use super::{Excerpt, Fault};

/// Longest text with placeholders, in bytes.
const TEMPLATE_MAX: usize = 4096;

/// Collects what is wrong with a block; places are those of its TOML.
pub(super) struct BlockProblems<'a, 'p> {
    excerpt: &'a Excerpt,
    problems: &'a mut Problems<'p>,
    faulty: bool,
}

impl<'a, 'p> BlockProblems<'a, 'p> {
    pub(super) fn new(excerpt: &'a Excerpt, problems: &'a mut Problems<'p>) -> Self {
        Self { excerpt, problems, faulty: false }
    }

    /// Whether anything was wrong.
    pub(super) fn is_faulty(&self) -> bool {
        self.faulty
    }

    /// The article's line of a place in the block.
    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        self.problems.line(self.excerpt.span(span).start)
    }

    pub(super) fn refuse(&mut self, span: &Range<usize>, message: impl Into<String>, suggestion: &str) {
        self.faulty = true;
        self.problems.fatal(self.excerpt.span(span), message, suggestion);
    }

    /// The value of a check, its fault noted.
    pub(super) fn checked<T>(&mut self, span: &Range<usize>, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.refuse(span, fault.message, &fault.suggestion)).ok()
    }

    /// Text with placeholders.
    pub(super) fn template(&mut self, text: &str, span: &Range<usize>) -> Option<Template> {
        self.checked(span, parse_template(text))
    }

    /// Text with placeholders that must pass a check.
    pub(super) fn checked_template(
        &mut self,
        text: &SpannedText,
        check: impl FnOnce(&Template) -> Result<(), Fault>,
    ) -> Option<Template> {
        let template = self.template(text.get_ref(), &text.span())?;
        self.checked(&text.span(), check(&template))?;
        Some(template)
    }

    /// Text of one line that is not empty.
    pub(super) fn line_of_text(&mut self, text: &SpannedText) -> Option<String> {
        let trimmed = text.get_ref().trim();
        if trimmed.is_empty() || trimmed.contains(['\n', '\0']) {
            self.refuse(
                &text.span(),
                "this must be one line of text",
                "write what the technician shall read",
            );
            return None;
        }
        Some(trimmed.to_owned())
    }
}

fn parse_template(text: &str) -> Result<Template, Fault> {
    if text.len() > TEMPLATE_MAX || text.contains('\0') {
        return Err(Fault::new(
            "this text is too long or has a NUL in it",
            "write at most 4,096 bytes without NUL",
        ));
    }
    Template::from_str(text).map_err(|error| {
        let suggestion = match &error {
            TemplateError::Unclosed => "close the placeholder, or write `{{` for a literal brace",
            TemplateError::Unknown(_) => {
                "write {SystemRoot}, {SystemDrive}, {AllUsersProfile}, {registry:KEY\\VALUE} or {ask:ID}, or `{{` for a literal brace"
            }
            TemplateError::NoValue(_) => r"write {registry:HKLM\SOFTWARE\…\Value}",
        };
        Fault::new(error.to_string(), suggestion)
    })
}
