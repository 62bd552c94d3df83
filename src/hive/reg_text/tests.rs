//! Whole files: what regedit accepts and writes, the damage of web pages, and
//! round trips.

use proptest::prelude::*;

use super::*;
use crate::hive::{NamedValue, ValueType};

const HEADER: &str = "Windows Registry Editor Version 5.00\r\n\r\n";

fn entry(key: &str, values: &[(&str, Option<Value>)]) -> RegEntry {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    RegEntry { key: key.to_owned(), delete: false, values }
}

fn read(text: &str) -> RegText {
    parse_text(text, false).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn repaired_lines(text: &RegText) -> Vec<usize> {
    text.repairs.iter().map(|repair| repair.line).collect()
}

#[test]
fn ordinary_file_is_read_without_repairs() {
    let text = "[HKEY_USERS\\A]\r\n@=\"default\"\r\n\"n\"=dword:00000010 ; why\r\n\r\n; note\r\n\
                [-HKEY_USERS\\B]\r\n\r\n\t[HKEY_USERS\\C]\r\n  \"d\" = -\r\n@=-\r\n#old\r\n";
    let parsed = read(text);
    let deleted = RegEntry { delete: true, ..entry("HKEY_USERS\\B", &[]) };
    let expected = [
        entry("HKEY_USERS\\A", &[("", Some(Value::string("default"))), ("n", Some(Value::dword(16)))]),
        deleted,
        entry("HKEY_USERS\\C", &[("d", None), ("", None)]),
    ];
    assert_eq!(parsed.entries, expected);
    assert_eq!(parsed.repairs, []);
}

#[test]
fn files_of_both_versions_and_all_encodings_are_read() {
    let body = "[HKEY_USERS\\é]\r\n\"a\"=hex(7):41,00,00\r\n";
    let five = format!("{HEADER}{}", body.replace("41,00,00", "41,00,00,00,00,00"));
    let four = format!("REGEDIT4\r\n\r\n{body}");
    let ansi: Vec<u8> = four.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let utf16: Vec<u8> = format!("\u{feff}{five}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [ansi, utf16, format!("\u{feff}{five}").into_bytes(), four.into_bytes(), five.into_bytes()] {
        let parsed = parse(&bytes).unwrap();
        assert_eq!(parsed.entries, [entry("HKEY_USERS\\é", &[("a", Some(Value::multi_string(&["A"])))])]);
    }
}

#[test]
fn header_is_required_in_files_only() {
    assert!(
        parse(b"[HKEY_USERS\\A]\r\n").unwrap_err().to_string().starts_with("line 1: the header is missing")
    );
    assert_eq!(read("[HKEY_USERS\\A]").entries.len(), 1);
    assert_eq!(read(&format!("{HEADER}[HKEY_USERS\\A]")).repairs, []);
}

#[test]
fn glued_keys_and_values_are_taken_apart() {
    let text = "[HKEY_USERS\\A]\n\"g\"=hex(7):42,00,00,00,00,00[HKEY_USERS\\B]\n\
                \"d\"=dword:00000008[HKEY_USERS\\C]\n\"s\"=\"x\"[-HKEY_USERS\\D][HKEY_USERS\\E]\"t\"=\"y\"\"u\"=-\n";
    let parsed = read(text);
    let keys: Vec<(&str, usize)> =
        parsed.entries.iter().map(|entry| (&entry.key[11..], entry.values.len())).collect();
    assert_eq!(keys, [("A", 1), ("B", 1), ("C", 1), ("D", 0), ("E", 2)]);
    assert_eq!(repaired_lines(&parsed), [2, 3, 4]);
}

#[test]
fn keys_are_repaired() {
    let text = "[HKLM\\SOFTWARE\\\\A\u{a0}B\\]\n[ - hku\\C ]\n[HKEY_USERS\\D]]\\[x]\n";
    let parsed = read(text);
    let keys: Vec<&str> = parsed.entries.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["HKEY_LOCAL_MACHINE\\SOFTWARE\\A B", "HKEY_USERS\\C", "HKEY_USERS\\D]]\\[x"]);
    assert!(parsed.entries[1].delete);
    assert_eq!(repaired_lines(&parsed), [1, 1, 1, 2, 2]);
}

#[test]
fn errors_say_line_and_remedy() {
    let check = |text: &str, line: usize, what: &str| {
        let error = parse_text(text, false).unwrap_err();
        assert_eq!(error.line, line, "{text:?}: {error}");
        assert!(error.message.contains(what), "{error}");
        assert!(text.get(error.span.clone()).is_some(), "{error:?}");
    };
    check("\"a\"=\"x\"", 1, "before any key");
    check("[-HKEY_USERS\\A]\n\"a\"=\"x\"", 2, "is deleted");
    check("[HKEY_USERS\\A\n", 1, "closing bracket");
    check("[SOFTWARE\\A]\n", 1, "no known root");
    check("[HKEY_USERS\\A]\nHere is a link.\n", 2, "neither a [key]");
    check("[HKEY_USERS\\A]\n\"a=\n", 2, "without its closing");
    check("[HKEY_USERS\\A]\n\"a\"\n", 2, "= is missing");
    check("[HKEY_USERS\\A]\n\n\"a\"=x\n", 3, "no known form");
    check("[HKEY_USERS\\A]\n\"a\"=dword:1 x\n", 2, "cannot follow");
    check("[HKEY_USERS\\A]\n\"a\"=\"x\n\"b\"=\"y\"\n", 2, "closing \"");
    check("[HKEY_USERS\\A]\n\"a\"=hex:1,\\\n\n\"b\"=\"y\"\n", 4, "goes on here");
}

/// The netsvcs post as the web page shows it: two keys glued to the lines
/// before, bytes not indented.
#[test]
fn netsvcs_post_is_read_with_its_glued_keys() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/seeds/000_58f9513e4dd33c8a.txt");
    let Ok(post) = std::fs::read_to_string(path) else {
        eprintln!("skipped: no {path}");
        return;
    };
    let end = post.find("Here is a link to the .reg").unwrap();
    let parsed = parse(&post.as_bytes()[..end]).unwrap();
    let found: Vec<(&str, usize)> = parsed
        .entries
        .iter()
        .map(|entry| (entry.key.rsplit('\\').next().unwrap(), entry.values.len()))
        .collect();
    assert_eq!(found, [("Svchost", 4), ("BITSGroup", 1), ("netsvcs", 1), ("wugroup", 1)]);
    let netsvcs = parsed.entries[0].values[0].1.as_ref().unwrap().as_multi_string().unwrap();
    assert_eq!(netsvcs.first().unwrap(), "EventSystem");
    assert_eq!(netsvcs.last().unwrap(), "WZCSVC");
    assert_eq!(netsvcs.len(), 14);
    assert_eq!(parsed.repairs.len(), 4, "prose before the header, three glued keys: {:?}", parsed.repairs);
}

fn named(name: &str, value: Value) -> NamedValue {
    NamedValue { name: name.to_owned(), value }
}

#[test]
fn export_is_what_regedit_writes() {
    let bytes: Vec<u8> = "Line1\0Line2\0Line3\0\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let values = [
        named("", Value::string("Default value name")),
        named("Multiple strings", Value { kind: ValueType::MULTI_SZ, data: bytes }),
        named("double\"quote", Value::string("\"Use \\\\ it\"")),
        named("DWORD", Value::dword(0x1234_abcd)),
        named("e0", Value { kind: ValueType::NONE, data: vec![] }),
        named("e3", Value::binary(vec![])),
        named("e4", Value { kind: ValueType::DWORD, data: vec![] }),
        named("q", Value::qword(1)),
        named("43981", Value { kind: ValueType(0xabcd), data: b"Value\0".to_vec() }),
    ];
    let expected = "[HKEY_USERS\\K]\r\n@=\"Default value name\"\r\n\
        \"Multiple strings\"=hex(7):4c,00,69,00,6e,00,65,00,31,00,00,00,4c,00,69,00,6e,\\\r\n  \
        00,65,00,32,00,00,00,4c,00,69,00,6e,00,65,00,33,00,00,00,00,00\r\n\
        \"double\\\"quote\"=\"\\\"Use \\\\\\\\ it\\\"\"\r\n\"DWORD\"=dword:1234abcd\r\n\"e0\"=hex(0):\r\n\
        \"e3\"=hex:\r\n\"e4\"=hex(4):\r\n\"q\"=hex(b):01,00,00,00,00,00,00,00\r\n\
        \"43981\"=hex(abcd):56,61,6c,75,65,00\r\n\r\n";
    assert_eq!(export_key("HKEY_USERS\\K", &values), expected);
}

/// First lines of exports by regedit itself: how many bytes fit depends on
/// the name, and one byte always stays.
#[test]
fn export_wraps_where_regedit_wraps() {
    let first_line_bytes = |name: &str, kind: ValueType| {
        let text = export_key("HKEY_USERS", &[named(name, Value { kind, data: vec![0; 200] })]);
        let line = text.lines().nth(1).unwrap();
        assert!(line.ends_with(",\\"));
        line.matches(',').count()
    };
    assert_eq!(first_line_bytes("netsvcs", ValueType::MULTI_SZ), 20);
    assert_eq!(first_line_bytes("ImagePath", ValueType::EXPAND_SZ), 20);
    assert_eq!(first_line_bytes("ServiceDll", ValueType::EXPAND_SZ), 19);
    assert_eq!(first_line_bytes("Security", ValueType::BINARY), 21);
    assert_eq!(first_line_bytes("FailureActions", ValueType::BINARY), 19);
    assert_eq!(first_line_bytes(&"n".repeat(200), ValueType::BINARY), 1);
    let text = export_key("HKEY_USERS", &[named("a", Value::binary(vec![0; 200]))]);
    assert_eq!(text.lines().nth(2).unwrap().len(), 78, "two blanks, 25 bytes, a backslash");
}

#[test]
fn export_keeps_strings_that_are_not_clean() {
    for data in
        [vec![], vec![0x41, 0], vec![0x41, 0, 0], vec![0, 0xd8, 0, 0], vec![0x41, 0, 0, 0, 0x42, 0, 0, 0]]
    {
        let value = Value { kind: ValueType::SZ, data };
        let text = export_key("HKEY_USERS\\K", &[named("v", value.clone())]);
        assert!(text.contains("=hex(1):"), "{text}");
        assert_eq!(read(&text).entries[0].values[0].1.as_ref(), Some(&value));
    }
}

#[test]
fn exported_file_is_utf16_with_its_mark() {
    let bytes = export_file(&export_key("HKEY_USERS\\é", &[]));
    assert_eq!(bytes[..4], [0xff, 0xfe, b'W', 0]);
    let parsed = parse(&bytes).unwrap();
    assert_eq!(parsed, RegText { entries: vec![entry("HKEY_USERS\\é", &[])], repairs: vec![] });
}

/// Text made of what is special in `.reg` files.
fn odd_text() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "\\",
        "\"",
        "\\\"",
        "\r\n",
        "\n",
        "[",
        "]",
        "@",
        "=",
        ";",
        "#",
        ",",
        "-",
        "a",
        " ",
        "\t",
        "\u{a0}",
        "é",
        "“",
        "”",
        "&quot;",
        "&amp;",
        "<br>",
        "[HKEY_USERS\\x]",
        "\"n\"=",
        "dword:1",
        "hex:00",
        "😀",
        "\u{feff}",
    ]);
    prop::collection::vec(parts, 0..12).prop_map(|parts| parts.concat())
}

fn any_value() -> impl Strategy<Value = Value> {
    let bytes = prop::collection::vec(any::<u8>(), 0..120);
    prop_oneof![
        odd_text().prop_map(|text| Value::string(&text)),
        odd_text().prop_map(|text| Value::expand_string(&text)),
        prop::collection::vec("[a-z]{1,9}", 0..5).prop_map(|strings| Value::multi_string(&strings)),
        any::<u32>().prop_map(Value::dword),
        any::<u64>().prop_map(Value::qword),
        bytes.clone().prop_map(Value::binary),
        bytes.clone().prop_map(|data| Value { kind: ValueType::SZ, data }),
        (any::<u32>().prop_filter("has no NUL to add", |kind| ![2, 7].contains(kind)), bytes)
            .prop_map(|(kind, data)| Value { kind: ValueType(kind), data }),
    ]
}

fn any_values() -> impl Strategy<Value = Vec<NamedValue>> {
    let name = odd_text().prop_map(|name| name.replace(['\r', '\n'], ""));
    let value = (name, any_value()).prop_map(|(name, value)| NamedValue { name, value });
    prop::collection::vec(value, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_exported_is_read_again(values in any_values()) {
        let bytes = export_file(&export_key("HKEY_LOCAL_MACHINE\\SOFTWARE\\K", &values));
        let parsed = parse(&bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&parsed.repairs, &vec![]);
        let read: Vec<NamedValue> = parsed.entries[0]
            .values
            .iter()
            .map(|(name, value)| NamedValue { name: name.clone(), value: value.clone().unwrap() })
            .collect();
        prop_assert_eq!(read, values);
    }

    #[test]
    fn any_text_is_read_or_refused(lines in prop::collection::vec(odd_text(), 0..12), required: bool) {
        let _ = parse_text(&lines.join("\n"), required);
        let _ = parse_text(&format!("[HKEY_USERS\\a]\n\"v\"={}", lines.join("\n")), required);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes);
        let _ = parse(&[b"REGEDIT4\n[HKEY_USERS]\n".as_slice(), &bytes].concat());
    }
}
