//! Keys, pastes and changes of size, out of what the console reports.
//!
//! Windows consoles report releases too, and deliver a paste as very fast
//! typing; both end here.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyEventKind};

use crate::tui::input::{Input, Key};

use super::keys::translate;

/// Where raw events come from.
pub(super) trait EventSource {
    /// Whether one is there within `wait`.
    fn poll(&mut self, wait: Duration) -> io::Result<bool>;
    /// Takes it.
    fn read(&mut self) -> io::Result<Event>;
    /// Columns and rows now.
    fn size(&self) -> io::Result<(u16, u16)>;
}

/// The console of this process.
#[derive(Debug)]
pub(super) struct Crossterm;

impl EventSource for Crossterm {
    fn poll(&mut self, wait: Duration) -> io::Result<bool> {
        crossterm::event::poll(wait)
    }
    fn read(&mut self) -> io::Result<Event> {
        crossterm::event::read()
    }
    fn size(&self) -> io::Result<(u16, u16)> {
        crossterm::terminal::size()
    }
}

/// So many characters without a pause were not typed.
const PASTE_CHARACTERS_MIN: usize = 8;
/// One paste holds no more; the rest comes as a further one.
const PASTE_CHARACTERS_MAX: usize = 64 * 1024;
/// A pause this long ends a paste.
const PASTE_PAUSE: Duration = Duration::from_millis(20);

/// Input in order, with pastes put together.
#[derive(Debug)]
pub(super) struct Events<S> {
    source: S,
    waiting: VecDeque<Input>,
    /// The console cannot mark a paste: tell it by its speed.
    pastes_by_speed: bool,
    last_size: Option<(u16, u16)>,
}

impl<S: EventSource> Events<S> {
    pub(super) fn new(source: S, pastes_by_speed: bool) -> Self {
        let last_size = source.size().ok();
        Self { source, waiting: VecDeque::new(), pastes_by_speed, last_size }
    }

    /// The next input within `wait`.
    pub(super) fn next(&mut self, wait: Duration) -> io::Result<Option<Input>> {
        let deadline = Instant::now() + wait;
        loop {
            if let Some(input) = self.waiting.pop_front() {
                return Ok(Some(input));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if !self.source.poll(left)? {
                return Ok(self.size_change());
            }
            self.take()?;
        }
    }

    /// A console may change its window and report nothing.
    fn size_change(&mut self) -> Option<Input> {
        let size = self.source.size().ok();
        let changed = size != self.last_size;
        self.last_size = size;
        changed.then_some(Input::Resize)
    }

    /// Takes one raw event, and all that belongs to the same burst of typing.
    fn take(&mut self) -> io::Result<()> {
        match self.read_input()? {
            Some(Input::Key(key)) if self.pastes_by_speed && text_of(key).is_some() => self.take_burst(key),
            input => {
                self.waiting.extend(input);
                Ok(())
            }
        }
    }

    fn read_input(&mut self) -> io::Result<Option<Input>> {
        Ok(match self.source.read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => translate(key).map(Input::Key),
            Event::Paste(text) => Some(Input::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))),
            Event::Resize(..) => {
                self.last_size = self.source.size().ok();
                Some(Input::Resize)
            }
            _ => None,
        })
    }

    fn take_burst(&mut self, first: Key) -> io::Result<()> {
        let mut typed = vec![first];
        let mut after = None;
        while typed.len() < PASTE_CHARACTERS_MAX && after.is_none() {
            let pause = if typed.len() < PASTE_CHARACTERS_MIN { Duration::ZERO } else { PASTE_PAUSE };
            if !self.source.poll(pause)? {
                break;
            }
            match self.read_input()? {
                Some(Input::Key(key)) if text_of(key).is_some() => typed.push(key),
                other => after = other,
            }
        }
        if typed.len() >= PASTE_CHARACTERS_MIN {
            self.push_paste(&typed);
        } else {
            self.waiting.extend(typed.into_iter().map(Input::Key));
        }
        self.waiting.extend(after);
        Ok(())
    }

    /// The Enter that closes a burst stays a key: a code sent by a barcode
    /// reader or a script ends with Enter and means it.
    fn push_paste(&mut self, typed: &[Key]) {
        let (text, enter) = match typed {
            [text @ .., Key::Enter] => (text, Some(Input::Key(Key::Enter))),
            text => (text, None),
        };
        self.waiting.push_back(Input::Paste(text.iter().filter_map(|key| text_of(*key)).collect()));
        self.waiting.extend(enter);
    }
}

/// The character a key types; `None` for one that commands.
fn text_of(key: Key) -> Option<char> {
    match key {
        Key::Char(character) => Some(character),
        Key::Enter => Some('\n'),
        Key::Tab => Some('\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
