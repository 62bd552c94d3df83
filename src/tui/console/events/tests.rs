//! What reaches the interface from a scripted console.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::*;

/// Everything is there at once, as in a paste; `None` is a pause.
#[derive(Default)]
struct Script {
    events: VecDeque<Option<Event>>,
    size: (u16, u16),
}

impl EventSource for Script {
    fn poll(&mut self, wait: Duration) -> io::Result<bool> {
        if self.events.front().is_some_and(Option::is_none) && wait > PASTE_PAUSE {
            self.events.pop_front();
        }
        Ok(self.events.front().is_some_and(Option::is_some))
    }
    fn read(&mut self) -> io::Result<Event> {
        self.events.pop_front().flatten().ok_or_else(|| io::Error::other("read without poll"))
    }
    fn size(&self) -> io::Result<(u16, u16)> {
        Ok(self.size)
    }
}

fn key(code: KeyCode) -> Option<Event> {
    Some(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)))
}

fn release(code: KeyCode) -> Option<Event> {
    let kind = KeyEventKind::Release;
    Some(Event::Key(KeyEvent::new_with_kind(code, KeyModifiers::NONE, kind)))
}

fn typed(text: &str) -> Vec<Option<Event>> {
    let code = |c| if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
    text.chars().flat_map(|c| [key(code(c)), release(code(c))]).collect()
}

/// All events, in short: characters as they are, pastes in brackets.
fn read_all(events: Vec<Option<Event>>, pastes_by_speed: bool) -> String {
    let script = Script { events: events.into(), size: (80, 25) };
    let mut events = Events::new(script, pastes_by_speed);
    let mut seen = String::new();
    while let Some(event) = events.next(Duration::from_millis(30)).unwrap() {
        match event {
            Input::Key(Key::Char(c)) => seen.push(c),
            Input::Key(Key::Enter) => seen.push('↵'),
            Input::Key(_) => seen.push('?'),
            Input::Paste(text) => seen.push_str(&format!("[{text}]")),
            Input::Resize => seen.push('#'),
        }
    }
    seen
}

#[test]
fn releases_are_ignored() {
    assert_eq!(read_all(typed("ab"), true), "ab");
}

#[test]
fn a_long_burst_is_a_paste_even_across_lines() {
    assert_eq!(read_all(typed("Error 0x7B\nat boot"), true), "[Error 0x7B\nat boot]");
}

#[test]
fn a_line_end_that_closes_a_burst_is_enter() {
    assert_eq!(read_all(typed("0x800704DD\n"), true), "[0x800704DD]↵");
}

#[test]
fn a_command_key_ends_a_burst_and_stays_a_key() {
    let mut events = typed("something");
    events.push(key(KeyCode::F(5)));
    events.extend(typed("y"));
    assert_eq!(read_all(events, true), "[something]?y");
}

#[test]
fn a_pause_keeps_typing_apart_from_a_paste() {
    let mut events = typed("y");
    events.push(None);
    events.extend(typed("pasted text"));
    assert_eq!(read_all(events, true), "y[pasted text]");
}

#[test]
fn where_the_terminal_marks_pastes_fast_keys_stay_keys() {
    let mut events = typed("something");
    events.push(Some(Event::Paste("a\r\nb\rc".into())));
    assert_eq!(read_all(events, false), "something[a\nb\nc]");
}

#[test]
fn a_paste_without_end_comes_in_bounded_pieces() {
    let seen = read_all(typed(&"x".repeat(PASTE_CHARACTERS_MAX + 10)), true);
    assert_eq!(seen.matches('[').count(), 2);
    assert_eq!(seen.matches('x').count(), PASTE_CHARACTERS_MAX + 10);
}

#[test]
fn a_size_that_changed_without_a_report_is_noticed() {
    let mut events = Events::new(Script { size: (80, 25), ..Script::default() }, true);
    assert_eq!(events.next(Duration::ZERO).unwrap(), None);
    events.source.size = (120, 40);
    assert_eq!(events.next(Duration::ZERO).unwrap(), Some(Input::Resize));
    assert_eq!(events.next(Duration::ZERO).unwrap(), None);
}
