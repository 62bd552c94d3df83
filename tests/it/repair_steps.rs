//! Each step of the fix language against a target: what it finds, what it
//! changes, and that undo brings the exact content back.

use pemedic::hive::{NamedValue, Value, ValueType};
use pemedic::session::{Change, Choices, Outcome, Status};

use crate::support::target::{Target, TestSession, WINDOWS_2000, WINDOWS_XP, article, set};

/// Applies the only fix of an article and takes it back; returns the changes.
fn there_and_back(target: &Target, session: &TestSession) -> Vec<Change> {
    let before = session.content();
    let files = target.loose_files();
    let report = session.apply(&["kb1"]);
    assert!(!session.plan(&["kb1"]).plan().has_changes(), "the same plan is not empty afterwards");
    session.undo();
    assert_eq!(session.content(), before, "undo did not bring the registry back");
    assert_eq!(target.loose_files(), files, "undo did not bring the files back");
    report.plan.changes().cloned().collect()
}

fn places(changes: &[Change]) -> Vec<String> {
    changes.iter().map(Change::place).collect()
}

#[test]
fn values_of_every_type_are_set() {
    let target = Target::new(WINDOWS_XP, |hives| {
        set(&mut hives.software, r"Vendor\App", "Same", &Value::string("AS WANTED"));
        set(&mut hives.software, r"Vendor\App", "Number", &Value::string("1"));
    });
    let session = target.session(&[article(
        r#"
[[step]]
key = 'HKLM\SOFTWARE\Vendor\App'
[step.set]
Same = "as wanted"
Number = 1
List = ["a", "b"]
Path = { expand = '%SystemRoot%\x' }
Big = { qword = 5 }
Raw = { binary = "00 1f" }
Root = '{SystemRoot}\y'
"" = "default"
"#,
    )]);
    let changes = there_and_back(&target, &session);
    let after: Vec<String> = changes.iter().map(Change::after_text).collect();
    assert_eq!(
        after,
        [
            "REG_DWORD 1",
            "REG_MULTI_SZ a b",
            r#"REG_EXPAND_SZ "%SystemRoot%\x""#,
            "REG_QWORD 5",
            "REG_BINARY 00 1f",
            r#"REG_SZ "C:\WINDOWS\y""#,
            r#"REG_SZ "default""#,
        ]
    );
    assert_eq!(changes[0].before_text(), r#"REG_SZ "1""#, "a wrong type is shown before it is replaced");
}

#[test]
fn a_reg_block_is_a_fix() {
    let target = Target::new(WINDOWS_XP, |hives| {
        set(&mut hives.software, r"Vendor\App", "Old", &Value::dword(1));
        set(&mut hives.software, r"Vendor\App", "Same", &Value::string("as it is"));
        set(&mut hives.software, r"Vendor\Dead\Below", "A", &Value::dword(1));
    });
    let (name, text) = article("");
    let block = "```reg fix\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Vendor\\App]\n\"Old\"=-\n\"None\"=-\n\
        \"Same\"=\"AS IT IS\"\n\"New\"=hex(7):61,00,00,00,00,00\n@=\"default\"\n\n\
        [-HKEY_LOCAL_MACHINE\\SOFTWARE\\Vendor\\Dead]\n\n\
        [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Empty]\n```\n";
    let session = target.session(&[(name, format!("{text}\n{block}"))]);
    let changes = there_and_back(&target, &session);
    assert_eq!(
        places(&changes),
        [
            r"HKLM\SOFTWARE\Vendor\App\Old",
            r"HKLM\SOFTWARE\Vendor\App\New",
            r"HKLM\SOFTWARE\Vendor\App\(Default)",
            r"HKLM\SOFTWARE\Vendor\Dead",
            r"HKLM\SYSTEM\ControlSet001\Services",
            r"HKLM\SYSTEM\ControlSet001\Services\Empty",
        ]
    );
}

#[test]
fn a_reg_block_that_says_how_is_blocked_and_reported() {
    let target = Target::new(WINDOWS_XP, |_| {});
    let (name, text) = article("");
    let block = "```reg fix\n[-HKEY_LOCAL_MACHINE\\SOFTWARE\\X]\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\X\\Y]\n\"A\"=\"b\"\n```\n";
    let session = target.session(&[(name, format!("{text}\n{block}"))]);
    let plan = session.plan(&["kb1"]);
    let fix = &plan.plan().fixes[0];
    assert_eq!(fix.status, Status::Blocked);
    assert!(fix.reason.contains("deleted and written"), "{}", fix.reason);
    let said = session.session.kb_check(&[]).unwrap().problems;
    assert!(said.iter().any(|problem| problem.message.contains("and writes to it")), "{said:#?}");
}

#[test]
fn missing_members_are_added_and_the_others_stay() {
    let target = Target::new(WINDOWS_XP, |hives| {
        let list = Value::multi_string(&["w3svc", "other", "SMTPSVC"]);
        set(&mut hives.system, r"ControlSet001\Services\InetInfo\Parameters", "DispatchEntries", &list);
    });
    let session = target.session(&[article(
        r#"
[[step]]
key = 'HKLM\SYSTEM\CurrentControlSet\Services\InetInfo\Parameters'
include = { DispatchEntries = ["smtpsvc", "NNTPSVC"] }
"#,
    )]);
    let changes = there_and_back(&target, &session);
    assert_eq!(changes[0].after_text(), "REG_MULTI_SZ w3svc other SMTPSVC NNTPSVC");
}

#[test]
fn a_list_of_another_type_is_reported_and_not_overwritten() {
    let target = Target::new(WINDOWS_XP, |hives| {
        let text = Value::string("w3svc");
        set(&mut hives.system, r"ControlSet001\Services\InetInfo\Parameters", "DispatchEntries", &text);
    });
    let session = target.session(&[article(
        r#"
[[step]]
key = 'HKLM\SYSTEM\CurrentControlSet\Services\InetInfo\Parameters'
include = { DispatchEntries = ["NNTPSVC"] }
"#,
    )]);
    let prepared = session.plan(&["kb1"]);
    assert_eq!(prepared.plan().fixes[0].status, Status::Blocked);
    assert!(prepared.plan().fixes[0].reason.contains("REG_SZ \"w3svc\" instead of REG_MULTI_SZ"));
    let before = target.files();
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Refused);
    assert_eq!(target.files(), before);
}

#[test]
fn deleted_values_come_back_in_their_places() {
    let target = Target::new(WINDOWS_XP, |hives| {
        for name in ["First", "second", "Third", "Fourth"] {
            set(&mut hives.software, r"Vendor\App", name, &Value::string(name));
        }
    });
    let session = target.session(&[article(
        r#"
[[step]]
key = 'HKLM\SOFTWARE\Vendor\App'
delete-values = ["FIRST", "Third", "absent"]
"#,
    )]);
    let changes = there_and_back(&target, &session);
    assert_eq!(
        places(&changes),
        [r"HKLM\SOFTWARE\Vendor\App\First", r"HKLM\SOFTWARE\Vendor\App\Third"],
        "names are as they are stored"
    );
}

#[test]
fn a_deleted_key_comes_back_with_everything_in_it() {
    let target = Target::new(WINDOWS_XP, |hives| {
        let deep = r"Vendor\App\Dead\Below\Deeper";
        set(&mut hives.software, deep, "Odd", &Value { kind: ValueType(0xffff_0007), data: vec![1, 2, 3] });
        set(&mut hives.software, deep, "Big", &Value::binary(vec![7; 40_000]));
        set(&mut hives.software, r"Vendor\App\Dead", "", &Value::string("default"));
        set(&mut hives.software, r"Vendor\App\Alive", "A", &Value::dword(1));
    });
    let session = target.session(&[article(
        r"
[[step]]
delete-key = 'HKLM\SOFTWARE\Vendor\App\Dead'
",
    )]);
    let changes = there_and_back(&target, &session);
    assert_eq!(changes[0].before_text(), "Dead (3 keys, 3 values)");
}

#[test]
fn a_renamed_key_gets_its_name_back() {
    let target = Target::new(WINDOWS_XP, |hives| {
        set(&mut hives.software, r"Vendor\App\Old\Below", "A", &Value::dword(1));
    });
    let session = target.session(&[article(
        r#"
[[step]]
rename-key = 'HKLM\SOFTWARE\Vendor\App\Old'
to = "New"
"#,
    )]);
    let changes = there_and_back(&target, &session);
    assert!(matches!(&changes[0], Change::KeyRenamed(change) if change.after.as_deref() == Some("New")));
}

#[test]
fn a_service_that_is_not_installed_is_not_invented() {
    let target = Target::new(WINDOWS_XP, |hives| {
        set(&mut hives.system, r"ControlSet001\Services\SENS", "Start", &Value::dword(4));
    });
    let fix = r#"
[[step]]
service = "SENS"
start = ["auto", "demand"]
[[step]]
service = "Ghost"
start = ["auto"]
"#;
    let session = target.session(&[article(fix)]);
    let prepared = session.plan(&["kb1"]);
    assert_eq!(prepared.plan().fixes[0].status, Status::Blocked);
    assert!(prepared.plan().fixes[0].reason.contains("Ghost is not installed"));
    assert!(!prepared.plan().has_changes(), "nothing of a blocked fix is done");
    let session = target.session(&[article(fix.split("[[step]]\nservice = \"Ghost\"").next().unwrap())]);
    let changes = there_and_back(&target, &session);
    assert_eq!(changes[0].after_text(), "REG_DWORD 2");
}

#[test]
fn every_user_profile_is_repaired() {
    let target = Target::new(WINDOWS_XP, |hives| {
        let list = r"Microsoft\Windows NT\CurrentVersion\ProfileList";
        let gone = Value::expand_string(r"%SystemDrive%\Documents and Settings\Gone");
        set(&mut hives.software, &format!(r"{list}\S-1-5-21-1-2-3-1004"), "ProfileImagePath", &gone);
    });
    let session = target.session(&[article(
        r"
[[step]]
key = 'HKCU\Software\Microsoft'
set = { Seen = 2 }
",
    )]);
    let changes = there_and_back(&target, &session);
    assert_eq!(places(&changes), [r"HKU\S-1-5-21-1-2-3-1003\Software\Microsoft\Seen"]);
}

#[test]
fn a_command_waits_for_the_first_boot_and_its_result_is_seen() {
    let target = Target::new(WINDOWS_2000, |_| {});
    let session = target.session(&[article(
        r#"
[[step]]
first-boot = "regsvr32 /s wlnotify.dll"
"#,
    )]);
    let changes = there_and_back(&target, &session);
    let queued = changes.last().unwrap();
    assert!(queued.place().starts_with(r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce\pemedic "));
    assert!(queued.after_text().contains("regsvr32 /s wlnotify.dll"));
    session.apply(&["kb1"]);
    let scan = session.scan();
    assert_eq!(scan.first_boot[0].exit_code, None);
    assert_eq!(scan.first_boot[0].output, "queued for the first boot");
    // Windows takes the value away and runs the command.
    let Change::Value(queued) = queued else { panic!("{queued:?}") };
    target.edit(&target.software(), |editor| {
        let key = pemedic::hive::KeyPath::new(r"Microsoft\Windows\CurrentVersion\RunOnce");
        editor.delete_value(&key, &queued.value).unwrap();
    });
    let number = queued.value.rsplit(' ').next().unwrap();
    target.write(&format!(r"C:\pemedic\boot-{number}.txt"), "done\r\nexit 3\r\n");
    let scan = session.scan();
    assert_eq!(scan.first_boot[0].exit_code, Some(3));
    assert!(scan.first_boot[0].output.starts_with("done"));
    let undo = session.session.undo_plan(None, &[], &Choices::default()).unwrap();
    assert!(
        undo.plan().changes().all(|change| !change.place().ends_with(number)),
        "the value is gone already"
    );
}

const MACHINE_KEYS: &str =
    r"C:\Documents and Settings\All Users\Application Data\Microsoft\Crypto\RSA\MachineKeys";
const GUID: &str = "1b2162a0-ed5a-4d56-bd8a-8f2f65406b82";

const MACHINE_KEY_FIX: &str = r#"
[[ask]]
id = "new-key"
question = "Which of the keys was made when the trouble began?"
files = '{AllUsersProfile}\Application Data\Microsoft\Crypto\RSA\MachineKeys\c23*'
at-least = 2
propose = "newest"
[[ask]]
id = "old-key"
question = "Which key stays?"
files = '{AllUsersProfile}\Application Data\Microsoft\Crypto\RSA\MachineKeys\c23*'
except = ["new-key"]
propose = "only"
[[step]]
move-aside = '{ask:new-key}'
[[step]]
rename-file = '{ask:old-key}'
tail-after = "_"
tail = '{registry:HKLM\SOFTWARE\Microsoft\Cryptography\MachineGuid}'
"#;

fn machine_keys(names: &[(&str, i64)]) -> Target {
    let target = Target::new(WINDOWS_2000, |hives| {
        set(&mut hives.software, r"Microsoft\Cryptography", "MachineGuid", &Value::string(GUID));
    });
    for (name, seconds) in names {
        let path = target.write(&format!(r"{MACHINE_KEYS}\{name}"), name);
        let made = std::time::UNIX_EPOCH + std::time::Duration::from_secs(u64::try_from(*seconds).unwrap());
        std::fs::File::options().write(true).open(path).unwrap().set_modified(made).unwrap();
    }
    target
}

#[test]
fn the_newest_key_is_proposed_and_the_other_gets_the_machines_guid() {
    let target = machine_keys(&[("c23_old", 1_000_000_000), ("c23_new", 1_095_000_000), ("7a_x", 1)]);
    let session = target.session(&[article(MACHINE_KEY_FIX)]);
    let prepared = session.plan(&["kb1"]);
    let question = &prepared.plan().fixes[0].questions[0];
    assert_eq!(prepared.plan().fixes[0].questions.len(), 2);
    assert_eq!(question.proposed.as_deref(), Some(format!(r"{MACHINE_KEYS}\c23_new").as_str()));
    let facts: Vec<_> = question.candidates.iter().map(|it| (it.label.as_str(), it.size)).collect();
    assert_eq!(facts, [("c23_new", Some(7)), ("c23_old", Some(7))]);
    let changes = there_and_back(&target, &session);
    assert_eq!(changes.len(), 2);
    assert_eq!(changes[1].after_text(), format!("c23_{GUID}"));
}

#[test]
fn the_technician_may_choose_another_key() {
    let target = machine_keys(&[("c23_old", 1_000_000_000), ("c23_new", 1_095_000_000)]);
    let session = target.session(&[article(MACHINE_KEY_FIX)]);
    let prepared = session.plan_with(&["kb1"], &Choices::parse(&["new-key=c23_old"]).unwrap());
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Applied);
    assert!(target.host(&format!(r"{MACHINE_KEYS}\c23_{GUID}")).is_file());
    let left = std::fs::read(target.host(&format!(r"{MACHINE_KEYS}\c23_{GUID}"))).unwrap();
    assert_eq!(left, b"c23_new");
}

#[test]
fn one_key_alone_raises_no_question_and_is_renamed_only_where_it_differs() {
    let right = format!("c23_{GUID}");
    let target = machine_keys(&[(&right, 1_000_000_000)]);
    let session = target.session(&[article(MACHINE_KEY_FIX)]);
    let prepared = session.plan(&["kb1"]);
    assert_eq!(prepared.plan().fixes[0].questions.len(), 1, "only which key stays, and that is settled");
    assert_eq!(prepared.plan().fixes[0].status, Status::Healthy);
    let target = machine_keys(&[("c23_wrong", 1_000_000_000)]);
    let session = target.session(&[article(MACHINE_KEY_FIX)]);
    there_and_back(&target, &session);
}

#[test]
fn keys_of_the_same_age_propose_nothing_and_block() {
    let target = machine_keys(&[("c23_a", 1_000_000_000), ("c23_b", 1_000_000_000)]);
    let session = target.session(&[article(MACHINE_KEY_FIX)]);
    let prepared = session.plan(&["kb1"]);
    assert_eq!(prepared.plan().fixes[0].status, Status::Blocked);
    assert!(prepared.plan().fixes[0].reason.contains("new-key must be answered"));
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Refused);
}

#[test]
fn a_missing_file_is_copied_from_the_first_source_there_is() {
    let target = Target::new(WINDOWS_XP, |_| {});
    target.write(r"C:\WINDOWS\system32\dllcache\lost.dll", "content");
    let session = target.session(&[article(
        r"
[[step]]
restore-file = '{SystemRoot}\system32\lost.dll'
from = ['{SystemRoot}\ServicePackFiles\i386\lost.dll', '{SystemRoot}\system32\dllcache\lost.dll']
",
    )]);
    let changes = there_and_back(&target, &session);
    assert!(changes[0].after_text().starts_with(r"copy of C:\WINDOWS\system32\dllcache\lost.dll"));
}

#[test]
fn a_file_may_be_moved_aside_and_restored_in_one_fix() {
    let target = Target::new(WINDOWS_XP, |_| {});
    target.write(r"C:\WINDOWS\system32\dllcache\a.dll", "good");
    target.write(r"C:\WINDOWS\system32\a.dll", "bad");
    let fix = r#"
[[step]]
move-aside = '{SystemRoot}\system32\a.dll'
when = [{ key = 'HKLM\SOFTWARE\Vendor\State', value = "Repaired", absent = true }]
[[step]]
restore-file = '{SystemRoot}\system32\a.dll'
from = '{SystemRoot}\system32\dllcache\a.dll'
[[step]]
key = 'HKLM\SOFTWARE\Vendor\State'
set = { Repaired = 1 }
"#;
    let session = target.session(&[article(fix)]);
    there_and_back(&target, &session);
    session.apply(&["kb1"]);
    assert_eq!(std::fs::read(target.host(r"C:\WINDOWS\system32\a.dll")).unwrap(), b"good");
}

#[test]
fn values_read_by_query_are_what_was_written() {
    let target = Target::new(WINDOWS_XP, |_| {});
    let session =
        target.session(&[article("[[step]]\nkey = 'HKLM\\SOFTWARE\\Vendor\\App'\nset = { A = 1 }\n")]);
    session.apply(&["kb1"]);
    let reports = session.session.reg_query(r"hklm\software\vendor\app", false).unwrap();
    assert_eq!(reports[0].values, [NamedValue { name: "A".to_owned(), value: Value::dword(1) }]);
}
