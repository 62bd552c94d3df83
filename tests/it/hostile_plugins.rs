//! Plugins that loop, hoard, flood, reach elsewhere, or lie: each costs only
//! its own fix, within its time, with a message that names it.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use pemedic::session::{Choices, Options, Session, Status};

use super::support::target::{Target, WINDOWS_XP, set};

use pemedic::hive::Value;

/// How long one hostile rule may hold things up: its own five seconds and what
/// everything else needs on a slow machine.
const TIME_MAX: Duration = Duration::from_secs(30);

/// A plugin `hostile` with one rule `attack` of this body, and an article whose
/// fix calls it.
fn write_plugin(folder: &Path, script: &str, safety: &str) {
    let plugin = folder.join("hostile");
    fs::create_dir_all(plugin.join("articles")).unwrap();
    fs::write(
        plugin.join("plugin.toml"),
        "name = \"hostile\"\nversion = \"1.0.0\"\ndescription = \"attacks\"\n\
         [reads]\nregistry = ['HKLM\\SYSTEM\\CurrentControlSet\\Services']\nfiles = ['{SystemRoot}\\system32\\drivers']\n\
         [[rule]]\nname = \"attack\"\ntitle = \"attacks\"\n",
    )
    .unwrap();
    fs::write(plugin.join("rules.rhai"), script).unwrap();
    let article = format!(
        "+++\nid = \"hostile\"\ntitle = \"t\"\nproducts = [\"Windows\"]\napplies-to = [\"windows xp and later\"]\n\
         phrases = [\"p\"]\n+++\n## Symptoms\ns\n\n## Cause\nc\n\n## Resolution\nr\n\n\
         ```toml fix\nid = \"attack\"\ntitle = \"t\"\nsafety = \"{safety}\"\nwarning = \"w\"\n\
         [[step]]\nrule = \"hostile/attack\"\n```\n"
    );
    fs::write(plugin.join("articles/hostile.md"), article).unwrap();
}

/// A target with something to attack, and a session with the hostile plugin.
struct Attack {
    target: Target,
    session: Session,
    _plugins: tempfile::TempDir,
}

impl Attack {
    fn new(script: &str, safety: &str) -> Self {
        let target = Target::new(WINDOWS_XP, |hives| {
            set(&mut hives.system, r"ControlSet001\Services\Victim", "Start", &Value::dword(3));
        });
        target.write(r"C:\WINDOWS\system32\drivers\victim.sys", "driver");
        target.write(r"C:\secret.txt", "secret");
        let folder = tempfile::tempdir().unwrap();
        write_plugin(folder.path(), script, safety);
        let options = Options {
            target: Some(target.root().to_owned()),
            plugins: vec![folder.path().to_owned()],
            ..Options::default()
        };
        Self { target, session: Session::open(options), _plugins: folder }
    }

    /// The reason why the fix is blocked, or why its plugin is left out.
    fn reason(&self) -> String {
        if let Some(problem) = self.session.kb_check(&[]).unwrap().plugins.into_iter().next() {
            return problem;
        }
        let before = self.target.files();
        let prepared = self.session.plan(&["hostile/attack".to_owned()], &Choices::default()).unwrap();
        assert_eq!(self.target.files(), before, "a plan writes nothing");
        let fix = &prepared.plan().fixes[0];
        assert_eq!(fix.status, Status::Blocked, "{}", fix.reason);
        assert!(fix.changes.is_empty());
        fix.reason.clone()
    }
}

fn reason_of(script: &str, safety: &str) -> String {
    let started = Instant::now();
    let reason = Attack::new(script, safety).reason();
    assert!(started.elapsed() < TIME_MAX, "{:?}", started.elapsed());
    assert!(reason.contains("hostile"), "the message names the plugin: {reason}");
    reason
}

fn refused(script: &str, words: &[&str]) {
    let reason = reason_of(script, "risky");
    assert!(words.iter().any(|word| reason.contains(word)), "{script}\n{reason}");
}

#[test]
fn an_endless_loop_costs_only_itself() {
    refused("fn attack(a) { loop {} }", &["operations"]);
}

#[test]
fn every_other_fix_of_a_scan_is_probed_all_the_same() {
    let attack = Attack::new("fn attack(a) { loop {} }", "safe");
    let before = attack.target.files();
    let report = attack.session.scan(&mut |_| {}, &AtomicBool::new(false)).unwrap();
    assert_eq!(attack.target.files(), before, "a scan writes nothing");
    let blocked = report.fixes.iter().filter(|fix| fix.status == Status::Blocked);
    assert_eq!(blocked.map(|fix| fix.fix.as_str()).collect::<Vec<_>>(), ["hostile/attack"]);
    assert!(report.fixes.len() > 20 && !report.cancelled);
}

#[test]
fn a_loop_of_questions_costs_only_itself() {
    refused(r#"fn attack(a) { loop { service("Victim"); } }"#, &["questions", "operations", "seconds"]);
}

#[test]
fn a_memory_bomb_costs_only_itself() {
    refused(r#"fn attack(a) { let s = "x"; loop { s += s; } }"#, &["string"]);
    refused("fn attack(a) { let l = [0]; loop { l += l; } }", &["array"]);
    refused(
        "fn attack(a) { let m = #{}; let i = 0; loop { m[`k${i}`] = i; i += 1; } }",
        &["map", "operations", "seconds"],
    );
}

#[test]
fn lists_in_lists_in_lists_cost_only_themselves() {
    refused("fn attack(a) { let l = []; loop { l = [l]; } }", &["array", "operations", "seconds"]);
    refused("fn attack(a) { let l = []; for i in 0..100 { l = [l]; } #{ findings: l } }", &["nested"]);
    refused("fn attack(a) { let m = #{}; for i in 0..300 { m = #{ a: m }; } m }", &["nested"]);
}

#[test]
fn deep_recursion_costs_only_itself() {
    refused("fn attack(a) { attack(a) }", &["Stack overflow"]);
    refused("fn attack(a) { other(a) + 1 } fn other(a) { attack(a) + 1 }", &["Stack overflow"]);
}

#[test]
fn a_deep_expression_is_refused_when_it_is_loaded() {
    let deep = format!("fn attack(a) {{ {}1{} }}", "(".repeat(500), ")".repeat(500));
    refused(&deep, &["complexity", "depth"]);
}

#[test]
fn huge_output_costs_only_itself() {
    let finding = r#"#{ place: "p", found: "f" }"#;
    refused(
        &format!(
            "fn attack(a) {{ let l = []; for i in 0..501 {{ l.push({finding}); }} #{{ findings: l }} }}"
        ),
        &["more than 500 findings"],
    );
    refused(
        "fn attack(a) { let l = []; for i in 0..257 { l.push(#{ manual: `m${i}` }); } #{ steps: l } }",
        &["more than 256 steps"],
    );
    refused(
        r#"fn attack(a) { let s = "x"; s.pad(200000, "x"); #{ findings: [#{ place: s, found: s }] } }"#,
        &["string"],
    );
}

#[test]
fn questions_beyond_what_the_manifest_lists_end_the_rule() {
    for question in [
        r#"value("HKLM\\SAM\\SAM", "x")"#,
        r#"subkeys("HKLM\\SYSTEM")"#,
        r#"value("HKLM\\SYSTEM\\CurrentControlSet\\Services\\..\\Control", "x")"#,
        r#"key_exists("HKLM\\SYSTEM\\CurrentControlSet\\ServicesX")"#,
        r#"file_exists("C:\\secret.txt")"#,
        r#"file_exists("C:\\WINDOWS\\system32\\drivers\\..\\..\\..\\secret.txt")"#,
        r#"file_exists("\\\\server\\share\\x")"#,
        r#"file_exists("/etc/passwd")"#,
        r#"file_exists("%SystemRoot%\\..\\secret.txt")"#,
        r#"files("C:\\*")"#,
        r#"files("C:\\WINDOWS\\system32\\drivers\\..\\*")"#,
        r#"file_version("C:\\secret.txt")"#,
    ] {
        // Even a script that would rather go on.
        let script = format!("fn attack(a) {{ try {{ {question} }} catch {{}} #{{}} }}");
        refused(&script, &["reads.", "plain", "not list", "path"]);
    }
}

#[test]
fn steps_that_lead_out_of_the_target_are_refused() {
    for step in [
        r#"#{ "move-aside": "..\\..\\secret.txt" }"#,
        r#"#{ "move-aside": "\\\\server\\share\\x" }"#,
        r#"#{ "move-aside": "C:\\x:stream" }"#,
        r#"#{ "restore-file": "C:\\a", from: ["C:\\..\\b"] }"#,
        r#"#{ key: "HKLM\\SOFTWARE\\X", set: #{ A: "{registry:HKLM\\SAM\\SAM\\C}" } }"#,
        r#"#{ key: "HKEY_CLASSES\\X", set: #{ A: 1 } }"#,
        r#"#{ "delete-key": "HKLM\\SYSTEM" }"#,
        r#"#{ "use": "kb910341/senslogn-xp" }"#,
        r#"#{ rule: "svchost-groups/missing-members" }"#,
        r#"#{ execute: "format c:" }"#,
    ] {
        refused(
            &format!("fn attack(a) {{ #{{ steps: [{step}] }} }}"),
            &["steps are wrong", "refused", "is wrong"],
        );
    }
}

#[test]
fn wrong_types_are_named() {
    for result in [
        "1",
        "\"text\"",
        "()",
        "[]",
        "Fn(\"attack\")",
        "#{ findings: 1 }",
        "#{ findings: [1] }",
        "#{ findings: [#{ place: 1, found: 2 }] }",
        "#{ steps: #{} }",
        "#{ steps: [1] }",
        "#{ steps: [()] }",
        "#{ steps: [#{ key: 1, set: 2 }] }",
        "#{ steps: [#{ key: \"HKLM\\\\SOFTWARE\\\\X\", set: #{ A: () } }] }",
        "#{ steps: [#{ service: \"Victim\", start: \"explode\" }] }",
        "#{ steps: [Fn(\"attack\")] }",
        "#{ surprise: [] }",
        "throw #{ a: 1 }",
        "1 / 0",
        "missing_function()",
    ] {
        refused(&format!("fn attack(a) {{ {result} }}"), &["hostile"]);
    }
}

#[test]
fn a_rule_in_a_safe_fix_may_only_change_values() {
    for (step, what) in [
        (r#"#{ "delete-key": "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Victim" }"#, "deletes a key"),
        (
            r#"#{ "rename-key": "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Victim", to: "X" }"#,
            "renames a key",
        ),
        (r#"#{ "move-aside": "C:\\WINDOWS\\system32\\drivers\\victim.sys" }"#, "changes files"),
        (r#"#{ "first-boot": "cmd /c del /s /q C:\\" }"#, "queues a command"),
    ] {
        let reason = reason_of(&format!("fn attack(a) {{ #{{ steps: [{step}] }} }}"), "safe");
        assert!(reason.contains(what) && reason.contains("safe"), "{reason}");
    }
    let step = r#"#{ service: "Victim", start: ["disabled"] }"#;
    let reason = reason_of(&format!("fn attack(a) {{ #{{ steps: [{step}] }} }}"), "manual");
    assert!(reason.contains("changes values") && reason.contains("manual"), "{reason}");
}

#[test]
fn a_script_sees_nothing_of_the_host() {
    for attempt in [
        r#"eval("1")"#,
        r#"import "x" as y"#,
        r#"open_file("/etc/passwd")"#,
        "env()",
        "timestamp()",
        "sleep(10)",
        "rand()",
    ] {
        refused(&format!("fn attack(a) {{ {attempt}; #{{}} }}"), &["hostile"]);
    }
}

#[test]
fn a_plugin_that_does_not_load_costs_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    for (name, manifest, script) in [
        ("no-manifest", "", "fn a(x) { #{} }"),
        (
            "bad-script",
            "name = \"bad-script\"\nversion = \"1\"\ndescription = \"d\"\n[[rule]]\nname = \"a\"\ntitle = \"t\"\n",
            "fn a(x {",
        ),
        (
            "other-name",
            "name = \"else\"\nversion = \"1\"\ndescription = \"d\"\n[[rule]]\nname = \"a\"\ntitle = \"t\"\n",
            "fn a(x) { 1 }",
        ),
        (
            "huge",
            "name = \"huge\"\nversion = \"1\"\ndescription = \"d\"\n[[rule]]\nname = \"a\"\ntitle = \"t\"\n",
            "",
        ),
    ] {
        let plugin = folder.path().join(name);
        fs::create_dir_all(&plugin).unwrap();
        fs::write(plugin.join("plugin.toml"), manifest).unwrap();
        let script = if name == "huge" { "// x\n".repeat(100_000) } else { script.to_owned() };
        fs::write(plugin.join("rules.rhai"), script).unwrap();
    }
    let session = Session::open(Options { plugins: vec![folder.path().to_owned()], ..Options::default() });
    let problems = session.kb_check(&[]).unwrap().plugins;
    assert_eq!(problems.len(), 4, "{problems:#?}");
    for name in ["no-manifest", "bad-script", "other-name", "huge"] {
        assert!(problems.iter().any(|problem| problem.contains(name)), "{name}: {problems:#?}");
    }
    assert!(session.knowledge_base().articles().len() >= 5);
}
