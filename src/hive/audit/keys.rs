//! The walk over the key tree, and a key node's own invariants.

use super::Defect;
use super::cell_map::{CellMap, Reach};
use super::defects::Defects;
use super::read_ahead::{BATCH, read_ahead};
use super::ring::Ring;
use super::workers;
use crate::hive::CellOffset;
use crate::hive::base_block::ROOT;
use crate::hive::cell::Cells;
use crate::hive::key_node::{DEPTH_LIMIT, HEAD_SIZE, KeyNode, at, flag};

/// The state of a walk: every cell it refers to is claimed once.
pub(super) struct Walk<'a> {
    pub(super) cells: Cells<'a>,
    pub(super) map: CellMap,
    pub(super) defects: Defects,
    pub(super) keys: usize,
    pub(super) values: usize,
    ring: Ring,
    /// Keys whose subkeys are still to be walked, with their depth.
    pub(super) pending: Vec<(KeyNode<'a>, usize)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(cells: Cells<'a>, map: CellMap, defects: Defects) -> Self {
        Self { cells, map, defects, keys: 0, values: 0, ring: Ring::default(), pending: Vec::new() }
    }

    pub(super) fn into_parts(self) -> (CellMap, Defects) {
        (self.map, self.defects)
    }

    /// Walks everything the root key reaches, with so many threads.
    pub(super) fn run(&mut self, workers: usize) {
        let root = self.cells.root;
        if !self.claim(root, ROOT as u64, "root key") {
            return;
        }
        let Some(node) = self.defects.keep(KeyNode::read(&self.cells, root)) else { return };
        if !node.has_flag(flag::HIVE_ENTRY) {
            let found = format!("flags {:#x}", node.flags());
            self.add(&node, at::FLAGS, "root-flag", "the flag of a root key (0x4)", &found);
        }
        self.ring = Ring::walk(self, &node);
        self.check_node(&node);
        self.pending.push((node, 0));
        if workers < 2 || !workers::descend(self, workers) {
            while self.step() {}
        }
        let ring = std::mem::take(&mut self.ring);
        ring.check_counts(self);
    }

    /// Walks a few of the pending keys; whether there were any.
    pub(super) fn step(&mut self) -> bool {
        let batch = self.pending.split_off(self.pending.len().saturating_sub(BATCH));
        read_ahead(&self.cells, &batch);
        for (node, depth) in &batch {
            self.check_subkeys(node, *depth);
        }
        !batch.is_empty()
    }

    /// A walk of some subtrees of the same hive, which has reached nothing yet.
    pub(super) fn part(&self) -> Self {
        let mut part = Self::new(self.cells, self.map.unreached_copy(), Defects::default());
        part.ring = self.ring.uncounted_copy();
        part
    }

    /// Takes over what parts of this walk found, if the order they went in
    /// cannot have mattered; whether it did.
    pub(super) fn take(&mut self, parts: Vec<Self>) -> bool {
        let is_orderly =
            |part: &Self| part.defects.is_independent_of_order() && part.ring.has_same_records(&self.ring);
        if !parts.iter().all(is_orderly) || !self.map.join(parts.iter().map(|part| &part.map)) {
            return false;
        }
        for part in parts {
            self.keys += part.keys;
            self.values += part.values;
            self.defects.append(part.defects);
            self.ring.add_counts(&part.ring);
        }
        self.pending.clear();
        true
    }

    /// Takes note of a reference; whether it leads to an allocated cell that
    /// nothing else refers to. `from` is the place of the reference.
    pub(super) fn claim(&mut self, target: CellOffset, from: u64, what: &str) -> bool {
        let reach = self.map.reach(target);
        if reach == Reach::First {
            return true;
        }
        self.defects.add(bad_reference(reach, target, from, what));
        false
    }

    /// Adds a defect of a key node's field.
    pub(super) fn add(
        &mut self,
        node: &KeyNode<'_>,
        at: usize,
        rule: &'static str,
        expected: &str,
        found: &str,
    ) {
        let place = self.cells.field_offset(node.offset, at);
        self.defects.add(Defect::new(place, rule, expected, found));
    }

    /// Checks a key whose cell was claimed, and puts it on the list if it has
    /// subkeys.
    pub(super) fn check_subkey(&mut self, node: &KeyNode<'a>, parent: &KeyNode<'a>, depth: usize) {
        if node.link(at::PARENT) != parent.offset {
            let (expected, found) = (parent.offset.get(), node.field(at::PARENT));
            self.add(node, at::PARENT, "key-parent", &format!("{expected:#x}"), &format!("{found:#x}"));
        }
        if node.name.bytes().is_empty() {
            self.add(node, at::NAME_SIZE, "key-name", "a name", "none");
        }
        self.check_node(node);
        if node.subkey_count() == 0 {
            return;
        }
        if depth > DEPTH_LIMIT {
            let expected = format!("keys at most {DEPTH_LIMIT} deep");
            self.add(node, at::SUBKEY_COUNT, "depth", &expected, "subkeys of a deeper key");
        } else {
            self.pending.push((*node, depth));
        }
    }

    fn check_node(&mut self, node: &KeyNode<'a>) {
        self.keys += 1;
        if !node.name.is_whole() {
            self.add(node, at::NAME_SIZE, "key-name", "whole UTF-16 units", "half a unit");
        }
        if node.name.units().any(|unit| unit == u16::from(b'\\')) {
            let found = format!("{:?}", node.name.to_string_lossy());
            self.add(node, HEAD_SIZE, "key-name", "a name without a backslash", &found);
        }
        self.check_values(node);
        self.check_class(node);
        let security = node.link(at::SECURITY);
        let from = self.cells.field_offset(node.offset, at::SECURITY);
        let mut ring = std::mem::take(&mut self.ring);
        ring.count(self, security, from);
        self.ring = ring;
    }

    fn check_class(&mut self, node: &KeyNode<'a>) {
        let (class, size) = (node.link(at::CLASS), node.short_field(at::CLASS_SIZE));
        if class.is_none() || size == 0 {
            return;
        }
        let from = self.cells.field_offset(node.offset, at::CLASS);
        if self.claim(class, from, "class name") {
            self.defects.keep(node.class(&self.cells));
        }
    }
}

fn bad_reference(reach: Reach, target: CellOffset, from: u64, what: &str) -> Defect {
    match reach {
        Reach::NoCell => {
            let found = format!("{:#x}, where no cell begins", target.get());
            Defect::new(from, "reference", format!("the offset of a {what}"), found)
        }
        Reach::Free => {
            let found = format!("a free cell at {:#x}", target.absolute());
            Defect::new(from, "reference-to-free", format!("a {what}"), found)
        }
        Reach::First | Reach::Again => {
            let found = format!("another as {what} at {from:#x}");
            Defect::new(target.absolute(), "cell-shared", "one reference to this cell", found)
        }
    }
}
