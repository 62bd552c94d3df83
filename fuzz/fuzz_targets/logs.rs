//! Recover a dirty hive from up to two logs. The input is the length of the
//! primary file and of the first log in units of 512 bytes, then the three files.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pemedic::hive::log::{LogFile, recover};

fuzz_target!(|bytes: &[u8]| {
    let [primary, first, rest @ ..] = bytes else { return };
    let (primary, rest) = rest.split_at((usize::from(*primary) * 512).min(rest.len()));
    let (first, second) = rest.split_at((usize::from(*first) * 512).min(rest.len()));
    let named = |name: &str, bytes: &[u8]| LogFile { name: name.to_owned(), bytes: bytes.to_vec() };
    let logs = [named("H.LOG1", first), named("H.LOG2", second)];
    if let Ok(recovered) = recover(primary.to_vec(), &logs) {
        assert!(recovered.image.len() <= bytes.len() + (2 << 20), "grown beyond its logs");
        assert!(recover(recovered.image, &[]).is_ok_and(|again| !again.report.recovered));
    }
});
