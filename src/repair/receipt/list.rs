//! Where receipts are, and which there are.

use std::path::{Path, PathBuf};

use crate::hive::FileTime;
use crate::hive::storage::{EntryKind, Storage, StorageError};
use crate::windows::Installation;

use super::super::error::RepairError;
use super::{Folder, RECEIPT_FILE, Receipt, load, target_id};

/// The folder on the target's own volume; Windows takes no notice of it.
const OWN_FOLDER: [&str; 2] = ["pemedic", "receipts"];

/// Longest part of a receipt's name that comes from its fix.
const SLUG_CHARACTERS_MAX: usize = 60;

/// Most receipts that are looked at in one place.
const RECEIPTS_MAX: usize = 10_000;

/// The places where a target's receipts are.
#[derive(Clone, Debug)]
pub(crate) struct Receipts {
    /// `\pemedic\receipts` on the target's volume.
    on_volume: PathBuf,
    log_dir: Option<PathBuf>,
    system_root: String,
    computer_name: Option<String>,
}

/// What a receipt's folder holds.
#[derive(Debug)]
pub(crate) struct Listed {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub folder: Folder,
    /// The receipt; `None` for a folder without one, which an interrupted
    /// start left.
    pub receipt: Option<Receipt>,
}

impl Receipts {
    pub(crate) fn new(installation: &Installation, log_dir: Option<&Path>) -> Self {
        let on_volume = OWN_FOLDER.iter().fold(installation.volume.clone(), |path, name| path.join(name));
        Self {
            on_volume,
            log_dir: log_dir.map(Path::to_owned),
            system_root: installation.system_root.clone(),
            computer_name: installation.computer_name.clone(),
        }
    }

    /// `\pemedic` on the target's volume.
    pub(crate) fn own_folder(&self) -> &Path {
        self.on_volume.parent().unwrap_or(&self.on_volume)
    }

    /// Where new receipts go.
    pub(crate) fn home(&self) -> &Path {
        self.log_dir.as_deref().unwrap_or(&self.on_volume)
    }

    /// Whether new receipts go elsewhere than to the target's volume.
    pub(crate) fn are_elsewhere(&self) -> bool {
        self.log_dir.is_some()
    }

    /// The folder of a new receipt. Where receipts are elsewhere, the target
    /// has its id when this returns.
    ///
    /// # Errors
    /// [`RepairError`] where the id cannot be read or written.
    pub(crate) fn new_folder(&self, storage: &dyn Storage, name: &str) -> Result<Folder, RepairError> {
        let on_volume = self.on_volume(name);
        let Some(log_dir) = &self.log_dir else { return Ok(Folder { path: on_volume.clone(), on_volume }) };
        let id = target_id::ensure(storage, self.own_folder(), self.computer_name.as_deref())?;
        Ok(Folder { path: log_dir.join(id).join(name), on_volume })
    }

    /// The part of a receipt that is on the target's volume in any case.
    pub(crate) fn on_volume(&self, name: &str) -> PathBuf {
        self.on_volume.join(name)
    }

    /// Where there may be receipts of this target.
    fn places(&self, storage: &dyn Storage) -> Result<Vec<PathBuf>, RepairError> {
        let mut places = vec![self.on_volume.clone()];
        if let Some(log_dir) = &self.log_dir {
            places.extend(target_id::read(storage, self.own_folder())?.map(|id| log_dir.join(id)));
        }
        Ok(places)
    }

    /// A name that no receipt has: `20040914T070800Z-kb910341-senslogn-xp`.
    ///
    /// Names order the receipts, so each is later than all before it: of two in
    /// one second, or after the clock of the machine went back (that of a PE
    /// often does), the second gets the next free second. The receipt itself
    /// holds the time that the clock showed.
    pub(crate) fn new_name(
        &self,
        storage: &dyn Storage,
        now: FileTime,
        fixes: &[String],
    ) -> Result<String, RepairError> {
        let mut stamp = stamp_of(now);
        for place in self.places(storage)? {
            for name in names(storage, &place)? {
                let earlier = name.split_once('-').map(|(stamp, _)| stamp).filter(|stamp| is_stamp(stamp));
                if let Some(next) = earlier.filter(|earlier| **earlier >= *stamp).and_then(second_after) {
                    stamp = next;
                }
            }
        }
        Ok(format!("{stamp}-{}", slug(fixes)))
    }

    /// The receipts of this target, latest first, and what is wrong with
    /// folders among them.
    pub(crate) fn list(&self, storage: &dyn Storage) -> Result<(Vec<Listed>, Vec<RepairError>), RepairError> {
        let mut listed: Vec<Listed> = Vec::new();
        let mut problems = Vec::new();
        for place in self.places(storage)? {
            for name in names(storage, &place)? {
                let folder = Folder { path: place.join(&name), on_volume: self.on_volume(&name) };
                match self.read(storage, &name, folder) {
                    Ok(Some(one)) => listed.push(one),
                    Ok(None) => {}
                    Err(error) => problems.push(error),
                }
            }
        }
        listed.sort_by(|a, b| b.name.cmp(&a.name));
        Ok((listed, problems))
    }

    /// A receipt's folder; `None` for another target's and for the part of a
    /// receipt in `--log-dir` that is on the volume.
    fn read(&self, storage: &dyn Storage, name: &str, folder: Folder) -> Result<Option<Listed>, RepairError> {
        let file = folder.path.join(RECEIPT_FILE);
        let there = storage.entry(&file).map_err(StorageError::at("cannot look at", &file))?.is_some();
        if !there {
            let looks_like_one = name.split_once('-').is_some_and(|(stamp, _)| is_stamp(stamp));
            let receipt = None;
            return Ok(looks_like_one.then(|| Listed { name: name.to_owned(), folder, receipt }));
        }
        let receipt = load(storage, &folder.path)?;
        let receipt = self.is_of_target(&receipt).then_some(receipt);
        Ok(receipt.map(|receipt| Listed { name: name.to_owned(), folder, receipt: Some(receipt) }))
    }

    /// A volume may hold two installations.
    fn is_of_target(&self, receipt: &Receipt) -> bool {
        let same = |a: &str, b: &str| a.to_uppercase() == b.to_uppercase();
        let target = &receipt.target;
        let same_computer = match (&target.computer_name, &self.computer_name) {
            (Some(a), Some(b)) => same(a, b),
            _ => true,
        };
        same(&target.system_root, &self.system_root) && same_computer
    }
}

fn names(storage: &dyn Storage, place: &Path) -> Result<Vec<String>, RepairError> {
    let entry = storage.entry(place).map_err(StorageError::at("cannot look at", place))?;
    if !entry.is_some_and(|entry| entry.kind == EntryKind::Directory) {
        return Ok(Vec::new());
    }
    let entries = storage.list(place).map_err(StorageError::at("cannot list", place))?;
    let folders = entries.into_iter().filter(|entry| entry.kind == EntryKind::Directory);
    Ok(folders.map(|entry| entry.name).take(RECEIPTS_MAX).collect())
}

fn stamp_of(time: FileTime) -> String {
    time.to_string().chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The stamp of the next second; `None` for a stamp that is no time.
fn second_after(stamp: &str) -> Option<String> {
    let number = |digits: std::ops::Range<usize>| stamp.get(digits)?.parse::<i8>().ok();
    let year = stamp.get(..4)?.parse().ok()?;
    let (month, day) = (number(4..6)?, number(6..8)?);
    let (hour, minute, second) = (number(9..11)?, number(11..13)?, number(13..15)?);
    let time = jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    let next = time.checked_add(jiff::SignedDuration::from_secs(1)).ok()?;
    Some(next.strftime(STAMP_FORMAT).to_string())
}

/// How a stamp is written (strftime).
const STAMP_FORMAT: &str = "%Y%m%dT%H%M%SZ";

/// `20040914T070800Z`.
fn is_stamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 16
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 => *byte == b'T',
            15 => *byte == b'Z',
            _ => byte.is_ascii_digit(),
        })
}

fn slug(fixes: &[String]) -> String {
    let first = fixes.first().map_or("repair", String::as_str);
    let mut slug: String = first
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .take(SLUG_CHARACTERS_MAX)
        .collect();
    if fixes.len() > 1 {
        slug.push_str(&format!("-and-{}-more", fixes.len() - 1));
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_stamp_is_a_second_later() {
        assert_eq!(second_after("20041231T235959Z").as_deref(), Some("20050101T000000Z"));
        assert_eq!(second_after("20041399T235959Z"), None);
        assert!(is_stamp(&stamp_of(FileTime::now())));
    }

    #[test]
    fn names_rise_even_when_the_clock_goes_back() {
        let root = tempfile::tempdir().unwrap();
        let home = root.path().join("pemedic").join("receipts");
        std::fs::create_dir_all(home.join("20990101T000000Z-zzz")).unwrap();
        let receipts = Receipts {
            on_volume: home.clone(),
            log_dir: None,
            system_root: r"C:\WINNT".to_owned(),
            computer_name: None,
        };
        let disk = crate::hive::storage::Disk;
        let first = receipts.new_name(&disk, FileTime::now(), &["a/b".to_owned()]).unwrap();
        assert_eq!(first, "20990101T000001Z-a-b");
        std::fs::create_dir(home.join(&first)).unwrap();
        let second = receipts.new_name(&disk, FileTime::now(), &["a/a".to_owned()]).unwrap();
        assert!(second > first, "{second}");
    }

    #[test]
    fn names_say_when_and_what() {
        assert!(is_stamp("20040914T070800Z"));
        assert!(!is_stamp("20040914T07080Z"));
        assert_eq!(slug(&["kb910341/senslogn-xp".to_owned()]), "kb910341-senslogn-xp");
        assert_eq!(slug(&["a/b".to_owned(), "c/d".to_owned()]), "a-b-and-1-more");
    }
}
