//! Ranking over a few made-up articles.

use super::*;
use crate::kb::article::{Article, Event};

fn article(id: &str, title: &str) -> Article {
    Article {
        id: id.to_owned(),
        title: title.to_owned(),
        aliases: Vec::new(),
        products: Vec::new(),
        applies_to: Vec::new(),
        codes: Vec::new(),
        events: Vec::new(),
        services: Vec::new(),
        messages: Vec::new(),
        phrases: Vec::new(),
        references: Vec::new(),
        related: Vec::new(),
        body: String::new(),
        body_line: 1,
        fixes: Vec::new(),
        pack: "test".to_owned(),
        trusted: true,
    }
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

/// A base in which error 1083 has two articles, told apart by their services.
fn base() -> Index {
    let mut exchange = article("exchange", "Exchange services fail with error 1083");
    exchange.codes = strings(&["1083"]);
    exchange.services = strings(&["SMTPSVC", "RESvc"]);
    exchange.events = vec![Event { source: "Service Control Manager".into(), id: 7000 }];
    let mut group = article("group", "Services are missing from their svchost group");
    group.codes = strings(&["0x8007043B"]);
    group.services = strings(&["BITS", "SENS"]);
    group.events = vec![Event { source: "Service Control Manager".into(), id: 7000 }];
    let mut update = article("update", "Updates need a user who is signed in");
    update.codes = strings(&["0x800704DD", "0x80240020"]);
    update.messages =
        strings(&["Operation did not complete because there is no logged-on interactive user."]);
    update.body =
        "Look below `HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\Notify\\SensLogn`."
            .into();
    let mut keyboard = article("keyboard", "Keyboard and mouse are dead after a filter driver went");
    keyboard.phrases =
        strings(&["keyboard works in PE but not in Windows", "cannot type, mouse does not move"]);
    keyboard.body = "Class {4D36E96B-E325-11CE-BFC1-08002BE10318} has a filter that is gone.".into();
    Index::build(&[exchange, group, update, keyboard])
}

fn first(text: &str) -> Option<(String, Confidence)> {
    base().search(text, &Context::default()).into_iter().next().map(|hit| (hit.id, hit.confidence))
}

fn check(text: &str, id: &str, least: Confidence) {
    let found = first(text);
    let fits = found.as_ref().is_some_and(|(found, confidence)| found == id && *confidence >= least);
    assert!(fits, "{text}: {found:?}");
}

#[test]
fn a_code_in_any_form_finds_its_article() {
    for text in
        ["0x800704DD", "800704dd", "-2147023651", "2147943645", "1245", "ERROR_NOT_LOGGED_ON", "0x80240020"]
    {
        check(text, "update", Confidence::Likely);
    }
}

#[test]
fn the_service_decides_between_articles_of_one_code() {
    check(
        "Could not start the Microsoft Exchange Routing Engine service. Error 1083",
        "exchange",
        Confidence::Likely,
    );
    check("The System Event Notification service failed to start: %%1083", "group", Confidence::Likely);
}

#[test]
fn a_message_is_found_misquoted_and_cut_short() {
    check(
        "operation did not complete, because there's no logged on interactive user",
        "update",
        Confidence::Likely,
    );
    check("Operation did not complete because there is no logged-on", "update", Confidence::Weak);
}

#[test]
fn words_find_what_people_say_also_with_typos() {
    check("keyboard dead in Windows but works in PE", "keyboard", Confidence::Weak);
    check("keybaord ded", "keyboard", Confidence::Weak);
    check("keyb", "keyboard", Confidence::Weak);
}

#[test]
fn keys_and_guids_are_found() {
    check(
        "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\Notify\\SensLogn is gone",
        "update",
        Confidence::Likely,
    );
    check("UpperFilters of {4d36e96b-e325-11ce-bfc1-08002be10318}", "keyboard", Confidence::Weak);
}

#[test]
fn what_fits_nothing_is_never_more_than_weak() {
    for text in [
        "",
        "0x8024FACE",
        "0x80074DD",
        "0x1800704dd mov r13d, edi",
        "hello world",
        "Error 1053 of the Frob service",
    ] {
        let hits = base().search(text, &Context::default());
        assert!(hits.iter().all(|hit| hit.confidence == Confidence::Weak), "{text}: {hits:?}");
    }
}

#[test]
fn a_near_miss_gives_a_weak_result_that_says_so() {
    let hits = base().search("Error code 0x80074DD is returned", &Context::default());
    assert_eq!(hits[0].confidence, Confidence::Weak);
    assert!(hits[0].why.iter().any(|why| why.contains("if 0x800704DD was meant")), "{hits:?}");
}

#[test]
fn what_a_scan_found_needed_comes_first() {
    let needed = vec![FixId { article: "group".into(), fix: "x".into() }];
    let hits = base().search("1083", &Context { release: None, needed });
    assert_eq!(hits[0].id, "group");
    assert!(hits[0].why.iter().any(|why| why.contains("scan")));
}

#[test]
fn an_article_is_found_by_its_name() {
    check("keyboard", "keyboard", Confidence::Likely);
}

#[test]
fn an_empty_base_finds_nothing() {
    assert_eq!(Index::build(&[]).search("0x800704DD", &Context::default()), []);
}

#[test]
fn an_error_of_every_program_alone_is_never_more_than_weak() {
    let mut depend = article("depend", "Error 1068: the dependency service or group failed to start");
    depend.codes = strings(&["1068"]);
    depend.messages = strings(&["The dependency service or group failed to start."]);
    let index = Index::build(&[depend, article("other", "Something else altogether")]);
    let text = "The World Server fails: Error 1068: The dependency service or group failed to start.";
    let hits = index.search(text, &Context::default());
    assert_eq!((hits[0].id.as_str(), hits[0].confidence), ("depend", Confidence::Weak));
}

#[test]
fn functions_that_tools_name_tell_nothing() {
    let mut group = article("group", "A service is missing from its group");
    group.phrases = strings(&["StartService error 1083"]);
    let index = Index::build(&[group, article("other", "Something else altogether")]);
    let hits = index.search("[SC] StartService FAILED 1053:", &Context::default());
    assert!(hits.iter().all(|hit| hit.confidence == Confidence::Weak), "{hits:?}");
}

#[test]
fn many_articles_are_read_by_threads_in_order() {
    let numbered = |at: usize| {
        let mut one = article(&format!("article-{at:04}"), "A driver stops the machine");
        one.messages = vec![format!("The device gadget{at} has gone away for good")];
        one.codes = vec![(1000 + at % 7).to_string()];
        one
    };
    let index = Index::build(&(0..1200).map(numbered).collect::<Vec<_>>());
    for at in [0, 499, 599, 600, 1199] {
        let hits = index.search(&format!("the device gadget{at} has gone away"), &Context::default());
        assert_eq!(hits[0].id, format!("article-{at:04}"));
    }
}
