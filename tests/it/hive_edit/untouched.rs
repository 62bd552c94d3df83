//! Two images compared cell by cell: what an edit was allowed to change, and
//! that nothing else differs.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use pemedic::hive::audit::audit;

use crate::support::owned_cells::{OwnedCell, Role, header_size, owned_cells};

/// Fields of a key node (regf specification, "Key node").
const LAST_WRITTEN: Range<usize> = 4..12;
const PARENT: Range<usize> = 16..20;
const SUBKEY_COUNT: Range<usize> = 20..24;
const SUBKEY_LIST: Range<usize> = 28..32;
const VALUE_COUNT_AND_LIST: Range<usize> = 36..44;
const LARGEST_SUBKEY_NAME: Range<usize> = 52..54;
const LARGEST_CLASS: Range<usize> = 56..60;
const LARGEST_VALUE: Range<usize> = 60..68;
/// Of a key value: data size, data or its place, type.
const VALUE_DATA: Range<usize> = 4..16;
/// Of key security: next and previous; number of keys.
const RING: Range<usize> = 4..12;
const SHARED_BY: Range<usize> = 12..16;

/// What an edit may change.
#[derive(Default)]
pub struct Grants {
    /// Bytes of the payloads of cells that stay where they are.
    fields: Vec<(Rc<str>, Role, Range<usize>)>,
    /// Cells that may come, go, move and change in every byte.
    whole: Vec<(Rc<str>, Role)>,
    /// Keys that may come or go with everything below them.
    trees: Vec<Rc<str>>,
    /// Key security records may come and go, and all counts may change.
    ring: bool,
    /// A key's path before and after.
    renamed: Option<(Rc<str>, Rc<str>)>,
}

impl Grants {
    fn field(mut self, owner: &str, role: Role, bytes: Range<usize>) -> Self {
        self.fields.push((owner.into(), role, bytes));
        self
    }

    fn node(self, key: &str, fields: &[Range<usize>]) -> Self {
        fields.iter().fold(self, |grants, field| grants.field(key, Role::Node, field.clone()))
    }

    /// New data for a value that is there.
    pub fn data(mut self, key: &str, value: &str) -> Self {
        self.whole.push((key.into(), Role::Data(value.into())));
        self.field(key, Role::Value(value.into()), VALUE_DATA).node(key, &[LAST_WRITTEN, LARGEST_VALUE])
    }

    /// A value that comes or goes.
    pub fn value(mut self, key: &str, value: &str) -> Self {
        self.whole.push((key.into(), Role::ValueList));
        self.whole.push((key.into(), Role::Value(value.into())));
        self.whole.push((key.into(), Role::Data(value.into())));
        self.node(key, &[LAST_WRITTEN, VALUE_COUNT_AND_LIST, LARGEST_VALUE])
    }

    /// The order of a key's values.
    pub fn order(self, key: &str) -> Self {
        self.field(key, Role::ValueList, 0..usize::MAX)
    }

    /// A subkey of `parent` that comes or goes with everything below it.
    pub fn tree(mut self, parent: &str, key: &str) -> Self {
        self.trees.push(key.into());
        self.ring = true;
        self.list(parent)
    }

    /// The list of a key's subkeys.
    pub fn list(mut self, parent: &str) -> Self {
        self.whole.push((parent.into(), Role::SubkeyList));
        self.node(parent, &[LAST_WRITTEN, SUBKEY_COUNT, SUBKEY_LIST, LARGEST_SUBKEY_NAME, LARGEST_CLASS])
    }

    /// Another name for a subkey of `parent`; its own subkeys may have to learn
    /// where it is now.
    pub fn rename(mut self, parent: &str, from: &str, to: &str, subkeys: &[&str]) -> Self {
        self.renamed = Some((from.into(), to.into()));
        self.whole.push((to.into(), Role::Node));
        for subkey in subkeys {
            self = self.node(&format!("{to}\\{subkey}"), &[PARENT]);
        }
        self.list(parent)
    }

    fn allows_byte(&self, cell: &OwnedCell<'_>, at: usize) -> bool {
        if cell.role == Role::Security && self.ring {
            return RING.contains(&at) || SHARED_BY.contains(&at);
        }
        let same = |owner: &str, role: &Role| *owner == *cell.owner && *role == cell.role;
        self.allows_whole(cell)
            || self.fields.iter().any(|(owner, role, bytes)| same(owner, role) && bytes.contains(&at))
    }

    fn allows_whole(&self, cell: &OwnedCell<'_>) -> bool {
        if cell.role == Role::Security {
            return self.ring;
        }
        let in_tree = |root: &Rc<str>| *cell.owner == **root || cell.owner.starts_with(&format!("{root}\\"));
        cell.role != Role::Lost
            && (self.whole.iter().any(|(owner, role)| *owner == cell.owner && *role == cell.role)
                || self.trees.iter().any(in_tree))
    }

    /// The owner's path after the edit.
    fn owner_after(&self, owner: &Rc<str>) -> Rc<str> {
        match &self.renamed {
            Some((from, to)) if owner == from => to.clone(),
            Some((from, to)) => match owner.strip_prefix(&format!("{from}\\")) {
                Some(below) => format!("{to}\\{below}").into(),
                None => owner.clone(),
            },
            None => owner.clone(),
        }
    }
}

/// Fails where `after` differs from `before` in anything that was not granted,
/// or where it is less sound.
pub fn assert_only(before: &[u8], after: &[u8], grants: &Grants) {
    let header = header_size(before);
    let mut old = owned_cells(before);
    old.values_mut().for_each(|cell| cell.owner = grants.owner_after(&cell.owner));
    let new = owned_cells(after);
    for (offset, cell) in &old {
        let same = new.get(offset).filter(|now| now.owner == cell.owner && now.role == cell.role);
        let Some(now) = same else {
            assert!(grants.allows_whole(cell), "{:?} of {} is gone from {offset:#x}", cell.role, cell.owner);
            continue;
        };
        assert_bytes(*offset, cell, now, header, grants);
    }
    for (offset, cell) in &new {
        let is_new = old.get(offset).is_none_or(|was| was.owner != cell.owner || was.role != cell.role);
        if is_new {
            assert!(grants.allows_whole(cell), "{:?} of {} came to {offset:#x}", cell.role, cell.owner);
            assert!(cell.slack(header).iter().all(|byte| *byte == 0), "slack of the cell at {offset:#x}");
        }
    }
    assert_frame(before, after);
    assert_no_new_defect(before, after);
}

fn assert_bytes(offset: u32, was: &OwnedCell<'_>, now: &OwnedCell<'_>, header: usize, grants: &Grants) {
    if was.bytes == now.bytes {
        return;
    }
    if grants.allows_whole(now) && now.role != Role::Security {
        return;
    }
    assert_eq!(was.bytes.len(), now.bytes.len(), "size of {:?} of {} at {offset:#x}", was.role, was.owner);
    for at in (0..was.bytes.len()).filter(|at| was.bytes[*at] != now.bytes[*at]) {
        let is_granted = at >= header && grants.allows_byte(now, at - header);
        assert!(is_granted, "byte {at} of the cell at {offset:#x}: {:?} of {:?}", was.role, was.owner);
    }
}

/// The base block apart from sequence numbers, time, size and checksum, and
/// the headers of the bins apart from the first one's time.
fn assert_frame(before: &[u8], after: &[u8]) {
    let free = [4..20, 40..44, 508..512];
    for at in (0..4096).filter(|at| !free.iter().any(|free| free.contains(at))) {
        assert_eq!(before[at], after[at], "byte {at} of the base block");
    }
    let (old, new) = (bins(before), bins(after));
    let old_end: usize = old.values().sum();
    for (start, size) in &new {
        // Empty bins may be joined, new ones are added at the end.
        let joins = old.keys().any(|old| old == start) || *start >= old_end;
        assert!(joins, "a bin of {size:#x} bytes begins at {start:#x}");
        let time = if *start == 0 { 20..28 } else { 0..0 };
        for at in (12..32).filter(|at| *start < old_end && !time.contains(at)) {
            assert_eq!(before[4096 + start + at], after[4096 + start + at], "bin header at {start:#x}");
        }
    }
    assert!(after.len() >= before.len(), "the file has shrunk");
}

fn bins(image: &[u8]) -> BTreeMap<usize, usize> {
    let number = |at: usize| u32::from_le_bytes(image[at..at + 4].try_into().unwrap()) as usize;
    let (mut bins, mut start) = (BTreeMap::new(), 0);
    while start < number(40) {
        let size = number(4096 + start + 8);
        bins.insert(start, size);
        start += size;
    }
    bins
}

/// Counts by rule: a defect may have moved with its cell.
fn assert_no_new_defect(before: &[u8], after: &[u8]) {
    let count = |image: &[u8]| {
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        for defect in audit(image).defects {
            *rules.entry(defect.rule).or_default() += 1;
        }
        rules
    };
    let old = count(before);
    for (rule, now) in count(after) {
        assert!(old.get(rule).is_some_and(|was| now <= *was), "{rule}: {now} defects");
    }
}
