//! The Marvin32 hash that guards log entries (regf specification, "Log
//! entries", notes 1 to 3).

/// The seed of all log entries, 82 EF 4D 88 7A 4E 55 C5, read as one number.
const SEED: State = State { low: 0x7a4e_55c5, high: 0x82ef_4d88 };

/// Ends the message: one set bit after its last byte.
const PADDING: u32 = 0x80;

#[derive(Clone, Copy)]
struct State {
    low: u32,
    high: u32,
}

impl State {
    fn mix(&mut self, word: u32) {
        self.low = self.low.wrapping_add(word);
        self.high ^= self.low;
        self.low = self.low.rotate_left(20).wrapping_add(self.high);
        self.high = self.high.rotate_left(9) ^ self.low;
        self.low = self.low.rotate_left(27).wrapping_add(self.high);
        self.high = self.high.rotate_left(19);
    }
}

/// The hash of `bytes` under the seed of log entries.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    let mut state = SEED;
    let (words, tail) = bytes.as_chunks::<4>();
    for word in words {
        state.mix(u32::from_le_bytes(*word));
    }
    let last = tail.iter().rev().fold(PADDING, |word, byte| (word << 8) | u32::from(*byte));
    state.mix(last);
    state.mix(0);
    (u64::from(state.high) << 32) | u64::from(state.low)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of an implementation of its own, which agreed with the hashes in
    /// logs of Windows 10.
    #[test]
    fn known_values() {
        assert_eq!(hash(b""), 0xb39e_fca4_0396_6e08);
        assert_eq!(hash(b"a"), 0x21a0_13c7_26f2_92f4);
        assert_eq!(hash(b"abc"), 0xb9cf_3dfc_a419_14f7);
        assert_eq!(hash(b"abcd"), 0x2009_4fb1_1a6c_d086);
        assert_eq!(hash(b"abcde"), 0x187f_15f6_2504_6b86);
    }
}
