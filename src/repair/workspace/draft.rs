//! One hive being edited, with the time stamps its keys had.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::hive::{Edited, Editor, FileTime, Hive, HiveError, KeyPath};
use crate::windows::{HiveName, Located};

use super::super::record::KeyStamp;

/// A hive in the middle of an edit.
pub(crate) struct Draft {
    /// Its file on the host.
    pub(super) file: PathBuf,
    pub(super) editor: Editor,
    /// Whether the hive was dirty and its logs completed it.
    recovered: bool,
    /// By upper-case path: the keys touched that were there before.
    stamps: BTreeMap<String, Stamped>,
}

struct Stamped {
    full_name: String,
    path: KeyPath,
    before: FileTime,
}

/// An edited hive, ready to be written.
pub(crate) struct FinishedDraft {
    /// Its file on the host.
    pub file: PathBuf,
    /// Whether the hive was dirty and its logs completed it.
    pub recovered: bool,
    /// The new image.
    pub edited: Edited,
    /// When the touched keys were written, before and after.
    pub stamps: Vec<KeyStamp>,
}

impl Draft {
    pub(super) fn new(at: &Located, hive: Hive) -> Self {
        let recovered = hive.recovery().recovered;
        Self { file: at.file.clone(), editor: hive.edit(), recovered, stamps: BTreeMap::new() }
    }

    pub(super) fn hive(&self) -> &Hive {
        self.editor.hive()
    }

    /// Notes when a key and its parent were written, before the first edit
    /// that touches them.
    pub(super) fn note_stamps(&mut self, at: &Located) -> Result<(), HiveError> {
        self.note_stamp(at)?;
        match parent(at) {
            Some(parent) => self.note_stamp(&parent),
            None => Ok(()),
        }
    }

    fn note_stamp(&mut self, at: &Located) -> Result<(), HiveError> {
        let id = at.path.to_string().to_uppercase();
        if !self.stamps.contains_key(&id)
            && let Some(before) = self.hive().last_written(&at.path)?
        {
            let stamped = Stamped { full_name: at.full_name.clone(), path: at.path.clone(), before };
            self.stamps.insert(id, stamped);
        }
        Ok(())
    }

    /// Ends the edit.
    pub(crate) fn finish(self, name: &HiveName) -> Result<FinishedDraft, HiveError> {
        let mut stamps = Vec::new();
        for stamped in self.stamps.values() {
            let after = self.editor.hive().last_written(&stamped.path)?;
            if after != Some(stamped.before) {
                let key = stamped.full_name.clone();
                stamps.push(KeyStamp { hive: name.clone(), key, before: stamped.before, after });
            }
        }
        Ok(FinishedDraft {
            file: self.file,
            recovered: self.recovered,
            edited: self.editor.finish()?,
            stamps,
        })
    }
}

/// The parent of a key in the same hive; `None` for the root key.
pub(crate) fn parent(at: &Located) -> Option<Located> {
    let path = at.path.parent()?;
    let (full_name, _) = at.full_name.rsplit_once('\\')?;
    Some(Located { path, full_name: full_name.to_owned(), ..at.clone() })
}

/// A key and its ancestors in the same hive, the highest first, without the root key.
pub(crate) fn lineage(at: &Located) -> Vec<Located> {
    let mut keys = Vec::new();
    let mut next = Some(at.clone());
    while let Some(key) = next.filter(|key| !key.path.is_root()) {
        next = parent(&key);
        keys.push(key);
    }
    keys.reverse();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lineage_goes_from_the_top_to_the_key() {
        let at = Located {
            hive: HiveName("SOFTWARE".to_owned()),
            file: PathBuf::new(),
            path: KeyPath::new(r"A\B"),
            full_name: r"HKLM\SOFTWARE\A\B".to_owned(),
        };
        let names: Vec<String> = lineage(&at).into_iter().map(|key| key.full_name).collect();
        assert_eq!(names, [r"HKLM\SOFTWARE\A", r"HKLM\SOFTWARE\A\B"]);
        assert_eq!(parent(&at).unwrap().path, KeyPath::new("A"));
    }
}
