//! The invariants of a key's values.

use super::Defect;
use super::keys::Walk;
use crate::hive::CellOffset;
use crate::hive::big_data::{self, BigData};
use crate::hive::key_node::{KeyNode, at};
use crate::hive::key_value::{self, DataPlace, KeyValue};
use crate::hive::name::Name;

/// The largest name and data seen.
#[derive(Default)]
struct Largest {
    name: usize,
    data: usize,
}

/// Room made for a key's value names before they are seen: a count that lies
/// costs no memory.
const NAMES_RESERVED_MAX: usize = 64;

/// Up to this many names comparing each with each is quicker than sorting.
const FEW: usize = 8;

/// The names that another one before them equals but for case, each with the
/// place of its reference. By name, only the first can be reached.
fn namesakes(mut named: Vec<(Name<'_>, u64)>) -> Vec<(Name<'_>, u64)> {
    if named.len() <= FEW {
        let has_earlier = |index: usize| named[..index].iter().any(|(name, _)| name.is_same(named[index].0));
        return (1..named.len()).filter(|index| has_earlier(*index)).map(|index| named[index]).collect();
    }
    // Equal names keep their order.
    named.sort_by(|(left, _), (right, _)| left.compare(*right));
    let pairs = named.windows(2).filter(|pair| pair[0].0.is_same(pair[1].0));
    pairs.map(|pair| pair[1]).collect()
}

impl<'a> Walk<'a> {
    pub(super) fn check_values(&mut self, node: &KeyNode<'a>) {
        if node.value_count() == 0 {
            return;
        }
        let list = node.link(at::VALUE_LIST);
        let from = self.cells.field_offset(node.offset, at::VALUE_LIST);
        if !self.claim(list, from, "value list") {
            return;
        }
        let Some(values) = self.defects.keep(node.values(&self.cells)) else { return };
        let mut largest = Largest::default();
        let mut named = Vec::with_capacity(values.len().min(NAMES_RESERVED_MAX));
        for (index, value) in values.enumerate() {
            let from = self.cells.field_offset(list, index * 4);
            if self.claim(value, from, "key value")
                && let Some(name) = self.check_value(value, &mut largest)
            {
                named.push((name, from));
            }
        }
        for (name, from) in namesakes(named) {
            let found = format!("another {:?}", name.to_string_lossy());
            self.defects.add(Defect::new(from, "value-duplicate", "one value of each name", found));
        }
        for (at, rule, size) in [
            (at::LARGEST_VALUE_NAME, "largest-value-name", largest.name),
            (at::LARGEST_VALUE_DATA, "largest-value-data", largest.data),
        ] {
            self.check_largest(node, at, rule, node.field(at), size);
        }
    }

    /// A maximum may be too large (Windows does not lower it), not too small.
    pub(super) fn check_largest(
        &mut self,
        node: &KeyNode<'a>,
        at: usize,
        rule: &'static str,
        stored: u32,
        size: usize,
    ) {
        if (stored as usize) < size {
            self.add(node, at, rule, &format!("at least {size}"), &stored.to_string());
        }
    }

    /// Checks a value whose cell was claimed; its name, where it has one that
    /// can be read.
    fn check_value(&mut self, offset: CellOffset, largest: &mut Largest) -> Option<Name<'a>> {
        let value = self.defects.keep(KeyValue::read(&self.cells, offset))?;
        self.values += 1;
        largest.name = largest.name.max(value.name.utf16_size());
        largest.data = largest.data.max(value.data_size());
        if !value.name.is_whole() {
            let place = self.cells.field_offset(offset, 2);
            self.defects.add(Defect::new(place, "value-name", "whole UTF-16 units", "half a unit"));
        }
        let from = self.cells.field_offset(offset, key_value::DATA);
        match self.defects.keep(value.place(self.cells.format)) {
            None | Some(DataPlace::Inline) => {}
            Some(DataPlace::Cell(data)) => {
                let size = self.cells.format.cell_header_size() + value.data_size();
                if self.claim(data, from, "value's data") && !self.map.has_room(data, size) {
                    self.defects.keep(value.check_room(&self.cells, data));
                }
            }
            Some(DataPlace::BigData(record)) => {
                if self.claim(record, from, "big data record") {
                    self.check_big_data(record, value.data_size());
                }
            }
        }
        Some(value.name)
    }

    fn check_big_data(&mut self, record: CellOffset, size: usize) {
        let from = self.cells.field_offset(record, big_data::LIST);
        let Some(big) = self.defects.keep(BigData::read(&self.cells, record, size)) else { return };
        if !self.claim(big.list, from, "segment list") {
            return;
        }
        for (index, segment) in big.segments.iter().enumerate() {
            let from = self.cells.field_offset(big.list, index * 4);
            if self.claim(segment, from, "data segment") {
                self.defects.keep(big.piece(&self.cells, index, segment));
            }
        }
    }
}
