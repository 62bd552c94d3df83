//! The invariants of bins and of the cells that fill them.

use super::Defect;
use super::cell_map::CellMap;
use super::defects::Defects;
use crate::hive::CellOffset;
use crate::hive::bin::{Bin, Bins};
use crate::hive::cell::{Cell, Cells};
use crate::hive::field::u32_at;

/// Walks all bins, noting every cell; returns the bins without fault.
pub(super) fn check(cells: &Cells<'_>, map: &mut CellMap, defects: &mut Defects) -> Vec<Bin> {
    let mut sound = Vec::new();
    for bin in Bins::new(cells.bins()) {
        let Some(bin) = defects.keep(bin) else { continue };
        map.add_bin(bin.start);
        match check_cells(cells, bin, map, defects) {
            Ok(()) => sound.push(bin),
            Err(defect) => defects.add(defect),
        }
    }
    sound
}

/// Cells fill the bin without gaps. After a wrong size nothing says where the
/// next cell begins.
fn check_cells(cells: &Cells<'_>, bin: Bin, map: &mut CellMap, defects: &mut Defects) -> Result<(), Defect> {
    let alignment = cells.format.cell_alignment();
    let (mut start, mut was_free, mut before) = (bin.cells_start(), false, u32::MAX);
    while start < bin.end() {
        let size = match Cell::read(cells.bins(), start) {
            Some(cell) if is_fitting(cell, bin.end() - start, alignment) => {
                map.add(start, cell);
                if was_free && !cell.is_allocated {
                    defects.add(Defect::new(
                        absolute(start),
                        "free-neighbours",
                        "free cells side by side joined",
                        "two free cells",
                    ));
                }
                was_free = !cell.is_allocated;
                cell.size as usize
            }
            cell => return Err(wrong_size(start, bin, cell)),
        };
        if cells.format.links_cells() {
            check_link(cells, bin, start, &mut before, defects);
        }
        start += size;
    }
    Ok(())
}

fn is_fitting(cell: Cell, room: usize, alignment: usize) -> bool {
    let size = cell.size as usize;
    size != 0 && size.is_multiple_of(alignment) && size <= room
}

fn wrong_size(start: usize, bin: Bin, cell: Option<Cell>) -> Defect {
    let expected = format!("a cell size of 8 to {:#x}, a multiple of 8", bin.end() - start);
    let found = cell.map_or_else(|| "no room for one".to_owned(), |cell| format!("{:#x}", cell.size));
    Defect::new(absolute(start), "cell-size", expected, found)
}

/// In 1.1 each cell names the one before it, relative to the bin.
fn check_link(cells: &Cells<'_>, bin: Bin, start: usize, before: &mut u32, defects: &mut Defects) {
    let stored = u32_at(cells.bins(), start + 4);
    if stored != *before {
        let (expected, found) = (format!("{:#x}", *before), format!("{stored:#x}"));
        defects.add(Defect::new(absolute(start) + 4, "cell-link", expected, found));
    }
    *before = u32::try_from(start - bin.start).unwrap_or(u32::MAX);
}

fn absolute(start: usize) -> u64 {
    CellOffset::new(u32::try_from(start).unwrap_or(u32::MAX)).absolute()
}
