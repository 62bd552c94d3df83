//! The corpus table: every real hive opened, audited, edited in every way and
//! compared with other people's readers, and every dirty one with the outcome
//! that is known. Prints Markdown; `docs/hive-corpus.md` holds the last run.
//!
//!     cargo run --example hive-corpus -- ../shared/hives [HIVE...]

mod edits;
mod outcomes;
mod peers;

use std::error::Error;
use std::path::{Path, PathBuf};

use pemedic::hive::Hive;
use pemedic::hive::audit::audit;
use pemedic::hive::storage::Disk;
use pemedic::hive::store;

use edits::Edits;

/// Anything that stops the program.
pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// Hives by their place in the collection; logs lie beside them.
const HIVES: &[&str] = &[
    "nt4/SOFTWARE",
    "nt4/SYSTEM",
    "winxp/SYSTEM",
    "winxp/NTUSER.DAT",
    "ntuser/win7-NTUSER.DAT",
    "ntuser/big-value-v13-NTUSER.DAT",
    "ntuser/dirty-NTUSER.DAT",
    "bcd/BCD",
    "bcd/BCD-Template",
    "logs/NewDirtyHive1/NewDirtyHive",
    "logs/NewDirtyHive1/RecoveredHive_Windows10",
    "logs/OldDirtyHive/OldDirtyHive",
    "logs/OldDirtyHive/RecoveredHive_Windows7",
    "logs/BadLogHive1/BadLogHive",
    "crafted/BadSubkeyHive",
    "crafted/BigDataHive",
    "crafted/EffectiveSizeHive",
    "crafted/ExtendedASCIIHive",
    "crafted/InvalidParentHive",
    "crafted/ManySubkeysHive",
    "crafted/NewFlagsHive",
    "crafted/SlackHive",
    "crafted/TruncatedHive",
    "crafted/UnicodeHive",
    "crafted/UpcaseHive",
    "crafted/hivex-minimal",
    "crafted/hivex-rlenvalue",
    "crafted/hivex-special",
    "crafted/truncated-xp-SYSTEM",
    "win7/SYSTEM",
    "win10/SYSTEM",
    "win7/SOFTWARE",
];

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name the folder of the collection")?);
    let only: Vec<String> = arguments.collect();
    let readers = peers::installed()?;
    println!("## Every hive, edited\n");
    print!("| hive | opens | keys | values | defects | edits | nt-hive |");
    for reader in &readers {
        print!(" {} |", reader.name);
    }
    println!("\n|---|---|---|---|---|---|---|{}", "---|".repeat(readers.len()));
    for name in HIVES.iter().filter(|name| only.is_empty() || only.iter().any(|only| only == *name)) {
        println!("{}", row(name, &folder.join(name), &readers)?);
    }
    println!("\n## Every dirty hive, recovered\n");
    outcomes::print(&folder)
}

/// One line of the table.
fn row(name: &str, path: &Path, readers: &[peers::Reader]) -> Outcome<String> {
    if !path.is_file() {
        return Ok(format!("| {name} | not there |"));
    }
    let hive = match store::load(&Disk, path) {
        Ok(hive) => hive,
        Err(error) => return Ok(format!("| {name} | no: {} |", short(&error.to_string()))),
    };
    let opens = if hive.recovery().recovered { "recovered" } else { "clean" };
    let audit = audit(hive.image());
    let mut cells = vec![name.to_owned(), opens.to_owned(), audit.keys.to_string(), audit.values.to_string()];
    cells.push(verdict(&audit.defects));
    let before = hive.image().to_vec();
    let edits = Edits::choose(&hive);
    let edited = edits.make(hive);
    cells.push(edited.summary());
    let Some(after) = edited.image else {
        cells.extend(vec!["-".to_owned(); readers.len() + 1]);
        return Ok(format!("| {} |", cells.join(" | ")));
    };
    cells.push(nt_hive(&after, &edited.done)?);
    let work = tempfile::tempdir()?;
    let (old, new) = (work.path().join("before"), work.path().join("after"));
    std::fs::write(&old, &before)?;
    std::fs::write(&new, &after)?;
    for reader in readers {
        cells.push(reader.compare(&old, &new, &edited.done)?);
    }
    Ok(format!("| {} |", cells.join(" | ")))
}

fn verdict(defects: &[pemedic::hive::audit::Defect]) -> String {
    let mut rules = std::collections::BTreeMap::new();
    for defect in defects {
        *rules.entry(defect.rule).or_insert(0) += 1;
    }
    let rules: Vec<String> = rules.iter().map(|(rule, times)| format!("{times} {rule}")).collect();
    if rules.is_empty() { "none".to_owned() } else { rules.join(", ") }
}

/// Whether nt-hive finds every edit in the new image.
fn nt_hive(image: &[u8], done: &[edits::Edit]) -> Outcome<String> {
    let witness = pemedic::hive::witness::Witness::of(image)?;
    let mut covers = 0;
    for edit in done {
        let seen = edit.is_seen_by(&witness)?;
        covers += seen.covers.len();
        if !seen.answer {
            return Ok(format!("misses {edit:?}"));
        }
    }
    Hive::from_image(image.to_vec())?;
    Ok(if covers == 0 { "agrees".to_owned() } else { format!("agrees, {covers} by cover") })
}

fn short(text: &str) -> String {
    let text = text.rsplit_once(": ").map_or(text, |(_, last)| last);
    text.replace('|', "/")
}
