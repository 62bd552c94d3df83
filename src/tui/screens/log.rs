//! What happened in this run.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Action, Context, Page};
use crate::tui::facts::{Facts, LogEntry, Tone};
use crate::tui::keys::{Kind, Message};
use crate::tui::text::{Indent, clean, wrap};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Scroll};

/// The entries, wrapped to the console.
#[derive(Clone, Debug, Default)]
pub struct LogScreen {
    lines: Vec<Line<'static>>,
    scroll: Scroll,
    /// Entries shown so far; new ones bring the end into sight.
    shown: usize,
}

impl Page for LogScreen {
    fn kind(&self) -> Kind {
        Kind::Log
    }

    fn title(&self, _: &Facts) -> String {
        "Log".to_owned()
    }

    fn purpose(&self, _: &Facts) -> String {
        "What happened since pemedic was started, latest last.".to_owned()
    }

    fn offers(&self, message: Message, _: &Facts) -> bool {
        message != Message::Log
    }

    fn update(&mut self, message: Message, _: &mut Context<'_>) -> Action {
        if message == Message::Back {
            return Action::Close;
        }
        self.scroll.moved(message);
        Action::Stay
    }

    fn fit(&mut self, area: Rect, facts: &Facts, theme: &Theme) {
        self.lines = facts.log.iter().flat_map(|entry| entry_lines(entry, area.width, theme)).collect();
        self.scroll.fit(self.lines.len(), usize::from(area.height));
        if self.shown != facts.log.len() {
            self.shown = facts.log.len();
            self.scroll.moved(Message::Last);
        }
    }

    fn draw(&self, area: Rect, _: &Facts, canvas: &mut Canvas<'_>) {
        if self.lines.is_empty() {
            canvas.text(area, 0, Role::Faint, " Nothing has happened yet.");
        }
        canvas.lines(area, &self.lines, &self.scroll);
    }
}

fn entry_lines(entry: &LogEntry, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let (mark, role) = match entry.tone {
        Tone::Plain => (" ", Role::Plain),
        Tone::Good => (theme.glyphs.done, Role::Good),
        Tone::Bad => ("!", Role::Bad),
    };
    let indent = Indent::hanging(vec![
        Span::raw(" "),
        theme.span(Role::Faint, entry.time.clone()),
        Span::raw(" "),
        theme.span(role, mark),
        Span::raw(" "),
    ]);
    let text = theme.span(role, clean_lines(&entry.text));
    wrap(&[text], usize::from(columns).saturating_sub(1), &indent)
}

/// Foreign text with its line feeds.
fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}
