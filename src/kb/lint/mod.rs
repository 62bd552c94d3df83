//! The rules that articles keep beyond their syntax.

use super::load::Entry;

/// Checks each article, then what they say of each other. Fixes that must not
/// be offered are left out.
pub(super) fn check(entries: &mut [Entry<'_>]) {
    let _ = entries;
}
