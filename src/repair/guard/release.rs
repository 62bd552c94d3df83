//! A Windows that is newer than the articles know.

use super::super::plan::GuardFinding;
use super::super::release::{display, is_after_all};
use super::{Watch, warns};

pub(super) fn look(watch: Watch<'_>) -> Option<GuardFinding> {
    let version = &watch.installation.version;
    is_after_all(version).then(|| {
        warns(
            "newer-windows",
            format!(
                "the target is {}, which is later than every release this program knows",
                display(version)
            ),
            "The articles were written before it; what they want may no longer be right.",
            "Compare with a healthy machine of the same version before you apply.",
        )
    })
}
