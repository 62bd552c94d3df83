//! A console that understands escape sequences, through crossterm.

use std::io::{self, Stdout, Write as _};
use std::time::Duration;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::{cursor, execute, terminal};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};

use super::Console;
use crate::tui::input::{Input, Key};

/// Standard output as a console, on the alternate screen, with bracketed paste.
pub(super) struct EscapeConsole {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl EscapeConsole {
    pub(super) fn open() -> io::Result<Self> {
        enter()?;
        match Terminal::new(CrosstermBackend::new(io::stdout())) {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                leave()?;
                Err(error)
            }
        }
    }
}

impl Console for EscapeConsole {
    fn draw(&mut self, render: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(|frame| render(frame)).map(|_| ())
    }

    fn read(&mut self, wait: Duration) -> io::Result<Option<Input>> {
        if event::poll(wait)? { Ok(translate(event::read()?)) } else { Ok(None) }
    }

    fn suspend(&mut self) -> io::Result<()> {
        leave()
    }

    fn resume(&mut self) -> io::Result<()> {
        enter()?;
        self.terminal.clear()
    }
}

impl Drop for EscapeConsole {
    fn drop(&mut self) {
        // Nobody is left to tell; the console may be gone already.
        let _ = leave();
    }
}

fn enter() -> io::Result<()> {
    terminal::enable_raw_mode()?;
    execute!(io::stdout(), terminal::EnterAlternateScreen, event::EnableBracketedPaste, cursor::Hide)
}

fn leave() -> io::Result<()> {
    execute!(io::stdout(), event::DisableBracketedPaste, terminal::LeaveAlternateScreen, cursor::Show)?;
    io::stdout().flush()?;
    terminal::disable_raw_mode()
}

fn translate(event: Event) -> Option<Input> {
    match event {
        // Windows consoles report releases too; acting on them would do everything twice.
        Event::Key(key) if key.kind != KeyEventKind::Release => translate_key(key).map(Input::Key),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::Resize(..) => Some(Input::Resize),
        _ => None,
    }
}

fn translate_key(event: KeyEvent) -> Option<Key> {
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    Some(match event.code {
        // AltGr arrives as Ctrl and Alt with the character it makes.
        KeyCode::Char(c) if ctrl && alt => Key::Char(c),
        KeyCode::Char(c) if ctrl => Key::Ctrl(c.to_ascii_lowercase()),
        KeyCode::Char(c) if alt => Key::Alt(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::F(number) => Key::Function(number),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers, kind: KeyEventKind) -> Option<Input> {
        translate(Event::Key(KeyEvent::new_with_kind(code, modifiers, kind)))
    }

    #[test]
    fn releases_are_dropped_and_repeats_kept() {
        assert_eq!(key(KeyCode::Enter, KeyModifiers::NONE, KeyEventKind::Release), None);
        let repeat = key(KeyCode::Down, KeyModifiers::NONE, KeyEventKind::Repeat);
        assert_eq!(repeat, Some(Input::Key(Key::Down)));
    }

    #[test]
    fn altgr_types_its_character() {
        let both = KeyModifiers::CONTROL | KeyModifiers::ALT;
        assert_eq!(key(KeyCode::Char('@'), both, KeyEventKind::Press), Some(Input::Key(Key::Char('@'))));
        let control = key(KeyCode::Char('C'), KeyModifiers::CONTROL, KeyEventKind::Press);
        assert_eq!(control, Some(Input::Key(Key::Ctrl('c'))));
    }
}
