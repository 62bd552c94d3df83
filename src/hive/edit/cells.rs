//! Allocating, freeing and resizing cells.
//!
//! Invariants after each function: cells fill every bin without gaps; no two
//! free cells of a bin touch; a newly allocated cell is zero.

use super::Editor;
use crate::hive::base_block::{self, BASE_BLOCK_SIZE};
use crate::hive::bin::{self, BIN_ALIGNMENT, BIN_HEADER_SIZE, Bin};
use crate::hive::cell::{Cell, FreeCell};
use crate::hive::field::put;
use crate::hive::{CellOffset, HiveError};

/// Windows enlarges hive files in these steps (256 KiB).
const FILE_STEP: usize = 0x4_0000;
/// Offsets with the highest bit are volatile storage in Windows' memory.
const BINS_SIZE_LIMIT: usize = 0x7fff_f000;

impl Editor {
    /// A zeroed cell with room for `payload_size` bytes.
    pub(super) fn allocate(&mut self, payload_size: usize) -> Result<CellOffset, HiveError> {
        let size = self.cell_size(payload_size)?;
        let free = match self.space.take_best(size) {
            Some(free) => free,
            None => self.grow(size)?,
        };
        self.split(free, size);
        let offset = CellOffset::new(free.start);
        self.payload_mut(offset)?.fill(0);
        Ok(offset)
    }

    /// Gives a cell back, joined with the free cells beside it. Its content
    /// stays, as with Windows, until the space is used again.
    pub(super) fn free(&mut self, offset: CellOffset) -> Result<(), HiveError> {
        let cell = self.allocated_cell(offset)?;
        let bin = self.bin_of(offset)?;
        let mut joined = FreeCell { start: offset.get(), size: cell.size };
        if (joined.end() as usize) < bin.end()
            && let Some(next) = self.space.take_at(joined.end())
        {
            joined.size += next.size;
        }
        if offset.index() > bin.cells_start()
            && let Some(before) = self.space.take_ending_at(offset.get())
        {
            joined = FreeCell { start: before.start, size: before.size + joined.size };
        }
        self.put_cell(joined.start, joined.size, false);
        self.space.insert(joined);
        Ok(())
    }

    /// Gives a cell another payload size, in place where possible; returns
    /// where it is now. Content is kept, new bytes are zero.
    pub(super) fn resize(
        &mut self,
        offset: CellOffset,
        payload_size: usize,
    ) -> Result<CellOffset, HiveError> {
        let wanted = self.cell_size(payload_size)?;
        let cell = self.allocated_cell(offset)?;
        if wanted < cell.size {
            self.put_cell(offset.get(), wanted, true);
            let tail = CellOffset::new(offset.get() + wanted);
            self.put_cell(tail.get(), cell.size - wanted, true);
            self.free(tail)?;
        }
        if wanted > cell.size && !self.extend(offset, cell.size, wanted)? {
            return self.relocate(offset, payload_size);
        }
        self.zero_from(offset, payload_size)?;
        Ok(offset)
    }

    /// Moves a cell's content to a new, larger cell and frees the old one.
    fn relocate(&mut self, offset: CellOffset, payload_size: usize) -> Result<CellOffset, HiveError> {
        let moved = self.allocate(payload_size)?;
        let content = self.payload(offset)?.to_vec();
        put(self.payload_mut(moved)?, 0, &content);
        self.free(offset)?;
        Ok(moved)
    }

    /// Takes the free cell behind into an allocated one, if that is enough.
    fn extend(&mut self, offset: CellOffset, size: u32, wanted: u32) -> Result<bool, HiveError> {
        let bin = self.bin_of(offset)?;
        let end = offset.get() + size;
        let is_enough = (end as usize) < bin.end()
            && self.space.size_at(end).is_some_and(|behind| size.saturating_add(behind) >= wanted);
        let Some(behind) = is_enough.then(|| self.space.take_at(end)).flatten() else {
            return Ok(false);
        };
        self.split(FreeCell { start: offset.get(), size: size + behind.size }, wanted);
        let old_payload_size = size as usize - self.format().cell_header_size();
        self.zero_from(offset, old_payload_size)?;
        Ok(true)
    }

    /// Allocates the first `size` bytes of a run and leaves the rest free.
    fn split(&mut self, run: FreeCell, size: u32) {
        self.put_cell(run.start, size, true);
        if run.size > size {
            let rest = FreeCell { start: run.start + size, size: run.size - size };
            self.put_cell(rest.start, rest.size, false);
            self.space.insert(rest);
        }
    }

    /// Makes a free run of at least `size` bytes: of neighbouring empty bins,
    /// else of new pages at the end.
    fn grow(&mut self, size: u32) -> Result<FreeCell, HiveError> {
        let hive_end = self.cells().bins().len();
        let joined = self.space.join_empty_bins(size as usize, hive_end);
        let bin = match joined {
            Some(bin) if bin.room() >= size as usize => bin,
            _ => {
                let start = joined.map_or(hive_end, |bin| bin.start);
                let bin =
                    Bin { start, size: (size as usize + BIN_HEADER_SIZE).next_multiple_of(BIN_ALIGNMENT) };
                self.append_pages(hive_end, bin.end())?;
                self.space.set_last_bin(bin);
                bin
            }
        };
        if let Some(bins) = self.hive.image.get_mut(BASE_BLOCK_SIZE..) {
            bin::write_header(bins, bin);
        }
        let free = FreeCell { start: index_to_u32(bin.cells_start())?, size: index_to_u32(bin.room())? };
        if self.format().links_cells() {
            put(&mut self.hive.image, BASE_BLOCK_SIZE + bin.cells_start() + 4, &u32::MAX.to_le_bytes());
        }
        self.put_cell(free.start, free.size, false);
        Ok(free)
    }

    /// Enlarges the bins; what lay behind them in the file is overwritten by
    /// zeros, never taken over.
    fn append_pages(&mut self, old_end: usize, new_end: usize) -> Result<(), HiveError> {
        if new_end > BINS_SIZE_LIMIT {
            return Err(HiveError::Limit(
                "the hive would grow above 2 GiB, which Windows cannot load".to_owned(),
            ));
        }
        let image = &mut self.hive.image;
        let file_end = BASE_BLOCK_SIZE + new_end;
        if file_end > image.len() {
            // Files written page by page (NT 4.0, saved hives) stay so.
            let step = if image.len().is_multiple_of(FILE_STEP) { FILE_STEP } else { BIN_ALIGNMENT };
            let length = file_end.next_multiple_of(step);
            image.reserve_exact(length - image.len());
            image.resize(length, 0);
        }
        if let Some(pages) = image.get_mut(BASE_BLOCK_SIZE + old_end..file_end) {
            pages.fill(0);
        }
        base_block::set_bins_size(image, index_to_u32(new_end)?);
        Ok(())
    }

    /// Writes a cell's size, and in 1.1 the next cell's link back to it.
    fn put_cell(&mut self, start: u32, size: u32, is_allocated: bool) {
        let at = BASE_BLOCK_SIZE + start as usize;
        put(&mut self.hive.image, at, &Cell { size, is_allocated }.encode());
        if self.format().links_cells()
            && let Some(bin) = self.space.bin_of(CellOffset::new(start))
        {
            let next = start as usize + size as usize;
            let link = start - u32::try_from(bin.start).unwrap_or(0);
            if next < bin.end() {
                put(&mut self.hive.image, BASE_BLOCK_SIZE + next + 4, &link.to_le_bytes());
            }
        }
    }

    fn cell_size(&self, payload_size: usize) -> Result<u32, HiveError> {
        let format = self.format();
        let alignment = format.cell_alignment();
        let size = (format.cell_header_size() + payload_size).next_multiple_of(alignment);
        index_to_u32(size.max(alignment))
    }

    fn bin_of(&self, offset: CellOffset) -> Result<Bin, HiveError> {
        self.space.bin_of(offset).ok_or_else(|| HiveError::Damaged {
            offset: offset.absolute(),
            expected: "a cell in a bin".to_owned(),
            found: "no bin around it".to_owned(),
        })
    }

    fn allocated_cell(&self, offset: CellOffset) -> Result<Cell, HiveError> {
        self.require_sound(offset)?;
        let cells = self.cells();
        Cell::read(cells.bins(), offset.index())
            .ok_or_else(|| HiveError::Limit("cell outside the hive".to_owned()))
    }

    /// Zeroes a payload behind its first `used` bytes.
    pub(super) fn zero_from(&mut self, offset: CellOffset, used: usize) -> Result<(), HiveError> {
        if let Some(slack) = self.payload_mut(offset)?.get_mut(used..) {
            slack.fill(0);
        }
        Ok(())
    }

    /// Refuses a cell that the audit found a fault in; gives its payload size.
    pub(super) fn require_sound(&self, offset: CellOffset) -> Result<usize, HiveError> {
        let size = self.payload(offset)?.len();
        let end = self.cells().field_offset(offset, size);
        match self.before.blocking_defect(offset.absolute(), end) {
            Some(defect) => Err(defect.clone().into()),
            None => Ok(size),
        }
    }

    pub(super) fn payload(&self, offset: CellOffset) -> Result<&[u8], HiveError> {
        Ok(self.cells().payload(offset)?)
    }

    pub(super) fn payload_mut(&mut self, offset: CellOffset) -> Result<&mut [u8], HiveError> {
        let size = self.require_sound(offset)?;
        let start = BASE_BLOCK_SIZE + offset.index() + self.format().cell_header_size();
        self.hive.image.get_mut(start..start + size).ok_or_else(|| HiveError::Damaged {
            offset: offset.absolute(),
            expected: "a cell inside the file".to_owned(),
            found: "the end of the file".to_owned(),
        })
    }

    pub(super) fn put_u32(&mut self, cell: CellOffset, at: usize, number: u32) -> Result<(), HiveError> {
        put(self.payload_mut(cell)?, at, &number.to_le_bytes());
        Ok(())
    }
}

fn index_to_u32(index: usize) -> Result<u32, HiveError> {
    u32::try_from(index).map_err(|_| HiveError::Limit("a hive cannot exceed 4 GiB".to_owned()))
}
