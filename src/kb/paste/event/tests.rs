//! The forms in which events are copied.

use super::*;

fn events(text: &str) -> Vec<(Option<String>, u32)> {
    let words: Vec<Word> = super::super::words::of(text).collect();
    let found = code::find(text, false);
    find(text, &words, &found).into_iter().map(|event| (event.source, event.id)).collect()
}

fn check(text: &str, source: &str, id: u32) {
    assert_eq!(events(text), [(Some(source.to_owned()), id)], "{text}");
}

#[test]
fn the_classic_form_is_read() {
    check(
        "Event Type: Error\nEvent Source: Service Control Manager\nEvent Category: None\nEvent ID: 7000\n\
         Date: 10/23/2000\nTime: 10:03:03 AM\nUser: N/A",
        "Service Control Manager",
        7000,
    );
    check("Log Name:      System\nSource:        W3SVC\nDate:          x\nEvent ID:      116", "W3SVC", 116);
}

#[test]
fn other_languages_are_read_by_their_structure() {
    check(
        "Ereignistyp: Fehler\nEreignisquelle: Service Control Manager\nEreigniskennung: 7000",
        "Service Control Manager",
        7000,
    );
    check(
        "Тип события: Ошибка\nИсточник события: Service Control Manager\nКод события: 7023",
        "Service Control Manager",
        7023,
    );
    check(
        "来源:         Service Control Manager\n日期: 2020/1/1\n事件 ID:      7001",
        "Service Control Manager",
        7001,
    );
}

#[test]
fn the_xml_form_is_read() {
    check(
        "<System>\n<Provider Name='Service Control Manager' Guid='{555908d1-a6d7-4695-8e1e-26931d2012f4}'/>\n\
         <EventID Qualifiers='49152'>7000</EventID>\n<Version>0</Version>",
        "Service Control Manager",
        7000,
    );
}

#[test]
fn a_list_is_read() {
    check(
        "Error\t10/23/2000 10:03:03 AM\tService Control Manager\t7000\tNone",
        "Service Control Manager",
        7000,
    );
    check("Error,10/23/2000 10:03:03 AM,EventSystem,4097,(52)", "EventSystem", 4097);
}

#[test]
fn an_instance_id_carries_the_event_id() {
    check("InstanceId : 3221232472\nSource     : Service Control Manager", "Service Control Manager", 7000);
}

#[test]
fn a_sentence_stands_for_its_event() {
    check("The Netlogon service hung on starting.", "Service Control Manager", 7022);
}

#[test]
fn an_id_without_a_source_is_kept() {
    assert_eq!(events("Event ID 10005 floods the log"), [(None, 10005)]);
}

#[test]
fn numbers_of_other_kinds_are_no_events() {
    assert_eq!(events("Error 1068: the service, 10/23/2000"), []);
    assert_eq!(events("The Service Control Manager tried 3 times"), []);
}

#[test]
fn long_and_short_source_names_are_the_same() {
    assert!(same_source("Microsoft-Windows-DistributedCOM", "DCOM"));
    assert!(same_source("Service Control Manager Eventlog Provider", "Service Control Manager"));
    assert!(!same_source("W3SVC", "Netlogon"));
}
