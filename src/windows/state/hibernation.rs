//! `hiberfil.sys`: whether a session waits to be resumed.
//!
//! While one does, its cached file system metadata and hives are in the image:
//! what is written beside it is lost on resume, or corrupts the volume. Fast
//! Startup (Windows 8 and later) leaves such an image at every shutdown.
//! Signatures from the libhibr documentation ("Windows Hibernation File format").

use crate::hive::storage::{EntryKind, Storage};

use super::super::Installation;
use super::super::path::walk::{self, Reached};
use super::super::path::{PathError, component::same_name};
use super::{Finding, State};

/// The memory image's header is one page; a shorter file is the stub that a
/// hibernated Windows leaves on a volume that is not its own (ntfs-3g,
/// `ntfs_volume_check_hiberfile`).
pub const HEADER_BYTES: usize = 4096;
const FILE_NAME: &str = "hiberfil.sys";

/// What the start of a hibernation file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Image {
    /// `HIBR`, `hibr`: a session waits.
    Live,
    /// `RSTR`: resuming it began and did not end.
    Resuming,
    /// `WAKE`, `wake` or zeros: used up.
    Spent,
    /// Shorter than a header.
    Stub,
    /// Anything else.
    Unknown([u8; 4]),
}

impl Image {
    /// Classifies the first bytes of the file.
    pub fn of(start: &[u8]) -> Self {
        let Some(header) = start.get(..HEADER_BYTES) else { return Self::Stub };
        match <[u8; 4]>::try_from(&header[..4]).unwrap_or_default() {
            signature if signature.eq_ignore_ascii_case(b"HIBR") => Self::Live,
            signature if signature.eq_ignore_ascii_case(b"RSTR") => Self::Resuming,
            signature if signature.eq_ignore_ascii_case(b"WAKE") => Self::Spent,
            [0, 0, 0, 0] => Self::Spent,
            other => Self::Unknown(other),
        }
    }
}

/// Looks for a waiting session on the installation's volume.
pub fn examine(storage: &dyn Storage, installation: &Installation) -> Option<Finding> {
    let reached = match walk::walk(storage, &installation.volume, &[FILE_NAME.to_owned()]) {
        Ok(reached) => reached,
        Err(error) => return Some(unknown(&error)),
    };
    match reached.entry {
        Some(_) => look_into(storage, &reached),
        None => elsewhere(storage, installation),
    }
}

fn look_into(storage: &dyn Storage, reached: &Reached) -> Option<Finding> {
    let path = &reached.host;
    let start = match storage.read_at(path, 0, HEADER_BYTES) {
        Ok(start) => start,
        Err(source) => return Some(unknown(&PathError::Io { path: path.clone(), source })),
    };
    let file = path.display();
    match Image::of(&start) {
        Image::Spent => None,
        Image::Live => Some(Finding {
            state: State::Hibernated,
            saw: format!("{file} holds a session that waits to be resumed (signature {})", printed(&start)),
            why: "This Windows was hibernated, or shut down with Fast Startup. Its file system and hives are partly \
                  in that image: what is written now is lost or corrupts the volume when it resumes.",
            next: "Let that Windows start and shut it down with `shutdown /s /t 0` (or Restart). Where it cannot \
                   start, the image must be given up first: the unsaved work in it is lost.",
        }),
        Image::Stub => Some(Finding {
            state: State::Hibernated,
            saw: format!("{file} is only {} bytes long", start.len()),
            why: "A hibernated Windows leaves such a file on a volume it was using: what is written now corrupts \
                  the volume when that Windows resumes.",
            next: "Let the Windows that was hibernated start and shut it down completely; or, where that is over \
                   for good, delete the file.",
        }),
        Image::Resuming => Some(Finding {
            state: State::ResumeInterrupted,
            saw: format!("{file} says that resuming began and did not end (signature {})", printed(&start)),
            why: "Windows may try to resume that session again, with its own idea of what is on the volume.",
            next: "Start that Windows once; where it offers to delete restoration data, accept. Then shut it down \
                   completely.",
        }),
        Image::Unknown(signature) => Some(Finding {
            state: State::HibernationUnknown,
            saw: format!("{file} begins with {signature:02x?}, which is no known state of it"),
            why: "Whether a session waits to be resumed cannot be told; if one does, a write now is lost or \
                  corrupts the volume.",
            next: "Let that Windows start and run `powercfg /h off`, which removes the file.",
        }),
    }
}

fn printed(start: &[u8]) -> String {
    start.iter().take(4).map(|byte| char::from(*byte)).collect()
}

fn unknown(error: &PathError) -> Finding {
    Finding {
        state: State::HibernationUnknown,
        saw: error.to_string(),
        why: "Whether a session waits to be resumed cannot be told; if one does, a write now is lost or corrupts \
              the volume.",
        next: "Make the file readable (in WinPE start pemedic as administrator), or let that Windows start and \
               shut it down completely.",
    }
}

/// Up to Server 2003 the hibernation file is where NTLDR is, which may be
/// another volume than that of the Windows folder.
fn elsewhere(storage: &dyn Storage, installation: &Installation) -> Option<Finding> {
    if installation.version.major >= 6 {
        return None;
    }
    let entries = storage.list(&installation.volume).ok()?;
    let boots = entries.iter().any(|entry| entry.kind == EntryKind::File && same_name(&entry.name, "ntldr"));
    (!boots).then(|| Finding {
        state: State::HibernationElsewhere,
        saw: format!("{} has no NTLDR: this Windows starts from another volume", installation.volume.display()),
        why: "Its hibernation file is on the volume it starts from, so whether a session waits to be resumed was \
              not seen.",
        next: "Look for hiberfil.sys on the volume with NTLDR; if this Windows was hibernated, start it and shut \
               it down first.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(signature: [u8; 4]) -> Vec<u8> {
        let mut page = vec![0; HEADER_BYTES];
        page[..4].copy_from_slice(&signature);
        page
    }

    #[test]
    fn every_state_of_the_file_is_told_apart() {
        let cases = [
            (page(*b"HIBR"), Image::Live),
            (page(*b"hibr"), Image::Live),
            (page(*b"RSTR"), Image::Resuming),
            (page(*b"WAKE"), Image::Spent),
            (page(*b"wake"), Image::Spent),
            (page([0; 4]), Image::Spent),
            (page(*b"link"), Image::Unknown(*b"link")),
            (b"HIBR".to_vec(), Image::Stub),
            (Vec::new(), Image::Stub),
        ];
        for (start, image) in cases {
            assert_eq!(Image::of(&start), image);
        }
    }
}
