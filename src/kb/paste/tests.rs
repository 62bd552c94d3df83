//! Whole pastes and what is read from them.

use super::*;
use crate::kb::code::CodeKey;

fn roles(text: &str) -> Vec<(String, Role)> {
    understand(text).codes.into_iter().map(|code| (code.code.text, code.role)).collect()
}

#[test]
fn a_stop_screen_gives_its_code_and_the_status_among_its_parameters() {
    let text = "*** STOP: 0x0000007B (0xF78D2524,0xC0000034,0x00000000,0x00000000)";
    let understood = understand(text);
    assert_eq!(roles(text), [("0x0000007B".into(), Role::Stop), ("0xC0000034".into(), Role::Parameter)]);
    assert_eq!(understood.stop.unwrap().parameters.len(), 4);
}

#[test]
fn a_status_with_extended_sign_is_the_status() {
    let text = "INACCESSIBLE_BOOT_DEVICE (7b)\nArg1: ffff\nSTOP 0x7B (0xFFFFF880009A97E8,0xFFFFFFFFC0000034,0x0,0x0)";
    let codes = understand(text).codes;
    assert!(codes.iter().any(|code| code.code.keys == [CodeKey::Status(0xC000_0034)]), "{codes:?}");
}

#[test]
fn a_logon_process_stop_has_two_codes() {
    let text = "STOP: c000021a {Fatal System Error}\nThe Windows Logon Process system process terminated unexpectedly \
                with a status of 0xc0000034 (0x00000000 0x0000000)";
    assert_eq!(roles(text), [("c000021a".into(), Role::Stop), ("0xc0000034".into(), Role::Error)]);
}

#[test]
fn an_event_in_full_is_understood() {
    let understood = understand(
        "Event ID:      7023\nTask Category: None\nDescription:\nThe Netlogon service terminated with the following \
         error: \n%%14",
    );
    assert_eq!(understood.events[0].id, 7023);
    assert_eq!(understood.services[0].name, "Netlogon");
    assert_eq!(understood.codes[0].code.keys, [CodeKey::Win32(14)]);
    assert_eq!(understood.codes[0].role, Role::Reason);
}

#[test]
fn output_of_sc_in_any_language_is_understood() {
    let understood = understand(
        "C:\\Windows\\System32>sc config wuauserv start= auto\n[SC] OpenService 失败 1060:\n\n指定的服务未安装。",
    );
    assert_eq!(understood.codes[0].code.keys, [CodeKey::Win32(1060)]);
    assert_eq!(understood.services[0].name, "wuauserv");
    assert!(understood.formats.contains(&Format::ServiceControl));
}

#[test]
fn a_stop_code_is_known_by_its_words() {
    assert_eq!(roles("BSOD inaccessible boot device"), [("inaccessible boot device".into(), Role::Stop)]);
    assert_eq!(roles("MEMORY MANAGEMENT blue screen"), [("MEMORY MANAGEMENT".into(), Role::Stop)]);
    assert_eq!(roles("about memory management in general"), []);
}

#[test]
fn a_short_query_may_hold_bare_numbers() {
    assert_eq!(roles("1083 exchange"), [("1083".into(), Role::Error)]);
    assert_eq!(roles("I bought 1083 things there and then went home by train"), []);
}

#[test]
fn empty_and_odd_texts_are_nothing() {
    for text in ["", "\0\0", "%%", "0x", "\\\\\\", "((((", "\u{FEFF}", "STOP: (", "Event ID:"] {
        let understood = understand(text);
        assert!(understood.codes.is_empty() && understood.events.is_empty(), "{text:?}");
    }
}
