//! Which folder of a `--log-dir` holds a target's receipts.
//!
//! Nothing in an installation tells it from its clone, and a fleet is made of
//! clones: a receipt of one must never be taken for another's, nor one that is
//! just being written for one that was interrupted. So a target whose receipts
//! are kept elsewhere gets a name of its own, made once and at random.

use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;

use crate::hive::FileTime;
use crate::hive::storage::{Storage, StorageError};

use super::super::durable::{create_folders, replace};
use super::super::error::RepairError;

/// In `\pemedic` of the target's volume.
pub(crate) const ID_FILE: &str = "target-id";

/// Random digits at the end.
const DIGITS: usize = 16;
/// Characters of the computer's name that are taken over.
const NAME_CHARACTERS_MAX: usize = 32;
/// Name, hyphen, digits, line end.
const ID_BYTES_MAX: u64 = (NAME_CHARACTERS_MAX + 1 + DIGITS + 2) as u64;

/// The target's id; `None` where it has none, or one that this program did not
/// write, which must not become a path.
pub(super) fn read(storage: &dyn Storage, own_folder: &Path) -> Result<Option<String>, RepairError> {
    let path = own_folder.join(ID_FILE);
    let entry = storage.entry(&path).map_err(StorageError::at("cannot look at", &path))?;
    if entry.is_none_or(|entry| entry.len > ID_BYTES_MAX) {
        return Ok(None);
    }
    let bytes = storage.read(&path).map_err(StorageError::at("cannot read", &path))?;
    let id = String::from_utf8(bytes).ok().map(|text| text.trim_end().to_owned());
    Ok(id.filter(|id| is_id(id)))
}

/// The target's id, which is made and durable when this returns.
pub(super) fn ensure(
    storage: &dyn Storage,
    own_folder: &Path,
    computer_name: Option<&str>,
) -> Result<String, RepairError> {
    if let Some(id) = read(storage, own_folder)? {
        return Ok(id);
    }
    let id = format!("{}-{:016x}", plain(computer_name), RandomState::new().hash_one(FileTime::now().0));
    if let (Some(volume), Some(name)) = (own_folder.parent(), own_folder.file_name()) {
        create_folders(storage, volume, &[&name.to_string_lossy()])?;
    }
    replace(storage, &own_folder.join(ID_FILE), format!("{id}\n").as_bytes())?;
    Ok(id)
}

/// `lab-pc-7-00c0ffee00c0ffee`.
fn is_id(text: &str) -> bool {
    let Some((name, digits)) = text.rsplit_once('-') else { return false };
    let of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let of_digits = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    !name.is_empty() && name.chars().all(of_name) && digits.len() == DIGITS && digits.chars().all(of_digits)
}

fn plain(computer_name: Option<&str>) -> String {
    let name = computer_name.filter(|name| !name.is_empty()).unwrap_or("windows");
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.chars().take(NAME_CHARACTERS_MAX).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use crate::hive::storage::Disk;

    use super::*;

    #[test]
    fn an_id_is_made_once_and_is_nobody_elses() {
        let volumes = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let [one, other] = volumes.each_ref().map(|volume| volume.path().join("pemedic"));
        assert_eq!(read(&Disk, &one).unwrap(), None);
        let id = ensure(&Disk, &one, Some("LAB PC_7")).unwrap();
        assert!(id.starts_with("lab-pc-7-") && is_id(&id), "{id}");
        assert_eq!(ensure(&Disk, &one, Some("RENAMED")).unwrap(), id);
        assert_eq!(read(&Disk, &one).unwrap(), Some(id.clone()));
        assert_ne!(ensure(&Disk, &other, Some("LAB PC_7")).unwrap(), id);
        assert!(ensure(&Disk, &tempfile::tempdir().unwrap().path().join("x"), Some("")).is_ok());
    }

    #[test]
    fn what_is_no_id_never_becomes_a_path() {
        let volume = tempfile::tempdir().unwrap();
        let own = volume.path().join("pemedic");
        std::fs::create_dir(&own).unwrap();
        for text in
            ["", "..", "../../etc-00c0ffee00c0ffee", "a/b-00c0ffee00c0ffee", "pc-00C0FFEE00C0FFEE", "-"]
        {
            std::fs::write(own.join(ID_FILE), text).unwrap();
            assert_eq!(read(&Disk, &own).unwrap(), None, "{text:?}");
        }
        std::fs::write(own.join(ID_FILE), "x".repeat(5000)).unwrap();
        assert_eq!(read(&Disk, &own).unwrap(), None);
        let id = ensure(&Disk, &own, None).unwrap();
        assert_eq!(read(&Disk, &own).unwrap(), Some(id));
    }
}
