//! Receipts: what is in them, where they are, and who may have written them.

use std::fs;
use std::path::Path;

use pemedic::hive::Value;
use pemedic::session::{Choices, ExitClass, HistoryState, Outcome};

use crate::support::target::{Target, WINDOWS_XP, article, set};

const FIX: &str = r#"
[[step]]
key = 'HKLM\SOFTWARE\Vendor\App'
set = { Mode = 1 }
[[step]]
manual = "Tell the user."
"#;

fn xp() -> Target {
    Target::new(WINDOWS_XP, |hives| set(&mut hives.software, r"Vendor\App", "Mode", &Value::dword(0)))
}

#[test]
fn a_person_can_read_a_receipt_and_put_the_hive_back() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    let original = fs::read(target.software()).unwrap();
    let folder = session.apply(&["kb1"]).receipt_folder.unwrap();
    assert_ne!(fs::read(target.software()).unwrap(), original);
    assert_eq!(fs::read(folder.join("hives").join("SOFTWARE-software")).unwrap(), original);
    let text = fs::read_to_string(folder.join("receipt.toml")).unwrap();
    for line in [
        "state = \"applied\"",
        "name = \"kb1/only\"",
        "system-root = 'C:\\WINDOWS'",
        "computer-name = \"BENCH\"",
        "value = \"Mode\"",
        "data = 1",
        "text = \"Tell the user.\"",
        "article-sha256 = ",
        "sha256-before = ",
        "sha256-after = ",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn the_checklist_is_ticked_in_the_receipt() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    let receipt = session.apply(&["kb1"]).receipt.unwrap();
    session.session.tick(&receipt, 0, true).unwrap();
    let history = session.session.history().unwrap();
    assert!(history.receipts[0].checklist[0].done);
    assert_eq!(session.session.tick(&receipt, 9, true).unwrap_err().class, ExitClass::NoSuch);
    assert_eq!(session.session.tick("none", 0, true).unwrap_err().class, ExitClass::NoSuch);
}

#[test]
fn receipts_may_be_kept_elsewhere() {
    let target = xp();
    let logs = tempfile::tempdir().unwrap();
    target.write(r"C:\WINDOWS\system32\bad.dll", "bad");
    let fix = format!("{FIX}[[step]]\nmove-aside = '{{SystemRoot}}\\system32\\bad.dll'\n");
    let session = target.session_logging(&[article(&fix)], Some(logs.path().to_owned()));
    let before = session.content();
    let report = session.apply(&["kb1"]);
    let name = report.receipt.unwrap();
    let own = target.root().join("pemedic");
    let id = fs::read_to_string(own.join("target-id")).unwrap();
    let folder = logs.path().join(id.trim_end()).join(&name);
    assert_eq!(report.receipt_folder.unwrap(), folder);
    assert!(folder.join("receipt.toml").is_file());
    assert!(!own.join("interrupted.toml").exists());
    let aside = own.join("receipts").join(&name).join("files").join("001-bad.dll");
    assert_eq!(fs::read(aside).unwrap(), b"bad", "files stay on their volume");
    session.session.recover(&mut |_| {}).unwrap();
    session.undo();
    assert_eq!(session.content(), before);
    assert_eq!(fs::read(target.host(r"C:\WINDOWS\system32\bad.dll")).unwrap(), b"bad");
}

/// Of a fleet that writes its receipts to one share, any two may be clones.
#[test]
fn receipts_of_clones_in_one_folder_are_told_apart() {
    let logs = tempfile::tempdir().unwrap();
    let (one, other) = (xp(), xp());
    let [one, other] =
        [&one, &other].map(|target| target.session_logging(&[article(FIX)], Some(logs.path().to_owned())));
    let receipt = one.apply(&["kb1"]).receipt.unwrap();
    assert!(other.session.history().unwrap().receipts.is_empty());
    let undo = other.session.undo_plan(None, &[], &Choices::default());
    assert_eq!(undo.map(|_| ()).unwrap_err().class, ExitClass::NoSuch);
    // What the first is writing just now is not an interrupted start of the second.
    let id = fs::read_dir(logs.path()).unwrap().next().unwrap().unwrap().path();
    let being_written = id.join("20990101T000000Z-being-written");
    fs::create_dir(&being_written).unwrap();
    other.apply(&["kb1"]);
    assert!(other.session.recover(&mut |_| {}).unwrap().is_empty() && being_written.is_dir());
    assert_eq!(other.session.history().unwrap().receipts.len(), 1);
    assert_eq!(one.session.history().unwrap().receipts[0].receipt, receipt);
}

#[test]
fn a_repair_interrupted_elsewhere_is_known_to_a_start_without_that_folder() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    let note = target.root().join("pemedic").join("interrupted.toml");
    fs::create_dir_all(note.parent().unwrap()).unwrap();
    fs::write(&note, "receipt = '/media/stick/logs/20040914T070800Z-kb1-only'\n").unwrap();
    let notes = session.session.recover(&mut |_| {}).unwrap();
    assert!(notes[0].done.contains("--log-dir"), "{notes:?}");
    let prepared = session.plan(&["kb1"]);
    assert!(prepared.plan().guards.iter().any(|it| it.id == "interrupted-elsewhere"));
    let before = target.files();
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Refused);
    assert_eq!(target.files(), before);
}

#[test]
fn receipts_of_another_installation_are_none_of_ours() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    let folder = session.apply(&["kb1"]).receipt_folder.unwrap();
    edit(&folder, |text| text.replace("C:\\WINDOWS", "C:\\WINNT"));
    assert!(session.session.history().unwrap().receipts.is_empty());
}

fn edit(folder: &Path, change: impl FnOnce(String) -> String) {
    let file = folder.join("receipt.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, change(text)).unwrap();
}

/// Whatever a receipt says, undo stays within the target and its registry.
#[test]
fn a_hostile_receipt_leads_nowhere() {
    let outside = tempfile::tempdir().unwrap();
    let victim = outside.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    let up = format!("files/../../../../../..{}", victim.display());
    let attacks: [&dyn Fn(String) -> String; 6] = [
        &|text| text.replace("stored = \"files/001-bad.dll\"", &format!("stored = \"{up}\"")),
        &|text| text.replace("C:\\WINDOWS\\system32\\bad.dll", "C:\\..\\..\\victim"),
        &|text| text.replace("C:\\WINDOWS\\system32\\bad.dll", "D:\\victim"),
        &|text| text.replace("HKLM\\SOFTWARE\\Vendor\\App", "HKLM\\HARDWARE\\X"),
        &|text| text.replace("copy = \"hives/", "copy = \"hives/../../"),
        &|text| text.replace("format = 1", "format = 99"),
    ];
    for (number, attack) in attacks.iter().enumerate() {
        let target = xp();
        target.write(r"C:\WINDOWS\system32\bad.dll", "bad");
        let fix = format!("{FIX}[[step]]\nmove-aside = '{{SystemRoot}}\\system32\\bad.dll'\n");
        let session = target.session(&[article(&fix)]);
        let folder = session.apply(&["kb1"]).receipt_folder.unwrap();
        let text = fs::read_to_string(folder.join("receipt.toml")).unwrap();
        edit(&folder, attack);
        assert_ne!(
            fs::read_to_string(folder.join("receipt.toml")).unwrap(),
            text,
            "attack {number} changes nothing"
        );
        let before = target.files();
        let planned = session.session.undo_plan(None, &[], &Choices::default());
        if let Ok(prepared) = planned {
            let _ = session.carry_out(&prepared);
            panic!("attack {number} was planned");
        }
        session.session.recover(&mut |_| {}).unwrap();
        assert_eq!(target.files(), before, "attack {number}");
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
    }
}

#[test]
fn a_damaged_receipt_is_shown_and_costs_the_others_nothing() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    let first = session.apply(&["kb1"]);
    session.undo();
    edit(&first.receipt_folder.unwrap(), |text| text[..text.len() / 2].to_owned());
    let history = session.session.history().unwrap();
    assert_eq!(history.receipts.len(), 1);
    assert_eq!(history.receipts[0].state, HistoryState::Applied);
    assert_eq!(history.problems.len(), 1);
}

#[test]
fn an_unfinished_receipt_refuses_new_repairs_until_it_is_settled() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    let folder = session.apply(&["kb1"]).receipt_folder.unwrap();
    edit(&folder, |text| text.replace("state = \"applied\"", "state = \"prepared\""));
    let prepared = session.session.reg_import_plan(&reg_file(&target)).unwrap();
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Refused);
    let notes = session.session.recover(&mut |_| {}).unwrap();
    assert!(notes[0].done.contains("applied"), "{notes:?}");
    let prepared = session.session.reg_import_plan(&reg_file(&target)).unwrap();
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Applied);
}

fn reg_file(target: &Target) -> std::path::PathBuf {
    let file = target.root().join("x.reg");
    let text =
        "REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Vendor\\App]\r\n\"Imported\"=dword:00000005\r\n";
    fs::write(&file, text).unwrap();
    file
}

#[test]
fn a_reg_file_is_imported_and_taken_back() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    let before = session.content();
    let file = target.root().join("x.reg");
    let text = "Windows Registry Editor Version 5.00\r\n\r\n\
        [HKEY_LOCAL_MACHINE\\SOFTWARE\\Vendor\\App]\r\n\"Mode\"=-\r\n\"New\"=hex(7):61,00,00,00,00,00\r\n\r\n\
        [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\X]\r\n@=\"x\"\r\n\r\n\
        [-HKEY_LOCAL_MACHINE\\SOFTWARE\\Vendor\\None]\r\n";
    fs::write(&file, text).unwrap();
    let prepared = session.session.reg_import_plan(&file).unwrap();
    let places: Vec<String> = prepared.plan().changes().map(pemedic::repair::Change::place).collect();
    assert_eq!(
        places,
        [
            r"HKLM\SOFTWARE\Vendor\App\Mode",
            r"HKLM\SOFTWARE\Vendor\App\New",
            r"HKLM\SYSTEM\ControlSet001\Services",
            r"HKLM\SYSTEM\ControlSet001\Services\X",
            r"HKLM\SYSTEM\ControlSet001\Services\X\(Default)",
        ]
    );
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Applied);
    let again = session.session.reg_import_plan(&file).unwrap();
    assert_eq!(session.carry_out(&again).outcome, Outcome::NothingToDo);
    session.undo();
    assert_eq!(session.content(), before);
}

#[test]
fn a_hostile_reg_file_changes_nothing() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    let file = target.root().join("x.reg");
    for line in [
        "[-HKEY_LOCAL_MACHINE\\SOFTWARE]",
        "[HKEY_LOCAL_MACHINE\\HARDWARE\\X]",
        "[\\\\server\\share]",
        "[HKLM]",
    ] {
        fs::write(&file, format!("REGEDIT4\r\n\r\n{line}\r\n\"a\"=\"b\"\r\n")).unwrap();
        let before = target.files();
        let planned = session.session.reg_import_plan(&file);
        let changes = planned.as_ref().map(|prepared| prepared.plan().has_changes());
        assert!(!changes.unwrap_or(false), "{line}");
        assert_eq!(target.files(), before);
    }
    let missing = session.session.reg_import_plan(&target.root().join("none.reg"));
    assert_eq!(missing.err().unwrap().class, ExitClass::NoSuch);
}
