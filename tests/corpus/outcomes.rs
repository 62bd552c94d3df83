//! Dirty hives and what became of them elsewhere.

use std::path::Path;

use pemedic::hive::Hive;
use pemedic::hive::audit::audit;
use pemedic::hive::storage::Disk;
use pemedic::hive::store;

use crate::Outcome;

const BASE_BLOCK: usize = 4096;

/// What is known of a dirty hive.
enum Known {
    /// Keys and values after the replay by yarp, the reference.
    Counts(usize, usize),
    /// The file that Windows made of it.
    Windows(&'static str),
    /// No log that may be applied.
    Refused,
}

const DIRTY: &[(&str, Known)] = &[
    ("win10/SYSTEM", Known::Counts(35_595, 78_901)),
    ("ntuser/dirty-NTUSER.DAT", Known::Counts(3105, 4695)),
    ("logs/NewDirtyHive1/NewDirtyHive", Known::Windows("logs/NewDirtyHive1/RecoveredHive_Windows10")),
    ("logs/OldDirtyHive/OldDirtyHive", Known::Windows("logs/OldDirtyHive/RecoveredHive_Windows7")),
    ("logs/BadLogHive1/BadLogHive", Known::Refused),
];

/// Prints the table.
pub(crate) fn print(folder: &Path) -> Outcome<()> {
    println!("| hive | recovered | known outcome | verdict |\n|---|---|---|---|");
    for (name, known) in DIRTY {
        let path = folder.join(name);
        let loaded = if path.is_file() {
            store::load(&Disk, &path)
        } else {
            println!("| {name} | not there | | |");
            continue;
        };
        let recovered = match &loaded {
            Ok(hive) => {
                let audit = audit(hive.image());
                format!("{} keys, {} values", audit.keys, audit.values)
            }
            Err(error) => {
                format!("refused: {}", error.to_string().replace(&path.display().to_string(), name))
            }
        };
        let (outcome, verdict) = judge(known, loaded.ok().as_ref(), folder)?;
        println!("| {name} | {recovered} | {outcome} | {verdict} |");
    }
    Ok(())
}

fn judge(known: &Known, hive: Option<&Hive>, folder: &Path) -> Outcome<(String, String)> {
    let same = |is_same: bool| if is_same { "the same" } else { "DIFFERENT" }.to_owned();
    Ok(match (known, hive) {
        (Known::Refused, hive) => ("must be refused".to_owned(), same(hive.is_none())),
        (Known::Counts(keys, values), Some(hive)) => {
            let audit = audit(hive.image());
            let is_same = (audit.keys, audit.values) == (*keys, *values);
            (format!("yarp: {keys} keys, {values} values"), same(is_same))
        }
        (Known::Windows(file), Some(hive)) => {
            (format!("Windows made {file}"), compare(hive.image(), &std::fs::read(folder.join(file))?))
        }
        (_, None) => ("must be recovered".to_owned(), same(false)),
    })
}

/// Compares the bins byte by byte.
fn compare(ours: &[u8], theirs: &[u8]) -> String {
    let size = |image: &[u8]| {
        let field = image.get(40..44).and_then(|field| field.try_into().ok()).unwrap_or_default();
        u32::from_le_bytes(field) as usize
    };
    if size(ours) != size(theirs) {
        return format!("DIFFERENT: {} and {} bytes of bins", size(ours), size(theirs));
    }
    let end = BASE_BLOCK + size(ours);
    let (ours, theirs) = (ours.get(BASE_BLOCK..end), theirs.get(BASE_BLOCK..end));
    let (Some(ours), Some(theirs)) = (ours, theirs) else { return "DIFFERENT: bins are missing".to_owned() };
    let places = ours.iter().zip(theirs).enumerate().filter(|(_, (ours, theirs))| ours != theirs);
    let places: Vec<String> = places.map(|(at, _)| format!("{:#x}", BASE_BLOCK + at)).collect();
    match places.len() {
        0 => "every byte of the bins is the same".to_owned(),
        count if count <= 16 => format!("the same but for {count} bytes at {}", places.join(", ")),
        count => format!("DIFFERENT in {count} bytes"),
    }
}
