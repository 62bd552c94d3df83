//! What a step wants to be done, before anything is changed.

use crate::hive::{FileTime, KeyTree, Value};
use crate::windows::{Located, TargetPath};

/// One thing to be done, computed by only looking at the target.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Intent {
    /// Set a value; the key is created where absent.
    SetValue { at: Located, name: String, value: Value },
    /// Bring a deleted value back to its place among the values of its key.
    RestoreValue { at: Located, name: String, value: Value, position: usize },
    /// Delete a value.
    DeleteValue { at: Located, name: String },
    /// Create a key and its missing ancestors.
    CreateKey { at: Located },
    /// Delete a key with everything below it.
    DeleteKey { at: Located },
    /// Give a key another name under the same parent.
    RenameKey { at: Located, name: String },
    /// Put a key back with everything below it.
    RestoreKey { at: Located, tree: KeyTree },
    /// Give a key an earlier time stamp back.
    Stamp { at: Located, time: FileTime },
    /// Move a file into the receipt.
    MoveAside { file: TargetPath },
    /// Give a file another name in the same folder.
    RenameFile { file: TargetPath, name: String },
    /// Copy a file to where it is missing.
    RestoreFile { file: TargetPath, from: TargetPath },
    /// Move a file from an earlier receipt back to where it was.
    ReturnFile { file: TargetPath, stored: StoredFile },
}

/// A file in a receipt's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredFile {
    /// Its place on the host.
    pub host: std::path::PathBuf,
    /// The receipt's name.
    pub receipt: String,
    /// Its name within the receipt's folder.
    pub stored: String,
}

impl Intent {
    /// What it touches, for messages and for finding contradictions.
    pub(crate) fn place(&self) -> String {
        match self {
            Self::SetValue { at, name, .. }
            | Self::RestoreValue { at, name, .. }
            | Self::DeleteValue { at, name } => {
                format!("{}\\{}", at.full_name, super::change::display_name(name))
            }
            Self::CreateKey { at }
            | Self::DeleteKey { at }
            | Self::RenameKey { at, .. }
            | Self::RestoreKey { at, .. }
            | Self::Stamp { at, .. } => at.full_name.clone(),
            Self::MoveAside { file }
            | Self::RenameFile { file, .. }
            | Self::RestoreFile { file, .. }
            | Self::ReturnFile { file, .. } => file.windows.clone(),
        }
    }
}
