//! The help: the table of keys for the screen below it. Enter does what the
//! selected row says, so the help is a menu too.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Action, Context, Page};
use crate::tui::facts::Facts;
use crate::tui::input::Key;
use crate::tui::keys::{Kind, Message, Row};
use crate::tui::text::{Indent, pad, wrap};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Cursor};

/// The keys of the screen below.
#[derive(Clone, Debug)]
pub struct HelpScreen {
    /// What the screen below says of itself.
    about: String,
    rows: Vec<&'static Row>,
    /// Whether that screen takes text: then characters are no keys.
    editing: bool,
    cursor: Cursor,
}

impl HelpScreen {
    /// Help for a screen that offers these rows.
    pub fn new(about: String, rows: Vec<&'static Row>, editing: bool) -> Self {
        Self { about, rows, editing, cursor: Cursor::default() }
    }
}

impl Page for HelpScreen {
    fn kind(&self) -> Kind {
        Kind::Help
    }

    fn title(&self, _: &Facts) -> String {
        "Help".to_owned()
    }

    fn purpose(&self, _: &Facts) -> String {
        "Everything that can be done on the screen below. Enter does it.".to_owned()
    }

    fn offers(&self, message: Message, _: &Facts) -> bool {
        !matches!(message, Message::Help)
    }

    fn update(&mut self, message: Message, _: &mut Context<'_>) -> Action {
        match message {
            Message::Back => Action::Close,
            Message::Open => {
                self.rows.get(self.cursor.index).map_or(Action::Stay, |row| Action::Press(row.message))
            }
            message => {
                self.cursor.moved(message, self.rows.len());
                Action::Stay
            }
        }
    }

    fn fit(&mut self, area: Rect, _: &Facts, theme: &Theme) {
        let heights: Vec<usize> =
            self.rows.iter().map(|row| lines(row, self.editing, area.width, theme).len()).collect();
        self.cursor.fit_tall(&heights, usize::from(area.height.saturating_sub(2)));
    }

    fn draw(&self, area: Rect, _: &Facts, canvas: &mut Canvas<'_>) {
        canvas.text(area, 0, Role::Strong, &format!(" {}", self.about));
        let rows: Vec<Vec<Line<'static>>> =
            self.rows.iter().map(|row| lines(row, self.editing, area.width, canvas.theme)).collect();
        let list = Rect { y: area.y + area.height.min(2), height: area.height.saturating_sub(2), ..area };
        canvas.rows(list, &rows, &self.cursor, true);
    }
}

fn lines(row: &Row, editing: bool, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let keys: Vec<String> = row.keys_for(editing).take(2).map(Key::name).collect();
    let indent = Indent::hanging(vec![theme.span(Role::Key, pad(&keys.join(", "), 14))]);
    wrap(&[Span::raw(row.help)], usize::from(columns).saturating_sub(5), &indent)
}
