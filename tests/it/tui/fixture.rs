//! Plain data as the session would give it: two installations, a scan, plans.

use pemedic::kb::{FixId, Release};
use pemedic::session::{
    ApplyReport, Article, Candidate, Change, ChecklistItem, Confidence, ErrorCode, Evidence, ExplainReport,
    FileChange, FileTime, Fix, FixPlan, FoundTarget, GuardEffect, GuardFinding, History, HistoryState, Hit,
    KeyChange, KeyReport, Kind, NamedValue, Outcome, Plan, PlanQuestion, Reading, ReceiptSummary, Reference,
    Safety, ScanReport, SearchReport, Status, TargetSummary, TargetsReport, Value, ValueChange,
};

pub fn windows_xp() -> TargetSummary {
    TargetSummary {
        volume: "/mnt/c".into(),
        windows_folder: "/mnt/c/WINDOWS".into(),
        system_root: r"C:\WINDOWS".to_owned(),
        name: "Windows XP Professional Service Pack 3 (build 2600, x86)".to_owned(),
        release: Some(Release::WindowsXp),
        version: "5.1.2600".to_owned(),
        edition: None,
        service_pack: Some("Service Pack 3".to_owned()),
        architecture: "x86".to_owned(),
        server: false,
        computer_name: Some("FRONTDESK-07".to_owned()),
        control_set: 1,
        recovered_hives: Vec::new(),
    }
}

pub fn windows_2000() -> TargetSummary {
    TargetSummary {
        volume: "/mnt/d".into(),
        windows_folder: "/mnt/d/WINNT".into(),
        system_root: r"C:\WINNT".to_owned(),
        name: "Windows 2000 Server Service Pack 4 (build 2195, x86)".to_owned(),
        release: Some(Release::Windows2000),
        version: "5.0.2195".to_owned(),
        service_pack: Some("Service Pack 4".to_owned()),
        server: true,
        computer_name: Some("MAIL01".to_owned()),
        ..windows_xp()
    }
}

fn found_target(summary: TargetSummary) -> FoundTarget {
    FoundTarget { summary, guards: Vec::new() }
}

pub fn targets() -> TargetsReport {
    let problems = vec!["/mnt/e is a BitLocker volume and locked: unlock it with manage-bde".to_owned()];
    TargetsReport { version: 1, targets: [windows_xp(), windows_2000()].map(found_target).to_vec(), problems }
}

pub fn fix(id: &str, title: &str, status: Status) -> FixPlan {
    FixPlan {
        fix: id.to_owned(),
        title: title.to_owned(),
        status,
        reason: "2 of 17 values differ".to_owned(),
        safety: Safety::Safe,
        optional: false,
        warning: None,
        evidence: Vec::new(),
        questions: Vec::new(),
        changes: Vec::new(),
        manual: Vec::new(),
        first_boot: Vec::new(),
    }
}

const SENSLOGN: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\SensLogn";

fn value(key: &str, name: &str, before: Option<Value>, after: Option<Value>) -> Change {
    let hive = serde_json::from_str("\"SOFTWARE\"").unwrap();
    Change::Value(ValueChange { hive, key: key.to_owned(), value: name.to_owned(), before, after })
}

/// The XP fix with every kind of difference.
pub fn senslogn() -> FixPlan {
    let members = |names: &[&str]| Some(Value::multi_string(names));
    let mut bytes: Vec<u8> = (0..48).collect();
    let before = Some(Value::binary(bytes.clone()));
    bytes[19] = 0xff;
    bytes.truncate(40);
    FixPlan {
        warning: Some("Log on as an administrator once before other users do.".to_owned()),
        evidence: vec![Evidence {
            place: format!(r"{SENSLOGN}\MaxWait"),
            found: "(absent)".to_owned(),
            wanted: Some("REG_DWORD 600".to_owned()),
        }],
        changes: vec![
            Change::KeyCreated(KeyChange {
                hive: serde_json::from_str("\"SOFTWARE\"").unwrap(),
                key: SENSLOGN.to_owned(),
                before: None,
                after: Some("SensLogn".to_owned()),
            }),
            value(
                SENSLOGN,
                "DLLName",
                Some(Value::string("wlnotify.dl")),
                Some(Value::expand_string("WlNotify.dll")),
            ),
            value(SENSLOGN, "MaxWait", None, Some(Value::dword(600))),
            value(
                SENSLOGN,
                "Events",
                members(&["Lock", "Logoff", "Startup"]),
                members(&["Lock", "Logon", "Startup"]),
            ),
            value(SENSLOGN, "Blob", before, Some(Value::binary(bytes))),
        ],
        manual: vec![
            "Start Windows and log on as a member of the Administrators group.".to_owned(),
            "Visit the update site and install what it offers.".to_owned(),
        ],
        ..fix("kb910341/senslogn-xp", "Restore the SENS logon notification package", Status::Needed)
    }
}

pub fn machine_keys() -> FixPlan {
    let candidate = |name: &str, day: u64| Candidate {
        answer: name.to_owned(),
        label: name.to_owned(),
        created: Some(FileTime(126_000_000_000_000_000 + day * 864_000_000_000)),
        modified: Some(FileTime(126_000_000_000_000_000 + day * 864_000_000_000)),
        size: Some(1_468),
    };
    let question = PlanQuestion {
        id: "new-key".to_owned(),
        text: "Which machine key was made when the trouble began?".to_owned(),
        candidates: vec![
            candidate("c2319c42033a5ca7f44e731bfd3fa2b5_0f4a1b2c-9d8e-4f70-a1b2-c3d4e5f60718", 900),
            candidate("c2319c42033a5ca7f44e731bfd3fa2b5_7b1d3c55-2a2b-4c3d-8e9f-001122334455", 12),
        ],
        proposed: Some("c2319c42033a5ca7f44e731bfd3fa2b5_0f4a1b2c-9d8e-4f70-a1b2-c3d4e5f60718".to_owned()),
        chosen: None,
    };
    let folder = r"C:\Documents and Settings\All Users\Application Data\Microsoft\Crypto\RSA\MachineKeys";
    let moved = FileChange {
        file: format!(r"{folder}\c2319c42033a5ca7f44e731bfd3fa2b5_0f4a1b2c-9d8e-4f70-a1b2-c3d4e5f60718"),
        before: Some("1468 bytes, made 2003-01-04".to_owned()),
        after: None,
    };
    FixPlan {
        safety: Safety::Risky,
        questions: vec![question],
        changes: vec![Change::FileMovedAside(moved)],
        ..fix("kb884872/machine-keys", "Give the machine keys the machine's own name", Status::Needed)
    }
}

pub fn fixes() -> Vec<FixPlan> {
    vec![
        senslogn(),
        fix("kb910341/senslogn-2000", "Restore the SENS logon notification package", Status::NotApplicable),
        fix("kb910341/client", "Client for Microsoft Networks is installed", Status::Healthy),
        machine_keys(),
        FixPlan {
            optional: true,
            ..fix("kb910341/update-settings", "Let automatic updates run every day", Status::Needed)
        },
        FixPlan {
            reason: "the SYSTEM hive is damaged at 0x1040".to_owned(),
            ..fix("kb277770/dispatch-entries", "List all six services for InetInfo", Status::Blocked)
        },
    ]
}

pub fn scan() -> ScanReport {
    ScanReport {
        version: 1,
        target: windows_xp(),
        fixes: fixes(),
        guards: vec![GuardFinding {
            id: "dirty-hives".to_owned(),
            effect: GuardEffect::Warns,
            saw: "SYSTEM has a transaction log that was not applied.".to_owned(),
            why: "Windows was not shut down cleanly.".to_owned(),
            next: "Nothing: the log is applied before the repair.".to_owned(),
        }],
        first_boot: Vec::new(),
        cancelled: false,
    }
}

pub fn plan(fixes: Vec<FixPlan>) -> Plan {
    Plan { version: 1, target: windows_xp(), fixes, guards: Vec::new(), undoes: None, notes: Vec::new() }
}

pub fn code() -> ErrorCode {
    ErrorCode {
        text: "-2147023651".to_owned(),
        value: "0x800704DD".to_owned(),
        readings: vec![Reading {
            kind: Kind::Win32,
            number: "1245".to_owned(),
            symbol: Some("ERROR_NOT_LOGGED_ON"),
            meaning: "The operation needs a user who is logged on to the network.".to_owned(),
            cause: Some("The System Event Notification Service does not run or is not told of logons."),
            source: None,
            origin: Some("Win32 error inside an HRESULT (facility 7)".to_owned()),
            also: vec!["0x800704DD".to_owned(), "-2147023651".to_owned()],
        }],
        did_you_mean: Vec::new(),
        keys: Vec::new(),
    }
}

pub fn explained() -> ExplainReport {
    ExplainReport { version: 1, codes: vec![code()], stop: None, system: Vec::new() }
}

pub fn found() -> SearchReport {
    let hit = |id: &str, title: &str, confidence, why: &[&str]| Hit {
        id: id.to_owned(),
        title: title.to_owned(),
        confidence,
        score: 1.0,
        why: why.iter().map(|text| (*text).to_owned()).collect(),
    };
    SearchReport {
        version: 1,
        understood: pemedic::kb::paste::understand(
            "Source: Service Control Manager\nEvent ID: 7023\nThe service ended with error 0x800704DD",
        ),
        results: vec![
            hit(
                "kb910341",
                "Windows Update fails with 0x800704DD or 0x80240020",
                Confidence::Certain,
                &["code -2147023651", "needed on this machine"],
            ),
            hit(
                "kb968001",
                "Error 0x800704DD when updates are searched",
                Confidence::Likely,
                &["code -2147023651"],
            ),
            hit(
                "netsvcs-2000",
                "Services of the netsvcs group do not start on Windows 2000",
                Confidence::Weak,
                &["word service"],
            ),
        ],
    }
}

const ARTICLE: &str = r#"
## Symptoms

The update site, or a WSUS server, ends with one of these:

| code | where it comes from |
|---|---|
| `0x800704DD` | the automatic updates service cannot act for the **user** who is logged on |
| `0x80240020` | the same, seen from the update agent |

## Cause

The service that tells others of logons is not told itself. See [KB 910341](https://support.example/kb/910341).

## Resolution

### Section A: Windows 2000

1. Log on as an administrator.
2. Start the services:
   - System Event Notification
   - Background Intelligent Transfer Service

```toml fix
id = "senslogn-2000"
```

### Section B: Windows XP and Windows Server 2003

```toml fix
id = "senslogn-xp"
```

```reg before
[HKEY_LOCAL_MACHINE\SOFTWARE\Key]
```

Then restart Windows. Check with

    net start

## More information

> Microsoft changed the second message with the update agent of 2006.
"#;

pub fn article() -> Article {
    let fix = |id: &str, line| Fix {
        id: FixId { article: "kb910341".to_owned(), fix: id.to_owned() },
        title: "Restore the SENS logon notification package".to_owned(),
        applies_to: Vec::new(),
        when: Vec::new(),
        safety: Safety::Safe,
        optional: false,
        warning: None,
        questions: Vec::new(),
        steps: Vec::new(),
        examples: Vec::new(),
        line,
    };
    Article {
        id: "kb910341".to_owned(),
        title: "Windows Update fails with 0x800704DD or 0x80240020".to_owned(),
        aliases: Vec::new(),
        products: vec!["Windows 2000".to_owned(), "Windows XP".to_owned(), "Windows Server 2003".to_owned()],
        applies_to: Vec::new(),
        codes: Vec::new(),
        events: Vec::new(),
        services: Vec::new(),
        messages: Vec::new(),
        phrases: Vec::new(),
        references: vec![Reference { title: "KB 910341, revision 2.4".to_owned(), url: None }],
        related: vec!["kb968001".to_owned()],
        body: ARTICLE.to_owned(),
        body_line: 1,
        fixes: vec![fix("senslogn-2000", 24), fix("senslogn-xp", 30)],
        pack: "built-in".to_owned(),
        trusted: true,
    }
}

pub fn applied(fixes: Vec<FixPlan>) -> ApplyReport {
    ApplyReport {
        plan: plan(fixes),
        receipt: Some("20260114-030712-kb910341".to_owned()),
        receipt_folder: Some("/mnt/c/pemedic/receipts/20260114-030712-kb910341".into()),
        outcome: Outcome::Applied,
        verified: vec![
            "5 changes were read back from the disk by an independent reader.".to_owned(),
            "kb910341/senslogn-xp probes healthy.".to_owned(),
        ],
        failure: None,
    }
}

pub fn history() -> History {
    let receipt = |name: &str, state, time: &str, fixes: &[&str]| ReceiptSummary {
        receipt: name.to_owned(),
        state,
        fixes: fixes.iter().map(|fix| (*fix).to_owned()).collect(),
        time: time.to_owned(),
        changes: 5,
        undoes: None,
        undone_by: Vec::new(),
        folder: format!("/mnt/c/pemedic/receipts/{name}").into(),
        checklist: Vec::new(),
    };
    let item = |text: &str, done| ChecklistItem {
        fix: "kb910341/senslogn-xp".to_owned(),
        text: text.to_owned(),
        done,
    };
    let mut latest = receipt(
        "20260114-030712-kb910341",
        HistoryState::Applied,
        "2026-01-14T03:07:12Z",
        &["kb910341/senslogn-xp"],
    );
    latest.checklist = vec![
        item("Start Windows and log on as a member of the Administrators group.", false),
        item("Visit the update site and install what it offers.", false),
    ];
    let mut undone = receipt(
        "20260113-221500-netsvcs",
        HistoryState::Undone,
        "2026-01-13T22:15:00Z",
        &["netsvcs-2000/svchost-groups"],
    );
    undone.undone_by = vec!["20260113-231500-undo".to_owned()];
    let mut undo = receipt("20260113-231500-undo", HistoryState::Applied, "2026-01-13T23:15:00Z", &[]);
    undo.undoes = Some(undone.receipt.clone());
    let failed = receipt(
        "20260112-101010-kb277770",
        HistoryState::RolledBack,
        "2026-01-12T10:10:10Z",
        &["kb277770/dispatch-entries"],
    );
    History {
        version: 1,
        target: windows_xp(),
        receipts: vec![latest, undo, undone, failed],
        problems: vec!["20260101-000000-x: the receipt's own text is damaged at line 3".to_owned()],
    }
}

pub fn hives() -> Vec<String> {
    [
        r"HKLM\SAM",
        r"HKLM\SECURITY",
        r"HKLM\SOFTWARE",
        r"HKLM\SYSTEM",
        r"HKU\.DEFAULT",
        r"HKU\S-1-5-21-1-2-3-1001",
    ]
    .map(str::to_owned)
    .to_vec()
}

pub fn key() -> KeyReport {
    let value = |name: &str, value| NamedValue { name: name.to_owned(), value };
    KeyReport {
        key: SENSLOGN.to_owned(),
        last_written: FileTime(126_000_000_000_000_000),
        values: vec![
            value("", Value::string("")),
            value("Asynchronous", Value::dword(1)),
            value("DLLName", Value::expand_string("WlNotify.dll")),
            value("Events", Value::multi_string(&["Lock", "Logoff", "Startup"])),
            value("Blob", Value::binary((0..100).collect())),
        ],
        subkeys: vec!["Parameters".to_owned(), "Security".to_owned(), "日本語のキー".to_owned()],
    }
}
