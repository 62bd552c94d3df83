//! Windows paths on the target, resolved to the host without leaving it.
//!
//! Two steps, kept apart: [`namespace`] turns what Windows writes
//! (`%SystemRoot%\x`, `\??\C:\x`, `system32\drivers\x.sys`) into the names of
//! the components below the volume's root; [`walk`] follows those names on the
//! host, without regard to case and through no link.

pub mod component;
pub mod directories;
pub mod namespace;
pub mod pattern;
pub mod walk;

use std::path::PathBuf;

pub use namespace::Namespace;

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
    #[error("{path} is not a plain absolute Windows path: {why}")]
    NotPlain {
        /// The path as written.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A junction or symbolic link stands in the way.
    #[error("{link} is a junction or link (to {to}); a path through it could leave the target")]
    ThroughLink {
        /// The link.
        link: PathBuf,
        /// Where it points, as far as it can be read.
        to: String,
    },
    /// Two entries differ only in case, which Windows cannot tell apart.
    #[error("{directory} has {first} and {second}, which Windows cannot tell apart; rename one of them")]
    Ambiguous {
        /// The directory.
        directory: PathBuf,
        /// One of the names.
        first: String,
        /// Another.
        second: String,
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
