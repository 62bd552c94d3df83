//! Damaged hives, logs and `.reg` text, thousands of each, the same in every
//! run: nothing panics, and what is written from a damaged hive can be read.

use std::time::{Duration, Instant};

use pemedic::hive::audit::audit;
use pemedic::hive::log::{LogFile, recover};
use pemedic::hive::reg_text;
use pemedic::hive::{self, Hive, KeyPath, NamedValue, Value};

use crate::support::log_writer::{NewLog, number, old_log, seal_entry, set_checksum, set_sequences};
use crate::support::random::Random;

/// How long each of these tests may take.
const BUDGET: Duration = Duration::from_secs(4);

/// How many mutants each makes at most.
const MUTANTS_MAX: u64 = 20_000;

/// Numbers that fields of offsets, sizes and counts handle worst.
const EVIL: [u32; 10] = [0, 1, 4, 0x20, 0xfff, 0x1000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff];

/// Runs `check` on one mutant after the other until time or number is up.
fn each_mutant(name: &str, mut check: impl FnMut(&mut Random)) {
    let start = Instant::now();
    let mut done = 0;
    for seed in 0..MUTANTS_MAX {
        if start.elapsed() > BUDGET {
            break;
        }
        check(&mut Random::new(seed + 1));
        done += 1;
    }
    eprintln!("{name}: {done} mutants in {:.1} s", start.elapsed().as_secs_f32());
    assert!(done > 0);
}

/// A few changes of the kinds that damage has: bits, fields, runs, moved parts.
fn mutate(bytes: &mut [u8], random: &mut Random) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        match random.below(5) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = u8::try_from(random.below(256)).unwrap(),
            2 => {
                let at = at / 4 * 4;
                let evil = EVIL[random.below(EVIL.len())].to_le_bytes();
                let len = evil.len().min(bytes.len() - at);
                bytes[at..at + len].copy_from_slice(&evil[..len]);
            }
            3 => {
                let end = (at + 1 + random.below(64)).min(bytes.len());
                bytes[at..end].fill(0);
            }
            _ => {
                let len = 4.min(bytes.len() - at);
                let from = random.below(bytes.len() - len + 1);
                bytes.copy_within(from..from + len, at);
            }
        }
    }
}

/// A hive with everything in it: many keys, lists, classes of values, big data.
fn rich_hive(minor: u32) -> Vec<u8> {
    let mut editor = hive::create(minor).unwrap().edit();
    for index in 0..40 {
        let key = KeyPath::new(&format!("Key {}\\Sub{index}", index % 3));
        editor.create_key(&key).unwrap();
        editor.set_value(&key, "number", &Value::dword(index)).unwrap();
        editor.set_value(&key, "", &Value::string("text é")).unwrap();
    }
    let values = KeyPath::new("Values");
    editor.create_key(&values).unwrap();
    editor.set_value(&values, "list", &Value::multi_string(&["a", "b"])).unwrap();
    editor.set_value(&values, "large", &Value::binary(vec![3; 40_000])).unwrap();
    editor.set_value(&values, "имя", &Value::qword(5)).unwrap();
    editor.delete_key(&KeyPath::new("Key 1\\Sub4")).unwrap();
    editor.finish().unwrap().image().to_vec()
}

/// Reads and changes a hive in every way there is; errors are fine.
fn exercise(image: Vec<u8>) {
    let _ = audit(&image);
    let Ok(hive) = Hive::open(image, &[]) else { return };
    let _ = hive.tree(&KeyPath::root());
    let _ = hive.value(&KeyPath::new("Values"), "large");
    let mut editor = hive.edit();
    let key = KeyPath::new("Key 0\\Sub3");
    let _ = editor.set_value(&key, "number", &Value::string(&"longer ".repeat(30)));
    let _ = editor.delete_value(&KeyPath::new("Values"), "large");
    let _ = editor.set_value(&KeyPath::new("Values"), "new", &Value::binary(vec![9; 20_000]));
    let _ = editor.create_key(&KeyPath::new("Key 2\\Sub2\\deeper"));
    let _ = editor.rename_key(&KeyPath::new("Key 2\\Sub5"), "Renamed");
    let _ = editor.delete_key(&KeyPath::new("Key 1"));
    let Ok(edited) = editor.finish() else { return };
    let _ = audit(edited.image());
    Hive::from_image(edited.image().to_vec()).expect("what is written can be opened");
}

#[test]
fn damaged_hives_are_read_edited_or_refused() {
    let originals: Vec<Vec<u8>> = [1, 3, 5, 6].map(rich_hive).into();
    each_mutant("hives", |random| {
        let mut image = originals[random.below(originals.len())].clone();
        if random.below(8) == 0 {
            image.truncate(random.below(image.len()));
        }
        if !image.is_empty() {
            mutate(&mut image, random);
        }
        // Most damage is below a base block that is whole.
        if image.len() >= 512 && random.below(8) != 0 {
            let sequence = number(&image, 4);
            set_sequences(&mut image, sequence, sequence);
        }
        exercise(image);
    });
}

#[test]
fn damaged_logs_are_applied_or_refused() {
    let before = rich_hive(5);
    let mut editor = Hive::from_image(before.clone()).unwrap().edit();
    editor.set_value(&KeyPath::new("Values"), "grown", &Value::binary(vec![1; 9000])).unwrap();
    let after = editor.finish().unwrap().image().to_vec();
    let mut primary = before.clone();
    primary[..4096].copy_from_slice(&after[..4096]);
    set_sequences(&mut primary, 10, 9);
    let new = NewLog::new(&before, 10).entry(&before, &after).entry(&after, &before).named("LOG1").bytes;
    let old = old_log(&before, &after, 10);
    each_mutant("logs", |random| {
        let mut log = if random.below(2) == 0 { new.clone() } else { old.clone() };
        let head = if random.below(2) == 0 { 1200.min(log.len()) } else { log.len() };
        mutate(&mut log[..head], random);
        // The hashes and the checksum are no secret: damage may be sealed.
        if random.below(4) != 0 {
            set_checksum(&mut log);
            let size = number(&log, 516) as usize;
            if log[512..].starts_with(b"HvLE")
                && size.is_multiple_of(4)
                && (40..=log.len() - 512).contains(&size)
            {
                seal_entry(&mut log[512..512 + size]);
            }
        }
        let mut primary = primary.clone();
        if random.below(4) == 0 {
            mutate(&mut primary[..512], random);
        }
        let logs = [LogFile { name: "H.LOG1".into(), bytes: log }];
        if let Ok(recovered) = recover(primary, &logs) {
            assert!(recovered.image.len() < 4 * after.len() + (2 << 20), "grown beyond reason");
            exercise(recovered.image);
        }
    });
}

#[test]
fn damaged_reg_text_is_read_or_refused() {
    let values = [
        NamedValue { name: "text".into(), value: Value::string("C:\\a \"b\"\r\nc") },
        NamedValue { name: String::new(), value: Value::multi_string(&["a", "b", "c"]) },
        NamedValue { name: "n\\\"".into(), value: Value::dword(7) },
        NamedValue { name: "bytes".into(), value: Value::binary((0..200).collect()) },
    ];
    let sections = reg_text::export_key("HKEY_LOCAL_MACHINE\\SOFTWARE\\K", &values);
    let wide = reg_text::export_file(&sections);
    let narrow = format!("REGEDIT4\r\n\r\n{sections}[-HKEY_USERS\\x]\r\n").into_bytes();
    each_mutant("reg text", |random| {
        let mut text = if random.below(4) == 0 { wide.clone() } else { narrow.clone() };
        mutate(&mut text, random);
        if let Ok(parsed) = reg_text::parse(&text) {
            for repair in &parsed.repairs {
                assert!(repair.line > 0);
            }
        }
    });
}
