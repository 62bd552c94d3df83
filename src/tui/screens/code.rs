//! Every reading of a code.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Action, Context, Page};
use crate::session::{ErrorCode, ExplainReport, Kind as Family, Reading, SystemText};
use crate::tui::effect::{Answer, Report, Request, Ticket};
use crate::tui::facts::{Facts, Tone};
use crate::tui::keys::{Kind, Message};
use crate::tui::text::{Indent, TextField, clean, wrap};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Scroll, field_line};

/// A box for the code and, below it, what it can mean.
#[derive(Clone, Debug, Default)]
pub struct CodeScreen {
    field: TextField,
    asked: Option<Ticket>,
    explained: Option<ExplainReport>,
    lines: Vec<Line<'static>>,
    scroll: Scroll,
}

/// What is longer is no code; the search box is the place for it.
const LENGTH_MAX_BYTES: usize = 4096;

impl CodeScreen {
    /// For the text of the search box.
    pub fn new(text: &str, context: &mut Context<'_>) -> Self {
        let mut screen = Self::default();
        if text.len() <= LENGTH_MAX_BYTES {
            screen.field.insert(text);
            screen.ask(context);
        }
        screen
    }

    fn ask(&mut self, context: &mut Context<'_>) {
        if self.field.text().trim().is_empty() {
            (self.asked, self.explained) = (None, None);
        } else {
            self.asked = Some(context.ask(Request::Explain { text: self.field.text().to_owned() }));
        }
    }
}

impl Page for CodeScreen {
    fn kind(&self) -> Kind {
        Kind::Code
    }

    fn title(&self, _: &Facts) -> String {
        "Code".to_owned()
    }

    fn purpose(&self, _: &Facts) -> String {
        "Type a code in any form: 0x800704DD, 800704dd, -2147023651, 1245, a symbol.".to_owned()
    }

    fn offers(&self, message: Message, _: &Facts) -> bool {
        message != Message::Code
    }

    fn update(&mut self, message: Message, _: &mut Context<'_>) -> Action {
        match message {
            Message::Back => return Action::Close,
            message => self.scroll.moved(message),
        };
        Action::Stay
    }

    fn field(&mut self) -> Option<&mut TextField> {
        Some(&mut self.field)
    }

    fn edited(&mut self, _: bool, context: &mut Context<'_>) -> Action {
        self.scroll = Scroll::default();
        self.ask(context);
        Action::Stay
    }

    fn answered(&mut self, report: &Report, context: &mut Context<'_>) -> Action {
        if self.asked == Some(report.ticket) {
            match &report.answer {
                Answer::Explained(explained) => self.explained = Some(explained.clone()),
                Answer::Failed(error) => context.say(Tone::Bad, error.to_string()),
                _ => {}
            }
        }
        Action::Stay
    }

    fn fit(&mut self, area: Rect, _: &Facts, theme: &Theme) {
        let columns = usize::from(area.width).saturating_sub(2);
        let Some(explained) = &self.explained else {
            self.lines.clear();
            return self.scroll.fit(0, 0);
        };
        let codes = explained.codes.iter();
        self.lines = codes.flat_map(|code| code_lines(code, &explained.system, columns, theme)).collect();
        self.scroll.fit(self.lines.len(), usize::from(area.height.saturating_sub(2)));
    }

    fn draw(&self, area: Rect, _: &Facts, canvas: &mut Canvas<'_>) {
        canvas.line(area, 0, &field_line(" > ", &self.field, true, area.width, canvas.theme));
        let below = Rect { y: area.y + area.height.min(2), height: area.height.saturating_sub(2), ..area };
        if self.explained.as_ref().is_some_and(|report| report.codes.is_empty()) {
            canvas.text(
                below,
                0,
                Role::Warning,
                " ! No code in this. Codes look like 0x7B, C0000034, 1083 or -2147023651.",
            );
        }
        canvas.lines(below, &self.lines, &self.scroll);
    }
}

fn code_lines(code: &ErrorCode, system: &[SystemText], columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let head =
        if code.text == code.value { code.value.clone() } else { format!("{}  ({})", code.value, code.text) };
    let mut lines = vec![Line::from(theme.span(Role::Heading, format!(" {}", clean(&head))))];
    for reading in &code.readings {
        lines.extend(reading_lines(reading, columns, theme));
    }
    for said in system.iter().filter(|said| said.value == code.value) {
        let text = format!("The Windows that runs here calls it: {}", said.text.trim());
        lines.extend(wrap(&[theme.span(Role::Faint, clean(&text))], columns, &Indent::spaces(3)));
    }
    if code.readings.is_empty() {
        lines.push(Line::from(theme.span(Role::Warning, "   not known")));
    }
    for near in &code.did_you_mean {
        lines.push(Line::from(format!("   did you mean {} {}?", near.value, near.symbol)));
    }
    lines.push(Line::default());
    lines
}

fn reading_lines(reading: &Reading, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut head = vec![Span::raw(format!("{} {}", family(reading.kind), clean(&reading.number)))];
    if let Some(source) = reading.source {
        head.push(Span::raw(format!(" of {}", clean(source))));
    }
    if let Some(symbol) = reading.symbol {
        head.push(Span::raw("  "));
        head.push(theme.span(Role::Strong, symbol));
    }
    let mut lines = wrap(&head, columns, &Indent::spaces(3));
    let mut text = |role, text: &str| {
        lines.extend(wrap(&[theme.span(role, clean(text))], columns, &Indent::spaces(5)));
    };
    text(Role::Plain, &reading.meaning);
    if let Some(cause) = reading.cause {
        text(Role::Plain, cause);
    }
    if let Some(origin) = &reading.origin {
        text(Role::Faint, origin);
    }
    if !reading.also.is_empty() {
        text(Role::Faint, &format!("also: {}", reading.also.join(", ")));
    }
    lines
}

fn family(kind: Family) -> &'static str {
    match kind {
        Family::Stop => "Stop code",
        Family::WindowsUpdate => "Windows Update",
        Family::Servicing => "Servicing",
        Family::Bits => "BITS",
        Family::Setup => "Windows Setup",
        Family::Win32 => "Win32 error",
        Family::Ntstatus => "NTSTATUS",
        Family::Hresult => "HRESULT",
        Family::Event => "Event",
    }
}
