//! Open, audit, read, edit and save whatever bytes there are. The base block is
//! sealed first, because a fuzzer does not guess checksums.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pemedic::hive::audit::audit;
use pemedic::hive::{Hive, KeyPath, Value};

fuzz_target!(|bytes: &[u8]| {
    let mut image = bytes.to_vec();
    seal(&mut image);
    let _ = audit(&image);
    let Ok(hive) = Hive::open(image, &[]) else { return };
    let _ = hive.tree(&KeyPath::root());
    let mut editor = hive.edit();
    let key = KeyPath::new("a\\b");
    let _ = editor.create_key(&key);
    let _ = editor.set_value(&key, "v", &Value::string("text"));
    let _ = editor.set_value(&KeyPath::new("a"), "large", &Value::binary(vec![1; 20_000]));
    let _ = editor.delete_value(&KeyPath::new("a"), "v");
    let _ = editor.rename_key(&KeyPath::new("a\\c"), "d");
    let _ = editor.delete_key(&KeyPath::new("b"));
    let Ok(edited) = editor.finish() else { return };
    Hive::from_image(edited.image().to_vec()).expect("what is written can be opened");
});

fn seal(image: &mut [u8]) {
    let Some((head, checksum)) = image.split_at_mut_checked(508) else { return };
    head[..4].copy_from_slice(b"regf");
    head.copy_within(4..8, 8);
    let words = head.chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap()));
    let sum = match words.fold(0, |sum, word| sum ^ word) {
        0 => 1,
        u32::MAX => u32::MAX - 1,
        sum => sum,
    };
    if let Some(checksum) = checksum.get_mut(..4) {
        checksum.copy_from_slice(&sum.to_le_bytes());
    }
}
