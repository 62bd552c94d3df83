//! How the cost of one more subkey grows with the number there are.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use pemedic::hive::{KeyPath, Value, create};

use crate::Outcome;

/// Subkeys of one key at which the curve is read.
const STEPS: [u32; 6] = [1_000, 2_500, 5_000, 10_000, 15_000, 25_000];

/// Adds subkeys to one key and prints what the last thousand before each step
/// cost.
pub(crate) fn measure() -> Outcome<()> {
    println!("\nthe n-th subkey of one key");
    let mut editor = create(5)?.edit();
    let mut done = 0;
    for step in STEPS {
        while done < step - 1_000 {
            editor.create_key(&name(done))?;
            done += 1;
        }
        let start = Instant::now();
        while done < step {
            editor.create_key(&name(done))?;
            done += 1;
        }
        println!("  up to {step:>6}: {:8.1} µs each", start.elapsed().as_secs_f64() * 1000.0);
    }
    drop(editor.finish()?);
    Ok(())
}

/// Spread over the alphabet, so that insertion is not always at the end.
fn name(index: u32) -> KeyPath {
    KeyPath::new(&format!("parent\\{:08x}", index.wrapping_mul(2_654_435_761)))
}

/// Sets and deletes, saved now and then.
const CYCLES: u32 = 100_000;
const CYCLES_UNTIL_SAVED: u32 = 5_000;

/// Sets and deletes keys and values of many sizes and prints what that does to
/// the hive's size.
pub(crate) fn measure_cycles() -> Outcome<()> {
    let mut hive = create(5)?;
    let start = Instant::now();
    println!("\nsize of a hive after cycles of setting and deleting");
    for part in 0..CYCLES / CYCLES_UNTIL_SAVED {
        let mut editor = hive.edit();
        for index in part * CYCLES_UNTIL_SAVED..(part + 1) * CYCLES_UNTIL_SAVED {
            let key = KeyPath::new(&format!("parent\\k{}", index % 100));
            let size = [3, 40, 700, 9_000, 17_000, 50_000][index as usize % 6] + index as usize * 7 % 300;
            editor.create_key(&key)?;
            editor.set_value(&key, "v", &Value::binary(vec![7; size]))?;
            if index % 3 == 0 {
                editor.delete_key(&key)?;
            } else {
                editor.delete_value(&key, "v")?;
            }
        }
        hive = editor.finish()?.into_hive()?;
        if part % 5 == 0 || part == CYCLES / CYCLES_UNTIL_SAVED - 1 {
            println!("  {:>6}: {:>7} bytes", (part + 1) * CYCLES_UNTIL_SAVED, hive.image().len());
        }
    }
    println!("  {:.1} µs each", start.elapsed().as_secs_f64() * 1_000_000.0 / f64::from(CYCLES));
    Ok(())
}

/// A hive about the size of a real one, where no real one is there.
pub(crate) fn build_large(folder: &Path) -> Outcome<PathBuf> {
    let mut editor = create(5)?.edit();
    for index in 0..60_000_u32 {
        let key = KeyPath::new(&format!("Classes\\{:03x}\\{index:08x}", index % 997));
        editor.create_key(&key)?;
        editor.set_value(&key, "", &Value::string(&"text ".repeat(40)))?;
    }
    let path = folder.join("built");
    fs::write(&path, editor.finish()?.image())?;
    Ok(path)
}
