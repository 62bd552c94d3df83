//! The folders an installation names in its registry, as variables.
//!
//! Their names are localised, and on Vista and later the old English names are
//! junctions that must not be followed; so they are read, never guessed.

use crate::hive::{Hive, HiveError};

use super::lookup::text;
use super::path::Namespace;

/// The key of the SOFTWARE hive that lists profiles and their folders.
pub const PROFILE_LIST: &str = r"Microsoft\Windows NT\CurrentVersion\ProfileList";
const CURRENT_VERSION: &str = r"Microsoft\Windows\CurrentVersion";

/// Variables whose text stands in `Microsoft\Windows\CurrentVersion`.
const PROGRAM_FOLDERS: [(&str, &str); 5] = [
    ("ProgramFiles", "ProgramFilesDir"),
    ("ProgramW6432", "ProgramFilesDir"),
    ("ProgramFiles(x86)", "ProgramFilesDir (x86)"),
    ("CommonProgramFiles", "CommonFilesDir"),
    ("CommonProgramFiles(x86)", "CommonFilesDir (x86)"),
];

/// Defines `ProgramFiles` and its kin, `ProfilesDirectory`, `ALLUSERSPROFILE`,
/// and on Vista and later `ProgramData` and `Public`.
///
/// # Errors
/// [`HiveError`] where damage hides the answer.
pub fn define(namespace: &mut Namespace, software: &Hive) -> Result<(), HiveError> {
    for (variable, value) in PROGRAM_FOLDERS {
        if let Some(folder) = text(software, CURRENT_VERSION, value)? {
            namespace.define(variable, &folder);
        }
    }
    // NT 4.0 has no such value; its profiles are below the Windows folder.
    let profiles = text(software, PROFILE_LIST, "ProfilesDirectory")?;
    namespace.define("ProfilesDirectory", profiles.as_deref().unwrap_or(r"%SystemRoot%\Profiles"));
    for variable in ["ProgramData", "Public"] {
        if let Some(folder) = text(software, PROFILE_LIST, variable)? {
            namespace.define(variable, &folder);
        }
    }
    let all_users = if let Some(folder) = namespace.variable("ProgramData") {
        folder
    } else {
        // Up to XP and Server 2003 a name below ProfilesDirectory.
        let name = text(software, PROFILE_LIST, "AllUsersProfile")?;
        format!(r"%ProfilesDirectory%\{}", name.as_deref().unwrap_or("All Users"))
    };
    namespace.define("ALLUSERSPROFILE", &all_users);
    Ok(())
}
