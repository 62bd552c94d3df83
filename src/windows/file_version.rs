//! The version of an executable file, read offline from its resources.

use std::path::Path;

use object::read::pe::ImageNtHeaders;
use object::{LittleEndian, pe, read};

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
    let version = match read::pe::optional_header_magic(image) {
        Ok(pe::IMAGE_NT_OPTIONAL_HDR64_MAGIC) => resource::<pe::ImageNtHeaders64>(image),
        Ok(_) => resource::<pe::ImageNtHeaders32>(image),
        Err(error) => Err(error),
    };
    Ok(version.map_err(|error| error.to_string())?.and_then(fixed_version))
}

/// The version resource: of its type, the first name's first language.
fn resource<Headers: ImageNtHeaders>(image: &[u8]) -> read::Result<Option<&[u8]>> {
    let mut offset = pe::ImageDosHeader::parse(image)?.nt_headers_offset().into();
    let (headers, directories) = Headers::parse(image, &mut offset)?;
    let sections = headers.sections(image, offset)?;
    let Some(directory) = directories.resource_directory(image, &sections)? else { return Ok(None) };
    let types = directory.root()?.entries;
    let is_version = |entry: &&pe::ImageResourceDirectoryEntry| {
        entry.name_or_id().id().is_some_and(|id| id == pe::RT_VERSION)
    };
    let Some(found) = types.iter().find(is_version) else { return Ok(None) };
    let mut entry = found.data(directory)?;
    for _ in ["name", "language"] {
        let Some(table) = entry.table() else { return Ok(None) };
        let Some(first) = table.entries.first() else { return Ok(None) };
        entry = first.data(directory)?;
    }
    let Some(place) = entry.data() else { return Ok(None) };
    let len = usize::try_from(place.size.get(LittleEndian)).unwrap_or_default();
    let rest = sections.pe_data_at(image, place.offset_to_data.get(LittleEndian));
    Ok(rest.and_then(|rest| rest.get(..len)))
}

/// The file version in a `VS_VERSIONINFO`: three numbers, the key, padding,
/// then the fixed file information with its signature.
fn fixed_version(version: &[u8]) -> Option<[u16; 4]> {
    const KEY: &str = "VS_VERSION_INFO\0";
    const FIXED_AT: usize = 40;
    const SIGNATURE: u32 = 0xfeef_04bd;
    let key: Vec<u8> = KEY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let fixed = version.get(FIXED_AT..)?;
    if !version.get(6..)?.starts_with(&key) || !fixed.starts_with(&SIGNATURE.to_le_bytes()) {
        return None;
    }
    // dwFileVersionMS, then dwFileVersionLS; in each the low half comes first.
    let half = |at: usize| Some(u16::from_le_bytes(fixed.get(at..at + 2)?.try_into().ok()?));
    Some([half(10)?, half(8)?, half(14)?, half(12)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hive::storage::Disk;
    use crate::windows::build::executable;

    #[test]
    fn a_file_is_read_from_disk() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("iisadmin.dll");
        assert_eq!(read(&Disk, &file).unwrap(), None);
        std::fs::write(&file, executable([5, 0, 2195, 6968])).unwrap();
        assert_eq!(read(&Disk, &file).unwrap(), Some([5, 0, 2195, 6968]));
        std::fs::write(&file, "text").unwrap();
        let error = read(&Disk, &file).unwrap_err().to_string();
        assert!(error.contains("iisadmin.dll"), "{error}");
    }

    #[test]
    fn a_monstrous_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("large.dll");
        std::fs::File::create(&file).unwrap().set_len(FILE_BYTES_MAX + 1).unwrap();
        assert!(matches!(read(&Disk, &file), Err(FileVersionError::TooLarge { .. })));
    }

    #[test]
    fn damaged_executables_are_read_without_panic() {
        let sound = executable([1, 2, 3, 4]);
        for at in 0..sound.len() {
            for byte in [0, 1, 0x7f, 0x80, 0xff] {
                let mut damaged = sound.clone();
                damaged[at] = byte;
                let _ = of_image(&damaged);
            }
            let _ = of_image(&sound[..at]);
        }
    }
}
