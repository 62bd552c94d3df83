//! The fenced blocks of an article: fixes, the registry text that belongs to
//! them (`reg fix`), and their examples (`reg before`, `reg after`, `files
//! before`, `files after`), shown and executed.

use crate::kb::fix::{Example, Fix, Step, StepKind};
use crate::kb::markdown::{Fence, Heading, Outline};
use crate::kb::problem::Problems;

use super::fix;

/// Most fix blocks of one article.
const FIXES_MAX: usize = 64;

/// Most examples of one fix.
const EXAMPLES_MAX: usize = 16;

/// What a fenced block is for.
enum Purpose {
    Fix,
    Registry,
    Before(Content),
    After(Content),
    /// Shown to the reader, nothing else.
    Illustration,
    Unknown,
}

#[derive(Clone, Copy)]
enum Content {
    Registry,
    Files,
}

/// Reads the fixes of an article with their examples.
pub(super) fn fixes(article: &str, outline: &Outline, problems: &mut Problems<'_>) -> Vec<Fix> {
    let mut fixes: Vec<Fix> = Vec::new();
    // The fence of the last fix block, and whether its fix was good.
    let mut last: Option<(&Fence, bool)> = None;
    let mut blocks = 0;
    for (index, fence) in outline.fences.iter().enumerate() {
        match purpose(&fence.info) {
            Purpose::Illustration => {}
            Purpose::Unknown => problems.lint(
                fence.span.start..fence.span.start,
                format!("a block `{}` means nothing", fence.info),
                "write `toml fix`, `reg fix`, `reg before`, `reg after`, `files before`, `files after`, or another word",
            ),
            Purpose::Fix => {
                blocks += 1;
                if blocks > FIXES_MAX {
                    problems.fatal(
                        fence.span.start..fence.span.start,
                        "too many fixes",
                        "write at most 64, or two articles",
                    );
                    return fixes;
                }
                let registry = registry_below(fence, &outline.fences[index + 1..], outline, problems);
                let read = fix::fix(article, &fence.content, registry, problems)
                    .filter(|fix| is_new(fix, &fixes, fence, problems));
                last = Some((fence, read.is_some()));
                fixes.extend(read);
            }
            purpose => match last.filter(|(above, _)| !heading_between(above, fence, &outline.headings)) {
                // Its fix has taken it.
                Some(_) if matches!(purpose, Purpose::Registry) => {}
                Some((_, true)) => {
                    if let Some(fix) = fixes.last_mut() {
                        add(&purpose, fence, fix, problems);
                    }
                }
                Some((_, false)) => {}
                None => problems.lint(
                    fence.span.start..fence.span.start,
                    format!("`{}` stands under no fix", fence.info),
                    "put it right under the `toml fix` block that it is about",
                ),
            },
        }
    }
    fixes
}

fn purpose(info: &str) -> Purpose {
    match info.split(' ').collect::<Vec<_>>().as_slice() {
        ["toml", "fix"] => Purpose::Fix,
        ["reg", "fix"] => Purpose::Registry,
        ["reg", "before"] => Purpose::Before(Content::Registry),
        ["reg", "after"] => Purpose::After(Content::Registry),
        ["files", "before"] => Purpose::Before(Content::Files),
        ["files", "after"] => Purpose::After(Content::Files),
        ["toml" | "reg" | "files", _, ..] | ["files"] => Purpose::Unknown,
        _ => Purpose::Illustration,
    }
}

/// The `reg fix` blocks that belong to a fix block, as steps.
fn registry_below(fix: &Fence, below: &[Fence], outline: &Outline, problems: &Problems<'_>) -> Vec<Step> {
    below
        .iter()
        .take_while(|fence| !matches!(purpose(&fence.info), Purpose::Fix))
        .filter(|fence| matches!(purpose(&fence.info), Purpose::Registry))
        .filter(|fence| !heading_between(fix, fence, &outline.headings))
        .map(|fence| Step {
            kind: StepKind::Registry { text: fence.content.text.clone() },
            when: Vec::new(),
            line: problems.line(fence.span.start),
        })
        .collect()
}

fn is_new(fix: &Fix, known: &[Fix], fence: &Fence, problems: &mut Problems<'_>) -> bool {
    let new = known.iter().all(|other| other.id != fix.id);
    if !new {
        let place = fence.content.span(&(0..fence.content.text.lines().next().map_or(0, str::len)));
        problems.fatal(
            place,
            format!("this article has a fix `{}` already", fix.id.fix),
            "give it another id",
        );
    }
    new
}

fn heading_between(above: &Fence, below: &Fence, headings: &[Heading]) -> bool {
    headings.iter().any(|heading| (above.span.end..below.span.start).contains(&heading.span.start))
}

fn add(purpose: &Purpose, fence: &Fence, fix: &mut Fix, problems: &mut Problems<'_>) {
    let begins = match (purpose, fix.examples.last()) {
        (Purpose::Before(_), None) => true,
        (Purpose::Before(content), Some(example)) => {
            has_after(example) || before_of(*content, example).is_some()
        }
        _ => false,
    };
    let place = fence.span.start..fence.span.start;
    if begins {
        if fix.examples.len() == EXAMPLES_MAX {
            problems.lint(place, "too many examples", "16 are enough for one fix");
            return;
        }
        fix.examples.push(Example { line: problems.line(fence.span.start), ..Example::default() });
    }
    let Some(example) = fix.examples.last_mut() else {
        problems.lint(place, format!("`{}` has no `before`", fence.info), "show what it was before");
        return;
    };
    let slot = match purpose {
        Purpose::Before(Content::Registry) => &mut example.registry_before,
        Purpose::Before(Content::Files) => &mut example.files_before,
        Purpose::After(Content::Registry) => &mut example.registry_after,
        _ => &mut example.files_after,
    };
    if slot.replace(fence.content.text.clone()).is_some() {
        problems.lint(
            place,
            format!("this example has `{}` already", fence.info),
            "begin a new example with `before`",
        );
    }
}

fn has_after(example: &Example) -> bool {
    example.registry_after.is_some() || example.files_after.is_some()
}

fn before_of(content: Content, example: &Example) -> Option<&String> {
    match content {
        Content::Registry => example.registry_before.as_ref(),
        Content::Files => example.files_before.as_ref(),
    }
}
