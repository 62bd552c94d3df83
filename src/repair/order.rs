//! The order in which a repair is written.
//!
//! A machine that loses power in the middle may boot before the next start of
//! pemedic takes the rest back or finishes it. So what is only added comes
//! first (restored files, which a hive may name), then hives that Windows needs
//! late, and SYSTEM and the boot store last, because they decide what boots;
//! what is taken away (files moved aside or renamed) comes after everything
//! that may have named it. A file that depends on an earlier file change waits
//! for it.

use crate::windows::HiveName;

use super::change::Change;
use super::record::Record;

/// Smaller is committed earlier.
pub(crate) fn rank(hive: &HiveName) -> u8 {
    match hive.0.as_str() {
        "BCD00000000" => 6,
        "SYSTEM" => 5,
        "SAM" | "SECURITY" => 4,
        "SOFTWARE" => 3,
        "COMPONENTS" | "DRIVERS" => 2,
        _ => 1,
    }
}

/// For each file change, in order, whether it is made before the hives.
pub(crate) fn before_hives(records: &[Record]) -> Vec<bool> {
    let mut touched: Vec<String> = Vec::new();
    let mut early = Vec::new();
    for record in records.iter().filter(|record| record.change.hive().is_none()) {
        let paths = paths(record);
        let depends = paths.iter().any(|path| touched.contains(path));
        early.push(matches!(record.change, Change::FileRestored(_)) && !depends);
        touched.extend(paths);
    }
    early
}

/// The paths a file change reads or writes, in upper case.
fn paths(record: &Record) -> Vec<String> {
    let mut paths = Vec::new();
    if let Change::FileMovedAside(change) | Change::FileRenamed(change) | Change::FileRestored(change) =
        &record.change
    {
        paths.push(change.file.to_uppercase());
        if let (Change::FileRenamed(_), Some((folder, _)), Some(name)) =
            (&record.change, change.file.rsplit_once('\\'), &change.after)
        {
            paths.push(format!("{folder}\\{name}").to_uppercase());
        }
    }
    let source = record.content.as_ref().and_then(|content| content.source.as_ref());
    paths.extend(source.map(|source| source.to_uppercase()));
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::change::FileChange;

    #[test]
    fn what_decides_the_boot_comes_last() {
        let mut names: Vec<HiveName> = ["BCD00000000", "SYSTEM", "user:S-1-5-21-1", "SOFTWARE"]
            .into_iter()
            .map(|name| HiveName(name.to_owned()))
            .collect();
        names.sort_by_key(rank);
        let order: Vec<&str> = names.iter().map(|name| name.0.as_str()).collect();
        assert_eq!(order, ["user:S-1-5-21-1", "SOFTWARE", "SYSTEM", "BCD00000000"]);
    }

    fn record(kind: fn(FileChange) -> Change, file: &str) -> Record {
        let change = kind(FileChange { file: file.to_owned(), before: None, after: None });
        Record { fix: String::new(), change, position: None, tree: None, key_file: None, content: None }
    }

    #[test]
    fn a_file_restored_in_place_of_a_moved_one_waits() {
        let records = [
            record(Change::FileRestored, r"C:\a"),
            record(Change::FileMovedAside, r"C:\b"),
            record(Change::FileRestored, r"c:\B"),
        ];
        assert_eq!(before_hives(&records), [true, false, false]);
    }
}
