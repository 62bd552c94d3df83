//! How things look: roles instead of colours, marks instead of glyphs.
//!
//! No role tells by colour alone what a word or a mark beside it does not tell
//! too, so that sixteen colours, none, and a screen reader say the same.

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Span;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Plain,
    /// Text that explains; can be missed without loss.
    Faint,
    /// The line that says where one is.
    Title,
    /// A heading.
    Heading,
    /// Text to stress.
    Strong,
    /// A key to press.
    Key,
    /// The selected row.
    Selected,
    /// All is well.
    Good,
    /// Look here.
    Warning,
    /// Stop.
    Bad,
    /// What will be there.
    Added,
    /// What is there and will not be.
    Removed,
    /// Code, keys, file names.
    Code,
    /// Text that can be edited.
    Field,
    /// Where the next character goes.
    Caret,
    /// What the search within a text found.
    Match,
}

/// Marks drawn with one or two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Before the selected row.
    pub pointer: &'static str,
    /// Between the places of the title.
    pub path: &'static str,
    /// Before a list item.
    pub bullet: &'static str,
    /// Done, healthy.
    pub done: &'static str,
    /// A horizontal line.
    pub horizontal: &'static str,
    /// A vertical line.
    pub vertical: &'static str,
    /// Crossing of both.
    pub cross: &'static str,
    /// The part of a bar that is done.
    pub full: &'static str,
    /// The part that is not.
    pub empty: &'static str,
    /// There is more above.
    pub more_above: &'static str,
    /// There is more below.
    pub more_below: &'static str,
    /// Between two small things of one line.
    pub dot: &'static str,
}

/// Glyphs of code page 437, which every raster console font has. Triangles and
/// arrows below 0x20 of that page are left out: not every font has them.
pub const CP437: Glyphs = Glyphs {
    pointer: "»",
    path: "»",
    bullet: "·",
    done: "√",
    horizontal: "─",
    vertical: "│",
    cross: "┼",
    full: "█",
    empty: "░",
    more_above: "^",
    more_below: "v",
    dot: "·",
};

/// Nothing but ASCII.
pub const ASCII: Glyphs = Glyphs {
    pointer: ">",
    path: ">",
    bullet: "*",
    done: "+",
    horizontal: "-",
    vertical: "|",
    cross: "+",
    full: "#",
    empty: ".",
    more_above: "^",
    more_below: "v",
    dot: "-",
};

/// Colours and marks of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    colours: bool,
    /// The marks.
    pub glyphs: Glyphs,
}

impl Theme {
    /// Sixteen colours or none; CP437 marks or ASCII ones.
    pub fn new(colours: bool, ascii: bool) -> Self {
        Self { colours, glyphs: if ascii { ASCII } else { CP437 } }
    }

    /// Whether marks are ASCII only.
    pub fn is_ascii(&self) -> bool {
        self.glyphs == ASCII
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        let style = Style::new();
        let style = match role {
            Role::Title | Role::Selected | Role::Caret => return style.add_modifier(Modifier::REVERSED),
            Role::Heading | Role::Strong | Role::Key | Role::Bad | Role::Match => {
                style.add_modifier(Modifier::BOLD)
            }
            Role::Field => style.add_modifier(Modifier::UNDERLINED),
            _ => style,
        };
        if self.colours { style.patch(coloured(role)) } else { style }
    }

    /// A piece of text in a role.
    pub fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.style(role))
    }
}

fn coloured(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Faint => style.fg(Color::DarkGray),
        Role::Key | Role::Warning => style.fg(Color::Yellow),
        Role::Good | Role::Added => style.fg(Color::Green),
        Role::Bad | Role::Removed => style.fg(Color::LightRed),
        Role::Heading | Role::Code => style.fg(Color::Cyan),
        Role::Match => style.fg(Color::Black).bg(Color::Yellow),
        _ => style,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_no_style_has_one() {
        let theme = Theme::new(false, true);
        for role in [Role::Bad, Role::Good, Role::Match, Role::Key, Role::Selected, Role::Faint] {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }

    #[test]
    fn marks_are_in_code_page_437() {
        const BEYOND_ASCII: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
             └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■";
        let marks = |glyphs: Glyphs| {
            [
                glyphs.pointer,
                glyphs.path,
                glyphs.bullet,
                glyphs.done,
                glyphs.horizontal,
                glyphs.vertical,
                glyphs.cross,
                glyphs.full,
                glyphs.empty,
                glyphs.more_above,
                glyphs.more_below,
                glyphs.dot,
            ]
            .concat()
        };
        assert!(marks(CP437).chars().all(|c| c.is_ascii() || BEYOND_ASCII.contains(c)));
        assert!(marks(ASCII).is_ascii());
    }
}
