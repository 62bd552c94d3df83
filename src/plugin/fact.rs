//! What a script may ask of the target, and what it is told: plain data, so
//! that nothing else crosses the border of the sandbox.

use rhai::{Dynamic, Map};

use super::limits::DEPTH_MAX;

/// A question of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Which Windows the target is.
    Windows,
    /// Whether a key exists.
    KeyExists(String),
    /// The subkey names of a key.
    Subkeys(String),
    /// The value names of a key.
    ValueNames(String),
    /// One value.
    Value(String, String),
    /// The type of a value (`REG_SZ`).
    ValueType(String, String),
    /// All services and drivers.
    Services,
    /// One service.
    Service(String),
    /// Whether the program or driver file of a service is there.
    ServiceFile(String),
    /// Whether the library of a service that shares a process is there.
    ServiceLibrary(String),
    /// Whether a file exists.
    FileExists(String),
    /// The version of a file (`6.1.7601.17514`).
    FileVersion(String),
    /// The files that match a pattern.
    Files(String),
}

/// An answer to a [`Question`], or what a script returned.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// There is nothing.
    Nothing,
    /// Yes or no.
    Truth(bool),
    /// A number.
    Number(i64),
    /// Text.
    Text(String),
    /// Several.
    List(Vec<Fact>),
    /// Named parts, in their order.
    Table(Vec<(String, Fact)>),
}

impl Fact {
    /// A list of texts.
    pub fn texts<S: Into<String>>(texts: impl IntoIterator<Item = S>) -> Self {
        Self::List(texts.into_iter().map(|text| Self::Text(text.into())).collect())
    }

    /// How many parts it has, with everything nested.
    pub fn count(&self) -> usize {
        match self {
            Self::List(facts) => facts.iter().map(Self::count).sum::<usize>() + facts.len(),
            Self::Table(parts) => parts.iter().map(|(_, fact)| fact.count()).sum::<usize>() + parts.len(),
            _ => 0,
        }
    }

    /// A part of a table.
    pub fn part(&self, name: &str) -> Option<&Fact> {
        match self {
            Self::Table(parts) => parts.iter().find(|(known, _)| known == name).map(|(_, fact)| fact),
            _ => None,
        }
    }

    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What the script sees.
    pub fn into_dynamic(self) -> Dynamic {
        match self {
            Self::Nothing => Dynamic::UNIT,
            Self::Truth(truth) => truth.into(),
            Self::Number(number) => number.into(),
            Self::Text(text) => text.into(),
            Self::List(facts) => facts.into_iter().map(Self::into_dynamic).collect::<Vec<_>>().into(),
            Self::Table(parts) => {
                let map: Map =
                    parts.into_iter().map(|(name, fact)| (name.into(), fact.into_dynamic())).collect();
                map.into()
            }
        }
    }

    /// What the script returned; `Err` names a kind of thing that has no
    /// business outside (a function pointer, a time).
    ///
    /// # Errors
    /// The name of the kind, or that it is nested deeper than
    /// [`DEPTH_MAX`] lists and tables.
    pub fn from_dynamic(value: Dynamic) -> Result<Self, String> {
        Self::from_nested(value, DEPTH_MAX)
    }

    fn from_nested(value: Dynamic, depth: usize) -> Result<Self, String> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(format!("value nested more than {DEPTH_MAX} deep"));
        };
        if value.is_unit() {
            return Ok(Self::Nothing);
        }
        if let Ok(truth) = value.as_bool() {
            return Ok(Self::Truth(truth));
        }
        if let Ok(number) = value.as_int() {
            return Ok(Self::Number(number));
        }
        if value.is_string() || value.is_char() {
            return Ok(Self::Text(value.to_string()));
        }
        let kind = value.type_name().to_owned();
        if value.is_array() {
            let items = value.into_array().map_err(str::to_owned)?;
            return items
                .into_iter()
                .map(|item| Self::from_nested(item, depth))
                .collect::<Result<_, _>>()
                .map(Self::List);
        }
        match value.try_cast::<Map>() {
            Some(map) => map
                .into_iter()
                .map(|(name, part)| Ok((name.to_string(), Self::from_nested(part, depth)?)))
                .collect::<Result<_, String>>()
                .map(Self::Table),
            None => Err(kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_survive_the_border() {
        let fact = Fact::Table(vec![
            ("a".to_owned(), Fact::Number(1)),
            ("b".to_owned(), Fact::texts(["x", "y"])),
            ("c".to_owned(), Fact::Nothing),
            ("d".to_owned(), Fact::Truth(true)),
        ]);
        assert_eq!(Fact::from_dynamic(fact.clone().into_dynamic()), Ok(fact));
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        let nested = |depth| (0..depth).fold(Dynamic::ONE, |value, _| vec![value].into());
        assert!(Fact::from_dynamic(nested(DEPTH_MAX - 1)).is_ok());
        assert!(Fact::from_dynamic(nested(DEPTH_MAX)).unwrap_err().contains("nested"));
    }

    #[test]
    fn what_is_not_plain_is_named() {
        let pointer = rhai::FnPtr::new("rule").unwrap();
        assert_eq!(Fact::from_dynamic(pointer.into()), Err("Fn".to_owned()));
    }
}
