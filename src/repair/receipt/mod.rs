//! Receipts: what a repair was, durable before its first change.
//!
//! A receipt is a folder: `receipt.toml` with everything a person or a later
//! run needs (`docs/receipts.md`), `hives/` with full copies, `keys/` with
//! deleted keys, `files/` with files moved aside. The folder counts from the
//! moment `receipt.toml` has its name; before that nothing was changed.

mod folder;
mod key_file;
mod list;
mod load;
mod schema;
mod target_id;

pub(crate) use folder::Folder;
pub(crate) use list::{Listed, Receipts};
pub(crate) use load::{from_toml, load};
pub(crate) use schema::*;
pub(crate) use target_id::ID_FILE;

/// The receipt itself, in its folder.
pub(crate) const RECEIPT_FILE: &str = "receipt.toml";
/// Full copies of hives and logs.
pub(crate) const HIVES: &str = "hives";
/// Deleted keys.
pub(crate) const KEYS: &str = "keys";
/// Files moved aside.
pub(crate) const FILES: &str = "files";
