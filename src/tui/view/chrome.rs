//! What surrounds every screen: where one is, what the screen is for, what is
//! happening, which keys there are.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::facts::{Facts, ScanState, Tone};
use crate::tui::keys::{Message, Row};
use crate::tui::text::{clean, clip, width};
use crate::tui::theme::Role;

use super::canvas::Canvas;

/// The places of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Where one is.
    pub title: Rect,
    /// What the screen is for; without height on a small console.
    pub purpose: Rect,
    /// The screen's own.
    pub body: Rect,
    /// What is happening.
    pub notice: Rect,
    /// Which keys there are.
    pub footer: Rect,
}

/// From this height on there is place for a sentence and some air.
pub const ROOMY_ROWS: u16 = 20;

impl Frame {
    /// Divides the console.
    pub fn new(area: Rect) -> Self {
        let purpose_height = if area.height >= ROOMY_ROWS { 2 } else { u16::from(area.height >= 12) };
        let row = |y: u16, height: u16| {
            let y = y.min(area.height);
            Rect { y: area.y + y, height: height.min(area.height - y), ..area }
        };
        let body_height = area.height.saturating_sub(3 + purpose_height);
        Self {
            title: row(0, 1),
            purpose: row(1, purpose_height.min(1)),
            body: row(1 + purpose_height, body_height),
            notice: row(area.height.saturating_sub(2), 1),
            footer: row(area.height.saturating_sub(1), 1),
        }
    }
}

/// The line that says where one is: the way here on the left, the target on
/// the right, by its long or its short name.
pub fn title(canvas: &mut Canvas<'_>, area: Rect, places: &[String], (long, short): (&str, &str)) {
    let columns = usize::from(area.width);
    let separator = format!(" {} ", canvas.glyphs().path);
    let last = places.last().map_or("", String::as_str);
    let whole = places.join(&separator);
    let fits = |way: &str, target: &str| width(way) + width(target) + 3 <= columns;
    let way = if fits(&whole, short) { whole } else { format!("..{separator}{last}") };
    let way = clip(&way, columns.saturating_sub(2));
    let room = columns.saturating_sub(width(&way) + 3);
    let target = clip(if fits(&way, long) { long } else { short }, room);
    let gap = columns.saturating_sub(width(&way) + width(&target) + 2);
    let text = format!(" {way}{}{target} ", " ".repeat(gap));
    canvas.text(area, 0, Role::Title, &text);
}

/// The keys, as many as have place, most important first; the way back and the
/// help are always among them.
pub fn footer(canvas: &mut Canvas<'_>, area: Rect, rows: &[(&Row, &'static str)], editing: bool) {
    let entries: Vec<(String, &str, bool)> = rows
        .iter()
        .filter(|(row, _)| !row.is_movement())
        .filter_map(|(row, label)| Some((row.key(editing)?.name(), *label, is_kept(row.message))))
        .collect();
    let columns = |(key, label, _): &(String, &str, bool)| width(key) + width(label) + 3;
    let mut room = usize::from(area.width) + 1;
    let kept: usize = entries.iter().filter(|entry| entry.2).map(columns).sum();
    let mut left = room.saturating_sub(kept);
    let mut spans = vec![Span::raw(" ")];
    for entry in &entries {
        let wide = columns(entry);
        let pool = if entry.2 { &mut room } else { &mut left };
        if wide > *pool {
            continue;
        }
        *pool -= wide;
        spans.push(canvas.span(Role::Key, entry.0.clone()));
        spans.push(Span::raw(format!(" {}  ", entry.1)));
    }
    canvas.line(area, 0, &Line::from(spans));
}

fn is_kept(message: Message) -> bool {
    matches!(message, Message::Back | Message::Help)
}

/// What was said last; else what is going on, unless that is in sight anyway.
pub fn notice(
    canvas: &mut Canvas<'_>,
    area: Rect,
    said: Option<&(Tone, String)>,
    facts: &Facts,
    quiet: bool,
) {
    let (role, text) = match said {
        Some((tone, text)) => {
            let (mark, role) = match tone {
                Tone::Plain => ("", Role::Plain),
                Tone::Good => (canvas.glyphs().done, Role::Good),
                Tone::Bad => ("!", Role::Bad),
            };
            let first = text.lines().next().unwrap_or("");
            (role, format!(" {mark} {}", clean(first)))
        }
        None => going_on(facts, quiet),
    };
    canvas.text(area, 0, role, &clip(&text, usize::from(area.width)));
}

fn going_on(facts: &Facts, quiet: bool) -> (Role, String) {
    let Some(target) = facts.target() else { return (Role::Plain, String::new()) };
    if let Some(guard) = target.scan.refusal() {
        return (
            Role::Bad,
            format!(" ! No repair is possible here yet: {} F2 says more.", clean(&guard.saw)),
        );
    }
    match target.scan.state {
        ScanState::Running(step, steps) if steps > 0 && !quiet => {
            (Role::Faint, format!(" checking {step} of {steps} (Ctrl+X on the first screen stops)"))
        }
        _ => (Role::Plain, String::new()),
    }
}
