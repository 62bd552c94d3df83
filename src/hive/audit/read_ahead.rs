//! Reading ahead of the walk.
//!
//! A large hive is many times the processor's cache, and a walk that follows
//! one offset after the other waits for the memory each time. Loads that do not
//! depend on each other are waited for together: the cells a batch of keys will
//! need are touched first, level by level. This changes nothing but the time.

use std::hint::black_box;

use crate::hive::CellOffset;
use crate::hive::cell::Cells;
use crate::hive::field::u32_at;
use crate::hive::key_node::{KeyNode, at};
use crate::hive::subkey_list::List;

/// Keys whose subkeys are walked together.
pub(super) const BATCH: usize = 16;
/// Elements of one list that are worth it: more would leave the cache again.
const ELEMENTS: usize = 64;

/// Touches what walking the subkeys of these keys will read.
pub(super) fn read_ahead(cells: &Cells<'_>, batch: &[(KeyNode<'_>, usize)]) {
    let mut subkeys = Vec::new();
    touch(cells, batch.iter().map(|(key, _)| key.link(at::SUBKEY_LIST)));
    for (key, _) in batch {
        if let Ok(list) = List::read(cells, key.link(at::SUBKEY_LIST)) {
            subkeys.extend(list.iter().take(ELEMENTS));
        }
    }
    touch(cells, subkeys.iter().copied());
    let node = |offset: &CellOffset| KeyNode::read(cells, *offset).ok();
    touch(cells, subkeys.iter().filter_map(node).map(|key| key.link(at::VALUE_LIST)));
    let values = subkeys.iter().filter_map(node).filter_map(|key| key.values(cells).ok());
    touch(cells, values.flat_map(|values| values.take(ELEMENTS)));
}

fn touch(cells: &Cells<'_>, offsets: impl Iterator<Item = CellOffset>) {
    let sum = offsets.fold(0_u32, |sum, offset| sum.wrapping_add(u32_at(cells.bins(), offset.index())));
    black_box(sum);
}
