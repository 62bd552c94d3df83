//! Files embedded in a PEBakery script.
//!
//! An embedded file is base64 text in lines of 4090 characters, without
//! padding: the content as a zlib stream, a zlib stream of a 550-byte file
//! footer, and a 36-byte archive footer. PEBakery's `EncodedFile.cs` is where
//! the layout is written down:
//!
//! | file footer | | archive footer | |
//! |---|---|---|---|
//! | 0x000 | length of the name, name, zeros | 0 | CRC-32 of content and file footer, compressed |
//! | 0x200 | length of the content, u64 | 4 | 1 |
//! | 0x208 | compressed length, u64 | 8 | 2 |
//! | 0x210 | zeros, 16 bytes | 12 | length of the compressed file footer |
//! | 0x220 | CRC-32 of the content | 16 | length of the compressed content, u64 |
//! | 0x224 | 0: zlib | 24 | 1, then 11 zeros |
//! | 0x225 | compression level | | |

use std::fmt::Write as _;
use std::io::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;

/// PEBakery's own line length.
const LINE_CHARACTERS: usize = 4090;
const NAME_FIELD_BYTES: usize = 512;
const LEVEL: u8 = 6;

/// The sections of an embedded folder: its list of files, then each file.
///
/// # Errors
/// A file name that is not ASCII or too long.
pub(crate) fn folder(name: &str, files: &[(&str, &[u8])]) -> io::Result<String> {
    let mut list = format!("[{name}]\n");
    let mut sections = String::new();
    for (file, content) in files {
        let text = STANDARD.encode(archive(file, content)?);
        // Writing to a string cannot fail.
        let _ = writeln!(list, "{file}={},{}", content.len(), text.len());
        let lines: Vec<&str> =
            text.trim_end_matches('=').as_bytes().chunks(LINE_CHARACTERS).map(ascii).collect();
        let _ = write!(sections, "\n[EncodedFile-{name}-{file}]\nlines={}\n", lines.len() - 1);
        for (number, line) in lines.iter().enumerate() {
            let _ = writeln!(sections, "{number}={line}");
        }
    }
    list.push_str(&sections);
    Ok(list)
}

fn ascii(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

fn archive(name: &str, content: &[u8]) -> io::Result<Vec<u8>> {
    let body = compressed(content)?;
    let footer = compressed(&file_footer(name, content, body.len())?)?;
    let mut archive = [body.as_slice(), footer.as_slice()].concat();
    let check = crc32fast::hash(&archive);
    for word in [check, 1, 2, length(footer.len())?] {
        archive.extend(word.to_le_bytes());
    }
    archive.extend((body.len() as u64).to_le_bytes());
    archive.extend([1, 0]);
    archive.extend([0; 10]);
    Ok(archive)
}

fn file_footer(name: &str, content: &[u8], compressed_len: usize) -> io::Result<Vec<u8>> {
    let wrong = |why| io::Error::new(io::ErrorKind::InvalidInput, format!("{name}: {why}"));
    if !name.is_ascii() || name.is_empty() {
        return Err(wrong("the name must be plain ASCII"));
    }
    let name_len = u8::try_from(name.len()).map_err(|_| wrong("the name is too long"))?;
    let mut footer = vec![name_len];
    footer.extend(name.as_bytes());
    footer.resize(NAME_FIELD_BYTES, 0);
    for number in [content.len() as u64, compressed_len as u64, 0, 0] {
        footer.extend(number.to_le_bytes());
    }
    footer.extend(crc32fast::hash(content).to_le_bytes());
    footer.extend([0, LEVEL]);
    Ok(footer)
}

fn compressed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL.into()));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn length(len: usize) -> io::Result<u32> {
    u32::try_from(len).map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "larger than 4 GiB"))
}
