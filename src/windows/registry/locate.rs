//! From a full key name to the hive files that hold it.

use std::path::PathBuf;

use crate::hive::KeyPath;
use crate::hive::storage::EntryKind;

use super::super::control_set;
use super::super::path::TargetPath;
use super::super::profile::{Profile, ProfileKind};
use super::key_name::{BOOT_CONFIGURATION, KeyName, LOCAL_SYSTEM, MACHINE_HIVES, Root};
use super::{HiveName, Located, OfflineRegistry, RegistryError, hive_file};

impl OfflineRegistry<'_> {
    /// Where a key is (whether or not it exists): one place, or for `HKCU` one
    /// for each person's profile that has a hive on the target.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn locate(&self, key: &str) -> Result<Vec<Located>, RegistryError> {
        let Some(KeyName { root, path }) = KeyName::parse(key) else {
            return Err(RegistryError::UnknownRoot(key.to_owned()));
        };
        match root {
            Root::Machine(hive) => Ok(vec![self.machine(hive, path)?]),
            Root::BootConfiguration => Ok(vec![self.boot_configuration(path)?]),
            Root::DefaultUser => Ok(vec![self.default_user(path)?]),
            Root::User(sid) => Ok(vec![self.user(&sid, path)?]),
            Root::UserClasses(sid) => Ok(vec![self.user_classes(&sid, path)?]),
            Root::EveryUser => self.every_user(|sid| self.user(sid, path.clone())),
            Root::EveryUserClasses => self.every_user(|sid| self.user_classes(sid, path.clone())),
        }
    }

    /// The root keys of all hives that exist, for browsing.
    ///
    /// # Errors
    /// [`RegistryError`] where the SOFTWARE hive cannot name the profiles.
    pub fn roots(&self) -> Result<Vec<Located>, RegistryError> {
        let mut roots = Vec::new();
        for hive in MACHINE_HIVES {
            roots.extend(self.machine(hive, KeyPath::root()));
        }
        roots.extend(self.boot_configuration(KeyPath::root()));
        roots.extend(self.default_user(KeyPath::root()));
        // The system account's own hive is HKU\.DEFAULT, whatever is in its folder.
        for profile in self.profiles()?.iter().filter(|profile| profile.sid != LOCAL_SYSTEM) {
            roots.extend(self.user(&profile.sid, KeyPath::root()));
            roots.extend(self.user_classes(&profile.sid, KeyPath::root()));
        }
        roots.retain(|located| self.has_file(located));
        Ok(roots)
    }

    pub(super) fn machine(&self, hive: &str, path: KeyPath) -> Result<Located, RegistryError> {
        let file =
            hive_file::machine(&|directory, name| self.find(directory, name), self.installation, hive)?;
        let path = match hive {
            "SYSTEM" => control_set::with_real_name(&path, self.installation.control_set),
            _ => path,
        };
        Ok(located(hive.to_owned(), file, path, &format!("HKLM\\{hive}")))
    }

    fn boot_configuration(&self, path: KeyPath) -> Result<Located, RegistryError> {
        let file = hive_file::boot_store(self.storage, self.installation)?
            .ok_or_else(|| RegistryError::BootStoreElsewhere(self.installation.volume.clone()))?;
        Ok(located(BOOT_CONFIGURATION.to_owned(), file, path, &format!("HKLM\\{BOOT_CONFIGURATION}")))
    }

    fn default_user(&self, path: KeyPath) -> Result<Located, RegistryError> {
        let file =
            hive_file::machine(&|directory, name| self.find(directory, name), self.installation, "DEFAULT")?;
        Ok(located("HKU\\.DEFAULT".to_owned(), file, path, "HKU\\.DEFAULT"))
    }

    fn user(&self, sid: &str, path: KeyPath) -> Result<Located, RegistryError> {
        let profile = self.profile(sid)?;
        let file = hive_file::user(&|directory, name| self.find(directory, name), reachable(profile)?)?;
        Ok(located(format!("user:{}", profile.sid), file, path, &format!("HKU\\{}", profile.sid)))
    }

    fn user_classes(&self, sid: &str, path: KeyPath) -> Result<Located, RegistryError> {
        let profile = self.profile(sid)?;
        let user = self.user(sid, KeyPath::root())?;
        let user = self.hive(&user).ok();
        let folder = reachable(profile)?;
        let file = hive_file::user_classes(self.storage, self.installation, folder, user.as_deref())?;
        let root = format!("HKU\\{}_Classes", profile.sid);
        Ok(located(format!("classes:{}", profile.sid), file, path, &root))
    }

    /// People's profiles whose hive is there. One that is on another volume or
    /// never had the hive has nothing that could be wrong here;
    /// [`OfflineRegistry::profiles`] shows it.
    fn every_user(
        &self,
        place: impl Fn(&str) -> Result<Located, RegistryError>,
    ) -> Result<Vec<Located>, RegistryError> {
        let people = self.profiles()?.iter().filter(|profile| profile.kind == ProfileKind::Person);
        let reachable = people.filter(|profile| profile.folder.is_ok());
        let mut places = reachable.map(|profile| place(&profile.sid)).collect::<Result<Vec<_>, _>>()?;
        places.retain(|located| self.has_file(located));
        Ok(places)
    }

    fn profile(&self, sid: &str) -> Result<&Profile, RegistryError> {
        let profile = self.profiles()?.iter().find(|profile| profile.sid.eq_ignore_ascii_case(sid));
        profile.ok_or_else(|| RegistryError::NoProfile(sid.to_owned()))
    }

    fn has_file(&self, located: &Located) -> bool {
        let entry = self.storage.entry(&located.file);
        entry.is_ok_and(|entry| entry.is_some_and(|entry| entry.kind == EntryKind::File))
    }
}

fn reachable(profile: &Profile) -> Result<&TargetPath, RegistryError> {
    profile
        .folder
        .as_ref()
        .map_err(|error| RegistryError::ProfileUnreachable { sid: profile.sid.clone(), why: error.0.clone() })
}

fn located(hive: String, file: PathBuf, path: KeyPath, root: &str) -> Located {
    let full_name = if path.is_root() { root.to_owned() } else { format!("{root}\\{path}") };
    Located { hive: HiveName(hive), file, path, full_name }
}
