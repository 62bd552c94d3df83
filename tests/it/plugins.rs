//! The plugins that are built in, new ones, and their own tests.

use std::fs;
use std::path::{Path, PathBuf};

use pemedic::kb::{KnowledgeBase, markdown};
use pemedic::session::{Options, PluginTestReport, Session};

use super::cli::run;

fn first_party() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins")
}

fn failures(report: &PluginTestReport) -> Vec<String> {
    let failed = report.tests.iter().filter_map(|test| Some((test, test.failure.as_ref()?)));
    failed.map(|(test, why)| format!("{} {}: {why}", test.plugin, test.name)).collect()
}

#[test]
fn the_tests_of_every_built_in_plugin_pass() {
    let session = Session::open(Options::default());
    let report = session.plugin_test(&[first_party()]).unwrap();
    assert_eq!(failures(&report), [""; 0]);
    for plugin in
        ["svchost-groups", "class-filters", "service-graph", "boot-drivers", "machine-keys", "profiles"]
    {
        let count = report.tests.iter().filter(|test| test.plugin == plugin).count();
        assert!(count >= 2, "{plugin} has {count} tests");
    }
}

#[test]
fn articles_of_plugins_lint_clean() {
    let session = Session::open(Options::default());
    let report = session.kb_check(&[]).unwrap();
    assert_eq!(report.rendered, [""; 0]);
    assert_eq!(report.plugins, [""; 0]);
    assert!(report.articles > KnowledgeBase::load(&[]).articles().len(), "plugins bring articles");
}

#[test]
fn a_new_plugin_passes_its_own_tests() {
    let folder = tempfile::tempdir().unwrap();
    let session = Session::open(Options::default());
    let made = session.plugin_new("my-rule", folder.path()).unwrap();
    assert_eq!(made.folder, folder.path().join("my-rule"));
    let report = session.plugin_test(std::slice::from_ref(&made.folder)).unwrap();
    assert_eq!(failures(&report), [""; 0]);
    assert!(report.tests.len() >= 3, "two tests of the rule and the example of the article: {report:#?}");

    let with_it = Session::open(Options { plugins: vec![folder.path().to_owned()], ..Options::default() });
    assert!(with_it.article("my-rule").is_ok(), "its article is loaded");
    let again = session.plugin_new("my-rule", folder.path()).unwrap_err();
    assert!(again.message.contains("my-rule"), "{again}");
    let taken = session.plugin_new("svchost-groups", folder.path()).unwrap_err();
    assert!(taken.message.contains("already"), "{taken}");
}

/// Fenced blocks of the manual with this info string.
fn manual_blocks(info: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/plugins.md")).unwrap();
    let found = markdown::blocks(&text).into_iter().filter_map(|block| match block {
        markdown::Block::Code { info: found, text, .. } if found == info => Some(text),
        _ => None,
    });
    found.collect()
}

#[test]
fn the_plugin_of_the_manual_works() {
    let folder = tempfile::tempdir().unwrap();
    let plugin = folder.path().join("lost-spooler");
    fs::create_dir_all(plugin.join("tests")).unwrap();
    let [manifest, test, _call] = &manual_blocks("toml")[..] else { panic!("manifest, test and call") };
    let [script] = &manual_blocks("rhai")[..] else { panic!("one script") };
    fs::write(plugin.join("plugin.toml"), manifest).unwrap();
    fs::write(plugin.join("rules.rhai"), script).unwrap();
    fs::write(plugin.join("tests/gone.toml"), test).unwrap();
    let elsewhere = test.replace(r"C:\\Windows\\System32\\spool\\GONE", r"D:\\Spool");
    let elsewhere = &elsewhere[..elsewhere.find("findings").unwrap()];
    fs::write(plugin.join("tests/elsewhere.toml"), elsewhere).unwrap();
    let report = Session::open(Options::default()).plugin_test(&[plugin]).unwrap();
    assert_eq!(failures(&report), [""; 0]);
    assert_eq!(report.tests.len(), 2);
}

#[test]
fn a_test_that_fails_says_what_was_found_instead() {
    let folder = tempfile::tempdir().unwrap();
    let session = Session::open(Options::default());
    let made = session.plugin_new("my-rule", folder.path()).unwrap().folder;
    let script = fs::read_to_string(made.join("rules.rhai")).unwrap();
    fs::write(made.join("rules.rhai"), script.replace("found: \"disabled\"", "found: \"off\"")).unwrap();
    let report = session.plugin_test(std::slice::from_ref(&made)).unwrap();
    let failed = failures(&report);
    assert!(matches!(&failed[..], [one] if one.contains("off") && one.contains("disabled")), "{failed:#?}");

    fs::write(made.join("rules.rhai"), script.replace("[\"demand\", \"auto\"]", "[\"auto\"]")).unwrap();
    let failed = failures(&session.plugin_test(std::slice::from_ref(&made)).unwrap());
    // The article's example and the test both see it.
    assert_eq!(failed.len(), 2, "{failed:#?}");

    fs::write(made.join("rules.rhai"), "fn other(a) { 1 }").unwrap();
    let failed = failures(&session.plugin_test(&[made]).unwrap());
    assert!(failed[0].contains("not_disabled(arguments)"), "{failed:#?}");
}

#[test]
fn the_command_line_makes_a_plugin_whose_tests_pass() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display().to_string();
    let made = run(&["plugin", "new", "my-rule", &here]);
    assert_eq!(made.code, 0, "{}", made.err);
    let tested = run(&["plugin", "test", &here, "--json"]);
    assert_eq!(tested.code, 0, "{}", tested.out);
    assert_eq!(tested.json()["tests"].as_array().unwrap().len(), 3);
    fs::write(folder.path().join("my-rule/rules.rhai"), "fn not_disabled(a) { loop {} }").unwrap();
    let failed = run(&["plugin", "test", &here]);
    assert_eq!(failed.code, 2);
    assert!(failed.out.contains("FAILED  my-rule") && failed.out.contains("operations"), "{}", failed.out);
    assert_eq!(run(&["plugin", "new", "Not A Name", &here]).code, 64);
    assert_eq!(run(&["plugin", "test", "nowhere"]).code, 3);
}
