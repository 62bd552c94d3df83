//! Hives that another program has open: what it writes and what a repair
//! writes would destroy each other.

use std::path::{Path, PathBuf};

use crate::hive::storage::Storage;

use super::super::path::walk;
use super::super::{Installation, locate};
use super::{Finding, State};

/// The hives that are looked at for a whole installation.
const HIVES: [&str; 6] = ["SYSTEM", "SOFTWARE", "SAM", "SECURITY", "DEFAULT", "COMPONENTS"];

/// Looks at the machine's hives of an installation.
pub fn examine(storage: &dyn Storage, installation: &Installation) -> Vec<Finding> {
    let files = HIVES.iter().filter_map(|hive| {
        let names = locate::config_names(hive);
        let reached = walk::walk(storage, &installation.windows_folder, &names).ok()?;
        reached.entry.map(|_| reached.host)
    });
    held_open(storage, &files.collect::<Vec<PathBuf>>())
}

/// Which of the files another program has open.
pub fn held_open(storage: &dyn Storage, files: &[PathBuf]) -> Vec<Finding> {
    storage.holders(files).into_iter().map(|(file, holder)| finding(&file, &holder)).collect()
}

fn finding(file: &Path, holder: &str) -> Finding {
    Finding {
        state: State::HiveHeldOpen,
        saw: format!("{} is open in {holder}", file.display()),
        why: "What that program writes and what a repair writes would destroy each other.",
        next: "Close it (in regedit: unload the hive), then try again.",
    }
}
