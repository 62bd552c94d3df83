//! Every founding repair and its undo, exit codes, logs, fleets, languages.

use serde_json::Value;

use super::compare::Span;
use super::machine::Machine;

#[test]
fn the_five_founding_repairs_write_the_same_bytes_as_on_this_system() {
    let Some(machine) = Machine::new() else { return };
    let span = Span::begin();
    for (index, installation) in machine.installations.iter().enumerate() {
        let (here, there) = (machine.here(index).to_str().unwrap(), machine.letter(index));
        span.assert_same(machine.here(index), &machine.on_wine(index));
        for verb in [["apply", installation.fix.as_str()].as_slice(), &["undo"]] {
            let ours = machine.run_here(&unattended(verb, here));
            let theirs = machine.run_on_wine(&unattended(verb, &there));
            assert_eq!((ours.code, theirs.code), (0, 0), "{verb:?}: {ours:?} {theirs:?}");
            let (ours, theirs) = (ours.json(), theirs.json());
            assert_eq!(ours["outcome"], "applied", "{ours}");
            assert_eq!(changes(&ours), changes(&theirs));
            span.assert_same(machine.here(index), &machine.on_wine(index));
        }
        eprintln!("same bytes, applied and taken back: {}", installation.fix);
    }
}

fn unattended<'a>(verb: &[&'a str], target: &'a str) -> Vec<&'a str> {
    [verb, &["--target", target, "--yes", "--json"]].concat()
}

/// What was changed, without what clocks make: receipts' names, and when a file
/// was made, which Linux knows of the copy and Wine does not know.
fn changes(report: &Value) -> Vec<String> {
    let fixes = report["fixes"].as_array().unwrap();
    let text = |fix: &Value| without_times(&format!("{} {} {}", fix["title"], fix["status"], fix["changes"]));
    fixes.iter().map(text).collect()
}

/// `2026-11-22T08:03:08Z` and `20261122T080351Z` are times.
fn without_times(text: &str) -> String {
    let part_of_a_time = |c: char| c.is_ascii_digit() || "TZ:-".contains(c);
    let mut result = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let len = rest.find(|c| part_of_a_time(c) != part_of_a_time(first)).unwrap_or(rest.len());
        let word = &rest[..len];
        let is_time = len >= 16 && word.starts_with("20") && word.contains('T') && word.contains('Z');
        result.push_str(if is_time { "TIME" } else { word });
        rest = &rest[len..];
    }
    result
}

#[test]
fn times_are_left_out_of_the_comparison_and_nothing_else() {
    assert_eq!(
        without_times("155 bytes, created 2026-11-22T08:03:08Z; 20261122T080351Z-kb884872 c2319c42-033a"),
        "155 bytes, created TIME; TIMEkb884872 c2319c42-033a"
    );
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let Some(machine) = Machine::new() else { return };
    let fix = &machine.installations[1].fix;
    let code = |arguments: &[&str]| machine.run_on_wine(arguments).code;
    assert_eq!(code(&["scan", "--target", r"E:\"]), 2);
    assert_eq!(code(&["plan", fix, "--target", r"E:\"]), 2);
    assert_eq!(code(&["apply", fix, "--target", r"E:\"]), 4, "nobody was there to say yes");
    assert_eq!(code(&["plan", "no-such-article", "--target", r"E:\"]), 3);
    assert_eq!(code(&["scan", "--target", r"Q:\"]), 3);
    assert_eq!(code(&["--no-such-option"]), 64);
    assert_eq!(code(&["--version"]), 0);
    let reboot = format!(r"apply {fix} --target E:\ --yes --reboot-code 3010");
    assert_eq!(machine.exit_code_on_wine(&reboot), 3010);
    assert_eq!(machine.exit_code_on_wine(&reboot), 0, "nothing was left to do");
}

#[test]
fn volumes_are_found_by_their_letters_and_the_running_system_is_not() {
    let Some(machine) = Machine::new() else { return };
    let report = machine.run_on_wine(&["targets", "--json"]).json();
    let found: Vec<&str> =
        report["targets"].as_array().unwrap().iter().filter_map(|target| target["volume"].as_str()).collect();
    for index in 0..machine.installations.len() {
        assert!(found.contains(&machine.letter(index).as_str()), "{found:?}");
    }
    assert_eq!(found.len(), machine.installations.len(), "{found:?}");
}

#[test]
fn a_run_is_logged_for_deployment_engines() {
    let Some(machine) = Machine::new() else { return };
    let fix = &machine.installations[1].fix;
    let ended = machine.run_on_wine(&[
        "apply",
        fix,
        "--target",
        r"E:\",
        "--yes",
        "--json",
        "--log",
        r"E:\pemedic.log",
    ]);
    assert_eq!(ended.json()["outcome"], "applied");
    let log = std::fs::read_to_string(machine.on_wine(1).join("pemedic.log")).unwrap();
    assert!(log.ends_with("\r\n"));
    for record in log.split_terminator("\r\n") {
        let (text, rest) = record.strip_prefix("<![LOG[").unwrap().split_once("]LOG]!>").unwrap();
        assert!(
            !text.is_empty() && rest.starts_with("<time=\"") && rest.contains("+000\" date=\""),
            "{record}"
        );
        assert!(rest.contains("component=\"pemedic\"") && rest.contains("type=\""), "{record}");
    }
    assert!(log.contains(&format!("apply {fix}")), "the command is in the log");
    assert!(log.contains("Writing") && log.contains("exit code 0"), "{log}");
    assert!(ended.err.is_empty(), "progress is for people: {}", ended.err);
}

#[test]
fn one_command_repairs_many_installations_and_says_one_line_of_each() {
    let Some(machine) = Machine::new() else { return };
    let fix = &machine.installations[1].fix;
    let arguments = ["apply", fix, "--yes", "--target", r"E:\", "--target", r"Q:\", "--target", r"H:\"];
    let ended = machine.run_on_wine(&arguments);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines.len(), 3, "{ended:?}");
    assert!(lines[0].starts_with("E:\\\t0\tapplied, receipt "), "{}", lines[0]);
    assert!(lines[1].starts_with("Q:\\\t3\t"), "{}", lines[1]);
    assert!(lines[2].starts_with("H:\\\t"), "{}", lines[2]);
    assert_eq!(ended.code, 3, "the worst: {ended:?}");
}

#[test]
fn a_code_is_explained_in_the_words_of_the_running_windows_too() {
    let Some(machine) = Machine::new() else { return };
    let report = machine.run_on_wine(&["explain", "0x80070005", "--json"]).json();
    let texts: Vec<&str> =
        report["system"].as_array().unwrap().iter().filter_map(|text| text["text"].as_str()).collect();
    assert!(texts.iter().any(|text| text.to_lowercase().contains("access")), "{texts:?}");
}

#[test]
fn without_a_terminal_the_interface_says_so_and_ends() {
    let Some(machine) = Machine::new() else { return };
    let ended = machine.run_on_wine(&[]);
    assert_eq!(ended.code, 64, "{ended:?}");
    assert!(ended.err.contains("needs a console"), "{ended:?}");
}
