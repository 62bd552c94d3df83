//! A repair from plan to undo on small installations.

use pemedic::hive::{Hive, KeyPath, Value};
use pemedic::session::{Change, HistoryState, Outcome, Status};

use crate::support::log_writer::{NewLog, set_sequences};
use crate::support::target::{SID, Target, WINDOWS_2000, WINDOWS_XP, set};

const ARTICLE: (&str, &str) = (
    "kb1.md",
    r#"+++
id = "kb1"
title = "Notification package is missing"
products = ["Windows XP", "Windows 2000"]
applies-to = ["windows 2000", "windows xp"]
+++
## Symptoms
Error 0x800704DD.

## Resolution
Restore the package.

```toml fix
id = "package-xp"
title = "Restore the package on XP"
applies-to = ["windows xp"]
safety = "safe"
[[step]]
key = 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\Package'
set = { DLLName = "WlNotify.dll", MaxWait = 600 }
[[step]]
key = 'HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
set = { Hostname = "bench" }
[[step]]
key = 'HKCU\Software\Microsoft\Package'
set = { On = 1 }
[[step]]
manual = "Restart the machine."
```

```toml fix
id = "package-2000"
title = "Restore the package on 2000"
applies-to = ["windows 2000"]
safety = "safe"
[[step]]
key = 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\Package'
set = { DLLName = "WlNotify.dll" }
```
"#,
);

fn xp() -> Target {
    Target::new(WINDOWS_XP, |hives| {
        let notify = r"Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\Other";
        set(&mut hives.software, notify, "DLLName", &Value::string("other.dll"));
        let parameters = r"ControlSet001\Services\Tcpip\Parameters";
        set(&mut hives.system, parameters, "Hostname", &Value::string("old"));
    })
}

#[test]
fn the_plan_names_what_applies_and_why_the_rest_does_not() {
    let target = xp();
    let session = target.session(&[ARTICLE]);
    let prepared = session.plan(&["kb1"]);
    let plan = prepared.plan();
    assert_eq!(plan.fixes[0].status, Status::Needed);
    assert_eq!(plan.fixes[1].status, Status::NotApplicable);
    assert_eq!(plan.fixes[1].reason, "package-2000 is for Windows 2000; this is Windows XP (build 2600)");
    let places: Vec<String> = plan.changes().map(Change::place).collect();
    let package = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\Package";
    assert_eq!(
        places,
        [
            package.to_owned(),
            format!(r"{package}\DLLName"),
            format!(r"{package}\MaxWait"),
            r"HKLM\SYSTEM\ControlSet001\Services\Tcpip\Parameters\Hostname".to_owned(),
            format!(r"HKU\{SID}\Software\Microsoft\Package"),
            format!(r"HKU\{SID}\Software\Microsoft\Package\On"),
        ]
    );
}

#[test]
fn planning_writes_nothing() {
    let target = xp();
    let before = target.files();
    target.session(&[ARTICLE]).plan(&["kb1"]);
    assert_eq!(target.files(), before);
}

#[test]
fn the_version_decides_which_fix_is_for_the_target() {
    let target = Target::new(WINDOWS_2000, |_| {});
    let session = target.session(&[ARTICLE]);
    let prepared = session.plan(&["kb1"]);
    let statuses: Vec<Status> = prepared.plan().fixes.iter().map(|fix| fix.status).collect();
    assert_eq!(statuses, [Status::NotApplicable, Status::Needed]);
}

#[test]
fn an_apply_changes_what_the_plan_says_and_leaves_a_receipt() {
    let target = xp();
    let session = target.session(&[ARTICLE]);
    let report = session.apply(&["kb1"]);
    let name = report.receipt.clone().unwrap();
    assert!(name.ends_with("-kb1-package-xp"), "{name}");
    let folder = target.root().join("pemedic").join("receipts").join(&name);
    assert_eq!(report.receipt_folder.as_deref(), Some(folder.as_path()));
    assert!(folder.join("hives").join("SOFTWARE-software").is_file());
    let again = session.plan(&["kb1"]);
    assert!(!again.plan().has_changes());
    assert_eq!(session.carry_out(&again).outcome, Outcome::NothingToDo);
    let history = session.session.history().unwrap();
    assert_eq!(history.receipts.len(), 1);
    assert_eq!(history.receipts[0].state, HistoryState::Applied);
    assert_eq!(history.receipts[0].checklist[0].text, "Restart the machine.");
}

/// Windows was switched off while its last write was only in the log.
#[test]
fn a_dirty_hive_is_recovered_first_and_the_state_before_is_kept() {
    let target = xp();
    let clean = std::fs::read(target.software()).unwrap();
    let mut windows = Hive::from_image(clean.clone()).unwrap().edit();
    set(&mut windows, r"Vendor\ByWindows", "Late", &Value::dword(7));
    let written = windows.finish().unwrap().image().to_vec();
    let mut dirty = clean.clone();
    set_sequences(&mut dirty, 10, 9);
    let log = NewLog::new(&clean, 10).entry(&clean, &written).named("software.LOG1");
    std::fs::write(target.software(), &dirty).unwrap();
    std::fs::write(target.config().join(&log.name), &log.bytes).unwrap();
    let session = target.session(&[ARTICLE]);
    let before = session.content();
    assert!(before.contains("ByWindows"), "what the log holds is part of the hive");
    let folder = session.apply(&["kb1"]).receipt_folder.unwrap();
    let kept = |name: &str| std::fs::read(folder.join("hives").join(name)).unwrap();
    assert_eq!(kept("SOFTWARE-software"), dirty);
    assert_eq!(kept("SOFTWARE-software.LOG1"), log.bytes);
    // Without its logs, and with them, Windows loads the same.
    let image = std::fs::read(target.software()).unwrap();
    let key = KeyPath::new(r"Vendor\ByWindows");
    for logs in [vec![], vec![log]] {
        let hive = Hive::open(image.clone(), &logs).unwrap();
        assert_eq!(hive.value(&key, "Late").unwrap(), Some(Value::dword(7)));
        let package = KeyPath::new(r"Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\Package");
        assert!(hive.key_exists(&package).unwrap(), "an old log was replayed over the repair");
    }
    session.undo();
    assert_eq!(session.content(), before);
}

#[test]
fn undo_brings_the_exact_content_back() {
    let target = xp();
    let session = target.session(&[ARTICLE]);
    let export = |key: &str| tree(&session.session, key);
    let keys = [r"HKLM\SOFTWARE", r"HKLM\SYSTEM", r"HKCU"];
    let before: Vec<_> = keys.iter().map(|key| export(key)).collect();
    let first = session.apply(&["kb1"]).receipt.unwrap();
    let applied: Vec<_> = keys.iter().map(|key| export(key)).collect();
    assert_ne!(applied, before);
    let undo = session.undo();
    assert_eq!(undo.plan.undoes.as_deref(), Some(first.as_str()));
    assert_eq!(keys.iter().map(|key| export(key)).collect::<Vec<_>>(), before);
    let history = session.session.history().unwrap();
    let states: Vec<HistoryState> = history.receipts.iter().map(|receipt| receipt.state).collect();
    assert_eq!(states, [HistoryState::Applied, HistoryState::Undone]);
    // The undo of the undo brings the repair back, exactly.
    let choices = pemedic::session::Choices::default();
    let redo = session.session.undo_plan(undo.receipt.as_deref(), &[], &choices).unwrap();
    assert_eq!(session.carry_out(&redo).outcome, Outcome::Applied);
    assert_eq!(keys.iter().map(|key| export(key)).collect::<Vec<_>>(), applied);
}

/// Everything below a key with its time stamps.
fn tree(session: &pemedic::session::Session, key: &str) -> String {
    let reports = session.reg_query(key, true).unwrap();
    let line = |report: &pemedic::session::KeyReport| {
        format!("{} {:?} {:?}", report.key, report.last_written.0, report.values)
    };
    reports.iter().map(line).collect::<Vec<_>>().join("\n")
}
