//! The keys that the technician trusts, in minisign's format.

use std::fs;
use std::path::{Path, PathBuf};

use minisign_verify::{Error, PublicKey, Signature};

use crate::plugin::files::read_bounded;

use super::{PackError, Trust};

/// Most keys that are looked at.
const KEYS_MAX: usize = 100;
/// Bytes of a signature's four lines, at most.
const SIGNATURE_BYTES_MAX: usize = 4 * 1024;

/// Public keys with the names by which the technician knows them.
#[derive(Default)]
pub struct Keys(Vec<(String, PublicKey)>);

impl Keys {
    /// Reads keys: files that minisign wrote, folders of them (`*.pub`), or the
    /// key itself as text. What cannot be read is said in the second part.
    pub fn read(named: &[PathBuf]) -> (Self, Vec<String>) {
        let (mut keys, mut problems) = (Self::default(), Vec::new());
        for path in named.iter().flat_map(|path| in_folder(path)).take(KEYS_MAX) {
            let name = path.display().to_string();
            match key(&path) {
                Ok(key) => keys.0.push((name, key)),
                Err(why) => problems.push(format!("the key {name} is not used: {why}")),
            }
        }
        (keys, problems)
    }

    /// Who signed this.
    pub(super) fn judge(&self, signed: &[u8], signature: &[u8]) -> Result<Trust, PackError> {
        if signature.is_empty() {
            return Ok(Trust::Unsigned);
        }
        let text = std::str::from_utf8(signature).ok().filter(|text| text.len() <= SIGNATURE_BYTES_MAX);
        let signature = text.and_then(|text| Signature::decode(text.trim_start()).ok());
        let signature = signature.ok_or(PackError::NoSignature)?;
        for (name, key) in &self.0 {
            match key.verify(signed, &signature, false) {
                Ok(()) => return Ok(Trust::Signed { key: name.clone() }),
                Err(Error::UnexpectedKeyId) => {}
                Err(_) => return Err(PackError::Changed(name.clone())),
            }
        }
        Ok(Trust::UnknownKey)
    }
}

/// The keys of a folder; a file by itself.
fn in_folder(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut keys: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "pub")).collect();
    keys.sort();
    keys
}

fn key(path: &Path) -> Result<PublicKey, String> {
    if path.is_file() {
        let text = read_bounded(path)?;
        return PublicKey::decode(text.trim()).or_else(|_| PublicKey::from_base64(text.trim())).map_err(told);
    }
    let text = path.to_str().unwrap_or_default();
    PublicKey::from_base64(text)
        .map_err(|_| "there is no such file, and it is not a key itself (minisign's *.pub)".to_owned())
}

fn told(error: Error) -> String {
    format!("it is not a public key as minisign writes it: {error}")
}
