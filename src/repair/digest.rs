//! SHA-256 as text.

use std::io;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::hive::storage::Storage;

/// How much of a file is read at once: beside a hive in memory there may be no
/// room for its file as a whole.
const PART_BYTES: usize = 1 << 20;

/// The SHA-256 of some bytes, as 64 hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    text_of(Sha256::digest(bytes).as_slice())
}

/// The same of a file, with its length.
///
/// # Errors
/// Those of the storage.
pub(crate) fn sha256_of_file(storage: &dyn Storage, path: &Path) -> io::Result<(String, u64)> {
    let mut digest = Sha256::new();
    let mut length = 0;
    loop {
        let part = storage.read_at(path, length, PART_BYTES)?;
        digest.update(&part);
        length += part.len() as u64;
        if part.len() < PART_BYTES {
            return Ok((text_of(digest.finalize().as_slice()), length));
        }
    }
}

fn text_of(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in digest {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hive::storage::Disk;

    #[test]
    fn a_file_has_the_digest_of_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        for size in [0, 5, PART_BYTES, PART_BYTES + 1] {
            let (path, bytes) = (folder.path().join("file"), vec![7; size]);
            std::fs::write(&path, &bytes).unwrap();
            assert_eq!(sha256_of_file(&Disk, &path).unwrap(), (sha256(&bytes), size as u64));
        }
    }

    #[test]
    fn known_digest() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b""), empty);
    }
}
