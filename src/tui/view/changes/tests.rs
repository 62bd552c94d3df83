//! What of the changes is shown, and how.

use crate::session::{Change, FileChange, KeyChange, Value, ValueChange, ValueType};
use crate::tui::text::width;
use crate::tui::theme::Theme;

use super::change_text;

fn value(name: &str, before: Option<Value>, after: Option<Value>) -> Change {
    let hive = serde_json::from_str("\"SOFTWARE\"").unwrap();
    let key = r"HKLM\SOFTWARE\Key".to_owned();
    Change::Value(ValueChange { hive, key, value: name.to_owned(), before, after })
}

fn text(changes: &[Change], columns: usize) -> String {
    let changes: Vec<&Change> = changes.iter().collect();
    let text = change_text(&changes, columns, &Theme::new(false, true));
    let lines: Vec<String> = text.lines.iter().map(|line| line.to_string().trim_end().to_owned()).collect();
    assert!(lines.iter().all(|line| width(line) <= columns), "{lines:#?}");
    lines.join("\n")
}

fn check(changes: &[Change], expected: &str) {
    assert_eq!(text(changes, 60), expected);
}

#[test]
fn a_new_value_has_only_an_after() {
    check(
        &[value("MaxWait", None, Some(Value::dword(600)))],
        " SOFTWARE  1 change\n HKLM\\SOFTWARE\\Key\n   MaxWait\n   + REG_DWORD 600 (0x258)",
    );
}

#[test]
fn the_default_value_has_a_name() {
    let change = value("", Some(Value::string("a")), None);
    check(&[change], " SOFTWARE  1 change\n HKLM\\SOFTWARE\\Key\n   (Default)\n   - REG_SZ \"a\"");
}

#[test]
fn members_are_compared_in_their_order() {
    let before = ["a", "b", "c", "d", "e", "f", "", "g"];
    let after = ["a", "b", "c", "d", "e", "x", "", "g"];
    let change = value("List", Some(Value::multi_string(&before)), Some(Value::multi_string(&after)));
    check(
        &[change],
        " SOFTWARE  1 change\n HKLM\\SOFTWARE\\Key\n   List  REG_MULTI_SZ\n     (3 equal members)\n     d\n     e\n   - f\n   + x\n     (empty)\n     g",
    );
}

#[test]
fn rows_of_bytes_are_compared_row_by_row() {
    let mut data: Vec<u8> = (0..64).collect();
    let before = Value::binary(data.clone());
    data[40] = 0xff;
    let change = value("Blob", Some(before), Some(Value::binary(data)));
    let shown = text(&[change], 60);
    assert!(shown.contains("   - 000028  28 29"), "{shown}");
    assert!(shown.contains("   + 000028  ff 29"), "{shown}");
    assert!(shown.contains("(3 equal rows)"), "{shown}");
}

#[test]
fn a_changed_type_is_shown_on_both_sides() {
    let change = value("Path", Some(Value::string("a")), Some(Value::expand_string("a")));
    let shown = text(&[change], 60);
    assert!(shown.contains("- REG_SZ \"a\"\n   + REG_EXPAND_SZ \"a\""), "{shown}");
}

#[test]
fn endless_values_are_bounded() {
    let long = Value::binary(vec![1; 4 << 20]);
    let other = Value::binary(vec![2; 4 << 20]);
    let shown = text(&[value("Long", Some(long), Some(other))], 60);
    assert!(shown.lines().count() < 2_000, "{}", shown.lines().count());
    assert!(shown.contains("more rows are not shown"));
    let shown = text(&[value("Text", None, Some(Value::string(&"word ".repeat(100_000))))], 60);
    assert!(shown.contains("more characters"));
}

#[test]
fn broken_strings_show_their_bytes() {
    let broken = |data: &[u8]| Value { kind: ValueType::SZ, data: data.to_vec() };
    let shown = text(&[value("Odd", Some(broken(b"ab\0")), Some(broken(b"ab\0\0")))], 60);
    assert!(shown.contains("61 62 00"), "{shown}");
}

#[test]
fn keys_and_files_say_what_becomes_of_them() {
    let key = KeyChange {
        hive: serde_json::from_str("\"SYSTEM\"").unwrap(),
        key: r"HKLM\SYSTEM\Old".to_owned(),
        before: Some("3 keys, 7 values".to_owned()),
        after: None,
    };
    let file = FileChange { file: r"C:\a\b".to_owned(), before: Some("12 bytes".to_owned()), after: None };
    let shown = text(&[Change::KeyDeleted(key), Change::FileMovedAside(file)], 70);
    assert!(shown.contains("- the key is deleted with everything below: 3 keys, 7 values"), "{shown}");
    assert!(
        shown.contains("Files  1 change\n C:\\a\\b\n   - 12 bytes\n   + moved into the receipt"),
        "{shown}"
    );
}

#[test]
fn narrow_consoles_lose_nothing() {
    let before = Value::string(r"C:\WINDOWS\system32\drivers\etc\a-very-long-name-that-never-ends.sys");
    let shown = text(&[value("ImagePath", Some(before), None)], 30);
    let joined: String = shown.split_whitespace().collect();
    assert!(joined.contains("a-very-long-name-that-never-ends.sys"), "{shown}");
}
