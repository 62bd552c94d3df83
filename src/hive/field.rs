//! Little-endian fields at byte offsets.
//!
//! Reading past the end gives zero and writing past the end does nothing:
//! every caller has checked the record's length before, and a slip must never
//! become a panic on hostile bytes.

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    array_at(bytes, at).map_or(0, u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    array_at(bytes, at).map_or(0, u32::from_le_bytes)
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    array_at(bytes, at).map_or(0, u64::from_le_bytes)
}

pub(super) fn put(bytes: &mut [u8], at: usize, field: &[u8]) {
    let target = bytes.get_mut(at..).and_then(|tail| tail.get_mut(..field.len()));
    debug_assert!(target.is_some(), "field outside its record");
    if let Some(target) = target {
        target.copy_from_slice(field);
    }
}

/// Whether a record begins with its two letters.
pub(super) fn has_signature(record: &[u8], signature: [u8; 2]) -> bool {
    u16_at(record, 0) == u16::from_le_bytes(signature)
}

fn array_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_little_endian() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(u16_at(&bytes, 1), 0x0302);
        assert_eq!(u32_at(&bytes, 4), 0x0807_0605);
        assert_eq!(u64_at(&bytes, 0), 0x0807_0605_0403_0201);
    }

    #[test]
    fn reading_past_the_end_gives_zero() {
        assert_eq!(u32_at(&[1, 2, 3], 0), 0);
        assert_eq!(u32_at(&[1, 2, 3], usize::MAX), 0);
    }
}
