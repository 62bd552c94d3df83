//! One edit of one hive: each stage, the whole, the floor and the peers.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use pemedic::hive::audit::audit;
use pemedic::hive::storage::Disk;
use pemedic::hive::{Edited, Hive, KeyPath, Value, store};

use crate::{KEY, Outcome, median, milliseconds, peers};

/// Measures one hive and prints a table.
pub(crate) fn measure(hive: &Path, folder: &Path) -> Outcome<()> {
    let bytes = fs::read(hive)?;
    let work = folder.join("SOFTWARE");
    println!("\n{} ({:.1} MiB)", hive.display(), bytes.len() as f64 / f64::from(1 << 20));
    let fresh = || fs::write(&work, &bytes).map_err(Into::into);
    fresh()?;
    let read = median(
        || Ok(()),
        |()| {
            let _: () = drop(black_box(fs::read(&work)?));
            Ok(())
        },
    )?;
    let floor = floors(&work, &bytes)?;

    println!("  stage                          time      ratio");
    row("read the same bytes", read, read, "read");
    row(
        "open (read, check, recover)",
        median(
            || Ok(()),
            |()| {
                let _: () = drop(open(&work)?);
                Ok(())
            },
        )?,
        read,
        "read",
    );
    let query = |()| {
        let _: () = drop(black_box(open(&work)?.value(&KeyPath::new("Microsoft"), "none")?));
        Ok(())
    };
    row("open and answer one query", median(|| Ok(()), query)?, read, "read");
    row(
        "audit",
        median(
            || Ok(()),
            |()| {
                drop(black_box(audit(&bytes)));
                Ok(())
            },
        )?,
        read,
        "read",
    );
    let edited = median(
        || open(&work),
        |hive| {
            let _: () = drop(black_box(edit(hive)?));
            Ok(())
        },
    )?;
    row("edit (audits before and after)", edited, read, "read");
    let image = edit(open(&work)?)?;
    let save = median(&fresh, |()| Ok(store::commit(&Disk, &work, &image)?))?;
    row("save (write, flush, check, rename)", save, floor.replace, "write beside, flush, rename");
    row("verify (read, open, audit, compare)", median(|| Ok(()), |()| verify(&work))?, read, "read");

    println!("  one key and one value, saved");
    row("floor: copy and flush", floor.copy, floor.copy, "copy and flush");
    row("floor: write beside, flush, rename", floor.replace, floor.copy, "copy and flush");
    let whole = median(fresh, |()| whole(&work))?;
    row("pemedic: audits, flushes, verifies", whole, floor.copy, "copy and flush");
    for peer in peers::installed() {
        let time = median(fresh, |()| peer.edit(&work))?;
        row(&format!("{}, then flush", peer.name), time, floor.copy, "copy and flush");
    }
    let peak = peak_memory(&work)?;
    println!(
        "  peak memory {peak:.1} MiB, the hive and {:.1} MiB",
        peak - bytes.len() as f64 / f64::from(1 << 20)
    );
    Ok(())
}

fn row(name: &str, time: Duration, reference: Duration, of: &str) {
    let ratio = time.as_secs_f64() / reference.as_secs_f64();
    println!("  {name:<36} {} {ratio:7.2} x {of}", milliseconds(time));
}

/// What any program that replaces the file safely must spend.
struct Floors {
    copy: Duration,
    replace: Duration,
}

fn floors(work: &Path, bytes: &[u8]) -> Outcome<Floors> {
    let beside = work.with_extension("copy");
    let absent = || {
        let _ = fs::remove_file(&beside);
        Ok(())
    };
    let copy = median(absent, |()| {
        fs::copy(work, &beside)?;
        Ok(File::open(&beside)?.sync_all()?)
    })?;
    let replace = median(absent, |()| {
        let mut file = File::create_new(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, work)?;
        let folder = work.parent().ok_or("no folder")?;
        Ok(File::open(folder)?.sync_all()?)
    })?;
    Ok(Floors { copy, replace })
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

fn verify(path: &Path) -> Outcome<()> {
    let hive = open(path)?;
    black_box(audit(hive.image()));
    let found = hive.value(&KeyPath::new(KEY), "MaxWait")?;
    if found == Some(Value::dword(600)) { Ok(()) } else { Err("the value is not there".into()) }
}

fn whole(path: &Path) -> Outcome<()> {
    store::commit(&Disk, path, &edit(open(path)?)?)?;
    verify(path)
}

/// Does it all once in a process of its own and reads what it took at most.
fn peak_memory(hive: &Path) -> Outcome<f64> {
    let output = Command::new(std::env::current_exe()?).arg("--once").arg(hive).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The child of [`peak_memory`]; Linux only.
pub(crate) fn print_peak_memory(hive: &Path) -> Outcome<()> {
    whole(hive)?;
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    println!("{}", kibibytes / 1024.0);
    Ok(())
}
