//! Each invariant, broken once.

use super::*;

#[test]
fn new_hives_are_sound() {
    for minor in 1..=6 {
        let hive = crate::hive::create(minor).unwrap();
        let audit = audit(hive.image());
        assert_eq!(audit, Audit { keys: 1, values: 0, defects: vec![] }, "1.{minor}");
    }
}
