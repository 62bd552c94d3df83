//! States of a disk after a fault, each distinct one looked at once.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::Path;

use crate::support::crash_storage::{CrashStorage, Fault};

/// How many states after a power cut are drawn for each place of the cut,
/// beside the one in which nothing survived that was not certain.
const SAMPLES: u64 = 5;

/// Those that were seen, and how many there were.
#[derive(Default)]
pub(super) struct States {
    seen: HashSet<u64>,
    pub(super) all: usize,
}

impl States {
    pub(super) fn distinct(&self) -> usize {
        self.seen.len()
    }

    /// Of the states that the next start may find, those that are new.
    pub(super) fn new_after(&mut self, disk: &CrashStorage, fault: Fault, step: usize) -> Vec<CrashStorage> {
        // What programs saw last: also what is there when the process is killed.
        let mut found = vec![disk.settled()];
        if matches!(fault, Fault::PowerOff | Fault::PowerOffLate) {
            found.push(disk.nothing_uncertain());
            found.extend((0..SAMPLES).flat_map(|sample| {
                disk.sample_outcomes(1, (step as u64 * 7919 + 17).wrapping_mul(sample * 2 + 1))
            }));
        }
        self.all += found.len();
        found.retain(|disk| self.seen.insert(fingerprint(disk)));
        found
    }
}

/// The same for disks that differ only in times of day and in the words for
/// what failed.
fn fingerprint(disk: &CrashStorage) -> u64 {
    let mut hasher = DefaultHasher::new();
    for folder in disk.folders() {
        without_times(&folder.to_string_lossy()).hash(&mut hasher);
    }
    for (path, (bytes, metadata)) in disk.files() {
        without_times(&path.to_string_lossy()).hash(&mut hasher);
        metadata.hash(&mut hasher);
        match receipt_text(&path, &bytes) {
            Some(text) => text.hash(&mut hasher),
            None => bytes.hash(&mut hasher),
        }
    }
    hasher.finish()
}

/// What pemedic wrote about itself, without what differs from run to run.
fn receipt_text(path: &Path, bytes: &[u8]) -> Option<String> {
    let name = path.to_string_lossy();
    let own = ["receipt.toml", "interrupted.toml", "target-id"];
    if !own.iter().any(|own| name.contains(own)) {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    // A torn receipt is compared with its times: how far it goes matters.
    if name.contains("receipt.toml") {
        toml::from_str::<toml::Table>(text).ok()?;
    }
    let said = ["written = ", "finished = ", "failure = "];
    let lines = text.lines().filter(|line| !said.iter().any(|start| line.starts_with(start)));
    Some(lines.map(|line| without_times(line) + "\n").collect())
}

/// Without the stamps in receipts' names (`20040914T070800Z`) and the random
/// digits of the target's id (`bench-00c0ffee00c0ffee`).
pub(super) fn without_times(text: &str) -> String {
    const LEN: usize = 16;
    let bytes = text.as_bytes();
    let changes = |at: usize| {
        bytes.get(at..at + LEN).is_some_and(|found| {
            let is_stamp = found[8] == b'T' && found[15] == b'Z' && found[..8].iter().all(u8::is_ascii_digit);
            let is_id = bytes[..at].ends_with(b"bench-") && found.iter().all(u8::is_ascii_hexdigit);
            is_stamp || is_id
        })
    };
    let mut rest = 0;
    let mut said = String::new();
    while let Some(at) = (rest..bytes.len()).find(|at| changes(*at)) {
        said.push_str(&text[rest..at]);
        said.push('#');
        rest = at + LEN;
    }
    said + &text[rest..]
}
