//! The installations, with all that is known of the selected one.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Action, Context, Page};
use crate::session::GuardEffect;
use crate::tui::facts::{Facts, Target};
use crate::tui::keys::{Kind, Message};
use crate::tui::text::{Indent, clean, pad, wrap};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::{Canvas, Cursor, Scroll, target_name};

/// The list and, below it, what is known.
#[derive(Clone, Debug)]
pub struct TargetsScreen {
    cursor: Cursor,
    details: Vec<Line<'static>>,
    scroll: Scroll,
}

impl TargetsScreen {
    /// With the chosen target selected.
    pub fn new(facts: &Facts) -> Self {
        Self { cursor: Cursor::at(facts.chosen), details: Vec::new(), scroll: Scroll::default() }
    }
}

impl Page for TargetsScreen {
    fn kind(&self) -> Kind {
        Kind::Targets
    }

    fn title(&self, _: &Facts) -> String {
        "Targets".to_owned()
    }

    fn purpose(&self, facts: &Facts) -> String {
        match facts.targets.len() {
            0 => "No Windows was found. Below is what was looked at and why it is not usable.",
            1 => "The Windows found on this machine.",
            _ => "Every Windows found on this machine. Enter works on the selected one.",
        }
        .to_owned()
    }

    fn offers(&self, message: Message, facts: &Facts) -> bool {
        match message {
            Message::Open => !facts.targets.is_empty() && !facts.busy,
            Message::Targets => false,
            _ => true,
        }
    }

    fn update(&mut self, message: Message, context: &mut Context<'_>) -> Action {
        match message {
            Message::Back => return Action::Close,
            Message::Open => return Action::Choose(self.cursor.index),
            Message::PageUp | Message::PageDown => self.scroll.moved(message),
            message => self.cursor.moved(message, context.facts.targets.len()),
        };
        Action::Stay
    }

    fn fit(&mut self, area: Rect, facts: &Facts, theme: &Theme) {
        let (list, below) = split(area, facts);
        self.cursor.fit(facts.targets.len(), usize::from(list.height));
        let columns = usize::from(below.width).saturating_sub(2);
        self.details.clear();
        if let Some(target) = facts.targets.get(self.cursor.index) {
            self.details.extend(details(target, columns, theme));
        }
        for problem in &facts.target_problems {
            let indent = Indent::hanging(vec![theme.span(Role::Warning, " ! ")]);
            self.details.extend(wrap(&[Span::raw(clean(problem).into_owned())], columns, &indent));
        }
        self.scroll.fit(self.details.len(), usize::from(below.height));
    }

    fn draw(&self, area: Rect, facts: &Facts, canvas: &mut Canvas<'_>) {
        let (list, below) = split(area, facts);
        let rows: Vec<Vec<Line<'static>>> = facts
            .targets
            .iter()
            .enumerate()
            .map(|(index, target)| {
                let chosen = if index == facts.chosen { "chosen  " } else { "        " };
                vec![Line::from(vec![Span::raw(chosen), Span::raw(target_name(&target.summary))])]
            })
            .collect();
        canvas.rows(list, &rows, &self.cursor, true);
        if below.y > list.bottom() {
            canvas.rule(area, list.height);
        }
        canvas.lines(below, &self.details, &self.scroll);
    }
}

fn split(area: Rect, facts: &Facts) -> (Rect, Rect) {
    let wanted = u16::try_from(facts.targets.len()).unwrap_or(u16::MAX);
    let list = Rect { height: wanted.min(area.height / 3), ..area };
    let used = (list.height + u16::from(list.height > 0)).min(area.height);
    (list, Rect { y: area.y + used, height: area.height - used, ..area })
}

fn details(target: &Target, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let summary = &target.summary;
    let mut lines = Vec::new();
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let indent = Indent::hanging(vec![theme.span(Role::Faint, format!(" {}", pad(name, 16)))]);
            lines.extend(wrap(&[Span::raw(clean(&value).into_owned())], columns, &indent));
        }
    };
    fact("Windows", Some(summary.name.clone()));
    fact("Version", Some(summary.version.clone()));
    fact("Edition", summary.edition.clone());
    fact("Service pack", summary.service_pack.clone());
    fact("Kind", Some(if summary.server { "server" } else { "workstation" }.to_owned()));
    fact("Processor", Some(summary.architecture.clone()));
    fact("Computer", summary.computer_name.clone());
    fact(
        "Not saved whole",
        (!summary.recovered_hives.is_empty()).then(|| {
            let hives = summary.recovered_hives.join(" and ");
            format!("{hives}: read as the transaction logs make it, saved so by the first repair")
        }),
    );
    fact("Boots", Some(format!("control set {}", summary.control_set)));
    fact("Is now at", Some(summary.windows_folder.display().to_string()));
    fact("Calls itself", Some(summary.system_root.clone()));
    for guard in &target.scan.guards {
        let (mark, role) = match guard.effect {
            GuardEffect::Refuses => (" refused  ", Role::Bad),
            GuardEffect::Warns => (" warning  ", Role::Warning),
        };
        lines.push(Line::default());
        let indent = Indent::hanging(vec![theme.span(role, mark)]);
        let text = format!("{}\n{}\n{}", clean(&guard.saw), clean(&guard.why), clean(&guard.next));
        lines.extend(wrap(&[Span::raw(text)], columns, &indent));
    }
    lines
}
