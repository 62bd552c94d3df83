//! The version of an executable file, read offline from its resources.

use std::path::Path;

use pelite::resources::FindError;

use crate::hive::storage::Storage;

/// Largest file read for its version; Windows' own largest components stay
/// far below.
pub const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Why a file's version cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum FileVersionError {
    /// The disk failed.
    #[error("cannot read {path} for its version: {source}")]
    Io {
        /// Which file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is too large to be what it should be.
    #[error("{path} has {len} bytes; no version is read from files over {FILE_BYTES_MAX}")]
    TooLarge {
        /// Which file.
        path: std::path::PathBuf,
        /// Its length in bytes.
        len: u64,
    },
    /// It is not an executable, or a damaged one.
    #[error("{path} is not a sound executable: {why}")]
    NotExecutable {
        /// Which file.
        path: std::path::PathBuf,
        /// What is wrong.
        why: String,
    },
}

/// The four numbers of `dwFileVersion` (`VS_FIXEDFILEINFO`, Win32 reference);
/// `None` where there is no such file, or it has no version.
///
/// # Errors
/// [`FileVersionError`].
pub fn read(storage: &dyn Storage, file: &Path) -> Result<Option<[u16; 4]>, FileVersionError> {
    let io = |source| FileVersionError::Io { path: file.to_owned(), source };
    let Some(entry) = storage.entry(file).map_err(io)? else { return Ok(None) };
    if entry.len > FILE_BYTES_MAX {
        return Err(FileVersionError::TooLarge { path: file.to_owned(), len: entry.len });
    }
    let image = storage.read(file).map_err(io)?;
    of_image(&image).map_err(|why| FileVersionError::NotExecutable { path: file.to_owned(), why })
}

/// The version in the bytes of an executable, PE32 or PE32+.
///
/// # Errors
/// What is wrong with an image that is no sound executable.
pub fn of_image(image: &[u8]) -> Result<Option<[u16; 4]>, String> {
    let executable = pelite::PeFile::from_bytes(image).map_err(|error| error.to_string())?;
    let version = match executable.resources() {
        Ok(resources) => resources.version_info(),
        Err(pelite::Error::Null) => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    match version {
        Ok(version) => Ok(version.fixed().map(|fixed| {
            let number = fixed.dwFileVersion;
            [number.Major, number.Minor, number.Patch, number.Build]
        })),
        Err(FindError::NotFound) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}
