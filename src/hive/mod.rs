//! Registry hive files as bytes: read, audit, edit, recover from logs, commit.
//!
//! Knows the regf format (Maxim Suhanov, "Windows registry file format
//! specification") and the `.reg` text format. Knows nothing of services,
//! installations or what any key means.

mod base_block;
mod big_data;
mod bin;
mod cell;
mod create;
mod error;
mod field;
mod file_time;
mod format;
mod key_node;
mod key_path;
mod key_security;
mod key_value;
mod name;
mod subkey_list;
mod upcase;
mod value;

pub mod audit;
pub mod edit;
pub mod log;
pub mod read;
pub mod reader;
pub mod reg_text;
pub mod storage;
pub mod store;
pub mod witness;

use cell::CellOffset;
pub use create::create;
pub use edit::{Edited, Editor};
pub use error::HiveError;
pub use file_time::FileTime;
pub use key_path::KeyPath;
pub use read::{Hive, KeyTree};
pub use value::{NamedValue, Value, ValueType};
