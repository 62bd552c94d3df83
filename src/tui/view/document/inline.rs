//! Text within a line; links get numbers.

use ratatui::text::Span;

use crate::session::Span as Inline;
use crate::tui::text::clean;
use crate::tui::theme::{Role, Theme};

/// The addresses of a text in the order of their first appearance.
#[derive(Default)]
pub(super) struct Links {
    urls: Vec<String>,
}

impl Links {
    /// Styled text.
    pub(super) fn spans(&mut self, spans: &[Inline], theme: &Theme) -> Vec<Span<'static>> {
        let mut out = Vec::new();
        for span in spans {
            match span {
                Inline::Text(text) => out.push(Span::raw(cleaned(text))),
                Inline::Strong(text) | Inline::Emphasis(text) => {
                    out.push(theme.span(Role::Strong, cleaned(text)));
                }
                Inline::Code(text) => out.push(theme.span(Role::Code, cleaned(text))),
                Inline::Link { text, url } => {
                    out.push(theme.span(Role::Strong, cleaned(text)));
                    out.push(theme.span(Role::Faint, format!("[{}]", self.number(url))));
                }
            }
        }
        out
    }

    /// All of them; the next text begins anew.
    pub(super) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.urls)
    }

    fn number(&mut self, url: &str) -> usize {
        let known = self.urls.iter().position(|known| known == url);
        known.unwrap_or_else(|| {
            self.urls.push(url.to_owned());
            self.urls.len() - 1
        }) + 1
    }
}

/// Cleaned, with the author's own line breaks.
fn cleaned(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}
