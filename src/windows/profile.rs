//! User profiles: whose folders and hives an installation has.

use crate::hive::storage::Storage;
use crate::hive::{Hive, HiveError, KeyPath};

use super::Installation;
use super::folders::PROFILE_LIST;
use super::path::TargetPath;

/// One entry of `ProfileList`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The account's SID, as the key is called.
    pub sid: String,
    /// Whose profile it is.
    pub kind: ProfileKind,
    /// `ProfileImagePath` as stored.
    pub image_path: String,
    /// The folder on the target.
    pub folder: Result<TargetPath, Unreachable>,
}

/// Why a profile's folder cannot be reached: the text of a
/// [`super::path::PathError`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable(pub String);

/// Whose profile it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileKind {
    /// A person's account, local or of a domain.
    Person,
    /// An account that Windows made for itself and its services.
    Service,
    /// `SID.bak`: set aside by Windows when it made a temporary profile.
    SetAside,
}

impl ProfileKind {
    /// Accounts of people have a domain's or machine's identifier in their SID
    /// (`S-1-5-21-…`) or come from Entra ID (`S-1-12-1-…`); Windows reference,
    /// "Well-known SIDs".
    fn of(sid: &str) -> Self {
        let sid = sid.to_ascii_uppercase();
        if !sid.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'S') {
            return Self::SetAside;
        }
        if sid.starts_with("S-1-5-21-") || sid.starts_with("S-1-12-1-") {
            Self::Person
        } else {
            Self::Service
        }
    }
}

impl Profile {
    /// The folder's own name, which is nearly always the account's.
    pub fn name(&self) -> &str {
        self.image_path.rsplit('\\').next().unwrap_or(&self.image_path)
    }
}

/// The profiles that `ProfileList` in the SOFTWARE hive lists.
///
/// # Errors
/// [`HiveError`] where damage hides the answer.
pub fn list(
    storage: &dyn Storage,
    installation: &Installation,
    software: &Hive,
) -> Result<Vec<Profile>, HiveError> {
    let key = KeyPath::new(PROFILE_LIST);
    let mut profiles = Vec::new();
    for sid in software.subkeys(&key)?.unwrap_or_default() {
        let image_path = software.value(&key.join(&sid), "ProfileImagePath")?;
        let Some(image_path) = image_path.and_then(|value| value.as_string()) else { continue };
        let folder = installation.resolve(storage, &image_path);
        let folder = folder.map_err(|error| Unreachable(error.to_string()));
        profiles.push(Profile { kind: ProfileKind::of(&sid), sid, image_path, folder });
    }
    Ok(profiles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_profiles_are_told_by_their_sid() {
        let cases = [
            ("S-1-5-21-100689374-1717798114-2601648136-1000", ProfileKind::Person),
            ("S-1-12-1-1-2-3-4", ProfileKind::Person),
            ("S-1-5-18", ProfileKind::Service),
            ("S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415", ProfileKind::Service),
            ("S-1-5-21-1-2-3-1001.bak", ProfileKind::SetAside),
        ];
        for (sid, kind) in cases {
            assert_eq!(ProfileKind::of(sid), kind, "{sid}");
        }
    }
}
