//! What an installation is called where there is little place.

use crate::session::TargetSummary;
use crate::tui::text::clean;

/// A longer mount point is shown by its last folder.
const PLACE_MAX_BYTES: usize = 12;

/// `C: Windows XP SP3, PC-07`: where it is now, what it is, whose.
pub fn target_name(summary: &TargetSummary) -> String {
    let place = place(summary);
    let name = summary.name.split(" (").next().unwrap_or(&summary.name).replace("Service Pack ", "SP");
    match &summary.computer_name {
        Some(computer) => clean(&format!("{place} {name}, {computer}")).into_owned(),
        None => clean(&format!("{place} {name}")).into_owned(),
    }
}

/// `FRONTDESK-07`: whose it is, where there is hardly any place; else where it is.
pub fn target_short_name(summary: &TargetSummary) -> String {
    let place = place(summary);
    clean(summary.computer_name.as_deref().unwrap_or(&place)).into_owned()
}

/// The volume as this machine calls it: `D:` here, the mount point elsewhere.
fn place(summary: &TargetSummary) -> String {
    let volume = summary.volume.display().to_string();
    let short = volume.trim_end_matches(['\\', '/']);
    if short.is_empty() {
        return volume;
    }
    if short.len() <= PLACE_MAX_BYTES { short } else { short.rsplit('/').next().unwrap_or(short) }.to_owned()
}
