//! What the technician does at the console, as plain data.

/// One thing that happened at the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key went down (or repeats). Releases are never reported.
    Key(Key),
    /// Text arrived in one piece (bracketed paste, or a burst of keys that no
    /// hand types).
    Paste(String),
    /// The console has another size.
    Resize,
}

/// A key with what was held down, in the one form that every console is
/// translated to. A shifted letter is its capital.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character, as typed.
    Char(char),
    /// A letter (lower case) with Ctrl.
    Ctrl(char),
    /// A letter (lower case) with Alt.
    Alt(char),
    /// F1 is 1.
    Function(u8),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

impl Key {
    /// How the key is written in the footer and in the help.
    pub fn name(self) -> String {
        let fixed = match self {
            Self::Char(' ') => "Space",
            Self::Char(c) => return c.to_string(),
            Self::Ctrl(c) => return format!("Ctrl+{}", c.to_ascii_uppercase()),
            Self::Alt(c) => return format!("Alt+{}", c.to_ascii_uppercase()),
            Self::Function(number) => return format!("F{number}"),
            Self::Enter => "Enter",
            Self::Esc => "Esc",
            Self::Tab => "Tab",
            Self::BackTab => "Shift+Tab",
            Self::Backspace => "Backspace",
            Self::Delete => "Del",
            Self::Up => "Up",
            Self::Down => "Down",
            Self::Left => "Left",
            Self::Right => "Right",
            Self::Home => "Home",
            Self::End => "End",
            Self::PageUp => "PgUp",
            Self::PageDown => "PgDn",
        };
        fixed.to_owned()
    }
}
