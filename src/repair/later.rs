//! What later changes make of earlier ones: only what is not hidden can be seen
//! on the disk.

use std::collections::HashSet;

use super::record::Record;

/// For each of several changes, in their order.
pub(crate) struct Later {
    /// A later change at its place or above it hides what it left.
    pub overtaken: Vec<bool>,
    /// A later change lies below its place.
    pub changed_below: Vec<bool>,
}

impl Later {
    pub(crate) fn of(records: &[Record]) -> Self {
        let places: Vec<String> = records.iter().map(|record| record.change.place().to_uppercase()).collect();
        let count = places.len();
        let mut later = Self { overtaken: vec![false; count], changed_below: vec![false; count] };
        let mut seen = HashSet::new();
        let mut above_seen = HashSet::new();
        let judged = later.overtaken.iter_mut().zip(&mut later.changed_below);
        for (place, (overtaken, changed_below)) in places.iter().zip(judged).rev() {
            *overtaken = seen.contains(place.as_str()) || ancestors(place).any(|above| seen.contains(above));
            *changed_below = above_seen.contains(place.as_str());
            seen.insert(place.as_str());
            above_seen.extend(ancestors(place));
        }
        later
    }
}

/// What stands before each backslash.
fn ancestors(place: &str) -> impl Iterator<Item = &str> {
    place.match_indices('\\').map(|(at, _)| &place[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::change::{Change, KeyChange};
    use crate::windows::HiveName;

    fn record(key: &str) -> Record {
        let (hive, key) = (HiveName("SOFTWARE".to_owned()), key.to_owned());
        Record {
            fix: String::new(),
            change: Change::KeyCreated(KeyChange { hive, key, before: None, after: None }),
            position: None,
            tree: None,
            key_file: None,
            content: None,
        }
    }

    #[test]
    fn later_changes_hide_what_is_at_or_below_their_place() {
        let records = [r"A\B\C", r"A\BB", "X", r"a\b", r"A\B\D"].map(record);
        let later = Later::of(&records);
        assert_eq!(later.overtaken, [true, false, false, false, false]);
        assert_eq!(later.changed_below, [false, false, false, true, false]);
    }
}
