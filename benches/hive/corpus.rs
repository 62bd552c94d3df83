//! Every real hive: does it open, what does the audit say, can it be edited.

use std::fs;
use std::path::Path;

use pemedic::hive::audit::audit;
use pemedic::hive::storage::Disk;
use pemedic::hive::{KeyPath, Value, store};

use crate::{KEY, Outcome};

/// Prints one line for each hive below `corpus`.
pub(crate) fn print(corpus: &Path) -> Outcome<()> {
    if !corpus.exists() {
        println!("\n(no ../shared/hives: the table of real hives is left out)");
        return Ok(());
    }
    println!("\n| hive | state | keys | values | defects | one edit |\n|---|---|---|---|---|---|");
    let mut folders: Vec<_> = fs::read_dir(corpus)?.collect::<Result<_, _>>()?;
    folders.sort_by_key(std::fs::DirEntry::path);
    for folder in folders.iter().map(std::fs::DirEntry::path).filter(|path| path.is_dir()) {
        print_folder(corpus, &folder)?;
    }
    Ok(())
}

fn print_folder(corpus: &Path, folder: &Path) -> Outcome<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for path in entries.iter().map(std::fs::DirEntry::path) {
        if path.is_dir() {
            print_folder(corpus, &path)?;
        } else if is_hive(&path) {
            let name = path.strip_prefix(corpus)?.display().to_string();
            println!("| {name} | {} |", describe(&path));
        }
    }
    Ok(())
}

fn is_hive(path: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    let other = [".log", ".log1", ".log2", ".evt", ".evtx", ".md"];
    !other.iter().any(|ending| name.ends_with(ending))
}

fn describe(path: &Path) -> String {
    let hive = match store::load(&Disk, path) {
        Ok(hive) => hive,
        Err(error) => return format!("refused: {error} | | | |"),
    };
    let state = if hive.recovery().recovered { "recovered" } else { "clean" };
    let found = audit(hive.image());
    let mut editor = hive.edit();
    let edited = editor
        .create_key(&KeyPath::new(KEY))
        .and_then(|()| editor.set_value(&KeyPath::new(KEY), "v", &Value::dword(600)))
        .and_then(|()| editor.finish());
    let edit = match edited {
        Ok(edited) if audit(edited.image()).defects.len() <= found.defects.len() => {
            "done, no new defect".to_owned()
        }
        Ok(_) => "NEW DEFECTS".to_owned(),
        Err(error) => format!("refused: {error}"),
    };
    format!("{state} | {} | {} | {} | {edit}", found.keys, found.values, found.defects.len())
}
