//! The invariants of a key's subkey list.

use std::cmp::Ordering;

use super::Defect;
use super::keys::Walk;
use crate::hive::CellOffset;
use crate::hive::key_node::{KeyNode, at};
use crate::hive::name::Name;
use crate::hive::subkey_list::{LIST_HEAD_SIZE, List, ListKind};

/// What is known of the subkeys before the present one.
#[derive(Default)]
struct Seen<'a> {
    count: usize,
    last: Option<Name<'a>>,
    largest_name: usize,
    largest_class: usize,
}

impl<'a> Walk<'a> {
    /// Walks the subkeys of a key `depth` below the root.
    pub(super) fn check_subkeys(&mut self, node: &KeyNode<'a>, depth: usize) {
        let count = node.subkey_count();
        if count == 0 {
            return;
        }
        let from = self.cells.field_offset(node.offset, at::SUBKEY_LIST);
        let mut seen = Seen::default();
        if let Some(list) = self.claim_list(node.link(at::SUBKEY_LIST), from) {
            match list.kind {
                ListKind::IndexRoot => self.check_root(node, &list, depth, &mut seen),
                _ => self.check_leaf(node, &list, depth, &mut seen),
            }
        }
        if seen.count != count {
            let found = format!("{} in its list", seen.count);
            self.add(node, at::SUBKEY_COUNT, "subkey-count", &format!("{count} subkeys"), &found);
        }
        let name = u32::from(node.short_field(at::LARGEST_SUBKEY_NAME));
        self.check_largest(node, at::LARGEST_SUBKEY_NAME, "largest-subkey-name", name, seen.largest_name);
        let class = node.field(at::LARGEST_CLASS);
        self.check_largest(node, at::LARGEST_CLASS, "largest-class", class, seen.largest_class);
    }

    fn claim_list(&mut self, offset: CellOffset, from: u64) -> Option<List<'a>> {
        if !self.claim(offset, from, "subkey list") {
            return None;
        }
        self.defects.keep(List::read(&self.cells, offset))
    }

    fn check_root(&mut self, node: &KeyNode<'a>, root: &List<'a>, depth: usize, seen: &mut Seen<'a>) {
        for (index, leaf) in root.iter().enumerate() {
            let from = self.cells.field_offset(root.offset, LIST_HEAD_SIZE + index * 4);
            let Some(leaf) = self.claim_list(leaf, from) else { continue };
            let problem = match leaf.kind {
                ListKind::IndexRoot => Some(("list-nesting", "a leaf", "another index root")),
                _ if leaf.len() == 0 => Some(("list-empty", "a leaf with elements", "an empty one")),
                _ => None,
            };
            match problem {
                Some((rule, expected, found)) => {
                    self.defects.add(Defect::new(leaf.offset.absolute(), rule, expected, found));
                }
                None => self.check_leaf(node, &leaf, depth, seen),
            }
        }
    }

    fn check_leaf(&mut self, node: &KeyNode<'a>, leaf: &List<'a>, depth: usize, seen: &mut Seen<'a>) {
        for (index, subkey) in leaf.iter().enumerate() {
            seen.count += 1;
            let at = LIST_HEAD_SIZE + index * leaf.kind.element_size();
            let from = self.cells.field_offset(leaf.offset, at);
            if !self.claim(subkey, from, "key node") {
                continue;
            }
            let Some(subkey) = self.defects.keep(KeyNode::read(&self.cells, subkey)) else { continue };
            self.check_order(subkey.name, from, seen);
            self.check_hint(leaf, index, subkey.name, from);
            seen.largest_name = seen.largest_name.max(subkey.name.utf16_size());
            seen.largest_class = seen.largest_class.max(subkey.class_size());
            self.check_subkey(&subkey, node, depth + 1);
        }
    }

    fn check_order(&mut self, name: Name<'a>, from: u64, seen: &mut Seen<'a>) {
        let last = seen.last.replace(name);
        if let Some(last) = last
            && last.compare(name) != Ordering::Less
        {
            let (last, name) = (last.to_string_lossy(), name.to_string_lossy());
            let expected = format!("a name that sorts after {last:?}");
            self.defects.add(Defect::new(from, "list-order", expected, format!("{name:?}")));
        }
    }

    fn check_hint(&mut self, leaf: &List<'a>, index: usize, name: Name<'a>, from: u64) {
        let Some(expected) = leaf.kind.hint(name) else { return };
        let found = leaf.hint(index);
        if leaf.kind == ListKind::FastLeaf && !name.is_compressed() && found.first() == Some(&0) {
            // Writers differ in how many characters of a wide name they give.
            return;
        }
        if found != expected {
            let rule = if leaf.kind == ListKind::HashLeaf { "list-hash" } else { "list-hint" };
            let (expected, found) = (hex(expected), hex(found));
            self.defects.add(Defect::new(from + 4, rule, expected, found));
        }
    }
}

fn hex(bytes: [u8; 4]) -> String {
    format!("{:#010x}", u32::from_le_bytes(bytes))
}
