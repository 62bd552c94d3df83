//! The walk as a whole, and what an edit needs of its result.

use super::Defect;
use super::cell_map::CellMap;
use super::defects::Defects;
use super::keys::Walk;
use super::{bins, header, workers};
use crate::hive::CellOffset;
use crate::hive::bin::Bin;
use crate::hive::cell::{Cell, Cells, FreeCell};

/// Rules whose violation hides nothing and endangers no edit: statistics that
/// are too small, space that is lost, counts of sharing (an edit keeps their
/// error).
const HARMLESS: &[&str] = &[
    "free-neighbours",
    "largest-subkey-name",
    "largest-class",
    "largest-value-name",
    "largest-value-data",
    "security-count",
    "unreferenced",
];

/// A hive's defects and its usable space.
pub(in crate::hive) struct Survey {
    pub(in crate::hive) keys: usize,
    pub(in crate::hive) values: usize,
    /// By offset.
    pub(in crate::hive) defects: Vec<Defect>,
    /// Bins whose cells fill them.
    pub(in crate::hive) bins: Vec<Bin>,
    /// Free cells of those bins that nothing refers to.
    pub(in crate::hive) free: Vec<FreeCell>,
}

impl Survey {
    pub(in crate::hive) fn of(image: &[u8]) -> Self {
        Self::with_workers(image, workers::count(image.len()))
    }

    /// The same, by so many threads.
    pub(super) fn with_workers(image: &[u8], workers: usize) -> Self {
        let mut defects = Defects::default();
        let format = header::check(image, &mut defects).and_then(|block| block.format().ok());
        let Some(format) = format else { return Self::without_cells(defects) };
        let cells = Cells::of(image, format);
        let mut map = CellMap::new(cells.bins().len());
        let bins = bins::check(&cells, &mut map, &mut defects);
        let mut walk = Walk::new(cells, map, defects);
        walk.run(workers);
        let (keys, values) = (walk.keys, walk.values);
        let (map, mut defects) = walk.into_parts();
        let free = sort_unreached(&cells, &bins, &map, &mut defects);
        Self { keys, values, defects: defects.into_sorted(), bins, free }
    }

    fn without_cells(defects: Defects) -> Self {
        Self { keys: 0, values: 0, defects: defects.into_sorted(), bins: Vec::new(), free: Vec::new() }
    }

    /// The first defect in a range of the file that forbids to build on what is
    /// there.
    pub(in crate::hive) fn blocking_defect(&self, start: u64, end: u64) -> Option<&Defect> {
        let first = self.defects.partition_point(|defect| defect.offset < start);
        let inside = self.defects.get(first..)?.iter().take_while(|defect| defect.offset < end);
        inside.into_iter().find(|defect| !HARMLESS.contains(&defect.rule))
    }

    /// Whether the same rule was violated at the same place.
    pub(in crate::hive) fn has(&self, offset: u64, rule: &str) -> bool {
        let first = self.defects.partition_point(|defect| defect.offset < offset);
        let same_place = self.defects.iter().skip(first).take_while(|defect| defect.offset == offset);
        same_place.into_iter().any(|defect| defect.rule == rule)
    }
}

/// Of the cells that nothing refers to, the allocated ones are lost and the
/// free ones of sound bins may be used.
fn sort_unreached(cells: &Cells<'_>, bins: &[Bin], map: &CellMap, defects: &mut Defects) -> Vec<FreeCell> {
    let mut free = Vec::new();
    let mut bins = bins.iter().copied().peekable();
    for start in map.unreached() {
        let (Some(cell), Ok(offset)) = (Cell::read(cells.bins(), start), u32::try_from(start)) else {
            continue;
        };
        if cell.is_allocated {
            let offset = CellOffset::new(offset).absolute();
            let found = format!("none to this cell of {:#x} bytes", cell.size);
            defects.add(Defect::new(offset, "unreferenced", "a reference to every allocated cell", found));
            continue;
        }
        while bins.next_if(|bin| bin.end() <= start).is_some() {}
        // The map has the headers of bins among the free cells.
        if bins.peek().is_some_and(|bin| bin.cells_start() <= start) {
            free.push(FreeCell { start: offset, size: cell.size });
        }
    }
    free
}
