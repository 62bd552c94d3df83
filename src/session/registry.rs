//! Looking at the offline registry and at hive files.

use std::path::{Path, PathBuf};

use crate::hive::audit::audit;
use crate::hive::store::{self, StoreError};
use crate::hive::{HiveError, KeyTree, reg_text};
use crate::repair::plan::DOCUMENT_VERSION;
use crate::windows::registry::RegistryError;
use crate::windows::{Located, OfflineRegistry};

use super::{CheckedHive, HiveCheckReport, HiveState, KeyReport, Session, SessionError};

/// Most keys of one query or export; a whole SOFTWARE hive has far fewer.
const KEYS_MAX: usize = 2_000_000;

impl Session {
    /// A key's values and subkeys (`HKCU`: one report for each user), with
    /// everything below if `recursive`.
    ///
    /// # Errors
    /// As [`Session::target`]; [`super::ExitClass::NoSuch`] for an unknown key.
    pub fn reg_query(&self, key: &str, recursive: bool) -> Result<Vec<KeyReport>, SessionError> {
        let installation = self.installation()?;
        let registry = OfflineRegistry::new(&*self.storage, &installation);
        let mut reports = Vec::new();
        for at in places(&registry, key)? {
            let hive = registry.hive(&at).map_err(from_registry)?;
            if recursive {
                let tree = hive.tree(&at.path).map_err(|error| from_hive(&at, &error))?;
                tree.into_iter().try_for_each(|tree| report_tree(&at.full_name, tree, &mut reports))?;
                continue;
            }
            let in_hive = |error: HiveError| from_hive(&at, &error);
            let (Some(values), Some(subkeys), Some(last_written)) = (
                hive.values(&at.path).map_err(in_hive)?,
                hive.subkeys(&at.path).map_err(in_hive)?,
                hive.last_written(&at.path).map_err(in_hive)?,
            ) else {
                continue;
            };
            reports.push(KeyReport { key: at.full_name.clone(), last_written, values, subkeys });
        }
        if reports.is_empty() { Err(no_such_key(key)) } else { Ok(reports) }
    }

    /// The keys at which the target's hives begin, every user's among them, for
    /// browsing.
    ///
    /// # Errors
    /// As [`Session::target`]; [`super::ExitClass::Refused`] where the SOFTWARE
    /// hive cannot name the profiles.
    pub fn reg_roots(&self) -> Result<Vec<String>, SessionError> {
        let installation = self.installation()?;
        let registry = OfflineRegistry::new(&*self.storage, &installation);
        let roots = registry.roots().map_err(from_registry)?;
        Ok(roots.into_iter().map(|root| root.full_name).collect())
    }

    /// A key with everything below as regedit's version 5 sections.
    ///
    /// # Errors
    /// As [`Session::reg_query`].
    pub fn reg_export(&self, key: &str) -> Result<String, SessionError> {
        let reports = self.reg_query(key, true)?;
        let sections =
            reports.iter().map(|report| reg_text::export_key(&long_name(&report.key), &report.values));
        Ok(sections.collect())
    }

    /// Writes [`Session::reg_export`] to a new file, as regedit encodes it.
    ///
    /// # Errors
    /// As [`Session::reg_query`]; [`super::ExitClass::Usage`] where the file
    /// exists or cannot be written.
    pub fn reg_export_file(&self, key: &str, file: &Path) -> Result<(), SessionError> {
        let bytes = reg_text::export_file(&self.reg_export(key)?);
        self.storage.write_new(file, &bytes).map_err(|error| {
            SessionError::usage(format!("cannot write {}: {error}", file.display()))
                .next("name a file that does not exist yet, in a folder that can be written")
        })
    }

    /// Audits hive files with the transaction logs beside them.
    ///
    /// # Errors
    /// [`super::ExitClass::NoSuch`] for a file that is not there.
    pub fn hive_check(&self, files: &[PathBuf]) -> Result<HiveCheckReport, SessionError> {
        let hives = files.iter().map(|file| self.check_hive(file)).collect::<Result<_, _>>()?;
        Ok(HiveCheckReport { version: DOCUMENT_VERSION, hives })
    }

    fn check_hive(&self, file: &Path) -> Result<CheckedHive, SessionError> {
        let unrecoverable = |reason: String| CheckedHive {
            file: file.to_path_buf(),
            state: HiveState::Unrecoverable,
            logs: vec![reason],
            keys: 0,
            values: 0,
            defects: Vec::new(),
        };
        let hive = match store::load(&*self.storage, file) {
            Ok(hive) => hive,
            Err(StoreError::Missing(_)) => {
                return Err(SessionError::no_such(format!("there is no file {}", file.display())));
            }
            Err(StoreError::Hive { source, .. }) => return Ok(unrecoverable(source.to_string())),
            Err(error) => return Err(SessionError::refused(error.to_string())),
        };
        let audit = audit(hive.image());
        let recovery = hive.recovery();
        Ok(CheckedHive {
            file: file.to_path_buf(),
            state: if recovery.recovered { HiveState::Recovered } else { HiveState::Clean },
            logs: recovery.logs.clone(),
            keys: audit.keys,
            values: audit.values,
            defects: audit.defects,
        })
    }
}

fn places(registry: &OfflineRegistry<'_>, key: &str) -> Result<Vec<Located>, SessionError> {
    let all = registry.locate(key).map_err(from_registry)?;
    let alone = all.len() == 1;
    let mut places = Vec::new();
    for at in all {
        match registry.hive(&at) {
            Ok(_) => places.push(at),
            Err(RegistryError::Store(error)) if !alone && matches!(*error, StoreError::Missing(_)) => {}
            Err(error) => return Err(from_registry(error)),
        }
    }
    Ok(places)
}

/// One report for a key and each key below it, parents first.
fn report_tree(name: &str, tree: KeyTree, reports: &mut Vec<KeyReport>) -> Result<(), SessionError> {
    let mut waiting = vec![(name.to_owned(), tree)];
    while let Some((key, tree)) = waiting.pop() {
        if reports.len() >= KEYS_MAX {
            return Err(SessionError::refused(format!("more than {KEYS_MAX} keys are below {name}")));
        }
        let subkeys = tree.subkeys.iter().map(|subkey| subkey.name.clone()).collect();
        let below = tree.subkeys.into_iter().rev().map(|subkey| (format!("{key}\\{}", subkey.name), subkey));
        waiting.extend(below.collect::<Vec<_>>());
        reports.push(KeyReport { key, last_written: tree.last_written, values: tree.values, subkeys });
    }
    Ok(())
}

/// As regedit writes root keys.
fn long_name(key: &str) -> String {
    const ROOTS: [(&str, &str); 2] = [("HKLM", "HKEY_LOCAL_MACHINE"), ("HKU", "HKEY_USERS")];
    let (root, rest) = key.split_once('\\').unwrap_or((key, ""));
    match ROOTS.iter().find(|(short, _)| *short == root) {
        Some((_, long)) if rest.is_empty() => (*long).to_owned(),
        Some((_, long)) => format!("{long}\\{rest}"),
        None => key.to_owned(),
    }
}

fn no_such_key(key: &str) -> SessionError {
    SessionError::no_such(format!("there is no key {key}"))
        .next(r"write full names, as in HKLM\SYSTEM\CurrentControlSet\Services\BITS")
}

fn from_registry(error: RegistryError) -> SessionError {
    match error {
        RegistryError::UnknownRoot(_) => SessionError::no_such(error.to_string()),
        RegistryError::Store(ref store) if matches!(**store, StoreError::Missing(_)) => {
            SessionError::no_such(error.to_string())
        }
        other => SessionError::refused(other.to_string()),
    }
}

fn from_hive(at: &Located, error: &HiveError) -> SessionError {
    SessionError::refused(format!("{}: {error}", at.full_name))
        .next("`pemedic hive check` lists every defect of the hive")
}

#[cfg(test)]
mod tests {
    use super::long_name;

    #[test]
    fn exports_have_long_root_names() {
        assert_eq!(long_name(r"HKLM\SOFTWARE\X"), r"HKEY_LOCAL_MACHINE\SOFTWARE\X");
        assert_eq!(long_name(r"HKU\.DEFAULT"), r"HKEY_USERS\.DEFAULT");
        assert_eq!(long_name("HKU"), "HKEY_USERS");
    }
}
