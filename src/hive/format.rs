//! What differs between the format versions 1.1 to 1.6.

use super::HiveError;
use super::subkey_list::ListKind;

/// The largest piece of data one cell of a big data record holds, and the
/// largest that needs none (regf specification, "Big data").
pub(super) const SEGMENT_SIZE: usize = 16_344;

/// A supported format version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    minor: u32,
}

impl Format {
    pub(super) fn new(major: u32, minor: u32) -> Result<Self, HiveError> {
        if major == 1 && (1..=6).contains(&minor) {
            Ok(Self { minor })
        } else {
            Err(HiveError::UnsupportedVersion { major, minor })
        }
    }

    pub(super) fn minor(self) -> u32 {
        self.minor
    }

    /// Bytes before a cell's payload: the size, and in 1.1 the offset of the
    /// cell before (regf specification, "Very old versions of Windows").
    pub(super) fn cell_header_size(self) -> usize {
        if self.links_cells() { 8 } else { 4 }
    }

    pub(super) fn cell_alignment(self) -> usize {
        if self.links_cells() { 16 } else { 8 }
    }

    /// Whether each cell names the one before it.
    pub(super) fn links_cells(self) -> bool {
        self.minor == 1
    }

    /// Whether names may be stored with one byte for each character.
    pub(super) fn compresses_names(self) -> bool {
        self.minor > 1
    }

    /// Whether data above [`SEGMENT_SIZE`] goes into a big data record.
    pub(super) fn has_big_data(self) -> bool {
        self.minor > 3
    }

    /// The kind of list Windows makes for a key's first subkey.
    pub(super) fn leaf_kind(self) -> ListKind {
        match self.minor {
            1 | 2 => ListKind::IndexLeaf,
            3 | 4 => ListKind::FastLeaf,
            _ => ListKind::HashLeaf,
        }
    }
}
