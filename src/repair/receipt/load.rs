//! Reading a receipt that anyone may have written.

use std::path::Path;

use crate::hive::storage::{EntryKind, Storage, StorageError};
use crate::windows::path::component::objection;

use super::super::error::RepairError;
use super::super::workspace::stored_path;
use super::{FILES, FORMAT, HIVES, KEYS, RECEIPT_FILE, Receipt, key_file};

/// Largest `receipt.toml` or key file that is read.
const RECEIPT_BYTES_MAX: u64 = 256 << 20;

/// Reads and checks the receipt in a folder, with its deleted keys.
pub(crate) fn load(storage: &dyn Storage, folder: &Path) -> Result<Receipt, RepairError> {
    let bad = |why: String| RepairError::BadReceipt { receipt: folder.to_owned(), why };
    let text = read_text(storage, &folder.join(RECEIPT_FILE))?.map_err(&bad)?;
    let mut receipt: Receipt = from_toml(&text).map_err(&bad)?;
    check(&receipt, folder).map_err(&bad)?;
    for record in &mut receipt.changes {
        if let Some(name) = &record.key_file {
            let text = read_text(storage, &stored_path(folder, name))?.map_err(&bad)?;
            record.tree = Some(key_file::read(&text).map_err(|why| bad(format!("{name}: {why}")))?);
        }
    }
    Ok(receipt)
}

/// Reads TOML by way of a plain tree. One reader of TOML for every shape of a
/// receipt, instead of one each, is a tenth of a megabyte less on a boot stick;
/// where in the text a shape is wrong matters to nobody here.
pub(crate) fn from_toml<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    let tree: serde_json::Value =
        toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
    serde_json::from_value(tree).map_err(|error| error.to_string())
}

fn read_text(storage: &dyn Storage, path: &Path) -> Result<Result<String, String>, RepairError> {
    let entry = storage.entry(path).map_err(StorageError::at("cannot look at", path))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match entry {
        Some(entry) if entry.kind == EntryKind::File && entry.len <= RECEIPT_BYTES_MAX => {
            let bytes = storage.read(path).map_err(StorageError::at("cannot read", path))?;
            Ok(String::from_utf8(bytes).map_err(|_| format!("{name} is not text")))
        }
        Some(_) => Ok(Err(format!("{name} is no file of a sensible size"))),
        None => Ok(Err(format!("{name} is missing"))),
    }
}

/// Names within the folder must stay within it, whoever wrote the receipt.
fn check(receipt: &Receipt, folder: &Path) -> Result<(), String> {
    if receipt.format != FORMAT {
        return Err(format!(
            "its format is {}; this program knows format {FORMAT}: use the version that wrote it ({})",
            receipt.format, receipt.program
        ));
    }
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    if receipt.receipt != name {
        return Err(format!("it calls itself {:?} but lies in {name:?}", receipt.receipt));
    }
    for hive in &receipt.hives {
        hive.copies.iter().try_for_each(|copy| plain(&copy.copy, HIVES))?;
    }
    for record in &receipt.changes {
        record.key_file.iter().try_for_each(|name| plain(name, KEYS))?;
        if let Some(content) = &record.content {
            content.stored.iter().try_for_each(|name| plain(name, FILES))?;
            content.returned_from.iter().try_for_each(|name| returned(name))?;
        }
    }
    Ok(())
}

/// `FOLDER/NAME` with a plain name.
fn plain(name: &str, folder: &str) -> Result<(), String> {
    match name.split_once('/') {
        Some((first, last)) if first == folder && is_plain(last) => Ok(()),
        _ => Err(format!("{name:?} is not the name of a file in its folder {folder}")),
    }
}

/// `RECEIPT/files/NAME` with plain names.
fn returned(name: &str) -> Result<(), String> {
    match name.split_once('/') {
        Some((receipt, rest)) if is_plain(receipt) => plain(rest, FILES),
        _ => Err(format!("{name:?} does not name a receipt and a file in it")),
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && objection(name, false).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_the_folder() {
        assert!(plain("files/001-c23_a", FILES).is_ok());
        for name in ["files/../x", "files/a/b", "../files/x", "files/", "hives/x", "/files/x", "files/a\\b"] {
            assert!(plain(name, FILES).is_err(), "{name}");
        }
        assert!(returned("20040914T070800Z-x/files/001-a").is_ok());
        assert!(returned("../files/001-a").is_err());
        assert!(returned("a/../files/001-a").is_err());
    }
}
