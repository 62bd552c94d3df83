//! The TOML between `+++` lines on top of an article.

use std::ops::Range;
use std::str::FromStr;

use serde::Deserialize;
use toml::Spanned;

use crate::kb::article::{Event, Reference};
use crate::kb::code;
use crate::kb::problem::Problems;
use crate::kb::release::AppliesTo;

use super::Excerpt;
use super::condition::RELEASE_HINT;
use super::fix::is_id;
use super::fix_shape::SpannedText;
use super::toml_fault::toml_fault;

/// What stands before and after it.
const FENCE: &str = "+++";

/// The front matter as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FrontMatter {
    pub(super) id: SpannedText,
    pub(super) title: SpannedText,
    #[serde(default)]
    pub(super) aliases: Vec<SpannedText>,
    pub(super) products: Vec<String>,
    pub(super) applies_to: Spanned<Vec<SpannedText>>,
    #[serde(default)]
    pub(super) codes: Vec<SpannedText>,
    #[serde(default)]
    pub(super) events: Vec<EventShape>,
    #[serde(default)]
    pub(super) services: Vec<String>,
    #[serde(default)]
    pub(super) messages: Vec<SpannedText>,
    #[serde(default)]
    pub(super) phrases: Vec<SpannedText>,
    #[serde(default)]
    pub(super) references: Vec<ReferenceShape>,
    #[serde(default)]
    pub(super) related: Vec<SpannedText>,
}

/// `{ source = "…", id = 7000 }`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventShape {
    source: String,
    id: u32,
}

/// `{ title = "…", url = "https://…" }`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReferenceShape {
    pub(super) title: SpannedText,
    pub(super) url: Option<SpannedText>,
}

/// The bytes of the front matter's TOML, and where the text below it starts.
pub(super) fn split(source: &str, problems: &mut Problems<'_>) -> Option<(Range<usize>, usize)> {
    let mut lines = source.split_inclusive('\n').scan(0, |offset, line| {
        *offset += line.len();
        Some((line.trim_end(), *offset))
    });
    let start = match lines.next() {
        Some((line, end)) if line.trim_start_matches('\u{feff}') == FENCE => end,
        _ => {
            problems.fatal(
                0..0,
                "an article begins with its front matter",
                "write +++, the front matter's TOML, and +++ again",
            );
            return None;
        }
    };
    let mut end = start;
    for (line, next) in lines {
        if line == FENCE {
            return Some((start..end, next));
        }
        end = next;
    }
    problems.fatal(0..FENCE.len(), "the front matter does not end", "write a line +++ after it");
    None
}

/// Reads the front matter; `None` with problems noted where it is unusable.
pub(super) fn read(excerpt: &Excerpt, problems: &mut Problems<'_>) -> Option<FrontMatter> {
    match toml::from_str(&excerpt.text) {
        Ok(front) => Some(front),
        Err(error) => {
            let (span, fault) = toml_fault(&error, &excerpt.text);
            problems.fatal(excerpt.span(&span), fault.message, &fault.suggestion);
            None
        }
    }
}

impl FrontMatter {
    /// The installations the article is for.
    pub(super) fn applies_to(
        &self,
        excerpt: &Excerpt,
        problems: &mut Problems<'_>,
    ) -> Option<Vec<AppliesTo>> {
        let mut releases = Some(Vec::new());
        for text in self.applies_to.get_ref() {
            match AppliesTo::from_str(text.get_ref()) {
                Ok(release) => releases.iter_mut().for_each(|all| all.push(release)),
                Err(error) => {
                    problems.fatal(excerpt.span(&text.span()), error.to_string(), RELEASE_HINT);
                    releases = None;
                }
            }
        }
        if self.applies_to.get_ref().is_empty() {
            problems.fatal(
                excerpt.span(&self.applies_to.span()),
                "the article is for no Windows",
                RELEASE_HINT,
            );
            return None;
        }
        releases
    }

    /// The codes that can be read.
    pub(super) fn codes(&self, excerpt: &Excerpt, problems: &mut Problems<'_>) -> Vec<String> {
        let (good, bad): (Vec<_>, Vec<_>) = self.codes.iter().partition(|text| is_code(text.get_ref()));
        for text in bad {
            problems.lint(
                excerpt.span(&text.span()),
                format!("`{}` is no error code", text.get_ref()),
                "write one code as Windows does: \"0x800704DD\", \"1083\", \"ERROR_NOT_LOGGED_ON\"",
            );
        }
        good.into_iter().map(|text| text.get_ref().clone()).collect()
    }

    /// The ids of other articles, or aliases, in one of its lists.
    pub(super) fn ids(list: &[SpannedText], excerpt: &Excerpt, problems: &mut Problems<'_>) -> Vec<String> {
        let (good, bad): (Vec<_>, Vec<_>) = list.iter().partition(|text| is_id(text.get_ref()));
        for text in bad {
            let message = format!("`{}` is no article id", text.get_ref());
            problems.lint(
                excerpt.span(&text.span()),
                message,
                "write lower-case letters, digits and hyphens",
            );
        }
        good.into_iter().map(|text| text.get_ref().clone()).collect()
    }

    pub(super) fn events(&self) -> Vec<Event> {
        self.events.iter().map(|event| Event { source: event.source.clone(), id: event.id }).collect()
    }

    pub(super) fn references(&self) -> Vec<Reference> {
        let reference = |shape: &ReferenceShape| Reference {
            title: shape.title.get_ref().clone(),
            url: shape.url.as_ref().map(|url| url.get_ref().clone()),
        };
        self.references.iter().map(reference).collect()
    }
}

fn is_code(text: &str) -> bool {
    matches!(code::explain(text).as_slice(), [one] if one.text == text)
}
