//! The rules that articles keep beyond their syntax.
//!
//! Most only ask for a correction. Those about what a fix would do to a machine
//! leave the fix out: a repair that breaks a rule is never offered.

mod article;
mod base;
mod fix;
mod reach;

use super::load::Entry;

/// Checks each article, then what they say of each other. Fixes that must not
/// be offered are left out.
pub(super) fn check(entries: &mut [Entry<'_>]) {
    for entry in &mut *entries {
        article::check(&entry.draft, &mut entry.problems);
        let article = &mut entry.draft.article;
        let releases = article.applies_to.clone();
        let body = &entry.draft.outline;
        article.fixes.retain(|fix| fix::check(fix, &releases, body, &mut entry.problems));
    }
    base::check(entries);
}

#[cfg(test)]
mod tests;
