//! One edit of one hive: each stage, the whole, the floor and the peers.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use pemedic::hive::audit::audit;
use pemedic::hive::storage::Disk;
use pemedic::hive::witness::Witness;
use pemedic::hive::{Edited, Hive, KeyPath, Value, store};

use crate::rounds::{self, Candidate};
use crate::{KEY, Outcome, peers};

/// Measures one hive and prints its tables.
pub(crate) fn measure(hive: &Path, folder: &Path) -> Outcome<()> {
    let bytes = fs::read(hive)?;
    let work = folder.join("SOFTWARE");
    println!("\n{} ({:.1} MiB)", hive.display(), mebibytes(bytes.len()));
    let fresh = || fs::write(&work, &bytes).map_err(Into::into);
    fresh()?;
    measure_readings(&work, &bytes)?;
    let image = edit(open(&work)?)?;
    let mut whole = vec![
        Candidate::prepared("floor: copy the file, flush", fresh, |()| copy(&work)),
        Candidate::prepared("floor: write beside, flush, rename", fresh, |()| replace(&work, &bytes)),
        Candidate::prepared("pemedic: open, audit, edit, audit, save, verify", fresh, |()| {
            self::whole(&work)
        }),
        Candidate::prepared("of that: save", fresh, |()| Ok(store::commit(&Disk, &work, &image)?)),
        Candidate::new("of that: verify", || verify(&work, &image)),
    ];
    for peer in peers::installed() {
        let name = format!("{}, then flush", peer.name);
        let (work, bytes) = (&work, &bytes);
        let fresh = move || fs::write(work, bytes).map_err(Into::into);
        whole.push(Candidate::prepared(&name, fresh, move |()| peer.edit(work)));
    }
    // The verified file is that of the candidate before.
    rounds::run(&mut whole)?;
    rounds::print(&whole);
    fresh()?;
    let peak = peak_memory(&work)?;
    println!("\npeak memory {peak:.1} MiB, the hive and {:.1} MiB", peak - mebibytes(bytes.len()));
    Ok(())
}

/// What only reads, and the edit in memory.
fn measure_readings(work: &Path, bytes: &[u8]) -> Outcome<()> {
    let query =
        || Ok(open(work)?.value(&KeyPath::new("Microsoft\\Windows NT\\CurrentVersion"), "ProductName")?);
    let mut readings = [
        Candidate::new("read the file", || Ok(fs::read(work)?)),
        Candidate::new("open (read, check, recover)", || open(work)),
        Candidate::new("open and answer one query", query),
        Candidate::new("audit", || Ok(audit(bytes))),
        Candidate::prepared("edit (audits before and after)", || open(work), edit),
    ];
    rounds::run(&mut readings)?;
    rounds::print(&readings);
    Ok(())
}

fn mebibytes(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// What any program that keeps the old file until the new one is whole spends.
fn copy(work: &Path) -> Outcome<()> {
    let beside = work.with_extension("copy");
    fs::copy(work, &beside)?;
    File::open(&beside)?.sync_all()?;
    Ok(fs::remove_file(&beside)?)
}

fn replace(work: &Path, bytes: &[u8]) -> Outcome<()> {
    let beside = work.with_extension("copy");
    let mut file = File::create_new(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, work)?;
    let folder = work.parent().ok_or("no folder")?;
    Ok(File::open(folder)?.sync_all()?)
}

fn open(path: &Path) -> Outcome<Hive> {
    Ok(store::load(&Disk, path)?)
}

fn edit(hive: Hive) -> Outcome<Edited> {
    let mut editor = hive.edit();
    editor.create_key(&KeyPath::new(KEY))?;
    editor.set_value(&KeyPath::new(KEY), "MaxWait", &Value::dword(600))?;
    Ok(editor.finish()?)
}

/// As a repair does it: nt-hive finds the change in what comes back from the
/// disk, and it is what was written.
fn verify(path: &Path, edited: &Edited) -> Outcome<()> {
    let bytes = fs::read(path)?;
    let seen = Witness::of(&bytes)?.value(&KeyPath::new(KEY), "MaxWait")?;
    let is_there = seen.answer == Some(Value::dword(600)) && bytes == edited.image();
    if is_there { Ok(()) } else { Err("the change is not there".into()) }
}

fn whole(path: &Path) -> Outcome<()> {
    let edited = edit(open(path)?)?;
    store::commit(&Disk, path, &edited)?;
    verify(path, &edited)
}

/// Does it all once in a process of its own and reads what it took at most.
fn peak_memory(hive: &Path) -> Outcome<f64> {
    let output = Command::new(std::env::current_exe()?).arg("--once").arg(hive).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The child of [`peak_memory`]; Linux only.
pub(crate) fn print_peak_memory(hive: &Path) -> Outcome<()> {
    let edited = edit(open(hive)?)?;
    store::commit(&Disk, hive, &edited)?;
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    println!("{}", kibibytes / 1024.0);
    Ok(())
}
