//! The first sector of a volume: which file system, or which encryption.

/// Bytes of a boot sector that are looked at.
pub const BOOT_SECTOR_BYTES: usize = 512;

/// BitLocker's identifier `{4967D63B-2E29-4AD8-8399-F6A339E3D001}` as stored
/// (libbde documentation, "Volume header").
const BITLOCKER_ID: [u8; 16] =
    [0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a, 0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01];
/// Where BitLocker To Go has it, behind a FAT32 header that says `MSWIN4.1`.
const TO_GO_ID_OFFSET: usize = 424;
const SYSTEM_ID_OFFSET: usize = 3;

/// What a boot sector announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolumeFormat {
    /// NTFS.
    Ntfs,
    /// BitLocker, whole volume or To Go.
    BitLocker,
    /// Anything else.
    Other,
}

impl VolumeFormat {
    /// Reads the system id at offset 3 (`NTFS    `, `-FVE-FS-`), and for
    /// BitLocker To Go the identifier further on.
    pub fn of(sector: &[u8]) -> Self {
        match sector.get(SYSTEM_ID_OFFSET..SYSTEM_ID_OFFSET + 8) {
            Some(b"NTFS    ") => Self::Ntfs,
            Some(b"-FVE-FS-") => Self::BitLocker,
            Some(b"MSWIN4.1")
                if sector.get(TO_GO_ID_OFFSET..).is_some_and(|rest| rest.starts_with(&BITLOCKER_ID)) =>
            {
                Self::BitLocker
            }
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sector(system_id: [u8; 8]) -> Vec<u8> {
        let mut sector = vec![0; BOOT_SECTOR_BYTES];
        sector[3..11].copy_from_slice(&system_id);
        sector
    }

    #[test]
    fn system_ids_are_told_apart() {
        assert_eq!(VolumeFormat::of(&sector(*b"NTFS    ")), VolumeFormat::Ntfs);
        assert_eq!(VolumeFormat::of(&sector(*b"-FVE-FS-")), VolumeFormat::BitLocker);
        assert_eq!(VolumeFormat::of(&sector(*b"MSWIN4.1")), VolumeFormat::Other);
        assert_eq!(VolumeFormat::of(b"short"), VolumeFormat::Other);
    }

    #[test]
    fn bitlocker_to_go_hides_behind_fat() {
        let mut to_go = sector(*b"MSWIN4.1");
        to_go[TO_GO_ID_OFFSET..TO_GO_ID_OFFSET + 16].copy_from_slice(&BITLOCKER_ID);
        assert_eq!(VolumeFormat::of(&to_go), VolumeFormat::BitLocker);
    }
}
