//! Subkey lists: index leaf, fast leaf, hash leaf, and the index root that
//! divides long ones.
//!
//! regf specification, "Index leaf" to "Index root": signature, count (2 bytes
//! each), then elements of 4 bytes (an offset) or 8 (an offset and a hint or
//! hash), sorted by the capitals of the names.

use std::cmp::Ordering;

use super::audit::Defect;
use super::cell::{CellOffset, Cells};
use super::field::{u16_at, u32_at};
use super::key_node::KeyNode;
use super::name::Name;

/// Bytes before the first element.
pub(super) const LIST_HEAD_SIZE: usize = 4;

/// The four kinds of list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListKind {
    /// `li`: offsets alone.
    IndexLeaf,
    /// `lf`: with the first characters of each name.
    FastLeaf,
    /// `lh`: with a hash of each name.
    HashLeaf,
    /// `ri`: offsets of leaves.
    IndexRoot,
}

impl ListKind {
    pub(super) fn signature(self) -> [u8; 2] {
        match self {
            Self::IndexLeaf => *b"li",
            Self::FastLeaf => *b"lf",
            Self::HashLeaf => *b"lh",
            Self::IndexRoot => *b"ri",
        }
    }

    fn from_signature(signature: &[u8]) -> Option<Self> {
        match signature {
            [b'l', b'i'] => Some(Self::IndexLeaf),
            [b'l', b'f'] => Some(Self::FastLeaf),
            [b'l', b'h'] => Some(Self::HashLeaf),
            [b'r', b'i'] => Some(Self::IndexRoot),
            _ => None,
        }
    }

    pub(super) fn element_size(self) -> usize {
        match self {
            Self::IndexLeaf | Self::IndexRoot => 4,
            Self::FastLeaf | Self::HashLeaf => 8,
        }
    }

    /// What a leaf of this kind keeps of a name.
    pub(super) fn hint(self, name: Name<'_>) -> Option<[u8; 4]> {
        match self {
            Self::IndexLeaf | Self::IndexRoot => None,
            Self::FastLeaf => Some(name.hint()),
            Self::HashLeaf => Some(name.hash().to_le_bytes()),
        }
    }
}

/// One list cell.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    pub(super) offset: CellOffset,
    pub(super) kind: ListKind,
    elements: &'a [u8],
}

impl<'a> List<'a> {
    pub(super) fn read(cells: &Cells<'a>, offset: CellOffset) -> Result<Self, Defect> {
        let payload = cells.payload(offset)?;
        let signature = payload.get(..2).unwrap_or_default();
        let Some(kind) = ListKind::from_signature(signature) else {
            let found = signature.escape_ascii().to_string();
            return Err(Defect::new(offset.absolute(), "list-signature", "li, lf, lh or ri", found));
        };
        let count = usize::from(u16_at(payload, 2));
        let size = count * kind.element_size();
        let Some(elements) = payload.get(LIST_HEAD_SIZE..).and_then(|tail| tail.get(..size)) else {
            let found = format!("{} bytes", payload.len());
            return Err(Defect::new(
                offset.absolute(),
                "list-size",
                format!("room for {count} elements"),
                found,
            ));
        };
        Ok(Self { offset, kind, elements })
    }

    pub(super) fn len(&self) -> usize {
        self.elements.len() / self.kind.element_size()
    }

    /// The elements' bytes.
    pub(super) fn elements(&self) -> &'a [u8] {
        self.elements
    }

    /// The `index`-th offset: a key node's, or a leaf's in an index root.
    pub(super) fn get(&self, index: usize) -> CellOffset {
        CellOffset::new(u32_at(self.elements, index * self.kind.element_size()))
    }

    /// The hint or hash of the `index`-th element.
    pub(super) fn hint(&self, index: usize) -> [u8; 4] {
        u32_at(self.elements, index * self.kind.element_size() + 4).to_le_bytes()
    }

    pub(super) fn iter(self) -> impl ExactSizeIterator<Item = CellOffset> + use<'a> {
        self.elements.chunks_exact(self.kind.element_size()).map(|item| CellOffset::new(u32_at(item, 0)))
    }

    fn search(
        &self,
        cells: &Cells<'a>,
        name: Name<'_>,
    ) -> Result<Result<(usize, KeyNode<'a>), usize>, Defect> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            let node = KeyNode::read(cells, self.get(middle))?;
            match node.name.compare(name) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Ok(Ok((middle, node))),
            }
        }
        Ok(Err(low))
    }
}

/// All subkeys of a key.
#[derive(Clone, Copy)]
pub(super) enum SubkeyList<'a> {
    /// One leaf.
    Leaf(List<'a>),
    /// An index root; its elements are leaves.
    Root(List<'a>),
}

/// Where a name is or belongs.
pub(super) struct Place<'a> {
    /// The key of that name.
    pub(super) found: Option<KeyNode<'a>>,
    /// The leaf.
    pub(super) leaf: List<'a>,
    /// The leaf's place in the index root; 0 without one.
    pub(super) leaf_index: usize,
    /// The place in the leaf: of the key found, or where it would go.
    pub(super) index: usize,
}

impl<'a> SubkeyList<'a> {
    pub(super) fn read(cells: &Cells<'a>, offset: CellOffset) -> Result<Self, Defect> {
        let list = List::read(cells, offset)?;
        Ok(match list.kind {
            ListKind::IndexRoot => Self::Root(list),
            _ => Self::Leaf(list),
        })
    }

    /// The cells of the list itself.
    pub(super) fn cells(self) -> impl Iterator<Item = CellOffset> + use<'a> {
        let (top, leaves) = match self {
            Self::Leaf(leaf) => (leaf.offset, None),
            Self::Root(root) => (root.offset, Some(root)),
        };
        std::iter::once(top).chain(leaves.into_iter().flat_map(List::iter))
    }

    pub(super) fn leaf_count(&self) -> usize {
        match self {
            Self::Leaf(_) => 1,
            Self::Root(root) => root.len(),
        }
    }

    /// The `index`-th leaf.
    pub(super) fn leaf(&self, cells: &Cells<'a>, index: usize) -> Result<List<'a>, Defect> {
        let leaf = match self {
            Self::Leaf(leaf) => *leaf,
            Self::Root(root) => List::read(cells, root.get(index))?,
        };
        if leaf.kind == ListKind::IndexRoot {
            return Err(Defect::new(leaf.offset.absolute(), "list-nesting", "a leaf", "another index root"));
        }
        Ok(leaf)
    }

    /// The key nodes' offsets in order; stops after the first damaged leaf.
    pub(super) fn iter(
        self,
        cells: &Cells<'a>,
    ) -> impl Iterator<Item = Result<CellOffset, Defect>> + use<'a> {
        let cells = *cells;
        (0..self.leaf_count()).flat_map(move |index| {
            let (leaf, damage) = match self.leaf(&cells, index) {
                Ok(leaf) => (Some(leaf), None),
                Err(defect) => (None, Some(Err(defect))),
            };
            leaf.into_iter().flat_map(List::iter).map(Ok).chain(damage)
        })
    }

    /// Finds a name by binary search: first the leaf, then the place in it.
    pub(super) fn search(&self, cells: &Cells<'a>, name: Name<'_>) -> Result<Place<'a>, Defect> {
        let (mut low, mut high) = (0, self.leaf_count());
        // The last leaf whose first name is not above the wanted one.
        while high - low > 1 {
            let middle = low.midpoint(high);
            let leaf = self.leaf(cells, middle)?;
            let first = KeyNode::read(cells, leaf.get(0))?;
            if first.name.compare(name) == Ordering::Greater {
                high = middle;
            } else {
                low = middle;
            }
        }
        let leaf = self.leaf(cells, low)?;
        Ok(match leaf.search(cells, name)? {
            Ok((index, node)) => Place { found: Some(node), leaf, leaf_index: low, index },
            Err(index) => Place { found: None, leaf, leaf_index: low, index },
        })
    }
}
