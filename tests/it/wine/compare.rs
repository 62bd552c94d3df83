//! Volumes compared byte for byte, but for the time at which a repair was made.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use pemedic::hive::FileTime;

/// Where a base block keeps its checksum, which covers its time (regf
/// specification, "Base block").
const BASE_BLOCK_CHECKSUM: std::ops::Range<usize> = 0x1FC..0x200;

/// The span within which two repairs were made.
pub struct Span {
    begun: SystemTime,
}

impl Span {
    pub fn begin() -> Self {
        Self { begun: SystemTime::now() }
    }

    fn holds(&self, bytes: &[u8]) -> bool {
        let Ok(time) = bytes.try_into().map(u64::from_le_bytes) else { return false };
        let in_span = |time: SystemTime| FileTime::from_system_time(time).unwrap().0;
        // Clocks are coarser than the hundred nanoseconds they are told in.
        (in_span(self.begun) - 10_000_000..=in_span(SystemTime::now())).contains(&time)
    }

    /// Fails where two volumes differ in more than times of this span.
    pub fn assert_same(&self, one: &Path, other: &Path) {
        let (ours, theirs) = (files(one), files(other));
        let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&ours), names(&theirs));
        for (name, bytes) in &ours {
            if let Some(at) = self.difference(bytes, &theirs[name]) {
                panic!("{}: differs at {at:#x}", one.join(name).display());
            }
        }
    }

    /// The first byte that differs and belongs to no time and no checksum.
    fn difference(&self, ours: &[u8], theirs: &[u8]) -> Option<usize> {
        if ours.len() != theirs.len() {
            return Some(ours.len().min(theirs.len()));
        }
        let is_hive = ours.starts_with(b"regf");
        let differing = (0..ours.len()).filter(|at| ours[*at] != theirs[*at]);
        differing
            .filter(|at| !(is_hive && BASE_BLOCK_CHECKSUM.contains(at)))
            .find(|at| !self.is_in_a_time(ours, theirs, *at))
    }

    fn is_in_a_time(&self, ours: &[u8], theirs: &[u8], at: usize) -> bool {
        let starts = at.saturating_sub(7)..=at;
        let times =
            |bytes: &[u8], start: usize| bytes.get(start..start + 8).is_some_and(|time| self.holds(time));
        starts.into_iter().any(|start| times(ours, start) && times(theirs, start))
    }
}

/// Every file below a volume's root with its content; the receipts are left
/// out, which name the system they were made on.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path != root.join("pemedic") {
                    folders.push(path);
                }
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn only_times_of_the_span_may_differ() {
    let span = Span::begin();
    let now = FileTime::from_system_time(SystemTime::now()).unwrap().0;
    let hive = |time: u64, last: u8| [b"regf".as_slice(), &time.to_le_bytes(), &[last]].concat();
    assert_eq!(span.difference(&hive(now, 1), &hive(now + 1, 1)), None);
    assert_eq!(span.difference(&hive(now, 1), &hive(now, 2)), Some(12));
    assert_eq!(span.difference(&hive(now, 1), &hive(0x01C0_0000_0000_0000, 1)), Some(4));
    assert_eq!(span.difference(b"abc", b"ab"), Some(2));
}
