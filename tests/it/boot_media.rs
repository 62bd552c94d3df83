//! The files of `winpe/` that other programs read: each in the form its reader wants.

use std::io::Read as _;
use std::path::PathBuf;

use base64::Engine as _;

#[path = "../../winpe/pebakery/encode.rs"]
mod encode;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("winpe").join(name)).unwrap()
}

/// An embedded file taken apart again, every checksum and length compared:
/// name and content.
fn decode(lines: &[&str]) -> (String, Vec<u8>) {
    let count: usize = lines[0].strip_prefix("lines=").unwrap().parse().unwrap();
    assert_eq!(lines.len(), count + 2, "lines= names the last line");
    let mut text = String::new();
    for (number, line) in lines[1..].iter().enumerate() {
        let (key, part) = line.split_once('=').unwrap();
        assert_eq!(key, number.to_string());
        assert!(part.len() == 4090 || number == count, "line {number} has {} characters", part.len());
        text.push_str(part);
    }
    let archive = base64::engine::general_purpose::STANDARD_NO_PAD.decode(text).unwrap();
    let (data, end) = archive.split_at(archive.len() - 36);
    let word = |at: usize| u32::from_le_bytes(end[at..at + 4].try_into().unwrap());
    let body_len = usize::try_from(u64::from_le_bytes(end[16..24].try_into().unwrap())).unwrap();
    assert_eq!((word(0), word(4), word(8)), (crc32fast::hash(data), 1, 2));
    assert_eq!(body_len + word(12) as usize, data.len());
    assert_eq!(end[24..], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let (content, footer) = (inflate(&data[..body_len]), inflate(&data[body_len..]));
    let number = |at: usize| u64::from_le_bytes(footer[at..at + 8].try_into().unwrap());
    assert_eq!(footer.len(), 550);
    assert_eq!((number(0x200), number(0x208)), (content.len() as u64, body_len as u64));
    assert_eq!(footer[0x220..0x224], crc32fast::hash(&content).to_le_bytes());
    let name = footer[1..=usize::from(footer[0])].to_vec();
    (String::from_utf8(name).unwrap(), content)
}

fn inflate(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    flate2::read::ZlibDecoder::new(bytes).read_to_end(&mut content).unwrap();
    content
}

#[test]
fn files_embedded_in_a_pebakery_script_come_back_byte_for_byte() {
    // Hard to compress, so that there are several lines; and nothing at all.
    let large: Vec<u8> = (0..40_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let files: [(&str, &[u8]); 2] = [("pemedic.exe", &large), ("empty.txt", b"")];
    let text = encode::folder("x64", &files).unwrap();
    for (name, content) in files {
        let lines: Vec<&str> = text
            .lines()
            .skip_while(|line| *line != format!("[EncodedFile-x64-{name}]"))
            .skip(1)
            .take_while(|line| !line.is_empty())
            .collect();
        assert_eq!(decode(&lines), (name.to_owned(), content.to_vec()));
    }
    let listed = text.lines().nth(1).unwrap();
    let (name, lengths) = listed.split_once('=').unwrap();
    let (length, encoded) = lengths.split_once(',').unwrap();
    assert_eq!((name, length), ("pemedic.exe", "160000"));
    assert_eq!(encoded.parse::<usize>().unwrap() % 4, 0, "the length of base64 with its padding");
}

#[test]
fn a_name_that_pebakery_cannot_store_is_refused() {
    assert!(encode::folder("x64", &[("é.exe", b"")]).is_err());
    assert!(encode::folder("x64", &[(&"n".repeat(256), b"")]).is_err());
}

#[test]
fn json_files_are_json() {
    for name in ["ventoy/ventoy.json", "azure/map-entry.json"] {
        serde_json::from_slice::<serde_json::Value>(&file(name)).unwrap();
    }
}

/// `winpeshl.exe` reads with the profile functions, which a byte-order mark
/// breaks, and no command longer than 250 characters.
#[test]
fn shell_settings_are_plain_ascii_and_start_the_shell() {
    for name in ["winpeshl.ini", "winre/winpeshl.ini", "ipxe/winpeshl.ini"] {
        let bytes = file(name);
        assert!(bytes.is_ascii(), "{name}");
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.strip_suffix("\r\n").unwrap().split("\r\n").collect();
        assert_eq!(lines[0], "[LaunchApps]", "{name}");
        assert!(lines[1].ends_with("wpeinit.exe"), "{name}: devices first");
        assert!(lines[2].ends_with("pemedic.exe, shell"), "{name}");
        assert_eq!(lines.len(), 4, "{name}: something is left when the shell ends");
        assert!(lines.iter().all(|line| line.len() <= 250 && !line.contains('\n')), "{name}");
    }
}

#[test]
fn the_portable_folder_names_this_version() {
    let text = String::from_utf8(file("portable/pemedic/App/AppInfo/appinfo.ini")).unwrap();
    assert!(text.contains(&format!("DisplayVersion={}\r\n", env!("CARGO_PKG_VERSION"))), "{text}");
}
