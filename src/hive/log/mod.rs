//! Transaction logs: what Windows would make of a dirty hive and its logs.
//!
//! regf specification, "Format of transaction log files", "Dirty state of a
//! hive" and "Multiple transaction log files". Where Windows would go on with
//! a hive it could repair only in part, this refuses: an edit on top of it
//! would make the loss final.

mod dirty_vector;
mod entry;
mod marvin32;
mod replay;
mod transaction_log;

use serde::Serialize;

use super::HiveError;
use super::base_block::{self, BASE_BLOCK_SIZE, BaseBlock};
use super::bin::Bins;
use replay::Replay;

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

/// What a primary file's base block says.
enum Primary {
    /// Completely written.
    Clean,
    /// A write was begun and not ended.
    Dirty,
    /// The base block itself is damaged; the bins are there.
    Headless,
}

/// Brings a primary file and its logs to the state Windows would load.
///
/// # Errors
/// [`HiveError::NotAHive`], [`HiveError::UnsupportedVersion`], or
/// [`HiveError::Unrecoverable`] for a dirty hive without usable logs.
pub fn recover(primary: Vec<u8>, logs: &[LogFile]) -> Result<Recovered, HiveError> {
    let state = examine(&primary)?;
    let highest = highest_sequence(&primary, &state, logs);
    if matches!(state, Primary::Clean) {
        let logs = logs.iter().map(|log| format!("{}: not needed, the hive is clean", log.name)).collect();
        let report = RecoveryReport { recovered: false, logs, highest_sequence: highest };
        return Ok(Recovered { image: primary, report });
    }
    let mut replay = Replay::new(primary, matches!(state, Primary::Headless), logs);
    let Some(sequence) = replay.run() else {
        return Err(HiveError::Unrecoverable(reason(&state, &replay.sentences())));
    };
    let report = RecoveryReport { recovered: true, logs: replay.sentences(), highest_sequence: highest };
    let mut image = replay.image;
    base_block::mark_clean(&mut image, sequence);
    Ok(Recovered { image, report })
}

fn examine(primary: &[u8]) -> Result<Primary, HiveError> {
    let is_intact = base_block::is_intact(primary);
    match BaseBlock::parse(primary) {
        Ok(block) if is_intact => examine_block(block),
        // An intact block of another version is no damage.
        Err(error @ HiveError::UnsupportedVersion { .. }) if is_intact => Err(error),
        _ if has_first_bin(primary) => Ok(Primary::Headless),
        Err(error @ HiveError::NotAHive(_)) => Err(error),
        _ => {
            let why = "the checksum of its base block is wrong, and no bin follows it";
            Err(HiveError::NotAHive(why.to_owned()))
        }
    }
}

fn examine_block(block: BaseBlock<'_>) -> Result<Primary, HiveError> {
    if block.file_type() != 0 {
        let why = format!("its file type is {}, that of a transaction log, not of a hive", block.file_type());
        return Err(HiveError::NotAHive(why));
    }
    if block.file_format() != 1 {
        return Err(HiveError::NotAHive(format!("its file format is {}, not 1", block.file_format())));
    }
    Ok(if block.is_clean() { Primary::Clean } else { Primary::Dirty })
}

fn has_first_bin(primary: &[u8]) -> bool {
    let bins = primary.get(BASE_BLOCK_SIZE..).unwrap_or_default();
    matches!(Bins::new(bins).next(), Some(Ok(_)))
}

/// Numbers in a damaged base block mean nothing and are not counted.
fn highest_sequence(primary: &[u8], state: &Primary, logs: &[LogFile]) -> u32 {
    let block = BaseBlock::parse(primary).ok().filter(|_| !matches!(state, Primary::Headless));
    let in_primary = block.map_or(0, |block| block.primary_sequence().max(block.secondary_sequence()));
    logs.iter().map(transaction_log::highest_sequence).fold(in_primary, u32::max)
}

fn reason(state: &Primary, logs: &[String]) -> String {
    let what = match state {
        Primary::Headless => "its base block is damaged",
        _ => "a write to it was begun and not ended",
    };
    if logs.is_empty() {
        return format!("{what}, and there is no transaction log beside it");
    }
    format!("{what}, and no transaction log completes it: {}", logs.join("; "))
}
