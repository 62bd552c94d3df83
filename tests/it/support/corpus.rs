//! Real hives beside the repository, where they are there.

use std::path::PathBuf;

/// The content of `../shared/hives/<name>`; says so where it is missing.
pub fn hive_file(name: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/hives").join(name);
    let content = std::fs::read(&path).ok();
    if content.is_none() {
        eprintln!("skipped: no ../shared/hives/{name}");
    }
    content
}

/// `../shared/hives`; says so where it is missing.
pub fn hives_folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/hives");
    let is_there = folder.is_dir();
    if !is_there {
        eprintln!("skipped: no ../shared/hives");
    }
    is_there.then_some(folder)
}

/// The text of `../shared/facts/<name>`; says so where it is missing.
pub fn facts_file(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/facts").join(name);
    let content = std::fs::read_to_string(&path).ok();
    if content.is_none() {
        eprintln!("skipped: no ../shared/facts/{name}");
    }
    content
}
