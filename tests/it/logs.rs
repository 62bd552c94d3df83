//! Recovery from transaction logs: the known outcomes of real hives, and every
//! state a log can be found in.

use pemedic::hive::log::{LogFile, Recovered, recover};
use pemedic::hive::{self, Hive, HiveError, KeyPath, KeyTree, Value};

use crate::support::corpus::hive_file;
use crate::support::log_writer::{
    NewLog, number, old_log, seal_entry, set_checksum, set_identity, set_sequences,
};

const BASE_BLOCK: usize = 4096;

/// The sequence number of the write that was cut off.
const WRITE: u32 = 10;

fn bins(image: &[u8]) -> &[u8] {
    &image[BASE_BLOCK..BASE_BLOCK + number(image, 40) as usize]
}

/// Four states of one hive, each an edit of the one before; the last is larger
/// by several bins.
fn states() -> Vec<Vec<u8>> {
    let mut states = vec![hive::create(5).unwrap().image().to_vec()];
    for (key, len) in [("one", 40), ("two", 300), ("three", 15_000)] {
        let mut editor = Hive::from_image(states.last().unwrap().clone()).unwrap().edit();
        editor.create_key(&KeyPath::new(key)).unwrap();
        editor.set_value(&KeyPath::new(key), "v", &Value::binary(vec![7; len])).unwrap();
        states.push(editor.finish().unwrap().image().to_vec());
    }
    states
}

/// A primary file whose write was begun.
fn dirty(image: &[u8]) -> Vec<u8> {
    let mut image = image.to_vec();
    set_sequences(&mut image, WRITE, WRITE - 1);
    image
}

fn log(name: &str, bytes: Vec<u8>) -> LogFile {
    LogFile { name: name.to_owned(), bytes }
}

/// All three edits in one log.
fn whole_log(states: &[Vec<u8>]) -> NewLog {
    let log = NewLog::new(&states[0], WRITE);
    states.windows(2).fold(log, |log, pair| log.entry(&pair[0], &pair[1]))
}

fn recovered(primary: &[u8], logs: &[LogFile]) -> Recovered {
    recover(primary.to_vec(), logs).unwrap()
}

fn refusal(primary: &[u8], logs: &[LogFile]) -> String {
    match recover(primary.to_vec(), logs) {
        Err(HiveError::Unrecoverable(why)) => why,
        Err(other) => panic!("{other}"),
        Ok(recovered) => panic!("recovered: {:?}", recovered.report),
    }
}

fn assert_is_state(recovered: &Recovered, state: &[u8]) {
    assert!(bins(&recovered.image) == bins(state), "{:?}", recovered.report.logs);
    assert!(recovered.report.recovered);
    Hive::from_image(recovered.image.clone()).unwrap();
}

#[test]
fn clean_hive_stays_as_it_is_whatever_its_logs_hold() {
    let states = states();
    let logs = [whole_log(&states).named("H.LOG1"), log("H.LOG2", old_log(&states[0], &states[1], 7))];
    let recovered = recovered(&states[0], &logs);
    assert!(recovered.image == states[0]);
    assert!(!recovered.report.recovered);
    assert_eq!(recovered.report.logs[0], "H.LOG1: not needed, the hive is clean");
    assert_eq!(recovered.report.highest_sequence, WRITE + 2);
}

#[test]
fn entries_of_one_log_are_applied_in_order() {
    let states = states();
    let recovered = recovered(&dirty(&states[0]), &[whole_log(&states).named("H.LOG1")]);
    assert_is_state(&recovered, &states[3]);
    assert!(
        recovered.report.logs[0].starts_with("H.LOG1: applied entries 10 to 12 ("),
        "{:?}",
        recovered.report
    );
    assert_eq!(recovered.image.len(), states[3].len());
}

#[test]
fn entries_of_two_logs_are_applied_in_order_whichever_comes_first() {
    let states = states();
    for names in [["H.LOG1", "H.LOG2"], ["H.LOG2", "H.LOG1"]] {
        let logs = [
            NewLog::new(&states[1], WRITE + 1)
                .entry(&states[1], &states[2])
                .entry(&states[2], &states[3])
                .named(names[0]),
            NewLog::new(&states[0], WRITE).entry(&states[0], &states[1]).named(names[1]),
        ];
        assert_is_state(&recovered(&dirty(&states[0]), &logs), &states[3]);
    }
}

/// Windows writes the dirty pages in any order; the logs hold them all.
#[test]
fn half_written_primary_file_is_completed() {
    let states = states();
    let logs = [whole_log(&states).named("H.LOG1")];
    for seed in 0..64_usize {
        let mut primary = states[0].clone();
        primary.resize(states[3].len(), 0);
        for (index, sector) in states[3].chunks(512).enumerate().skip(8) {
            if ((index * 2_654_435_761) >> 7) & 63 < seed {
                primary[index * 512..][..sector.len()].copy_from_slice(sector);
            }
        }
        assert_is_state(&recovered(&dirty(&primary), &logs), &states[3]);
    }
}

#[test]
fn stale_log_is_passed_over() {
    let states = states();
    let stale = NewLog::new(&states[0], WRITE - 5).entry(&states[3], &states[0]).named("H.LOG2");
    let recovered = recovered(&dirty(&states[0]), &[whole_log(&states).named("H.LOG1"), stale]);
    assert_is_state(&recovered, &states[3]);
    assert_eq!(recovered.report.logs[1], "H.LOG2: stale: its entries begin at 5, the hive already holds 9");
}

#[test]
fn log_after_a_gap_is_not_applied() {
    let states = states();
    let first = NewLog::new(&states[0], WRITE).entry(&states[0], &states[1]).named("H.LOG1");
    let later = NewLog::new(&states[2], WRITE + 2).entry(&states[2], &states[3]).named("H.LOG2");
    let recovered = recovered(&dirty(&states[0]), &[first, later]);
    assert_is_state(&recovered, &states[1]);
    let verdict = "H.LOG2: not applied: its entries begin at 12, after 10 another must come";
    assert_eq!(recovered.report.logs[1], verdict);
}

#[test]
fn entry_of_earlier_use_ends_the_log() {
    let states = states();
    let mut log = NewLog::new(&states[0], WRITE).entry(&states[0], &states[1]).named("H.LOG1");
    let leftover = NewLog::new(&states[0], 99).entry(&states[1], &states[2]).named("");
    log.bytes.extend(&leftover.bytes[512..]);
    let recovered = recovered(&dirty(&states[0]), &[log]);
    assert_is_state(&recovered, &states[1]);
    assert_eq!(recovered.report.highest_sequence, 99, "an edited hive must start above it");
}

/// Cut off after any number of bytes, a log gives one of the states its
/// entries lead to, or is refused.
#[test]
fn cut_off_log_leads_to_a_whole_state() {
    let states = states();
    let whole = whole_log(&states).named("H.LOG1");
    let mut seen = [0; 4];
    for len in (0..whole.bytes.len()).step_by(61).chain([whole.bytes.len()]) {
        for fill in [0_usize, 4096] {
            let mut bytes = whole.bytes[..len].to_vec();
            bytes.resize(len + fill, 0xa5);
            let outcome = recover(dirty(&states[0]), &[log("H.LOG1", bytes)]);
            let state = outcome.map_or(0, |recovered| {
                states.iter().position(|state| bins(state) == bins(&recovered.image)).unwrap()
            });
            seen[state] += 1;
        }
    }
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}

/// The same for a sector that was not written: hashes cover every byte.
#[test]
fn log_with_an_unwritten_sector_leads_to_a_whole_state() {
    let states = states();
    let whole = whole_log(&states).named("H.LOG1");
    for at in (0..whole.bytes.len()).step_by(512) {
        let mut bytes = whole.bytes.clone();
        bytes[at..at + 512].fill(0x11);
        if let Ok(recovered) = recover(dirty(&states[0]), &[log("H.LOG1", bytes)]) {
            assert!(
                states[1..].iter().any(|state| bins(state) == bins(&recovered.image)),
                "sector at {at:#x}"
            );
        }
    }
}

#[test]
fn torn_entry_is_named() {
    let states = states();
    let mut log = whole_log(&states).named("H.LOG1");
    *log.bytes.last_mut().unwrap() ^= 1;
    let recovered = recovered(&dirty(&states[0]), &[log]);
    assert_is_state(&recovered, &states[2]);
    assert!(recovered.report.logs[0].ends_with(", then one that was cut off"), "{:?}", recovered.report);
}

#[test]
fn dirty_hive_without_usable_logs_is_refused() {
    let states = states();
    let primary = dirty(&states[0]);
    assert!(refusal(&primary, &[]).ends_with("there is no transaction log beside it"));
    let unusable = [
        ("empty", vec![]),
        ("empty", vec![0; 4096]),
        ("no transaction log: it does not begin", b"MZ".repeat(2000)),
        ("no transaction log: its file type is 0", states[0].clone()),
        ("holds no entries", NewLog::new(&states[0], WRITE).named("").bytes),
        ("stale", NewLog::new(&states[0], 3).entry(&states[0], &states[1]).named("").bytes),
    ];
    for (why, bytes) in unusable {
        let found = refusal(&primary, &[log("H.LOG1", bytes)]);
        assert!(found.contains(&format!("H.LOG1: {why}")), "{found}");
    }
}

#[test]
fn log_whose_own_write_was_cut_off_is_refused() {
    let states = states();
    let mut torn = log("H.LOG1", old_log(&states[0], &states[1], WRITE));
    set_sequences(&mut torn.bytes, WRITE, WRITE - 1);
    let why = refusal(&dirty(&states[0]), &[torn]);
    assert!(why.contains("its own write was cut off (sequence numbers 10 and 9)"), "{why}");
}

#[test]
fn log_of_another_hive_is_refused() {
    let states = states();
    let mut primary = states[0].clone();
    set_identity(&mut primary, 1);
    let mut other = whole_log(&states).named("H.LOG1");
    set_identity(&mut other.bytes, 2);
    assert!(refusal(&dirty(&primary), &[other]).contains("belongs to another hive"));
    let mut own = whole_log(&states).named("H.LOG1");
    set_identity(&mut own.bytes, 1);
    assert_is_state(&recovered(&dirty(&primary), &[own]), &states[3]);
}

#[test]
fn base_block_is_recovered_from_the_latest_log() {
    let states = states();
    let logs = [
        NewLog::new(&states[1], WRITE + 1)
            .entry(&states[1], &states[2])
            .entry(&states[2], &states[3])
            .named("H.LOG2"),
        NewLog::new(&states[0], WRITE).entry(&states[0], &states[1]).named("H.LOG1"),
    ];
    for damage in [0..512_usize, 0..4, 508..512, 36..44] {
        let mut primary = states[1].clone();
        primary[damage].fill(0xee);
        let recovered = recovered(&primary, &logs);
        assert_is_state(&recovered, &states[3]);
        assert!(recovered.report.logs[1].contains("only the latest log counts"), "{:?}", recovered.report);
        assert_eq!(recovered.report.highest_sequence, WRITE + 2, "numbers of a damaged block do not count");
    }
}

#[test]
fn hive_that_is_none_is_told_from_a_damaged_one() {
    let states = states();
    let not_a_hive = |bytes: Vec<u8>| matches!(recover(bytes, &[]), Err(HiveError::NotAHive(_)));
    assert!(not_a_hive(vec![]));
    assert!(not_a_hive(vec![0; 10_000]));
    assert!(not_a_hive(b"regf and more".repeat(1000)));
    assert!(not_a_hive(whole_log(&states).named("").bytes));
    let mut headless = states[0].clone();
    headless[..4096].fill(0);
    assert!(refusal(&headless, &[]).starts_with("its base block is damaged"));
    let mut future = states[0].clone();
    future[24] = 9;
    set_checksum(&mut future);
    assert!(matches!(recover(future, &[]), Err(HiveError::UnsupportedVersion { major: 1, minor: 9 })));
}

/// A log in the hive's own writing may claim any size: its hashes are no
/// secret.
#[test]
fn impossible_growth_is_refused() {
    let states = states();
    let mut log = NewLog::new(&states[0], WRITE).entry(&states[0], &states[1]).named("H.LOG1");
    log.bytes[512 + 16..512 + 20].copy_from_slice(&0x7fff_f000_u32.to_le_bytes());
    seal_entry(&mut log.bytes[512..]);
    let why = refusal(&dirty(&states[0]), &[log]);
    assert!(why.contains("hive size cannot be true"), "{why}");
}

#[test]
fn pages_outside_the_hive_are_refused() {
    let states = states();
    for (at, value) in [(40, 0xffff_f000_u32), (44, 0xffff_ffff), (20, 0x1000_0000), (20, 0)] {
        let mut log = NewLog::new(&states[0], WRITE).entry(&states[0], &states[1]).named("H.LOG1");
        log.bytes[512 + at..512 + at + 4].copy_from_slice(&value.to_le_bytes());
        seal_entry(&mut log.bytes[512..]);
        assert!(refusal(&dirty(&states[0]), &[log]).contains("was cut off"));
    }
}

#[test]
fn old_log_completes_the_write_it_belongs_to() {
    let states = states();
    for (before, after) in [(0, 1), (2, 3)] {
        // The base block is written first, with the new time stamp and size.
        let mut primary = states[before].clone();
        primary[..BASE_BLOCK].copy_from_slice(&states[after][..BASE_BLOCK]);
        let logs = [log("H.LOG1", old_log(&states[before], &states[after], WRITE))];
        let recovered = recovered(&dirty(&primary), &logs);
        assert_is_state(&recovered, &states[after]);
        assert!(recovered.report.logs[0].starts_with("H.LOG1: applied "), "{:?}", recovered.report);
    }
}

#[test]
fn old_log_restores_a_damaged_base_block() {
    let states = states();
    // The first bin keeps the time stamp of the write.
    let mut primary = states[2].clone();
    primary[..512].fill(0);
    primary[BASE_BLOCK..].copy_from_slice(&states[1][BASE_BLOCK..][..states[2].len() - BASE_BLOCK]);
    primary[BASE_BLOCK + 20..BASE_BLOCK + 28].copy_from_slice(&states[2][12..20]);
    let recovered = recovered(&primary, &[log("H.LOG", old_log(&states[1], &states[2], WRITE))]);
    assert_is_state(&recovered, &states[2]);
}

/// The write of the base block itself was cut off, before anything else.
#[test]
fn latest_old_log_restores_a_base_block_torn_at_the_start_of_a_write() {
    let states = states();
    let mut primary = states[1].clone();
    primary[..512].fill(0);
    let logs = [
        log("H.LOG1", old_log(&states[0], &states[1], WRITE)),
        log("H.LOG2", old_log(&states[1], &states[2], WRITE)),
    ];
    assert_is_state(&recovered(&primary, &logs), &states[2]);
    let older = [log("H.LOG1", old_log(&states[0], &states[0], WRITE))];
    assert!(refusal(&primary, &older).contains("not of the hive's last write"));
}

#[test]
fn old_log_of_another_write_is_refused() {
    let states = states();
    let why = refusal(&dirty(&states[0]), &[log("H.LOG1", old_log(&states[0], &states[1], WRITE))]);
    assert!(why.contains("not of the hive's last write"), "{why}");
}

#[test]
fn second_old_log_is_used_where_the_first_does_not_belong() {
    let states = states();
    let mut primary = states[0].clone();
    primary[..BASE_BLOCK].copy_from_slice(&states[1][..BASE_BLOCK]);
    let logs = [
        log("H.LOG1", old_log(&states[1], &states[2], WRITE)),
        log("H.LOG2", old_log(&states[0], &states[1], WRITE)),
        log("H.LOG", vec![]),
    ];
    assert_is_state(&recovered(&dirty(&primary), &logs), &states[1]);
}

#[test]
fn damaged_old_log_is_refused() {
    let states = states();
    let mut primary = states[0].clone();
    primary[..BASE_BLOCK].copy_from_slice(&states[1][..BASE_BLOCK]);
    let whole = old_log(&states[0], &states[1], WRITE);
    let refused = |bytes: Vec<u8>, why: &str| {
        let found = refusal(&dirty(&primary), &[log("H.LOG1", bytes)]);
        assert!(found.contains(why), "{found}");
    };
    refused(whole[..whole.len() - 1].to_vec(), "cut off");
    refused(whole[..512].to_vec(), "cut off");
    let mut unwritten = whole.clone();
    unwritten[1024..1536].fill(0);
    refused(unwritten, "for the bin at 0x0 is no bin");
    let mut unsigned = whole.clone();
    unsigned[512..516].copy_from_slice(b"TRID");
    refused(unsigned, "cut off");
    let mut bad_checksum = whole;
    bad_checksum[508] ^= 1;
    refused(bad_checksum, "the checksum is wrong");
}

/// With two logs in use, one without a number is left over.
#[test]
fn log_without_a_number_counts_only_alone() {
    let states = states();
    let leftover = || NewLog::new(&states[0], WRITE).entry(&states[0], &states[2]).named("H.LOG");
    let logs = [whole_log(&states).named("H.LOG1"), leftover()];
    let both = recovered(&dirty(&states[0]), &logs);
    assert_is_state(&both, &states[3]);
    assert_eq!(both.report.logs[1], "H.LOG: not needed");
    assert_is_state(&recovered(&dirty(&states[0]), &[log("H.LOG1", vec![]), leftover()]), &states[2]);
}

/// The log of any edit is nothing to a hive that was saved after it.
#[test]
fn old_logs_never_apply_to_an_edited_hive() {
    let states = states();
    let logs = || [whole_log(&states).named("H.LOG1"), log("H.LOG2", old_log(&states[0], &states[1], WRITE))];
    let mut editor = Hive::open(dirty(&states[0]), &logs()).unwrap().edit();
    editor.create_key(&KeyPath::new("ours")).unwrap();
    let saved = editor.finish().unwrap().image().to_vec();
    assert!(recovered(&saved, &logs()).image == saved, "clean: logs are ignored");
    // Windows begins its next write and stops before its logs are new.
    let sequence = number(&saved, 4);
    let mut begun = saved;
    set_sequences(&mut begun, sequence + 1, sequence);
    let why = refusal(&begun, &logs());
    assert!(why.contains("stale") && why.contains("not of the hive's last write"), "{why}");
}

fn count(tree: &KeyTree) -> (usize, usize) {
    tree.subkeys
        .iter()
        .map(count)
        .fold((1, tree.values.len()), |(keys, values), below| (keys + below.0, values + below.1))
}

fn corpus(primary: &str, logs: &[&str]) -> Option<(Vec<u8>, Vec<LogFile>)> {
    let primary = hive_file(primary)?;
    let logs =
        logs.iter().map(|name| hive_file(name).map(|bytes| log(name, bytes))).collect::<Option<_>>()?;
    Some((primary, logs))
}

#[test]
fn new_dirty_hive_becomes_what_windows_10_made_of_it() {
    let folder = "logs/NewDirtyHive1";
    let logs = [format!("{folder}/NewDirtyHive.LOG1"), format!("{folder}/NewDirtyHive.LOG2")];
    let Some((primary, logs)) = corpus(&format!("{folder}/NewDirtyHive"), &[&logs[0], &logs[1]]) else {
        return;
    };
    let expected = hive_file(&format!("{folder}/RecoveredHive_Windows10")).unwrap();
    let recovered = recovered(&primary, &logs);
    assert!(recovered.image[BASE_BLOCK..] == expected[BASE_BLOCK..]);
    assert_eq!(recovered.report.highest_sequence, 5);
}

/// But for the time stamp of the first bin, which Windows 7 set to its own
/// write's, and one byte of a key's access bits.
#[test]
fn old_dirty_hive_becomes_what_windows_7_made_of_it() {
    let folder = "logs/OldDirtyHive";
    let log_name = format!("{folder}/OldDirtyHive.LOG1");
    let Some((primary, logs)) = corpus(&format!("{folder}/OldDirtyHive"), &[&log_name]) else { return };
    let expected = hive_file(&format!("{folder}/RecoveredHive_Windows7")).unwrap();
    let recovered = recovered(&primary, &logs);
    assert_eq!(recovered.image.len(), expected.len());
    let differences: Vec<usize> =
        (BASE_BLOCK..expected.len()).filter(|at| recovered.image[*at] != expected[*at]).collect();
    let (stamp, other): (Vec<usize>, Vec<usize>) =
        differences.into_iter().partition(|at| (BASE_BLOCK + 20..BASE_BLOCK + 28).contains(at));
    assert!(!stamp.is_empty());
    assert_eq!(other.len(), 1, "{other:x?}");
}

#[test]
fn hive_with_a_bad_log_is_refused() {
    let folder = "logs/BadLogHive1";
    let log_name = format!("{folder}/BadLogHive.LOG1");
    let Some((primary, logs)) = corpus(&format!("{folder}/BadLogHive"), &[&log_name]) else { return };
    assert!(refusal(&primary, &logs).contains("the checksum is wrong"));
}

#[test]
fn windows_10_system_hive_has_all_its_keys() {
    let Some((primary, logs)) = corpus("win10/SYSTEM", &["win10/SYSTEM.LOG1", "win10/SYSTEM.LOG2"]) else {
        return;
    };
    let hive = Hive::open(primary, &logs).unwrap();
    assert!(hive.recovery().logs[0].contains("applied entries 2107 to 2110"), "{:?}", hive.recovery());
    assert!(hive.recovery().logs[1].contains("applied entries 2111 to 2130"), "{:?}", hive.recovery());
    assert_eq!(count(&hive.tree(&KeyPath::root()).unwrap().unwrap()), (35_595, 78_901));
}

#[test]
fn dirty_profile_takes_the_one_log_that_is_not_stale() {
    let logs = ["ntuser/dirty-NTUSER.DAT.LOG1", "ntuser/dirty-NTUSER.DAT.LOG2"];
    let Some((primary, logs)) = corpus("ntuser/dirty-NTUSER.DAT", &logs) else { return };
    let hive = Hive::open(primary, &logs).unwrap();
    assert!(hive.recovery().logs[0].contains("applied entries 566 to 588"), "{:?}", hive.recovery());
    assert!(hive.recovery().logs[1].contains("stale: its entries begin at 562"), "{:?}", hive.recovery());
    assert_eq!(count(&hive.tree(&KeyPath::root()).unwrap().unwrap()), (3_105, 4_695));
}
