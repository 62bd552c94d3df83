//! Error codes: every written form brought to one normal form, and what a code
//! means.
//!
//! `0x800704DD`, `800704dd`, `-2147023651`, `2147943645`, `1245`, `%%1245`,
//! `HRESULT_FROM_WIN32(1245)` and `ERROR_NOT_LOGGED_ON` are one code: their
//! [`CodeKey`] is the same. Symbols and values come from generated tables
//! (`table/*.tsv`, see `docs/code-table.md`), meanings are our own words.
//!
//! Knows nothing of articles and nothing of the structure of logs.

mod cue;
mod event;
mod facility;
mod key;
mod near;
mod number;
mod reading;
mod scan;
mod table;

pub use cue::Cue;
pub use event::{is_event, sources};
pub use key::CodeKey;
pub use near::Suggestion;
pub use number::{Number, Written};
pub use reading::{ErrorCode, Kind, Reading, explain, keys, of_stop_name, stop_names};
pub use scan::{Found, find};
