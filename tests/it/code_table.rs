//! The generated part of the code table against its sources.
//!
//! `src/kb/code/table/*.tsv` (symbol and value) is written from the constants
//! of the `windows-sys` crate and from the mingw-w64 headers `wuerror.h` and
//! `bitsmsg.h`; see `docs/code-table.md`. The sources are on a developer's
//! machine or not: without them a test says that it was skipped.
//!
//!     PEMEDIC_REGENERATE=1 cargo test --test it code_table

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Value and symbol, sorted and without repetitions.
type Rows = BTreeSet<(u32, String)>;

fn table(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kb/code/table").join(name)
}

/// The source folder of the `windows-sys` version this package is locked to.
fn windows_sys() -> Option<PathBuf> {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).ok()?;
    let (_, rest) = lock.split_once("name = \"windows-sys\"\nversion = \"0.61")?;
    let folder = format!("windows-sys-0.61{}", rest.split('"').next()?);
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))?;
    let registries = fs::read_dir(home.join("registry/src")).ok()?;
    let found = registries.flatten().map(|r| r.path().join(&folder).join("src/Windows")).find(|p| p.is_dir());
    if found.is_none() {
        eprintln!("SKIPPED: the source of {folder} is not in the Cargo registry (`cargo fetch` brings it)");
    }
    found
}

/// A mingw-w64 header, where installed.
fn mingw(header: &str) -> Option<String> {
    let path = Path::new("/usr/x86_64-w64-mingw32/include").join(header);
    let text = fs::read(&path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    if text.is_none() {
        eprintln!("SKIPPED: {} is not installed (Debian: mingw-w64)", path.display());
    }
    text
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// `pub const NAME: TYPE = VALUE;` as name, last part of the type, value.
fn rust_constant(line: &str) -> Option<(&str, &str, u32)> {
    let (name, rest) = line.strip_prefix("pub const ")?.split_once(": ")?;
    let (kind, value) = rest.split_once(" = ")?;
    let value = value.trim_end_matches(';').trim_end_matches(" as _");
    let value = value.trim_end_matches("u32").trim_end_matches("i32").trim_end_matches('_');
    let number = match value.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => u32::try_from(value.parse::<i64>().ok()? & 0xFFFF_FFFF).ok()?,
    };
    Some((name, kind.rsplit("::").next()?, number))
}

/// Which generated file a constant of `windows-sys` belongs to.
fn file_of(file: &Path, name: &str, kind: &str, value: u32) -> Option<&'static str> {
    let other = name.ends_with("BASE") || name.starts_with("FACILITY_") || name.ends_with("_FIRST");
    match kind {
        _ if other => None,
        "WIN32_ERROR" | "WSA_ERROR" => Some("win32.tsv"),
        "u32" if name.starts_with("ERROR_WINHTTP_") || name.starts_with("ERROR_INTERNET_") => {
            Some("win32.tsv")
        }
        "RPC_STATUS" if (1700..2000).contains(&value) => Some("win32.tsv"),
        "WBEMSTATUS" if value >> 31 == 1 => Some("hresult.tsv"),
        "HRESULT" if value >> 31 == 1 => Some("hresult.tsv"),
        "NTSTATUS" if value > 0xFFFF => Some("ntstatus.tsv"),
        "BUGCHECK_ERROR" => Some("stop.tsv"),
        "i32" if name.starts_with("EVENT_") && scm_event(file, value) => Some("scm.tsv"),
        _ => None,
    }
}

/// Event ids 7000 to 7046 with facility 0 are those of the Service Control
/// Manager (`netevent.h`: "Service controller").
fn scm_event(file: &Path, value: u32) -> bool {
    let netevent = file.components().any(|part| part.as_os_str() == "NetManagement");
    netevent && value >> 16 & 0xFFF == 0 && (7000..7050).contains(&(value & 0xFFFF))
}

fn from_windows_sys(folder: &Path) -> BTreeMap<&'static str, Rows> {
    let mut tables: BTreeMap<&'static str, Rows> = BTreeMap::new();
    let mut files = Vec::new();
    rust_files(folder, &mut files);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for (name, kind, value) in text.lines().filter_map(rust_constant) {
            if let Some(table) = file_of(&file, name, kind, value) {
                let value = if table == "scm.tsv" { value & 0xFFFF } else { value };
                tables.entry(table).or_default().insert((value, name.to_owned()));
            }
        }
    }
    tables
}

/// `#define NAME …(0x80240001)…` as name and value.
fn c_constant(line: &str) -> Option<(&str, u32)> {
    let mut words = line.strip_prefix("#define")?.split_whitespace();
    let name = words.next()?;
    let value: String = words.collect();
    let value = value.rsplit('(').next()?.trim_end_matches(')').trim_end_matches(['l', 'L', 'u', 'U']);
    let value = value.rsplit(')').next()?;
    match value.strip_prefix("0x") {
        Some(hex) => Some((name, u32::from_str_radix(hex, 16).ok()?)),
        None => Some((name, value.parse().ok()?)),
    }
}

fn from_header(text: &str, prefix: &str) -> Rows {
    let rows = text.lines().filter_map(c_constant).filter(|(name, _)| name.starts_with(prefix));
    rows.map(|(name, value)| (value, name.to_owned())).collect()
}

/// Windows numbers Win32 errors and events in decimal, everything else in hex.
fn render(name: &str, rows: &Rows) -> String {
    let decimal = matches!(name, "win32.tsv" | "scm.tsv");
    let line = |(value, symbol): &(u32, String)| match (decimal, name) {
        (true, _) => format!("{value}\t{symbol}\n"),
        (false, "stop.tsv") => format!("{value:X}\t{symbol}\n"),
        (false, _) => format!("{value:08X}\t{symbol}\n"),
    };
    rows.iter().map(line).collect()
}

fn parse(name: &str) -> Rows {
    let radix = if matches!(name, "win32.tsv" | "scm.tsv") { 10 } else { 16 };
    let text = fs::read_to_string(table(name)).unwrap();
    let rows = text.lines().map(|line| line.split_once('\t').unwrap());
    rows.map(|(value, symbol)| (u32::from_str_radix(value, radix).unwrap(), symbol.to_owned())).collect()
}

/// Compares a committed table with what its source gives, or writes it.
fn check_generated(name: &str, rows: &Rows) {
    let expected = render(name, rows);
    if std::env::var_os("PEMEDIC_REGENERATE").is_some() {
        fs::write(table(name), &expected).unwrap();
    }
    let committed = fs::read_to_string(table(name)).unwrap_or_default();
    assert!(committed == expected, "{name} differs from its source; PEMEDIC_REGENERATE=1 writes it");
}

#[test]
fn tables_are_what_windows_sys_says() {
    let Some(folder) = windows_sys() else { return };
    let tables = from_windows_sys(&folder);
    assert_eq!(tables.len(), 5, "{:?}", tables.keys());
    for (name, rows) in &tables {
        assert!(rows.len() > 20, "{name} has only {} rows", rows.len());
        check_generated(name, rows);
    }
}

#[test]
fn windows_update_and_bits_tables_are_what_mingw_says() {
    if let Some(text) = mingw("wuerror.h") {
        check_generated("update.tsv", &from_header(&text, "WU_"));
    }
    if let Some(text) = mingw("bitsmsg.h") {
        check_generated("bits.tsv", &from_header(&text, "BG_"));
    }
}

/// Every file of the table as one text, `=name` before each.
fn unpacked() -> String {
    let mut names: Vec<PathBuf> =
        fs::read_dir(table("")).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension == "tsv"));
    names.sort();
    let file = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        format!("={name}\n{}", fs::read_to_string(path).unwrap())
    };
    names.iter().map(file).collect()
}

#[test]
fn the_executable_holds_the_files_of_the_table() {
    let text = unpacked();
    let packed = table("tables.z");
    if std::env::var_os("PEMEDIC_REGENERATE").is_some() {
        fs::write(&packed, miniz_oxide::deflate::compress_to_vec_zlib(text.as_bytes(), 10)).unwrap();
    }
    let held = miniz_oxide::inflate::decompress_to_vec_zlib(&fs::read(&packed).unwrap()).unwrap();
    assert!(held == text.as_bytes(), "tables.z is not the files beside it; PEMEDIC_REGENERATE=1 packs them");
}

/// Every symbol or number that the table has.
fn symbols() -> BTreeSet<String> {
    let names = ["win32", "hresult", "ntstatus", "stop", "update", "bits"];
    let mut symbols: BTreeSet<String> =
        names.iter().flat_map(|name| parse(&format!("{name}.tsv"))).map(|(_, symbol)| symbol).collect();
    for line in fs::read_to_string(table("documented.tsv")).unwrap().lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        assert!(fields.len() == 3, "{line}");
        let named = if fields[2].is_empty() { format!("0x{}", fields[1]) } else { fields[2].to_owned() };
        symbols.insert(named);
    }
    symbols
}

#[test]
fn meanings_are_of_known_codes_and_whole_sentences() {
    let symbols = symbols();
    let text = fs::read_to_string(table("meanings.tsv")).unwrap();
    let mut seen = BTreeSet::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        assert!(symbols.contains(fields[0]), "{} is in no table", fields[0]);
        assert!(seen.insert(fields[0]), "{} is there twice", fields[0]);
        assert!((2..=3).contains(&fields.len()) && fields[1..].iter().all(|f| is_sentence(f)), "{line}");
    }
    assert!(seen.len() >= 600, "only {} meanings", seen.len());
}

fn is_sentence(text: &str) -> bool {
    text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        && text.ends_with(['.', '"', ')'])
        && !text.contains("  ")
}

#[test]
fn events_are_whole_and_those_of_the_service_manager_exist() {
    let text = fs::read_to_string(table("events.tsv")).unwrap();
    let known: BTreeSet<u32> = parse("scm.tsv").into_iter().map(|(id, _)| id).collect();
    let mut seen = BTreeSet::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let id: u32 = fields[1].parse().unwrap();
        assert!(seen.insert((fields[0], id)), "{line} is there twice");
        assert!((3..=4).contains(&fields.len()) && fields[2..].iter().all(|f| is_sentence(f)), "{line}");
        // 7045 (a service was installed) is newer than the headers.
        let service_manager = fields[0] == "Service Control Manager" && id != 7045;
        assert!(!service_manager || known.contains(&id), "{line} is not in scm.tsv");
    }
}

/// Values on which the two sources disagree. The first number is ours: that of
/// the Windows SDK's metadata, which is newer than what mingw-w64 was made from
/// (its bug checks also carry a severity that stop codes do not have).
const KNOWN_DIFFERENCES: &[(&str, u32, u32)] = &[
    ("STATUS_PKU2U_CERT_FAILURE", 0xC000_042F, 0xC000_042E),
    ("STATUS_GRAPHICS_DRIVER_MISMATCH", 0xC01E_0009, 0x401E_0117),
    ("BOOTING_IN_SAFEMODE_MINIMAL", 0xA8, 0x4000_00A8),
    ("BOOTING_IN_SAFEMODE_NETWORK", 0xA9, 0x4000_00A9),
    ("BOOTING_IN_SAFEMODE_DSREPAIR", 0xAA, 0x4000_00AA),
    ("BOOTLOG_ENABLED", 0xB7, 0x4000_00B7),
    ("BUGCODE_ID_DRIVER", 0xD2, 0x8000_0080),
    ("IMPERSONATING_WORKER_THREAD", 0xDF, 0xFA),
];

fn check_second_source(name: &str, header: &str, at_least: usize) {
    let Some(text) = mingw(header) else { return };
    let second: BTreeMap<String, u32> =
        text.lines().filter_map(c_constant).map(|(symbol, value)| (symbol.to_owned(), value)).collect();
    let (mut agreed, mut differ) = (0, Vec::new());
    for (value, symbol) in parse(name) {
        let theirs = second.get(&symbol).map(|v| if name == "scm.tsv" { v & 0xFFFF } else { *v });
        match theirs {
            Some(theirs) if theirs == value => agreed += 1,
            Some(theirs) if !KNOWN_DIFFERENCES.contains(&(symbol.as_str(), value, theirs)) => {
                differ.push(format!("{symbol}: {value:#x} here, {theirs:#x} in {header}"));
            }
            _ => {}
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert!(agreed >= at_least, "only {agreed} symbols of {name} are in {header}");
    eprintln!("{name}: {agreed} symbols have the same value in {header}");
}

#[test]
fn win32_errors_agree_with_mingw() {
    check_second_source("win32.tsv", "winerror.h", 1500);
}

#[test]
fn hresults_agree_with_mingw() {
    check_second_source("hresult.tsv", "winerror.h", 1000);
}

#[test]
fn status_values_agree_with_mingw() {
    check_second_source("ntstatus.tsv", "ntstatus.h", 1500);
}

#[test]
fn stop_codes_agree_with_mingw() {
    check_second_source("stop.tsv", "bugcodes.h", 150);
}

#[test]
fn service_control_manager_events_agree_with_mingw() {
    check_second_source("scm.tsv", "netevent.h", 20);
}

#[test]
fn constants_of_both_languages_are_read() {
    assert_eq!(rust_constant("pub const A: WIN32_ERROR = 5u32;"), Some(("A", "WIN32_ERROR", 5)));
    let hresult = "pub const B: windows_sys::core::HRESULT = 0x80080206_u32 as _;";
    assert_eq!(rust_constant(hresult), Some(("B", "HRESULT", 0x8008_0206)));
    assert_eq!(rust_constant("pub const C: i32 = -1073734824i32;"), Some(("C", "i32", 0xC000_1B58)));
    assert_eq!(c_constant("#define D _HRESULT_TYPEDEF_(0x00240001)"), Some(("D", 0x0024_0001)));
    assert_eq!(c_constant("#define E __MSABI_LONG(0x80200001)"), Some(("E", 0x8020_0001)));
    assert_eq!(c_constant("#define F ((NTSTATUS)0xC0000034)"), Some(("F", 0xC000_0034)));
    assert_eq!(c_constant("#define G 123L"), Some(("G", 123)));
}
