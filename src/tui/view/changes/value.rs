//! A value before and after, each type in the form in which a difference is
//! seen soonest.

use ratatui::text::{Line, Span};

use crate::session::{Value, ValueChange, ValueType, display_name};
use crate::tui::text::{Indent, clean, wrap};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::difference::{Member, difference};

/// Rows of bytes beyond these are counted, not shown.
const ROWS_MAX: usize = 512;
/// Longer texts are cut; the registry browser shows the whole.
const TEXT_MAX_CHARACTERS: usize = 8_192;
/// This many equal neighbours of a difference are shown.
const NEIGHBOURS: usize = 2;

/// A changed value for `columns` columns.
pub(super) fn lines(change: &ValueChange, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut writer = Writer { lines: Vec::new(), columns, theme };
    let name = display_name(&change.value);
    let same_kind = match (&change.before, &change.after) {
        (Some(before), Some(after)) if before.kind == after.kind => Some(before.kind),
        _ => None,
    };
    let mut title = vec![theme.span(Role::Strong, clean(name))];
    if let Some(kind) = same_kind {
        title.push(theme.span(Role::Faint, format!("  {kind}")));
    }
    writer.lines.extend(wrap(&title, columns, &Indent::spaces(3)));
    match (&change.before, &change.after, same_kind) {
        (Some(before), Some(after), Some(ValueType::MULTI_SZ)) => writer.lists(before, after),
        (Some(before), Some(after), Some(kind)) if is_bytes(kind, before, after) => {
            writer.bytes(before, after);
        }
        (before, after, same_kind) => {
            let with_kind = same_kind.is_none();
            writer.whole(Role::Removed, "-", before.as_ref(), with_kind);
            writer.whole(Role::Added, "+", after.as_ref(), with_kind);
        }
    }
    writer.lines
}

/// Whether neither side has a form that says more than its bytes.
fn is_bytes(kind: ValueType, before: &Value, after: &Value) -> bool {
    let readable = [ValueType::SZ, ValueType::EXPAND_SZ, ValueType::DWORD, ValueType::QWORD];
    !readable.contains(&kind) || before.to_string().contains(" raw ") || after.to_string().contains(" raw ")
}

struct Writer<'a> {
    lines: Vec<Line<'static>>,
    columns: usize,
    theme: &'a Theme,
}

impl Writer<'_> {
    fn marked(&mut self, role: Role, mark: &str, text: &str) {
        let indent = Indent::hanging(vec![self.theme.span(role, format!("   {mark} "))]);
        self.lines.extend(wrap(&[self.theme.span(role, text)], self.columns, &indent));
    }

    fn whole(&mut self, role: Role, mark: &str, value: Option<&Value>, with_kind: bool) {
        match value {
            None => {}
            Some(value) if value.kind == ValueType::MULTI_SZ && value.as_multi_string().is_some() => {
                self.marked(role, mark, "REG_MULTI_SZ");
                for member in value.as_multi_string().unwrap_or_default() {
                    self.marked(role, &format!("{mark}  "), &quoted(&member));
                }
            }
            Some(value) => {
                let text = value_text(value);
                let kind = if with_kind { String::new() } else { format!("{} ", value.kind) };
                self.marked(role, mark, text.strip_prefix(&kind).unwrap_or(&text));
            }
        }
    }

    fn lists(&mut self, before: &Value, after: &Value) {
        let (before, after) = (before.as_multi_string(), after.as_multi_string());
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let after: Vec<&str> = after.iter().map(String::as_str).collect();
        self.members(&difference(&before, &after), "members", |member| quoted(member));
    }

    fn bytes(&mut self, before: &Value, after: &Value) {
        if before.data.len() != after.data.len() {
            let text = format!("{} bytes become {}", before.data.len(), after.data.len());
            self.lines.push(Line::from(self.theme.span(Role::Faint, format!("     {text}"))));
        }
        let width = if self.columns >= 68 { 16 } else { 8 };
        let rows = before.data.len().max(after.data.len()).div_ceil(width);
        let mut members = Vec::new();
        for row in 0..rows.min(ROWS_MAX) {
            let part = |data: &'_ [u8]| (row * width, bytes_of(data, row, width).to_vec());
            let (old, new) = (part(&before.data), part(&after.data));
            if old == new {
                members.push(Member::Same(old));
            } else {
                members.extend([Member::Removed(old), Member::Added(new)]);
            }
        }
        members.retain(
            |member| !matches!(member, Member::Removed((_, row)) | Member::Added((_, row)) if row.is_empty()),
        );
        self.members(&members, "rows", |(offset, row)| hex_row(*offset, row));
        if rows > ROWS_MAX {
            let text = format!("     {} more rows are not shown", rows - ROWS_MAX);
            self.lines.push(Line::from(self.theme.span(Role::Warning, text)));
        }
    }

    /// Members with their marks; long runs of equal ones are counted.
    fn members<T>(&mut self, members: &[Member<T>], called: &str, show: impl Fn(&T) -> String) {
        let differs = |at: usize| members.get(at).is_some_and(|member| !matches!(member, Member::Same(_)));
        let near = |at: usize| (at.saturating_sub(NEIGHBOURS)..=at + NEIGHBOURS).any(differs);
        let mut equal = 0;
        for (at, member) in members.iter().enumerate() {
            if let Member::Same(_) = member
                && !near(at)
            {
                equal += 1;
                continue;
            }
            self.equal(std::mem::take(&mut equal), called);
            match member {
                Member::Same(member) => self.marked(Role::Plain, " ", &show(member)),
                Member::Removed(member) => self.marked(Role::Removed, "-", &show(member)),
                Member::Added(member) => self.marked(Role::Added, "+", &show(member)),
            }
        }
        self.equal(equal, called);
    }

    fn equal(&mut self, equal: usize, called: &str) {
        if equal > 0 {
            let text = format!("     ({equal} equal {called})");
            self.lines.push(Line::from(Span::styled(text, self.theme.style(Role::Faint))));
        }
    }
}

/// `REG_DWORD 600 (0x258)`, `REG_SZ "text"`.
pub(super) fn value_text(value: &Value) -> String {
    let text = match (value.as_dword(), value.as_qword()) {
        (Some(number), _) if number > 9 => format!("{} {number} ({number:#x})", value.kind),
        (_, Some(number)) if number > 9 => format!("{} {number} ({number:#x})", value.kind),
        _ => value.to_string(),
    };
    let length = text.chars().count();
    if length <= TEXT_MAX_CHARACTERS {
        return clean(&text).into_owned();
    }
    let head: String = text.chars().take(TEXT_MAX_CHARACTERS).collect();
    format!("{}.. ({} more characters)", clean(&head), length - TEXT_MAX_CHARACTERS)
}

fn quoted(member: &str) -> String {
    // An empty member would otherwise be invisible.
    if member.is_empty() { "(empty)".to_owned() } else { clean(member).into_owned() }
}

fn bytes_of(data: &[u8], row: usize, width: usize) -> &[u8] {
    let from = (row * width).min(data.len());
    &data[from..(from + width).min(data.len())]
}

fn hex_row(offset: usize, row: &[u8]) -> String {
    let bytes: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{offset:06x}  {}", bytes.join(" "))
}
