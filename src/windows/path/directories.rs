//! Directories that are read once, for many looks at a disk that nobody
//! changes meanwhile. On a large installation each look would otherwise read
//! thousands of entries of `System32` again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::hive::storage::{DirEntry, Storage};

use super::PathError;
use super::component::upcase;
use super::walk;

/// Most directories that are kept.
const DIRECTORIES_MAX: usize = 2_000;

/// The entries of a directory by the name that Windows compares.
type Listing = HashMap<String, Vec<DirEntry>>;

/// Directories as they were when first looked at.
#[derive(Default)]
pub struct Directories(Mutex<HashMap<PathBuf, Arc<Listing>>>);

impl Directories {
    /// The entry of `directory` that Windows would find under `name`.
    ///
    /// # Errors
    /// As [`walk::find`].
    pub fn find(
        &self,
        storage: &dyn Storage,
        directory: &Path,
        name: &str,
    ) -> Result<Option<DirEntry>, PathError> {
        let listing = self.listing(storage, directory)?;
        let same = listing.get(&folded(name)).cloned().unwrap_or_default();
        walk::only(directory, same)
    }

    fn listing(&self, storage: &dyn Storage, directory: &Path) -> Result<Arc<Listing>, PathError> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(directory).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let mut listing = Listing::new();
        for entry in walk::list(storage, directory)? {
            listing.entry(folded(&entry.name)).or_default().push(entry);
        }
        let listing = Arc::new(listing);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < DIRECTORIES_MAX {
            kept.insert(directory.to_owned(), Arc::clone(&listing));
        }
        Ok(listing)
    }
}

fn folded(name: &str) -> String {
    name.chars().map(upcase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hive::storage::Disk;

    #[test]
    fn a_directory_is_read_once_and_found_as_windows_would() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("Driver.SYS");
        std::fs::write(&file, b"").unwrap();
        let directories = Directories::default();
        let find = |name: &str| directories.find(&Disk, folder.path(), name);
        assert_eq!(find("driver.sys").unwrap().unwrap().name, "Driver.SYS");
        assert!(find("other.sys").unwrap().is_none());
        std::fs::remove_file(&file).unwrap();
        assert!(find("DRIVER.sys").unwrap().is_some(), "as it was");
        assert!(directories.find(&Disk, &folder.path().join("none"), "x").unwrap().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn links_and_names_that_differ_in_case_are_refused_as_without_it() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc", folder.path().join("link")).unwrap();
        std::fs::write(folder.path().join("a"), b"").unwrap();
        std::fs::write(folder.path().join("A"), b"").unwrap();
        let directories = Directories::default();
        let find = |name: &str| directories.find(&Disk, folder.path(), name).map(|_| ());
        assert!(matches!(find("LINK"), Err(PathError::ThroughLink { .. })));
        assert!(matches!(find("a"), Err(PathError::Ambiguous { .. })));
    }
}
