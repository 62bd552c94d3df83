//! A volume that cannot be written to.

use super::super::plan::GuardFinding;
use super::{Watch, refuses};

pub(super) fn look(watch: Watch<'_>) -> Option<GuardFinding> {
    let volume = &watch.installation.volume;
    match watch.storage.is_read_only(volume) {
        Ok(false) => None,
        Ok(true) => Some(refuses(
            "read-only",
            format!("the volume of {} is mounted read-only", volume.display()),
            "Nothing can be written. ntfs-3g mounts a hibernated or damaged volume this way without an error.",
            "Find out why (a hibernated Windows, a failing disk, a write-protected medium), then mount it for writing.",
        )),
        Err(error) => Some(refuses(
            "unreadable-volume",
            format!("the volume of {} cannot be examined: {error}", volume.display()),
            "A disk that fails while it is only looked at must not be written to.",
            "Copy what matters off this disk first; then check its cable and its health.",
        )),
    }
}
