//! A receipt as it is written: `docs/receipts.md` describes every field.

use serde::{Deserialize, Serialize};

use crate::kb::Safety;
use crate::windows::HiveName;

use super::super::plan::GuardEffect;
use super::super::record::{KeyStamp, Record};
use super::super::report::ChecklistItem;

/// Version of the format.
pub(crate) const FORMAT: u32 = 1;

/// Everything a repair was, as `receipt.toml` holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Receipt {
    pub format: u32,
    /// Its name: that of its folder.
    pub receipt: String,
    pub program: String,
    pub state: State,
    /// When it was written, UTC.
    pub written: String,
    /// When its state became final, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// The receipt that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
    /// Why it was rolled back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Why there are no full copies of the hives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_copies: Option<String>,
    /// What was checked after writing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verified: Vec<String>,
    pub target: TargetIdentity,
    #[serde(default, rename = "fix")]
    pub fixes: Vec<FixEntry>,
    #[serde(default, rename = "choice", skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ChoiceEntry>,
    #[serde(default, rename = "guard", skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<GuardEntry>,
    #[serde(default, rename = "checklist", skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<ChecklistItem>,
    #[serde(default, rename = "undone-by", skip_serializing_if = "Vec::is_empty")]
    pub undone_by: Vec<UndoneBy>,
    #[serde(default, rename = "hive", skip_serializing_if = "Vec::is_empty")]
    pub hives: Vec<HiveEntry>,
    #[serde(default, rename = "change", skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Record>,
    #[serde(default, rename = "key-stamp", skip_serializing_if = "Vec::is_empty")]
    pub stamps: Vec<KeyStamp>,
}

/// Where a receipt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// Durable; the changes may have been made, some of them or none.
    Prepared,
    /// All changes were made and verified.
    Applied,
    /// Everything is as it was before.
    RolledBack,
}

/// Which installation a receipt belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct TargetIdentity {
    pub name: String,
    pub version: String,
    /// The Windows folder as Windows writes it.
    pub system_root: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computer_name: Option<String>,
    pub control_set: u32,
}

/// A fix with the article it was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct FixEntry {
    /// Full name.
    pub name: String,
    pub title: String,
    pub safety: Safety,
    /// SHA-256 of the article's text: its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article_sha256: Option<String>,
    /// Commands queued for the first boot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first_boot: Vec<String>,
}

/// What the technician chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoiceEntry {
    pub fix: String,
    pub question: String,
    pub answer: String,
}

/// What a guard saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GuardEntry {
    pub id: String,
    pub effect: GuardEffect,
    pub saw: String,
}

/// A later receipt that takes back fixes of this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UndoneBy {
    pub receipt: String,
    pub fixes: Vec<String>,
}

/// A hive that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct HiveEntry {
    pub name: HiveName,
    /// Its file on the host at that time, for people; never followed.
    pub file: String,
    /// SHA-256 of the file before and after.
    pub sha256_before: String,
    pub sha256_after: String,
    /// The full copies in the receipt's folder: the hive first, then its logs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<CopyEntry>,
}

/// A full copy of a file as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CopyEntry {
    /// Name within the receipt's folder.
    pub copy: String,
    /// Name of the original.
    pub original: String,
    pub sha256: String,
}

impl Receipt {
    /// Full names of its fixes, in order.
    pub(crate) fn fix_names(&self) -> Vec<String> {
        self.fixes.iter().map(|fix| fix.name.clone()).collect()
    }
}
