//! Which parts of an article are for a target.

use crate::kb::paste;
use crate::repair::target::TargetSummary;

/// Whether a section with this title is for the target: it names no Windows
/// release, or the target's (`Windows Vista and later` names all after it).
/// A target whose release is not known is shown everything.
pub fn section_is_for(title: &str, target: &TargetSummary) -> bool {
    let named = paste::understand(title).releases;
    let Some(release) = target.release else { return true };
    let title = title.to_lowercase();
    let later = title.contains("and later") || title.contains("or later");
    let earlier = title.contains("and earlier") || title.contains("or earlier");
    let meant = |named| release == named || (later && release >= named) || (earlier && release <= named);
    named.is_empty() || named.into_iter().any(meant)
}
