//! Transaction logs: what Windows would make of a dirty hive and its logs.

use serde::Serialize;

use super::HiveError;

/// A transaction log file's name (`SYSTEM.LOG1`) and content.
pub struct LogFile {
    /// File name, for the report.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// How the image came to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RecoveryReport {
    /// Whether the primary file was dirty (or its base block bad) and logs
    /// were applied.
    pub recovered: bool,
    /// One sentence for each log: applied (which entries), stale, torn, foreign.
    pub logs: Vec<String>,
    /// The highest sequence number seen in the primary file and all logs: an
    /// image written over this hive must start above it.
    pub highest_sequence: u32,
}

/// A clean image in memory.
pub struct Recovered {
    /// The hive as Windows would load it, base block clean.
    pub image: Vec<u8>,
    /// What was done.
    pub report: RecoveryReport,
}

/// Brings a primary file and its logs to the state Windows would load.
///
/// # Errors
/// [`HiveError::NotAHive`], [`HiveError::UnsupportedVersion`], or
/// [`HiveError::Unrecoverable`] for a dirty hive without usable logs.
pub fn recover(primary: Vec<u8>, logs: &[LogFile]) -> Result<Recovered, HiveError> {
    todo!("{} {}", primary.len(), logs.len())
}
