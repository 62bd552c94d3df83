//! From a file's bytes to text: which encoding it has.

use super::{RegTextError, TextRepair, ansi};

/// Decoded text and what was assumed to get it.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) repairs: Vec<TextRepair>,
}

/// Reads the encodings regedit reads (UTF-16LE with a byte order mark, ANSI)
/// and those that editors and web pages make of them.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, RegTextError> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes, None),
        [0xfe, 0xff, rest @ ..] => {
            utf16(rest, u16::from_be_bytes, Some("big-endian UTF-16, which regedit does not read"))
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [first, 0, ..] if *first != 0 => {
            utf16(bytes, u16::from_le_bytes, Some("read as UTF-16 although its byte order mark is missing"))
        }
        [0, second, ..] if *second != 0 => {
            utf16(bytes, u16::from_be_bytes, Some("read as big-endian UTF-16 although its mark is missing"))
        }
        _ => Ok(unmarked(bytes)),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, note: Option<&str>) -> Result<Decoded, RegTextError> {
    let pairs = bytes.chunks_exact(2);
    let odd_byte = !pairs.remainder().is_empty();
    let units: Vec<u16> = pairs.map(|pair| unit([pair[0], pair[1]])).collect();
    let text = String::from_utf16(&units).map_err(|_| broken_utf16(&units))?;
    let mut repairs: Vec<TextRepair> = note.into_iter().map(|note| file_repair(1, note)).collect();
    if odd_byte {
        let line = 1 + text.matches('\n').count();
        repairs.push(file_repair(line, "the last byte is half a UTF-16 character; ignored"));
    }
    Ok(Decoded { text, repairs })
}

fn broken_utf16(units: &[u16]) -> RegTextError {
    let valid = char::decode_utf16(units.iter().copied()).map_while(Result::ok);
    let before: String = valid.collect();
    RegTextError {
        line: 1 + before.matches('\n').count(),
        message: "half of a UTF-16 surrogate pair; the file is damaged here, save it again from its source"
            .into(),
        span: before.len()..before.len(),
    }
}

fn utf8(bytes: &[u8]) -> Result<Decoded, RegTextError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: text.to_owned(), repairs: Vec::new() }),
        Err(error) => {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            Err(RegTextError {
                line: 1 + before.matches('\n').count(),
                message: "bytes that are not UTF-8 in a file marked as UTF-8; save it again from its source"
                    .into(),
                span: before.len()..before.len(),
            })
        }
    }
}

/// Text beyond ASCII that is valid UTF-8 is practically never anything else.
fn unmarked(bytes: &[u8]) -> Decoded {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Decoded { text: text.to_owned(), repairs: Vec::new() },
        Ok(text) => Decoded {
            text: text.to_owned(),
            repairs: vec![file_repair(1, "read as UTF-8 although its byte order mark is missing")],
        },
        Err(_) => Decoded {
            text: ansi::to_text(bytes),
            repairs: vec![file_repair(1, "text beyond ASCII read as Windows-1252 (Western) characters")],
        },
    }
}

fn file_repair(line: usize, message: &str) -> TextRepair {
    TextRepair { line, message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn check(bytes: &[u8], expected: &str, repairs: usize) {
        let decoded = decode(bytes).unwrap();
        assert_eq!(decoded.text, expected);
        assert_eq!(decoded.repairs.len(), repairs, "{:?}", decoded.repairs);
    }

    #[test]
    fn marks_decide() {
        check(&[b"\xff\xfe".to_vec(), utf16le("é\r\n")].concat(), "é\r\n", 0);
        check(b"\xfe\xff\x00A\x00\xe9", "Aé", 1);
        check("\u{feff}é".as_bytes(), "é", 0);
    }

    #[test]
    fn without_marks_the_bytes_decide() {
        check(&utf16le("REG"), "REG", 1);
        check(b"\0R\0E", "RE", 1);
        check(b"REGEDIT4", "REGEDIT4", 0);
        check("é".as_bytes(), "é", 1);
        check(b"\xe9 \x80", "é €", 1);
        check(b"", "", 0);
    }

    #[test]
    fn damage_names_its_line() {
        let bytes = [b"\xff\xfe".to_vec(), utf16le("a\r\nb"), vec![0, 0xd8], utf16le("c")].concat();
        assert_eq!(decode(&bytes).err().unwrap().line, 2);
        assert_eq!(decode(b"\xef\xbb\xbfa\n\xff").err().unwrap().line, 2);
        check(&[b"\xff\xfe".to_vec(), utf16le("a"), vec![0x41]].concat(), "a", 1);
    }
}
