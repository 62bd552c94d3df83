//! What can be wrong with a hive or a request to it.

use super::KeyPath;

/// Why a hive could not be opened, read or edited. Offsets are absolute, from
/// the first byte of the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HiveError {
    /// The bytes are not a registry hive at all.
    #[error("not a registry hive: {0}")]
    NotAHive(String),
    /// A format version this engine does not know.
    #[error("hive format {major}.{minor} is not supported (1.1 to 1.6 are)")]
    UnsupportedVersion {
        /// Major version number.
        major: u32,
        /// Minor version number.
        minor: u32,
    },
    /// The hive is dirty (not everything was written when Windows stopped) and
    /// no usable transaction log completes it.
    #[error("the hive is dirty and cannot be recovered: {0}")]
    Unrecoverable(String),
    /// A structure is damaged where it is needed.
    #[error("damaged at offset {offset:#x}: expected {expected}, found {found}")]
    Damaged {
        /// Absolute file offset.
        offset: u64,
        /// What the format wants there.
        expected: String,
        /// What is there.
        found: String,
    },
    /// The key to be edited does not exist.
    #[error("no key {0}")]
    NoSuchKey(KeyPath),
    /// The value to be edited does not exist.
    #[error("no value {value:?} in key {key}")]
    NoSuchValue {
        /// The key.
        key: KeyPath,
        /// The value's name.
        value: String,
    },
    /// A key of the new name is already there.
    #[error("key {0} exists already")]
    KeyExists(KeyPath),
    /// The request cannot be expressed in this hive (a name too long, a list or
    /// the hive itself too large).
    #[error("{0}")]
    Limit(String),
    /// The two readers of [`super::reader`] do not see the same thing.
    #[error(
        "two independent readers disagree about key {key:?} at offset {offset:#x}: nt-hive sees {outside}, \
         pemedic sees {own}. Nothing is built on such a reading; look at the file with `pemedic hive check`"
    )]
    Disagreement {
        /// Absolute file offset of the key node.
        offset: u64,
        /// The key's own name.
        key: String,
        /// What nt-hive sees.
        outside: String,
        /// What our decoder sees.
        own: String,
    },
    /// nt-hive refuses the base block of a file that was just written.
    #[error("nt-hive, which reads the file independently, refuses it: {0}")]
    Reader(String),
}
