//! The interface driven by keys in a terminal: here, and under Wine in both
//! console modes; every screen is compared.

use std::time::Duration;

use super::compare::Span;
use super::machine::Machine;
use crate::support::terminal::Terminal;

/// An idle interface draws four times a second: what stays longer stays.
const AT_REST: Duration = Duration::from_millis(500);

/// What is done, and what the screen shows then.
enum Step {
    Press(&'static str, &'static str),
    Type(&'static str, &'static str),
}

use Step::{Press, Type};

/// From what the machine said to the repair, back again, and out. Home and End
/// do not reach a program under Wine 8, so they are left out.
const STORY: [Step; 14] = [
    Type("Error number 0x800704DD while installing", "likely"),
    Press("Enter", "Symptoms"),
    Press("PageDown", "kb910341"),
    Press("r", "[Preview]"),
    Press("Enter", "[Confirm]"),
    Press("Down", "Write 4 changes now"),
    Press("Enter", "[Result]"),
    Press("u", "[Preview]"),
    Press("Escape", "kb910341"),
    Press("F4", "History"),
    Press("F6", "Registry"),
    Press("F1", "Help"),
    Press("F10", "Stay"),
    Press("Down", "Leave"),
];

#[test]
fn every_screen_is_the_same_in_both_console_modes() {
    let Some(machine) = Machine::new() else { return };
    let (xp, span) = (1, Span::begin());
    let here = machine.named_like_a_drive(xp);
    let command = format!("'{}' --target '{}'", env!("CARGO_BIN_EXE_pemedic"), here.display());
    let expected = play("here", &command);
    for (mode, pipe) in [("legacy", ""), ("auto", ""), ("vt", " | cat")] {
        machine.renew(xp);
        let letter = machine.letter(xp);
        let command = format!(r"wine 'X:\pemedic.exe' --console {mode} --target '{letter}'{pipe}");
        let screens = play(mode, &command);
        for (number, (ours, theirs)) in expected.iter().zip(&screens).enumerate() {
            assert_eq!(ours, theirs, "screen {number} in console mode {mode}");
        }
        span.assert_same(machine.here(xp), &machine.on_wine(xp));
        eprintln!("{} screens are the same in console mode {mode}", screens.len());
    }
}

/// Every screen of the story, made comparable.
fn play(name: &str, command: &str) -> Vec<String> {
    let terminal = Terminal::start(name, command, AT_REST);
    let mut screens = vec![terminal.screen_with(" healthy")];
    for step in &STORY {
        let shown = match step {
            Press(key, shown) => {
                terminal.press(key);
                shown
            }
            Type(text, shown) => {
                terminal.type_text(text);
                shown
            }
        };
        screens.push(terminal.screen_with(shown));
    }
    terminal.press("Enter");
    terminal.screen_with("CODE=0");
    screens.iter().map(|screen| comparable(screen)).collect()
}

/// What may differ: a backslash after the drive, when a receipt was made, where
/// it is, columns that follow from these, and characters a raster font lacks.
fn comparable(screen: &str) -> String {
    let plain: String = screen.chars().map(plain).collect();
    let plain = plain.replace("E:\\ ", "E: ");
    let lines = plain.lines().map(|line| {
        let words: Vec<String> = line.split_whitespace().map(without_time).collect();
        words.join(" ")
    });
    // A path that is too long for the line goes to the next.
    let is_of_a_path = |line: &String| line.contains("receipts") || line == "kept in";
    lines.filter(|line| !is_of_a_path(line) && !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn plain(character: char) -> char {
    match character {
        '—' | '–' => '-',
        '’' | '‘' => '\'',
        '“' | '”' => '"',
        '…' => '.',
        other => other,
    }
}

/// `20261122T075746Z-kb910341-senslogn-xp` and `07:57:46` are made by clocks.
fn without_time(word: &str) -> String {
    let number = word.starts_with(|c: char| c.is_ascii_digit());
    let is_time = number && (word.contains(':') || (word.starts_with("20") && word.contains('T')));
    if is_time { "TIME".to_owned() } else { word.to_owned() }
}
