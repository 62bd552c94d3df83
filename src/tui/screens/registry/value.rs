//! A value, in a word and whole.

use ratatui::text::{Line, Span};

use crate::session::{NamedValue, Value, ValueType, display_name};
use crate::tui::text::{Indent, clean, wrap};
use crate::tui::theme::{Role, Theme};

/// Longer data are cut, and say so.
const BYTES_MAX: usize = 64 * 1024;
/// What a row can show at most.
const SHORT_BYTES_MAX: usize = 256;

/// Type and beginning of the data, for a row.
pub(super) fn short(value: &Value) -> String {
    let head = Value { kind: value.kind, data: value.data[..value.data.len().min(SHORT_BYTES_MAX)].to_vec() };
    clean(&head.to_string()).into_owned()
}

/// The whole value.
pub(super) fn lines(value: &NamedValue, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let data = &value.value;
    let head = format!(" {}  {}, {} bytes", display_name(&value.name), data.kind, data.data.len());
    let mut lines = vec![Line::from(theme.span(Role::Strong, clean(&head)))];
    let text = |text: &str| wrap(&[Span::raw(clean(text).into_owned())], columns, &Indent::spaces(3));
    let shown = Value { kind: data.kind, data: data.data[..data.data.len().min(BYTES_MAX)].to_vec() };
    match (shown.as_string(), shown.as_multi_string(), shown.as_dword(), shown.as_qword()) {
        (Some(string), ..) => lines.extend(text(&string)),
        (_, Some(members), ..) => members.iter().for_each(|member| lines.extend(text(member))),
        (.., Some(number), _) => lines.extend(text(&format!("{number} ({number:#010x})"))),
        (.., Some(number)) => lines.extend(text(&format!("{number} ({number:#018x})"))),
        _ => {}
    }
    if data.kind != ValueType::DWORD || shown.as_dword().is_none() {
        lines.push(Line::default());
        lines.extend(dump(&shown.data, columns, theme));
    }
    if data.data.len() > BYTES_MAX {
        let more = format!("   {} more bytes are not shown", data.data.len() - BYTES_MAX);
        lines.push(Line::from(theme.span(Role::Warning, more)));
    }
    lines
}

/// Offset, bytes, characters.
fn dump(data: &[u8], columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let width = if columns >= 79 { 16 } else { 8 };
    let rows = data.chunks(width).enumerate();
    rows.map(|(row, bytes)| {
        let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let printable = |byte: &u8| if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '.' };
        let characters: String = bytes.iter().map(printable).collect();
        Line::from(vec![
            theme.span(Role::Faint, format!("   {:06x}  ", row * width)),
            Span::raw(format!("{:<1$}", hex.join(" "), width * 3)),
            theme.span(Role::Code, characters),
        ])
    })
    .collect()
}
