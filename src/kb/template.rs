//! Text with parts that are taken from the target: `{SystemRoot}`,
//! `{registry:HKLM\…\MachineGuid}`, `{ask:new-key}`.

use std::fmt;
use std::str::FromStr;

/// Text of a fix block with placeholders.
///
/// `{{` is a literal opening brace; a GUID in braces stands for itself, because
/// registry paths are full of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(pub Vec<Piece>);

/// A part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Literal text.
    Text(String),
    /// `{registry:KEY\VALUE}`: the text of a value; the last component is the
    /// value's name.
    Registry {
        /// Full key name.
        key: String,
        /// Value name.
        value: String,
    },
    /// `{SystemRoot}`: the Windows folder as Windows itself calls it (`C:\WINNT`).
    SystemRoot,
    /// `{SystemDrive}`: `C:`.
    SystemDrive,
    /// `{AllUsersProfile}`: the all-users profile folder (`C:\Documents and
    /// Settings\All Users`, `C:\ProgramData`).
    AllUsersProfile,
    /// `{ask:ID}`: the technician's answer to a question of the same fix.
    Ask(String),
}

impl Piece {
    /// Whether it stands for a folder of the target.
    pub(super) fn is_folder(&self) -> bool {
        matches!(self, Self::SystemRoot | Self::SystemDrive | Self::AllUsersProfile)
    }
}

/// Why a text is not a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace without its partner.
    #[error("`{{` without `}}`")]
    Unclosed,
    /// Something in braces that is no placeholder.
    #[error("unknown placeholder `{{{0}}}`")]
    Unknown(String),
    /// `{registry:…}` without a key or without a value name.
    #[error("`{{registry:{0}}}` names no key and value")]
    NoValue(String),
}

impl Template {
    /// Text without placeholders.
    pub fn literal(text: &str) -> Self {
        Self(if text.is_empty() { Vec::new() } else { vec![Piece::Text(text.to_owned())] })
    }

    /// The text, where no part comes from the target.
    pub fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The text with each placeholder replaced by one letter: its shape.
    pub(super) fn shape(&self) -> String {
        let texts = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            _ => "x",
        });
        texts.collect()
    }

    /// Whether a folder of the target is part of it.
    pub(super) fn has_folder(&self) -> bool {
        self.0.iter().any(Piece::is_folder)
    }

    /// The ids of the questions whose answers it needs.
    pub fn questions(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Ask(id) => Some(id.as_str()),
            _ => None,
        })
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(brace) = rest.find('{') {
            literal.push_str(&rest[..brace]);
            let after = &rest[brace + 1..];
            if let Some(escaped) = after.strip_prefix('{') {
                literal.push('{');
                rest = escaped;
                continue;
            }
            let end = closing_brace(after).ok_or(TemplateError::Unclosed)?;
            let name = &after[..end];
            if is_guid(name) {
                literal.push_str(&rest[brace..=brace + 1 + end]);
            } else {
                push_text(&mut pieces, &mut literal);
                pieces.push(placeholder(name)?);
            }
            rest = &after[end + 1..];
        }
        literal.push_str(rest);
        push_text(&mut pieces, &mut literal);
        Ok(Self(pieces))
    }
}

/// Where the brace opened before `text` is closed; GUIDs in between have braces
/// of their own.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 1_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

fn push_text(pieces: &mut Vec<Piece>, literal: &mut String) {
    if !literal.is_empty() {
        pieces.push(Piece::Text(std::mem::take(literal)));
    }
}

fn placeholder(name: &str) -> Result<Piece, TemplateError> {
    match name.split_once(':') {
        Some(("registry", path)) => path
            .rsplit_once('\\')
            .filter(|(key, value)| !key.is_empty() && !value.is_empty())
            .map(|(key, value)| Piece::Registry { key: key.to_owned(), value: value.to_owned() })
            .ok_or_else(|| TemplateError::NoValue(path.to_owned())),
        Some(("ask", id)) if !id.is_empty() => Ok(Piece::Ask(id.to_owned())),
        None if name == "SystemRoot" => Ok(Piece::SystemRoot),
        None if name == "SystemDrive" => Ok(Piece::SystemDrive),
        None if name == "AllUsersProfile" => Ok(Piece::AllUsersProfile),
        _ => Err(TemplateError::Unknown(name.to_owned())),
    }
}

/// `4D36E967-E325-11CE-BFC1-08002BE10318`: groups of 8, 4, 4, 4 and 12
/// hexadecimal digits (RFC 9562, section 4).
fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// As an article writes it.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => write_literal(f, text),
            Piece::Registry { key, value } => write!(f, "{{registry:{key}\\{value}}}"),
            Piece::SystemRoot => f.write_str("{SystemRoot}"),
            Piece::SystemDrive => f.write_str("{SystemDrive}"),
            Piece::AllUsersProfile => f.write_str("{AllUsersProfile}"),
            Piece::Ask(id) => write!(f, "{{ask:{id}}}"),
        })
    }
}

fn write_literal(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(brace) = rest.find('{') {
        f.write_str(&rest[..brace])?;
        let after = &rest[brace + 1..];
        let guid = after.find('}').is_some_and(|end| is_guid(&after[..end]));
        f.write_str(if guid { "{" } else { "{{" })?;
        rest = after;
    }
    f.write_str(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Template {
        text.parse().unwrap()
    }

    #[test]
    fn placeholders_are_found_between_text() {
        let template = parsed(r"{SystemRoot}\x_{registry:HKLM\SOFTWARE\Crypt\MachineGuid}{ask:new-key}");
        let registry =
            Piece::Registry { key: r"HKLM\SOFTWARE\Crypt".to_owned(), value: "MachineGuid".to_owned() };
        let ask = Piece::Ask("new-key".to_owned());
        assert_eq!(template.0, [Piece::SystemRoot, Piece::Text(r"\x_".to_owned()), registry, ask]);
        assert_eq!(template.questions().collect::<Vec<_>>(), ["new-key"]);
    }

    #[test]
    fn literal_braces_and_guids_stay() {
        assert_eq!(parsed("a{{b}").as_literal(), Some("a{b}"));
        let class = r"Class\{4D36E967-E325-11CE-BFC1-08002BE10318}\x";
        assert_eq!(parsed(class).as_literal(), Some(class));
        assert_eq!(parsed("").as_literal(), Some(""));
    }

    #[test]
    fn the_key_of_a_value_may_have_a_guid() {
        let guid = "{4D36E967-E325-11CE-BFC1-08002BE10318}";
        let key = format!(r"HKLM\SYSTEM\{guid}");
        let template = parsed(&format!(r"a\{{registry:{key}\Class}}\b"));
        let registry = Piece::Registry { key, value: "Class".to_owned() };
        assert_eq!(template.0, [Piece::Text(r"a\".to_owned()), registry, Piece::Text(r"\b".to_owned())]);
        assert_eq!("{registry:HKLM\\{x".parse::<Template>().unwrap_err(), TemplateError::Unclosed);
    }

    #[test]
    fn what_is_written_reads_back() {
        for text in [
            "a{{b}c",
            r"{SystemDrive}\{4D36E967-E325-11CE-BFC1-08002BE10318}",
            r"{AllUsersProfile}\{ask:x}",
            r"{registry:HKLM\SOFTWARE\A\B}",
            r"a\{registry:HKLM\SOFTWARE\{4D36E967-E325-11CE-BFC1-08002BE10318}\B}\c",
        ] {
            assert_eq!(parsed(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_placeholder_is_refused() {
        let unknown = |name: &str| TemplateError::Unknown(name.to_owned());
        assert_eq!("{SystemRoot".parse::<Template>().unwrap_err(), TemplateError::Unclosed);
        assert_eq!("{systemroot}".parse::<Template>().unwrap_err(), unknown("systemroot"));
        assert_eq!("{}".parse::<Template>().unwrap_err(), unknown(""));
        assert_eq!("{ask:}".parse::<Template>().unwrap_err(), unknown("ask:"));
        assert_eq!(
            "{registry:HKLM}".parse::<Template>().unwrap_err(),
            TemplateError::NoValue("HKLM".to_owned())
        );
    }
}
