//! The normal form of a code.

/// What a code is, whatever it is written like. Two codes are the same trouble
/// if their keys are equal.
///
/// Mappings: `HRESULT_FROM_WIN32` puts a Win32 error into facility 7
/// (`winerror.h`), `NTSTATUS_FROM_WIN32` into `FACILITY_NTWIN32` (`ntstatus.h`),
/// `HRESULT_FROM_NT` sets bit 28 (`FACILITY_NT_BIT`, `winerror.h`); a stop code
/// in a small memory dump carries bit 28 as well (`0x1000007E`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeKey {
    /// A Win32 error below 65536.
    Win32(u32),
    /// An HRESULT or NTSTATUS that is no wrapped Win32 error, or a stop code
    /// that is an NTSTATUS (`0xC000021A`).
    Status(u32),
    /// A stop code of its own (`0x7B`).
    Stop(u32),
}

/// Win32 errors that say only that something went wrong, whatever it was about:
/// not found, refused, busy, malformed, out of something, no answer.
const GENERAL_WIN32: &[u32] = &[
    1, 2, 3, 5, 6, 8, 13, 14, 21, 23, 31, 32, 50, 55, 87, 112, 120, 121, 122, 123, 126, 127, 161, 170, 183,
    193, 259, 267, 995, 997, 1053, 1060, 1062, 1063, 1066, 1067, 1068, 1117, 1168, 1223, 1225, 1326, 1359,
    1450, 1460, 1603, 1722,
];

/// The same among HRESULTs and NTSTATUS values (`E_FAIL`, access violation…).
const GENERAL_STATUS: &[u32] = &[
    0x8000_4001,
    0x8000_4002,
    0x8000_4003,
    0x8000_4004,
    0x8000_4005,
    0x8000_FFFF,
    0x8000_0003,
    0xC000_0001,
    0xC000_0005,
    0xC000_0008,
    0xC000_000D,
    0xC000_000F,
    0xC000_0017,
    0xC000_0022,
    0xC000_0034,
    0xC000_003A,
    0xC000_009A,
    0xC000_00E9,
    0x8024_FFFF,
    0x8024_2FFF,
    0x8024_3FFF,
    0x8024_4FFF,
];

const FACILITY_NT_BIT: u32 = 0x1000_0000;

impl CodeKey {
    /// The key of a 32-bit status value (HRESULT or NTSTATUS).
    pub fn of_status(value: u32) -> Self {
        match value >> 16 {
            0x8007 | 0xC007 => Self::Win32(value & 0xFFFF),
            0xD000..=0xDFFF => Self::of_status(value & !FACILITY_NT_BIT),
            _ => Self::Status(value),
        }
    }

    /// Whether the code alone says little: programs of every kind give it.
    pub fn is_general(self) -> bool {
        match self {
            Self::Win32(error) => GENERAL_WIN32.contains(&error),
            Self::Status(status) => GENERAL_STATUS.contains(&status),
            Self::Stop(_) => false,
        }
    }

    /// The key of a value named on a stop screen.
    pub fn of_stop(value: u32) -> Self {
        match value {
            0x8000_0000.. => Self::of_status(value),
            0x1000_0000..=0x1000_FFFF => Self::Stop(value & !FACILITY_NT_BIT),
            _ => Self::Stop(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_win32_errors_are_unwrapped() {
        assert_eq!(CodeKey::of_status(0x8007_04DD), CodeKey::Win32(1245));
        assert_eq!(CodeKey::of_status(0xC007_0005), CodeKey::Win32(5));
        assert_eq!(CodeKey::of_status(0x8024_0020), CodeKey::Status(0x8024_0020));
    }

    #[test]
    fn a_wrapped_status_is_the_status() {
        assert_eq!(CodeKey::of_status(0xD000_0034), CodeKey::Status(0xC000_0034));
    }

    #[test]
    fn stop_codes_of_small_dumps_lose_their_extra_bit() {
        assert_eq!(CodeKey::of_stop(0x1000_007E), CodeKey::Stop(0x7E));
        assert_eq!(CodeKey::of_stop(0xC000_021A), CodeKey::Status(0xC000_021A));
    }
}
