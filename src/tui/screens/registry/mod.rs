//! The target's registry, to look at: keys on one side, values on the other.
//! Nothing can be changed here.

mod value;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Action, Context, Page};
use crate::session::{KeyReport, NamedValue, display_name};
use crate::tui::effect::{Answer, Report, Request, Ticket};
use crate::tui::facts::{Facts, Tone};
use crate::tui::keys::{Kind, Message};
use crate::tui::text::{TextField, clean, clip, pad, width};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Cursor, Scroll, field_line};

/// Keys that stand for others: the control set the machine boots, and the keys
/// of people's profiles and of all of them (design contract, "The offline registry").
const SHORT_WAYS: &[&str] = &[r"HKLM\SYSTEM\CurrentControlSet", "HKCU", "HKCR"];

/// The registry browser.
#[derive(Clone, Debug, Default)]
pub struct RegistryScreen {
    /// Full name of the key shown; empty: the list of hives.
    key: String,
    asked: Option<(Ticket, String)>,
    /// Where the hives begin, once known.
    hives: Vec<String>,
    hives_asked: Option<Ticket>,
    /// One report, or one for each user.
    reports: Vec<KeyReport>,
    user: usize,
    keys: Cursor,
    values: Cursor,
    on_values: bool,
    /// The key name being typed.
    go_to: Option<TextField>,
    /// A value shown whole.
    open: Option<(Vec<Line<'static>>, Scroll)>,
}

impl RegistryScreen {
    /// At a key; without one at the list of hives.
    pub fn new(key: Option<&str>, context: &mut Context<'_>) -> Self {
        let mut screen = Self::default();
        if let Some(key) = key {
            screen.ask(key, context);
        }
        if let Some(target) = context.facts.target_folder() {
            screen.hives_asked = Some(context.ask(Request::Hives { target }));
        }
        screen
    }

    fn ask(&mut self, key: &str, context: &mut Context<'_>) {
        let Some(target) = context.facts.target_folder() else { return };
        let request = Request::Key { target, key: key.to_owned() };
        self.asked = Some((context.ask(request), key.to_owned()));
    }

    fn report(&self) -> Option<&KeyReport> {
        self.reports.get(self.user.min(self.reports.len().saturating_sub(1)))
    }

    fn subkeys(&self) -> Vec<&str> {
        match self.report() {
            Some(report) => report.subkeys.iter().map(String::as_str).collect(),
            None => self.roots().collect(),
        }
    }

    fn roots(&self) -> impl Iterator<Item = &str> {
        self.hives.iter().map(String::as_str).chain(SHORT_WAYS.iter().copied())
    }

    fn named_values(&self) -> &[NamedValue] {
        self.report().map(|report| report.values.as_slice()).unwrap_or_default()
    }

    fn open(&mut self, context: &mut Context<'_>) {
        if let Some(field) = self.go_to.take() {
            if !field.text().trim().is_empty() {
                self.ask(field.text().trim(), context);
            }
        } else if self.on_values {
            // Lines are made when there is a width to make them for.
            self.open = Some((Vec::new(), Scroll::default()));
        } else if let Some(name) = self.subkeys().get(self.keys.index).copied() {
            let key = if self.key.is_empty() { name.to_owned() } else { format!(r"{}\{name}", self.key) };
            self.ask(&key, context);
        }
    }

    /// To the key above; above a hive is the list of hives.
    fn outward(&mut self, context: &mut Context<'_>) {
        match self.key.rsplit_once('\\') {
            Some((parent, _)) if !self.roots().any(|root| root == self.key) => {
                let parent = parent.to_owned();
                self.ask(&parent, context);
            }
            _ => self.show_roots(),
        }
    }

    fn show_roots(&mut self) {
        let last = self.roots().position(|root| root == self.key).unwrap_or(0);
        self.key.clear();
        self.reports.clear();
        (self.keys, self.values, self.on_values) = (Cursor::at(last), Cursor::default(), false);
    }

    fn arrived(&mut self, key: String, reports: &[KeyReport]) {
        // Coming from below, the key one comes from is selected.
        let from = self.key.rsplit('\\').next().unwrap_or_default().to_owned();
        let upwards = self.key.len() > key.len() && self.key.starts_with(&key);
        self.key = key;
        self.reports = reports.to_vec();
        let names = self.subkeys();
        let at = names.iter().position(|name| upwards && name.eq_ignore_ascii_case(&from)).unwrap_or(0);
        let only_values = names.is_empty();
        (self.keys, self.values) = (Cursor::at(at), Cursor::default());
        self.on_values = only_values && !self.named_values().is_empty();
    }

    fn moved(&mut self, message: Message) {
        if let Some((_, scroll)) = &mut self.open {
            scroll.moved(message);
        } else if self.on_values {
            let len = self.named_values().len();
            self.values.moved(message, len);
        } else {
            let len = self.subkeys().len();
            self.keys.moved(message, len);
        }
    }

    fn back(&mut self) -> Action {
        if self.open.take().is_some() || self.go_to.take().is_some() {
            return Action::Stay;
        }
        Action::Close
    }
}

impl Page for RegistryScreen {
    fn kind(&self) -> Kind {
        Kind::Registry
    }

    fn title(&self, _: &Facts) -> String {
        "Registry".to_owned()
    }

    fn purpose(&self, _: &Facts) -> String {
        match (&self.go_to, &self.open) {
            (Some(_), _) => "Type the full name of a key and press Enter.",
            (_, Some(_)) => "The whole value. Esc goes back to the key.",
            _ => "The registry of this Windows, to look at. Nothing can be changed here.",
        }
        .to_owned()
    }

    fn offers(&self, message: Message, _: &Facts) -> bool {
        let typing = self.go_to.is_some();
        match message {
            Message::Open if typing => true,
            Message::Open if self.open.is_some() => false,
            Message::Open if self.on_values => !self.named_values().is_empty(),
            Message::Open => !self.subkeys().is_empty(),
            Message::NextPart | Message::PreviousPart | Message::GoTo => !typing && self.open.is_none(),
            Message::Outward => !typing && self.open.is_none() && !self.key.is_empty(),
            Message::Registry => false,
            _ => true,
        }
    }

    fn update(&mut self, message: Message, context: &mut Context<'_>) -> Action {
        match message {
            Message::Back => return self.back(),
            Message::Open => self.open(context),
            Message::Outward => self.outward(context),
            Message::NextPart | Message::PreviousPart => self.on_values = !self.on_values,
            Message::GoTo => self.go_to = Some(TextField::with_text(&self.key)),
            message => self.moved(message),
        }
        Action::Stay
    }

    fn field(&mut self) -> Option<&mut TextField> {
        self.go_to.as_mut()
    }

    fn answered(&mut self, report: &Report, context: &mut Context<'_>) -> Action {
        if self.hives_asked == Some(report.ticket) {
            match &report.answer {
                Answer::Hives(hives) => self.hives.clone_from(hives),
                Answer::Failed(error) => context.say(Tone::Bad, error.to_string()),
                _ => {}
            }
            return Action::Stay;
        }
        let Some((_, key)) = self.asked.take_if(|(ticket, _)| *ticket == report.ticket) else {
            return Action::Stay;
        };
        match &report.answer {
            Answer::Key(reports) => self.arrived(key, reports),
            Answer::Failed(error) => context.say(Tone::Bad, error.to_string()),
            _ => {}
        }
        Action::Stay
    }

    fn fit(&mut self, area: Rect, _: &Facts, theme: &Theme) {
        let (keys, values) = panes(area);
        self.keys.fit(self.subkeys().len(), usize::from(keys.height));
        self.values.fit(self.named_values().len(), usize::from(values.height));
        let value = self.named_values().get(self.values.index).cloned();
        if let (Some((lines, scroll)), Some(value)) = (&mut self.open, value) {
            *lines = value::lines(&value, usize::from(area.width).saturating_sub(1), theme);
            scroll.fit(lines.len(), usize::from(area.height.saturating_sub(1)));
        }
    }

    fn draw(&self, area: Rect, _: &Facts, canvas: &mut Canvas<'_>) {
        self.draw_name(area, canvas);
        if let Some((lines, scroll)) = &self.open {
            let below =
                Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
            canvas.lines(below, lines, scroll);
            return;
        }
        let (keys, values) = panes(area);
        let focus = self.go_to.is_none();
        let names: Vec<Vec<Line<'static>>> = self
            .subkeys()
            .iter()
            .map(|name| vec![Line::from(clip(&clean(name), usize::from(keys.width).saturating_sub(4)))])
            .collect();
        canvas.rows(keys, &names, &self.keys, focus && !self.on_values);
        let theme = canvas.theme;
        let rows: Vec<Vec<Line<'static>>> =
            self.named_values().iter().map(|value| vec![value_row(value, values.width, theme)]).collect();
        canvas.rows(values, &rows, &self.values, focus && self.on_values);
        if rows.is_empty() && !self.key.is_empty() {
            canvas.text(values, 0, Role::Faint, "   no values");
        }
        if names.is_empty() {
            canvas.text(keys, 0, Role::Faint, "   no subkeys");
        }
    }
}

impl RegistryScreen {
    /// The key's name, or the one being typed.
    fn draw_name(&self, area: Rect, canvas: &mut Canvas<'_>) {
        if let Some(field) = &self.go_to {
            canvas.line(area, 0, &field_line(" Go to: ", field, true, area.width, canvas.theme));
            return;
        }
        let name = match self.report() {
            Some(report) => report.key.as_str(),
            None => "Hives of this Windows",
        };
        let written = self.report().map(|report| report.last_written.to_string().chars().take(19).collect());
        let written: String = written.unwrap_or_default();
        let written = if area.width >= 100 { format!("written {written}") } else { String::new() };
        let room = usize::from(area.width).saturating_sub(width(&written) + 2);
        let name = clean(name);
        // The end of a long name tells more than its beginning.
        let hidden = width(&name).saturating_sub(room);
        let shown: String = name.chars().skip(hidden).collect();
        canvas.heading(area, 0, true, &format!(" {shown}"), &written);
    }
}

/// Keys beside values where there is place, above them where there is not.
fn panes(area: Rect) -> (Rect, Rect) {
    let area = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
    if area.width >= 70 {
        let keys = area.width * 2 / 5;
        let values = area.width - keys;
        return (Rect { width: keys, ..area }, Rect { x: area.x + keys, width: values, ..area });
    }
    let keys = area.height / 2;
    let values = area.height - keys;
    (Rect { height: keys, ..area }, Rect { y: area.y + keys, height: values, ..area })
}

fn value_row(value: &NamedValue, columns: u16, theme: &Theme) -> Line<'static> {
    let columns = usize::from(columns).saturating_sub(4);
    let name_columns = (columns / 3).max(10);
    Line::from(vec![
        Span::raw(pad(&clean(display_name(&value.name)), name_columns)),
        Span::raw(" "),
        theme.span(Role::Code, clip(&value::short(&value.value), columns.saturating_sub(name_columns + 1))),
    ])
}
