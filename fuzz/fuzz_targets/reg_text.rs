//! Read `.reg` files; what was read is written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pemedic::hive::NamedValue;
use pemedic::hive::reg_text::{export_file, export_key, parse, parse_text};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = parse_text(text, false);
    }
    let Ok(parsed) = parse(bytes) else { return };
    for entry in &parsed.entries {
        let named = |(name, value): &(String, Option<_>)| {
            value.clone().map(|value| NamedValue { name: name.clone(), value })
        };
        let values: Vec<NamedValue> = entry.values.iter().filter_map(named).collect();
        let again = parse(&export_file(&export_key(&entry.key, &values))).expect("an export can be read");
        let read: Vec<NamedValue> = again.entries[0].values.iter().filter_map(named).collect();
        assert_eq!(read, values);
    }
});
