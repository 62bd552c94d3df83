//! Plans of several fixes, and the errors of planning.

use pemedic::hive::Value;
use pemedic::session::{Choices, ExitClass, Outcome, Status};

use crate::support::target::{Target, WINDOWS_XP, article_of, set};

fn xp() -> Target {
    Target::new(WINDOWS_XP, |hives| {
        set(&mut hives.software, r"Vendor\List", "Members", &Value::multi_string(&["a"]));
    })
}

const FIRST: &str = r#"
[[step]]
key = 'HKLM\SOFTWARE\Vendor\App'
set = { Mode = 1, Shared = "same" }
"#;

#[test]
fn fixes_that_contradict_each_other_are_an_error_that_names_both() {
    let target = xp();
    let second = "[[step]]\nkey = 'HKLM\\SOFTWARE\\Vendor\\App'\nset = { Mode = 2 }\n";
    let session = target.session(&[article_of("kb1", FIRST), article_of("kb2", second)]);
    let names = ["kb1".to_owned(), "kb2".to_owned()];
    let error = session.session.plan(&names, &Choices::default()).err().unwrap();
    assert_eq!(error.class, ExitClass::Usage);
    assert_eq!(
        error.message,
        r"kb1/only and kb2/only contradict each other at HKLM\SOFTWARE\Vendor\App\Mode: apply one of them"
    );
}

#[test]
fn a_key_that_one_fix_deletes_and_another_fills_is_a_contradiction() {
    let target = xp();
    let second = "[[step]]\ndelete-key = 'HKLM\\SOFTWARE\\Vendor\\App\\Sub'\n";
    let first = "[[step]]\nkey = 'HKLM\\SOFTWARE\\Vendor\\App\\Sub'\nset = { A = 1 }\n";
    let session = target.session(&[article_of("kb1", first), article_of("kb2", second)]);
    let names = ["kb1".to_owned(), "kb2".to_owned()];
    let error = session.session.plan(&names, &Choices::default()).err().unwrap();
    assert!(error.message.starts_with("kb1/only and kb2/only contradict"), "{}", error.message);
}

#[test]
fn the_same_change_is_made_once() {
    let target = xp();
    let second = r#"
[[step]]
key = 'HKLM\SOFTWARE\Vendor\App'
set = { Shared = "same" }
"#;
    let session = target.session(&[article_of("kb1", FIRST), article_of("kb2", second)]);
    let prepared = session.plan(&["kb1", "kb2"]);
    let plan = prepared.plan();
    assert_eq!(plan.fixes[1].status, Status::Needed);
    assert_eq!(plan.fixes[1].reason, "the changes that it needs are made by kb1/only");
    assert!(plan.fixes[1].changes.is_empty());
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Applied);
    assert!(!session.plan(&["kb1", "kb2"]).plan().has_changes());
}

#[test]
fn members_from_several_fixes_come_together() {
    let target = xp();
    let include = |member: &str| {
        format!("[[step]]\nkey = 'HKLM\\SOFTWARE\\Vendor\\List'\ninclude = {{ Members = [\"{member}\"] }}\n")
    };
    let (first, second) = (include("b"), include("c"));
    let session = target.session(&[article_of("kb1", &first), article_of("kb2", &second)]);
    let prepared = session.plan(&["kb1", "kb2"]);
    let last = prepared.plan().changes().last().unwrap().after_text();
    assert_eq!(last, "REG_MULTI_SZ a b c");
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Applied);
}

#[test]
fn a_step_sees_what_the_steps_before_it_do() {
    let target = xp();
    let fix = r#"
[[step]]
key = 'HKLM\SOFTWARE\Vendor\App'
set = { Folder = "Data" }
[[step]]
key = 'HKLM\SOFTWARE\Vendor\{registry:HKLM\SOFTWARE\Vendor\App\Folder}'
set = { Ready = 1 }
"#;
    let session = target.session(&[article_of("kb1", fix)]);
    let prepared = session.plan(&["kb1"]);
    let last = prepared.plan().changes().last().unwrap().place();
    assert_eq!(last, r"HKLM\SOFTWARE\Vendor\Data\Ready");
    assert_eq!(session.carry_out(&prepared).outcome, Outcome::Applied);
}

#[test]
fn a_blocked_fix_leaves_the_preview_of_the_others_alone() {
    let target = xp();
    let blocked = r#"
[[step]]
key = 'HKLM\SOFTWARE\Vendor\Half'
set = { Done = 1 }
[[step]]
service = "Ghost"
start = "auto"
"#;
    let session = target.session(&[article_of("kb1", blocked), article_of("kb2", FIRST)]);
    let prepared = session.plan(&["kb1", "kb2"]);
    let plan = prepared.plan();
    assert_eq!(plan.fixes[0].status, Status::Blocked);
    assert!(plan.fixes[0].changes.is_empty());
    assert_eq!(plan.fixes[1].status, Status::Needed);
    assert!(plan.changes().all(|change| !change.place().contains("Half")));
    let before = target.files();
    let report = session.carry_out(&prepared);
    assert_eq!(report.outcome, Outcome::Refused);
    assert!(report.failure.unwrap().contains("kb1/only is blocked"));
    assert_eq!(target.files(), before);
}

#[test]
fn names_and_answers_that_mean_nothing_are_errors() {
    let target = xp();
    let session = target.session(&[article_of("kb1", FIRST)]);
    let class = |names: &[&str], choices: &Choices| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        session.session.plan(&names, choices).err().map(|error| error.class)
    };
    let none = Choices::default();
    assert_eq!(class(&["kb9"], &none), Some(ExitClass::NoSuch));
    assert_eq!(class(&["kb1/none"], &none), Some(ExitClass::NoSuch));
    assert_eq!(class(&["KB1/ONLY"], &none), None);
    assert_eq!(class(&["kb1"], &Choices::parse(&["what=x"]).unwrap()), Some(ExitClass::Usage));
}

#[test]
fn optional_fixes_are_left_out_unless_named() {
    let target = xp();
    let (name, text) = article_of("kb1", FIRST);
    let text = text.replace("id = \"only\"", "id = \"only\"\noptional = true");
    let session = target.session(&[(name, text)]);
    let prepared = session.plan(&["kb1"]);
    assert!(prepared.plan().fixes.is_empty());
    assert_eq!(prepared.plan().notes, ["left out unless named: kb1/only"]);
    assert!(session.plan(&["kb1/only"]).plan().has_changes());
}

#[test]
fn a_used_fix_keeps_its_own_conditions() {
    let target = xp();
    let (name, text) = article_of("kb1", FIRST);
    let text = text.replace("id = \"only\"", "id = \"only\"\napplies-to = [\"windows 2000\"]");
    let user = article_of("kb2", "[[step]]\nuse = \"kb1/only\"\n");
    let session = target.session(&[(name, text), user]);
    let prepared = session.plan(&["kb2"]);
    assert!(!prepared.plan().has_changes(), "what is for Windows 2000 is not done to XP");
    let session =
        target.session(&[article_of("kb1", FIRST), article_of("kb2", "[[step]]\nuse = \"kb1/only\"\n")]);
    assert!(session.plan(&["kb2"]).plan().has_changes());
}

#[test]
fn risky_fixes_want_permission() {
    let target = xp();
    let (name, text) = article_of("kb1", FIRST);
    let text = text.replace("safety = \"safe\"", "safety = \"risky\"\nwarning = \"It may not fit.\"");
    let session = target.session(&[(name, text)]);
    let prepared = session.plan(&["kb1"]);
    let report = session.carry_out(&prepared);
    assert_eq!(report.outcome, Outcome::Refused);
    assert!(report.failure.unwrap().contains("--allow risky"));
    assert_eq!(session.carry_out_risky(&prepared).outcome, Outcome::Applied);
}

#[test]
fn a_target_that_changed_after_the_plan_is_not_touched() {
    let target = xp();
    let session = target.session(&[article_of("kb1", FIRST)]);
    let prepared = session.plan(&["kb1"]);
    target.edit(&target.software(), |editor| set(editor, "Vendor", "Meanwhile", &Value::dword(1)));
    let before = target.files();
    let report = session.carry_out(&prepared);
    assert_eq!(report.outcome, Outcome::Refused);
    assert!(report.failure.unwrap().contains("changed after the plan was made"));
    assert_eq!(target.files(), before);
}
