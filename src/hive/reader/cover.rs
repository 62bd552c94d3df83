//! Answers, and why our own decoder had to give some of them.

use std::fmt;

/// Why our own decoder answered in nt-hive's place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Cover {
    /// The hive is of version 1.1 or 1.2.
    Version(u32),
    /// Data above 16,344 bytes in one cell, as before version 1.4.
    WholeData,
    /// A value of no bytes that is not marked as inline.
    EmptyData,
    /// A key without values that has the offset of a list.
    StaleValueList,
    /// A key without subkeys that has the offset of a list.
    StaleSubkeyList,
    /// A predefined handle key.
    PredefinedHandle,
    /// A type number without a name.
    UnknownType,
    /// Letters whose capitals nt-hive sees where Windows sees none.
    Capitals,
    /// nt-hive failed: what it said.
    Failed(String),
}

impl fmt::Display for Cover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(minor) => write!(f, "nt-hive does not read hives of version 1.{minor}"),
            Self::WholeData => {
                f.write_str("nt-hive takes data above 16,344 bytes for big data before version 1.4, too")
            }
            Self::EmptyData => f.write_str("nt-hive looks for the data of values that have none"),
            Self::StaleValueList => f.write_str("nt-hive follows value lists of keys without values"),
            Self::StaleSubkeyList => f.write_str("nt-hive follows subkey lists of keys without subkeys"),
            Self::PredefinedHandle => f.write_str("nt-hive looks for values of predefined handle keys"),
            Self::UnknownType => f.write_str("nt-hive does not know the type number"),
            Self::Capitals => f.write_str("nt-hive gives some letters capitals that Windows does not"),
            Self::Failed(said) => write!(f, "nt-hive failed: {said}"),
        }
    }
}

/// An answer that both readers gave, but for the parts listed in `covers`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen<T> {
    /// The answer.
    pub answer: T,
    /// Why our own decoder answered alone, once for each part of the answer
    /// (key, list, value) where it did; empty where nt-hive agreed to all.
    pub covers: Vec<Cover>,
}

impl<T> Seen<T> {
    /// An answer both gave.
    pub(in crate::hive) fn by_both(answer: T) -> Self {
        Self { answer, covers: Vec::new() }
    }

    /// The same about something made of the answer.
    pub(in crate::hive) fn map<U>(self, make: impl FnOnce(T) -> U) -> Seen<U> {
        Seen { answer: make(self.answer), covers: self.covers }
    }
}
