//! Written forms, readings, and what is no code.

use super::*;

fn keys(text: &str) -> Vec<CodeKey> {
    explain(text).into_iter().flat_map(|code| code.keys).collect()
}

#[test]
fn every_written_form_has_the_same_normal_form() {
    for text in [
        "0x800704DD",
        "800704dd",
        "-2147023651",
        "2147943645",
        "1245",
        "%%1245",
        "ERROR_NOT_LOGGED_ON",
        "4DD",
        "0x8007 04DD",
        "0x8OO7O4DD",
        "HRESULT_FROM_WIN32(1245)",
    ] {
        assert_eq!(keys(text), [CodeKey::Win32(1245)], "{text}");
    }
}

#[test]
fn a_short_hexadecimal_number_is_a_stop_code_and_a_win32_error() {
    let codes = explain("0x7B");
    let kinds: Vec<Kind> = codes[0].readings.iter().map(|reading| reading.kind).collect();
    assert_eq!(kinds, [Kind::Stop, Kind::Win32]);
    assert_eq!(codes[0].readings[0].symbol, Some("INACCESSIBLE_BOOT_DEVICE"));
}

#[test]
fn a_symbol_is_only_what_it_names() {
    let codes = explain("INACCESSIBLE_BOOT_DEVICE");
    assert_eq!(codes[0].keys, [CodeKey::Stop(0x7B)]);
    assert_eq!(codes[0].readings.len(), 1);
}

#[test]
fn a_stop_line_gives_the_code_and_its_parameters() {
    let keys = keys("*** STOP: 0x0000007B (0xF78D2524,0xC0000034,0x00000000,0x00000000)");
    assert!(keys.contains(&CodeKey::Stop(0x7B)) && keys.contains(&CodeKey::Status(0xC000_0034)), "{keys:?}");
}

#[test]
fn a_near_miss_is_a_question() {
    let codes = explain("0x80074DD");
    assert!(codes[0].readings.is_empty() && codes[0].keys.is_empty(), "{codes:?}");
    assert!(codes[0].did_you_mean.iter().any(|s| s.value == "0x800704DD"), "{codes:?}");
}

#[test]
fn an_unknown_status_is_explained_by_its_parts() {
    let codes = explain("0x8024FACE");
    assert_eq!(codes[0].readings[0].kind, Kind::WindowsUpdate);
    assert!(codes[0].readings[0].origin.as_deref().unwrap().contains("Windows Update"));
}

#[test]
fn an_event_id_is_read_as_an_event() {
    let codes = explain("7000");
    let event = codes[0].readings.iter().find(|reading| reading.kind == Kind::Event).unwrap();
    assert_eq!(event.source, Some("Service Control Manager"));
}

#[test]
fn parts_of_longer_things_are_no_codes() {
    for text in [
        "0x1800704dd  mov r13d, edi",
        "{800704DD-80A1-4291-83B6-3328366B9097}",
        "KB910341",
        "kb/1245",
        "2023-10-23 10:03:03",
        "10.0.19041.1245",
        "S-1-5-21-3623811015-3361044348-30300820-1013",
        "sha 800704dd800704dd800704dd800704dd",
    ] {
        let found = scan::find(text, false);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn numbers_in_prose_need_a_word_for_error() {
    let values = |text: &str| scan::find(text, false).iter().map(|f| f.number.value).collect::<Vec<_>>();
    assert_eq!(values("Error 1068: The dependency"), [1068]);
    assert_eq!(values("Во вторых, гуглите ошибку 1068 при StartService"), [1068]);
    assert_eq!(values("[SC] OpenService 失败 1060:"), [1060]);
    assert_eq!(values("bought 1068 of them"), [0; 0]);
    assert_eq!(values("the service exited with 0x435"), [1077]);
}
