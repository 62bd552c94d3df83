//! Why a repair cannot be planned, applied or taken back.

use std::path::PathBuf;

use crate::hive::HiveError;
use crate::hive::storage::StorageError;
use crate::hive::store::StoreError;
use crate::windows::installation::InstallationError;
use crate::windows::path::PathError;
use crate::windows::registry::RegistryError;

/// Anything that stops a repair. What was tried and where is in each text.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// The installation cannot be opened.
    #[error(transparent)]
    Installation(#[from] InstallationError),
    /// A key cannot be looked at.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A hive file cannot be loaded or committed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A path of the target cannot be used.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The disk failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A hive cannot be read or edited at a key.
    #[error("{key}: {source}")]
    Hive {
        /// Full key name.
        key: String,
        /// Why.
        source: HiveError,
    },
    /// No such article or fix.
    #[error("there is no fix {0:?}")]
    NoSuchFix(String),
    /// No fix asks this question.
    #[error("no fix of this plan asks {0:?}")]
    NoSuchQuestion(String),
    /// An answer that is not among the candidates.
    #[error("{answer:?} is not an answer to {question:?}; there are: {candidates}")]
    NotACandidate {
        /// The question's id.
        question: String,
        /// The answer given.
        answer: String,
        /// What could be answered.
        candidates: String,
    },
    /// Two fixes want different things at one place.
    #[error("{first} and {second} contradict each other at {place}: apply one of them")]
    Conflict {
        /// The fix that comes first.
        first: String,
        /// The fix that undoes some of it.
        second: String,
        /// Where.
        place: String,
    },
    /// No receipt of that name.
    #[error("there is no receipt {0:?} on this target")]
    NoSuchReceipt(String),
    /// A checklist has no such item.
    #[error("the checklist of {receipt} has no item {item}")]
    NoSuchItem {
        /// The receipt.
        receipt: String,
        /// The item, from 0.
        item: usize,
    },
    /// There is no such file.
    #[error("there is no file {}", .0.display())]
    NoSuchFile(PathBuf),
    /// A receipt that cannot be read or must not be followed.
    #[error("the receipt {} cannot be used: {why}", receipt.display())]
    BadReceipt {
        /// Its folder.
        receipt: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The receipt is not in a state that can be taken back.
    #[error("the receipt {receipt} cannot be taken back: {why}")]
    NotUndoable {
        /// Its name.
        receipt: String,
        /// Why not.
        why: String,
    },
    /// The `.reg` file cannot be read.
    #[error("{}: {why}", file.display())]
    RegFile {
        /// The file.
        file: PathBuf,
        /// Where and what is wrong with it.
        why: String,
    },
    /// What was written is not what was planned.
    #[error("after writing, the disk is not as planned: {0}")]
    NotAsPlanned(String),
    /// A bound of this program was reached.
    #[error("{0}")]
    Limit(String),
    /// After a failure not everything could be put back.
    #[error(
        "the repair failed ({failure}) and could not be rolled back as a whole: {rollback}. \
         The receipt {} holds everything as it was; the next start tries again", receipt.display()
    )]
    RollbackFailed {
        /// What failed first.
        failure: String,
        /// What failed while rolling back.
        rollback: String,
        /// The receipt's folder.
        receipt: PathBuf,
    },
}

impl RepairError {
    /// Names the key at which a hive failed.
    pub(crate) fn at_key(key: &str) -> impl FnOnce(HiveError) -> Self + '_ {
        move |source| Self::Hive { key: key.to_owned(), source }
    }
}
