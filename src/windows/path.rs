//! Windows paths on the target, resolved to the host without leaving it.

use std::path::PathBuf;

/// A place on the target volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetPath {
    /// As Windows itself writes it: `C:\WINNT\system32\config\software`.
    pub windows: String,
    /// Where that is now, in the true case of its existing components.
    pub host: PathBuf,
}

/// Why a path cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// It is on another volume, or its letter is not known.
    #[error("{0} is not on the target volume: only files of the installation itself can be repaired")]
    OtherVolume(String),
    /// It has `..`, a stream, a device name or a character Windows forbids.
    #[error("{0} is not a plain absolute Windows path")]
    NotPlain(String),
    /// A junction or symbolic link stands in the way.
    #[error("{link} is a junction or link (to {to}); a path through it could leave the target")]
    ThroughLink {
        /// The link.
        link: PathBuf,
        /// Where it points, as far as it can be read.
        to: String,
    },
    /// The disk failed.
    #[error("cannot look at {path}: {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
