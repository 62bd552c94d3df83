//! Taking repairs back: in part, after later changes, and twice.

use pemedic::hive::{KeyPath, Value};
use pemedic::session::{Choices, ExitClass, HistoryState, Outcome, Status};

use crate::support::target::{Target, TestSession, WINDOWS_XP, article, article_of, set};

const FIX: &str = r#"
[[step]]
key = 'HKLM\SOFTWARE\Vendor\App'
set = { Mode = 1, Name = "new" }
[[step]]
key = 'HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
set = { Hostname = "new" }
"#;

fn xp() -> Target {
    Target::new(WINDOWS_XP, |hives| {
        set(&mut hives.software, r"Vendor\App", "Name", &Value::string("old"));
        let parameters = r"ControlSet001\Services\Tcpip\Parameters";
        set(&mut hives.system, parameters, "Hostname", &Value::string("old"));
    })
}

fn value(session: &TestSession, key: &str, name: &str) -> Option<Value> {
    let reports = session.session.reg_query(key, false).unwrap();
    reports[0].values.iter().find(|named| named.name == name).map(|named| named.value.clone())
}

const APP: &str = r"HKLM\SOFTWARE\Vendor\App";

#[test]
fn what_was_changed_since_is_kept_unless_decided() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    session.apply(&["kb1"]);
    target.edit(&target.software(), |editor| set(editor, r"Vendor\App", "Name", &Value::string("by hand")));
    let prepared = session.session.undo_plan(None, &[], &Choices::default()).unwrap();
    let question = &prepared.plan().fixes[0].questions[0];
    assert_eq!(question.proposed.as_deref(), Some("keep"));
    assert!(
        question.text.contains(r#"the repair left REG_SZ "new", now it is REG_SZ "by hand""#),
        "{}",
        question.text
    );
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Applied);
    assert_eq!(value(&session, APP, "Name"), Some(Value::string("by hand")));
    assert_eq!(value(&session, APP, "Mode"), None);
}

#[test]
fn the_technician_may_decide_for_the_old_value() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    session.apply(&["kb1"]);
    target.edit(&target.software(), |editor| set(editor, r"Vendor\App", "Name", &Value::string("by hand")));
    let choices = Choices::parse(&["conflict-1=restore"]).unwrap();
    let prepared = session.session.undo_plan(None, &[], &choices).unwrap();
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Applied);
    assert_eq!(value(&session, APP, "Name"), Some(Value::string("old")));
}

#[test]
fn a_key_that_others_use_by_now_is_kept() {
    let target = xp();
    let fix = "[[step]]\nkey = 'HKLM\\SOFTWARE\\Vendor\\Fresh'\nset = { A = 1 }\n";
    let session = target.session(&[article(fix)]);
    session.apply(&["kb1"]);
    target.edit(&target.software(), |editor| set(editor, r"Vendor\Fresh\Theirs", "B", &Value::dword(2)));
    let prepared = session.session.undo_plan(None, &[], &Choices::default()).unwrap();
    assert_eq!(prepared.plan().fixes[0].questions.len(), 1);
    session.carry_out(&prepared);
    let fresh = r"HKLM\SOFTWARE\Vendor\Fresh";
    assert_eq!(value(&session, fresh, "A"), None, "what the repair set is taken back");
    assert_eq!(value(&session, r"HKLM\SOFTWARE\Vendor\Fresh\Theirs", "B"), Some(Value::dword(2)));
}

#[test]
fn what_is_back_already_is_left_alone() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    session.apply(&["kb1"]);
    target.edit(&target.software(), |editor| {
        set(editor, r"Vendor\App", "Name", &Value::string("old"));
        editor.delete_value(&KeyPath::new(r"Vendor\App"), "Mode").unwrap();
    });
    let prepared = session.session.undo_plan(None, &[], &Choices::default()).unwrap();
    let places: Vec<String> = prepared.plan().changes().map(pemedic::repair::Change::place).collect();
    assert_eq!(places, [r"HKLM\SYSTEM\ControlSet001\Services\Tcpip\Parameters\Hostname"]);
    assert!(prepared.plan().fixes[0].questions.is_empty());
}

#[test]
fn one_fix_out_of_several_is_taken_back() {
    let target = xp();
    let second = "[[step]]\nkey = 'HKLM\\SOFTWARE\\Vendor\\Other'\nset = { A = 1 }\n";
    let session = target.session(&[article_of("kb1", FIX), article_of("kb2", second)]);
    let before = session.content();
    let receipt = session.apply(&["kb1", "kb2"]).receipt.unwrap();
    let only = ["kb2/only".to_owned()];
    let part = session.session.undo_plan(Some(&receipt), &only, &Choices::default()).unwrap();
    assert_eq!(part.plan().fixes.len(), 1);
    assert_eq!(session.carry_out(&part).outcome, Outcome::Applied);
    assert_eq!(value(&session, APP, "Mode"), Some(Value::dword(1)), "the other fix stays");
    assert!(session.session.reg_query(r"HKLM\SOFTWARE\Vendor\Other", false).is_err());
    let state = |name: &str| {
        let receipts = session.session.history().unwrap().receipts;
        receipts.into_iter().find(|it| it.receipt == name).unwrap().state
    };
    assert_eq!(state(&receipt), HistoryState::Applied, "a part of it still stands");
    session.undo();
    assert_eq!(state(&receipt), HistoryState::Undone);
    assert_eq!(session.content(), before);
}

#[test]
fn receipts_are_taken_back_one_after_the_other() {
    let target = xp();
    let second = "[[step]]\nkey = 'HKLM\\SOFTWARE\\Vendor\\App'\nset = { Mode = 2 }\n";
    let session = target.session(&[article_of("kb1", FIX), article_of("kb2", second)]);
    let before = session.content();
    session.apply(&["kb1"]);
    session.apply(&["kb2"]);
    session.undo();
    assert_eq!(value(&session, APP, "Mode"), Some(Value::dword(1)));
    session.undo();
    assert_eq!(session.content(), before);
    let error = session.session.undo_plan(None, &[], &Choices::default()).err().unwrap();
    assert_eq!(error.class, ExitClass::NoSuch);
}

#[test]
fn an_undo_of_an_undo_is_the_repair_again() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    let first = session.apply(&["kb1"]).receipt.unwrap();
    let undo = session.undo().receipt.unwrap();
    let redo = session.session.undo_plan(Some(&undo), &[], &Choices::default()).unwrap();
    assert_eq!(session.carry_out(&redo).outcome, Outcome::Applied);
    assert!(!session.plan(&["kb1"]).plan().has_changes());
    let receipts = session.session.history().unwrap().receipts;
    let states: Vec<(HistoryState, bool)> =
        receipts.iter().map(|it| (it.state, it.receipt == first)).collect();
    assert_eq!(
        states,
        [(HistoryState::Applied, false), (HistoryState::Undone, false), (HistoryState::Applied, true)]
    );
    // The repair stands again, so it can be taken back again.
    session.undo();
    assert_eq!(value(&session, APP, "Name"), Some(Value::string("old")));
}

#[test]
fn a_receipt_is_taken_back_once() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    let receipt = session.apply(&["kb1"]).receipt.unwrap();
    session.undo();
    let error = session.session.undo_plan(Some(&receipt), &[], &Choices::default()).err().unwrap();
    assert_eq!(error.class, ExitClass::Refused);
    assert!(error.message.contains("taken back already"), "{}", error.message);
    let error = session.session.undo_plan(Some("none"), &[], &Choices::default()).err().unwrap();
    assert_eq!(error.class, ExitClass::NoSuch);
}

#[test]
fn a_file_that_took_the_place_of_a_moved_one_is_kept() {
    let target = xp();
    target.write(r"C:\WINDOWS\system32\bad.dll", "bad");
    let session = target.session(&[article("[[step]]\nmove-aside = '{SystemRoot}\\system32\\bad.dll'\n")]);
    session.apply(&["kb1"]);
    let path = target.write(r"C:\WINDOWS\system32\bad.dll", "by Windows");
    let prepared = session.session.undo_plan(None, &[], &Choices::default()).unwrap();
    assert_eq!(prepared.plan().fixes[0].status, Status::Healthy);
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::NothingToDo);
    assert_eq!(std::fs::read(&path).unwrap(), b"by Windows");
    let choices = Choices::parse(&["conflict-1=restore"]).unwrap();
    let prepared = session.session.undo_plan(None, &[], &choices).unwrap();
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Applied);
    assert_eq!(std::fs::read(&path).unwrap(), b"bad");
    // The other file is not lost: it is in the receipt of the undo.
    let redo = session.session.history().unwrap().receipts[0].receipt.clone();
    let prepared = session.session.undo_plan(Some(&redo), &[], &Choices::default()).unwrap();
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Applied);
    assert_eq!(std::fs::read(&path).unwrap(), b"by Windows");
}

#[test]
fn a_copy_that_was_changed_since_is_kept() {
    let target = xp();
    target.write(r"C:\WINDOWS\system32\dllcache\a.dll", "good");
    let fix = "[[step]]\nrestore-file = '{SystemRoot}\\system32\\a.dll'\nfrom = '{SystemRoot}\\system32\\dllcache\\a.dll'\n";
    let session = target.session(&[article(fix)]);
    session.apply(&["kb1"]);
    let path = target.write(r"C:\WINDOWS\system32\a.dll", "patched since");
    let prepared = session.session.undo_plan(None, &[], &Choices::default()).unwrap();
    assert_eq!(prepared.plan().fixes[0].questions.len(), 1);
    assert!(!prepared.plan().has_changes());
    assert!(path.is_file());
}

#[test]
fn history_needs_nothing_but_the_target() {
    let target = xp();
    let session = target.session(&[article(FIX)]);
    let receipt = session.apply(&["kb1"]).receipt.unwrap();
    // Another stick, without the article.
    let other = target.session::<&str, &str>(&[]);
    let history = other.session.history().unwrap();
    assert_eq!(history.receipts[0].receipt, receipt);
    assert_eq!(history.receipts[0].fixes, ["kb1/only"]);
    other.undo();
    assert_eq!(value(&session, APP, "Name"), Some(Value::string("old")));
}
