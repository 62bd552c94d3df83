//! Room for the receipt and for the new hives.

use crate::hive::storage::{Storage, StorageError};

use super::super::error::RepairError;
use super::super::plan::GuardFinding;
use super::super::prepared::Prepared;
use super::super::receipt::Receipts;
use super::{refuses, warns};

/// Room for `receipt.toml`, deleted keys and what the file system notes.
const MARGIN_BYTES: u64 = 2 << 20;

/// What a repair needs and what there is, in bytes.
struct Room {
    /// On the target's volume, for the new hives beside the old ones.
    for_hives: u64,
    /// For full copies of the hives, where the receipt goes.
    for_copies: u64,
    /// Free on the target's volume.
    free: u64,
    /// Free where the receipt goes; `None`: on the target's volume.
    free_elsewhere: Option<u64>,
}

pub(super) fn look(storage: &dyn Storage, prepared: &Prepared, receipts: &Receipts) -> Option<GuardFinding> {
    let room = match Room::of(storage, prepared, receipts) {
        Ok(room) => room,
        Err(error) => {
            return Some(refuses(
                "unknown-space",
                error.to_string(),
                "Whether there is room for the receipt and the new hives cannot be told.",
                "Check that the target and the --log-dir can be read.",
            ));
        }
    };
    let place = prepared.installation.volume.display();
    if room.free < room.for_hives || room.free_elsewhere.is_some_and(|free| free < MARGIN_BYTES) {
        return Some(refuses(
            "no-space",
            format!("{place} has {} bytes free; {} are needed", room.free, room.for_hives),
            "The receipt and the new hives must be on the disk completely before the old ones go.",
            "Make room on the volume, for instance by emptying its temporary folders.",
        ));
    }
    room.reason_against_copies().map(|reason| {
        warns(
            "no-copies",
            reason,
            "The receipt will hold everything that undo needs, but no full copies of the hives.",
            "Make room first, or keep receipts elsewhere with --log-dir, to have copies as well.",
        )
    })
}

/// Why the receipt cannot hold full copies of the hives; `None` if it can.
pub(crate) fn reason_against_copies(
    storage: &dyn Storage,
    prepared: &Prepared,
    receipts: &Receipts,
) -> Result<Option<String>, RepairError> {
    Ok(Room::of(storage, prepared, receipts)?.reason_against_copies())
}

impl Room {
    fn of(storage: &dyn Storage, prepared: &Prepared, receipts: &Receipts) -> Result<Self, RepairError> {
        let hives = &prepared.work.hives;
        let size = |image: &[u8]| image.len() as u64;
        // One new image at a time stands beside its old one.
        let largest = hives.iter().map(|hive| size(hive.edited.image())).max().unwrap_or(0);
        let growth: u64 = hives
            .iter()
            .map(|hive| size(hive.edited.image()).saturating_sub(hive.size_before))
            .fold(0, u64::saturating_add);
        let copies = hives.iter().map(|hive| hive.size_before).fold(0, u64::saturating_add);
        let volume = &prepared.installation.volume;
        let free = |folder: &std::path::Path| {
            storage.free_space(folder).map_err(StorageError::at("cannot examine the volume of", folder))
        };
        Ok(Self {
            for_hives: largest.saturating_add(growth).saturating_add(MARGIN_BYTES),
            for_copies: copies,
            free: free(volume)?,
            free_elsewhere: if receipts.are_elsewhere() { Some(free(receipts.home())?) } else { None },
        })
    }

    fn reason_against_copies(&self) -> Option<String> {
        let (free, needed) = match self.free_elsewhere {
            Some(free) => (free, self.for_copies.saturating_add(MARGIN_BYTES)),
            None => (self.free, self.for_hives.saturating_add(self.for_copies)),
        };
        (free < needed).then(|| format!("full copies of the hives need {needed} bytes and {free} are free"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(free: u64, free_elsewhere: Option<u64>) -> Room {
        Room { for_hives: 10 << 20, for_copies: 50 << 20, free, free_elsewhere }
    }

    #[test]
    fn copies_need_room_where_they_go() {
        assert!(room(60 << 20, None).reason_against_copies().is_none());
        assert!(room((60 << 20) - 1, None).reason_against_copies().is_some());
        assert!(room(10 << 20, Some(60 << 20)).reason_against_copies().is_none());
        assert!(room(100 << 20, Some(1 << 20)).reason_against_copies().is_some());
    }
}
