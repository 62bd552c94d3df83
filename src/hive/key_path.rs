//! Paths of keys inside one hive.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::upcase;

/// The path of a key relative to its hive's root key; empty is the root itself.
///
/// Compared without regard to case by [`KeyPath::is_same`], as the registry
/// does; `==` compares the spelling.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct KeyPath(Vec<String>);

impl KeyPath {
    /// The root key.
    pub fn root() -> Self {
        Self::default()
    }

    /// Splits at backslashes; empty components (leading, trailing or doubled
    /// backslashes) are dropped, because no key has an empty name.
    pub fn new(path: &str) -> Self {
        Self(path.split('\\').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    /// The key names from the root downwards.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Whether this is the root key.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The last component; `None` for the root.
    pub fn name(&self) -> Option<&str> {
        self.0.last().map(String::as_str)
    }

    /// The path without its last component; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        let (_, parent) = self.0.split_last()?;
        Some(Self(parent.to_vec()))
    }

    /// This path followed by `path` (one name or several).
    #[must_use]
    pub fn join(&self, path: &str) -> Self {
        let mut names = self.0.clone();
        names.extend(Self::new(path).0);
        Self(names)
    }

    /// Whether both name the same key: equal but for case.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.starts_with(other)
    }

    /// Whether this is `ancestor` or lies below it.
    pub fn starts_with(&self, ancestor: &Self) -> bool {
        self.0.len() >= ancestor.0.len() && self.0.iter().zip(&ancestor.0).all(|(a, b)| upcase::is_same(a, b))
    }
}

impl From<String> for KeyPath {
    fn from(path: String) -> Self {
        Self::new(&path)
    }
}

impl From<&str> for KeyPath {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

impl From<KeyPath> for String {
    fn from(path: KeyPath) -> Self {
        path.to_string()
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\\"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_backslashes_are_dropped() {
        assert_eq!(KeyPath::new(r"\A\\B\").to_string(), r"A\B");
        assert!(KeyPath::new(r"\").is_root());
    }

    #[test]
    fn comparison_ignores_case() {
        assert!(KeyPath::new(r"SERVICES\bits").is_same(&KeyPath::new(r"Services\BITS")));
        assert!(KeyPath::new(r"a\b").starts_with(&KeyPath::new("A")));
        assert!(!KeyPath::new("ab").starts_with(&KeyPath::new("a")));
    }
}
