//! NTFS's own mark that the volume was not dismounted cleanly.
//!
//! Read from the raw volume: boot sector, record 3 of the master file table
//! (`$Volume`), attribute `$VOLUME_INFORMATION`, bit 0 of its flags (NTFS
//! documentation of the Linux-NTFS project, "Files" and "Attributes").

use std::io;
use std::path::Path;

use crate::hive::storage::Storage;

use super::super::{Installation, volumes};
use super::boot_sector::VolumeFormat;
use super::{Finding, State};

/// Reads of devices start and end at multiples of this.
const ALIGNMENT: u64 = 4096;
const RECORD_BYTES_MAX: u64 = 64 * 1024;
const VOLUME_RECORD: u64 = 3;
/// Every 512 bytes of a record end in two bytes kept elsewhere.
const FIXUP_STRIDE: usize = 512;
const VOLUME_INFORMATION: u32 = 0x70;
const END_OF_ATTRIBUTES: u32 = u32::MAX;
const DIRTY: u16 = 1;

/// Looks at the volume of an installation, where it can be read raw.
pub fn examine(storage: &dyn Storage, installation: &Installation) -> Option<Finding> {
    let device = volumes::device_of(&installation.volume)?;
    let dirty = is_dirty(storage, &device).ok().flatten()?;
    dirty.then(|| Finding {
        state: State::VolumeDirty,
        saw: format!("NTFS on {} is marked dirty", device.display()),
        why: "Windows did not finish its last writes there, and files may be damaged in ways that no look at \
              them shows.",
        next: "Have the volume checked first (`chkdsk C: /f` with its letter in WinPE), then scan again.",
    })
}

/// Whether an NTFS volume (a device or an image of one) is marked dirty;
/// `None` for what is not NTFS, or is in no known order.
///
/// # Errors
/// Those of reading it.
pub fn is_dirty(storage: &dyn Storage, device: &Path) -> io::Result<Option<bool>> {
    let sector = storage.read_at(device, 0, usize::try_from(ALIGNMENT).unwrap_or_default())?;
    let Some((offset, len)) = volume_record(&sector) else { return Ok(None) };
    let start = offset - offset % ALIGNMENT;
    let end = (offset + len).next_multiple_of(ALIGNMENT);
    let bytes = storage.read_at(device, start, usize::try_from(end - start).unwrap_or_default())?;
    let from = usize::try_from(offset - start).unwrap_or(usize::MAX);
    let until = from.saturating_add(usize::try_from(len).unwrap_or_default());
    let flags = bytes.get(from..until).and_then(volume_flags);
    Ok(flags.map(|flags| flags & DIRTY != 0))
}

/// Byte offset and length of record 3, from an NTFS boot sector.
fn volume_record(sector: &[u8]) -> Option<(u64, u64)> {
    if VolumeFormat::of(sector) != VolumeFormat::Ntfs {
        return None;
    }
    let sector_bytes = u64::from(u16_at(sector, 11)?);
    if !sector_bytes.is_power_of_two() || !(256..=4096).contains(&sector_bytes) {
        return None;
    }
    // Above 0x80 it is a negative power of two (large clusters since Windows 10).
    let sectors_per_cluster = match *sector.get(13)? {
        count @ 1..=0x80 => u64::from(count),
        power => 1_u64.checked_shl(256 - u32::from(power)).filter(|_| power != 0)?,
    };
    let cluster_bytes = sector_bytes.checked_mul(sectors_per_cluster)?;
    let table_cluster = u64::from_le_bytes(sector.get(48..56)?.try_into().ok()?);
    let record_bytes = match i8::from_le_bytes([*sector.get(64)?]) {
        clusters @ 1.. => cluster_bytes.checked_mul(u64::from(clusters.unsigned_abs()))?,
        power => 1_u64.checked_shl(u32::from(power.unsigned_abs()))?,
    };
    if !(512..=RECORD_BYTES_MAX).contains(&record_bytes) {
        return None;
    }
    let offset = table_cluster.checked_mul(cluster_bytes)?.checked_add(VOLUME_RECORD * record_bytes)?;
    // The addition above the alignment must not overflow either.
    offset.checked_add(record_bytes + ALIGNMENT)?;
    Some((offset, record_bytes))
}

/// The flags of `$VOLUME_INFORMATION` in a file record.
fn volume_flags(record: &[u8]) -> Option<u16> {
    let record = without_fixups(record)?;
    let mut at = usize::from(u16_at(&record, 20)?);
    while let Some(kind) = u32_at(&record, at).filter(|kind| *kind != END_OF_ATTRIBUTES) {
        let len = usize::try_from(u32_at(&record, at + 4)?).ok()?;
        if kind == VOLUME_INFORMATION && record.get(at + 8) == Some(&0) {
            let value = at + usize::from(u16_at(&record, at + 20)?);
            return u16_at(&record, value + 10);
        }
        // An attribute shorter than its header would not move on.
        at = at.checked_add(len).filter(|_| len >= 24)?;
    }
    None
}

/// Puts the last two bytes of each stride back; `None` for a torn record.
fn without_fixups(record: &[u8]) -> Option<Vec<u8>> {
    if !record.starts_with(b"FILE") {
        return None;
    }
    let mut whole = record.to_vec();
    let array = usize::from(u16_at(record, 4)?);
    let strides = usize::from(u16_at(record, 6)?).checked_sub(1)?;
    let mark = u16_at(record, array)?;
    for stride in 0..strides {
        let end = (stride + 1) * FIXUP_STRIDE - 2;
        let kept = record.get(array + 2 + 2 * stride..array + 4 + 2 * stride)?;
        if u16_at(record, end)? != mark {
            return None;
        }
        whole.get_mut(end..end + 2)?.copy_from_slice(kept);
    }
    Some(whole)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hive::storage::Disk;

    /// 64 KiB that hold a boot sector and, in cluster 4, a file table.
    fn volume(flags: u16) -> Vec<u8> {
        let mut volume = vec![0; 64 * 1024];
        volume[3..11].copy_from_slice(b"NTFS    ");
        volume[11..13].copy_from_slice(&512_u16.to_le_bytes());
        volume[13] = 8;
        volume[48] = 4;
        volume[64] = 0xf6;
        let record = &mut volume[4 * 4096 + 3 * 1024..][..1024];
        record[..4].copy_from_slice(b"FILE");
        record[4..6].copy_from_slice(&48_u16.to_le_bytes());
        record[6..8].copy_from_slice(&3_u16.to_le_bytes());
        record[20..22].copy_from_slice(&56_u16.to_le_bytes());
        // A name in front, 32 bytes, then the volume information.
        record[56..64].copy_from_slice(&[0x60, 0, 0, 0, 32, 0, 0, 0]);
        record[88..96].copy_from_slice(&[0x70, 0, 0, 0, 40, 0, 0, 0]);
        record[88 + 20] = 24;
        record[88 + 24 + 10..88 + 24 + 12].copy_from_slice(&flags.to_le_bytes());
        record[128..132].copy_from_slice(&u32::MAX.to_le_bytes());
        // The fixups: mark 0x0101 at the ends, the true zeros in the array.
        record[48..54].copy_from_slice(&[1, 1, 0, 0, 0, 0]);
        record[510..512].copy_from_slice(&[1, 1]);
        record[1022..1024].copy_from_slice(&[1, 1]);
        volume
    }

    fn dirty(volume: &[u8]) -> Option<bool> {
        let folder = tempfile::tempdir().unwrap();
        let image = folder.path().join("volume");
        std::fs::write(&image, volume).unwrap();
        is_dirty(&Disk, &image).unwrap()
    }

    #[test]
    fn bit_0_is_the_dirty_one() {
        assert_eq!(dirty(&volume(0)), Some(false));
        assert_eq!(dirty(&volume(1)), Some(true));
        assert_eq!(dirty(&volume(0x8000)), Some(false));
    }

    #[test]
    fn what_is_not_ntfs_says_nothing() {
        let mut other = volume(1);
        other[3..11].copy_from_slice(b"-FVE-FS-");
        assert_eq!(dirty(&other), None);
        assert_eq!(dirty(b""), None);
    }

    #[test]
    fn torn_and_absurd_volumes_say_nothing() {
        let mut torn = volume(1);
        torn[4 * 4096 + 3 * 1024 + 510] = 9;
        assert_eq!(dirty(&torn), None);
        for (at, byte) in [(11, 3), (13, 0), (13, 0x81), (55, 0xff), (64, 0x80), (64, 0x7f)] {
            let mut absurd = volume(1);
            absurd[at] = byte;
            assert_eq!(dirty(&absurd), None, "byte {at}");
        }
        let mut endless = volume(1);
        endless[4 * 4096 + 3 * 1024 + 60] = 0;
        assert_eq!(dirty(&endless), None);
    }
}
