//! Volumes that BitLocker keeps shut: nothing on them can be seen, so a target
//! on them is not found at all.

use std::path::Path;

use crate::hive::storage::Storage;

use super::super::volumes;
use super::boot_sector::VolumeFormat;
use super::{Finding, State};

/// A boot sector's worth, in a size every device can read.
const READ_BYTES: usize = 4096;

/// Looks at the boot sectors of every volume of this machine that can be read
/// raw: under Linux those that are not mounted, under Windows those with a
/// letter. Without the rights to do so there are none.
pub fn search(storage: &dyn Storage) -> Vec<Finding> {
    volumes::possibly_locked().iter().filter_map(|device| examine(storage, device)).collect()
}

/// Looks at one device (`/dev/sda3`, `\\.\D:`) or image file.
pub fn examine(storage: &dyn Storage, device: &Path) -> Option<Finding> {
    let sector = storage.read_at(device, 0, READ_BYTES).ok()?;
    (VolumeFormat::of(&sector) == VolumeFormat::BitLocker).then(|| Finding {
        state: State::BitLockerLocked,
        saw: format!("{} is encrypted with BitLocker and not unlocked", device.display()),
        why: "Nothing on it can be seen or repaired while it is locked.",
        next: "Unlock it with its 48-digit recovery key: in WinPE `manage-bde -unlock D: -rp KEY`, under Linux \
               `cryptsetup open --type bitlk` or dislocker, then mount it. Then look for targets again.",
    })
}
