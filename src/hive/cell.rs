//! Cells, the units of storage, and the view that reaches them.

use super::audit::Defect;
use super::base_block::{self, BASE_BLOCK_SIZE};
use super::field::u32_at;
use super::format::Format;

/// Where a cell begins, relative to the first bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct CellOffset(u32);

impl CellOffset {
    /// Points nowhere.
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) fn new(relative: u32) -> Self {
        Self(relative)
    }

    pub(super) fn get(self) -> u32 {
        self.0
    }

    pub(super) fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// Offset in the bins.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }

    /// Offset in the file.
    pub(super) fn absolute(self) -> u64 {
        BASE_BLOCK_SIZE as u64 + u64::from(self.0)
    }
}

/// A cell's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Size in bytes with the header.
    pub(super) size: u32,
    pub(super) is_allocated: bool,
}

impl Cell {
    /// The header at `offset` of the bins; `None` where there is no room for it.
    pub(super) fn read(bins: &[u8], offset: usize) -> Option<Self> {
        let raw = i32::from_le_bytes(bins.get(offset..)?.first_chunk().copied()?);
        Some(Self { size: raw.unsigned_abs(), is_allocated: raw < 0 })
    }

    pub(super) fn encode(self) -> [u8; 4] {
        let size = self.size;
        (if self.is_allocated { size.wrapping_neg() } else { size }).to_le_bytes()
    }
}

/// A free cell's place, header included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FreeCell {
    pub(super) start: u32,
    pub(super) size: u32,
}

impl FreeCell {
    pub(super) fn end(self) -> u32 {
        self.start + self.size
    }
}

/// A hive image as a set of cells: bounds and headers checked on every access,
/// nothing else.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    bins: &'a [u8],
    pub(super) format: Format,
    pub(super) root: CellOffset,
}

impl<'a> Cells<'a> {
    /// Views an image whose base block was parsed before; a file shorter than
    /// that says is viewed as far as it goes.
    pub(super) fn of(image: &'a [u8], format: Format) -> Self {
        let bins = image.get(BASE_BLOCK_SIZE..).unwrap_or_default();
        let size = bins.len().min(u32_at(image, base_block::BINS_SIZE) as usize);
        let root = CellOffset::new(u32_at(image, base_block::ROOT));
        Self { bins: bins.get(..size).unwrap_or_default(), format, root }
    }

    pub(super) fn bins(&self) -> &'a [u8] {
        self.bins
    }

    /// The payload of an allocated cell.
    pub(super) fn payload(&self, offset: CellOffset) -> Result<&'a [u8], Defect> {
        let header = self.format.cell_header_size();
        let Some(cell) = Cell::read(self.bins, offset.index()) else {
            return Err(no_cell(offset, "a cell inside the bins", "an offset outside them"));
        };
        if !cell.is_allocated {
            return Err(no_cell(offset, "an allocated cell", "a free one"));
        }
        let size = cell.size as usize;
        let start = offset.index() + header;
        let alignment = self.format.cell_alignment();
        if !size.is_multiple_of(alignment) || !offset.index().is_multiple_of(8) || size < header {
            return Err(no_cell(offset, "an aligned cell", &format!("size {size:#x}")));
        }
        self.bins
            .get(start..offset.index() + size)
            .ok_or_else(|| no_cell(offset, "a cell that ends inside the bins", &format!("size {size:#x}")))
    }

    /// The place in the file of a field of a cell's payload.
    pub(super) fn field_offset(&self, cell: CellOffset, at: usize) -> u64 {
        cell.absolute() + (self.format.cell_header_size() + at) as u64
    }

    /// The offset list stored in an allocated cell: value lists and lists of
    /// data segments.
    pub(super) fn offsets(&self, list: CellOffset, count: usize) -> Result<Offsets<'a>, Defect> {
        let payload = self.payload(list)?;
        let size = count.saturating_mul(4);
        let Some(bytes) = payload.get(..size) else {
            let expected = format!("room for {count} offsets");
            let found = format!("{} bytes", payload.len());
            return Err(Defect::new(list.absolute(), "list-size", expected, found));
        };
        Ok(Offsets { bytes })
    }
}

fn no_cell(offset: CellOffset, expected: &str, found: &str) -> Defect {
    Defect::new(offset.absolute(), "cell", expected, found)
}

/// A list of cell offsets.
#[derive(Clone, Copy, Default)]
pub(super) struct Offsets<'a> {
    bytes: &'a [u8],
}

impl<'a> Offsets<'a> {
    pub(super) fn iter(self) -> impl ExactSizeIterator<Item = CellOffset> + use<'a> {
        self.bytes.chunks_exact(4).map(|item| CellOffset::new(u32_at(item, 0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_carry_the_allocation_in_their_sign() {
        for cell in [Cell { size: 32, is_allocated: true }, Cell { size: 4064, is_allocated: false }] {
            assert_eq!(Cell::read(&cell.encode(), 0), Some(cell));
        }
        assert_eq!(Cell { size: 8, is_allocated: true }.encode(), (-8_i32).to_le_bytes());
        assert_eq!(Cell::read(&[0; 7], 4), None);
    }
}
