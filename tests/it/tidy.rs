//! The rules of the source tree, read from the source itself: which module may
//! use which, who alone may write hives, what no file may contain.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which modules each module may use; the arrows of `ARCHITECTURE.md`.
const ARROWS: &[(&str, &[&str])] = &[
    ("main", &["cli", "tui", "session"]),
    ("cli", &["tui", "session"]),
    ("tui", &["session", "system_calls"]),
    ("session", &["plugin", "repair", "windows", "hive", "kb", "system_calls"]),
    ("plugin", &["repair", "windows", "hive", "kb"]),
    ("repair", &["windows", "hive", "kb"]),
    ("windows", &["hive", "system_calls"]),
    ("hive", &["system_calls"]),
    ("kb", &[]),
    ("system_calls", &[]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The top-level module a source file belongs to: `src/kb/fix.rs` is `kb`.
fn module_of(file: &Path) -> String {
    let relative = file.strip_prefix(root().join("src")).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file without comment lines.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules named after `crate::` or `pemedic::`, also inside braces.
fn modules_used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for prefix in ["crate::", "pemedic::"] {
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            if let Some(group) = rest.strip_prefix('{') {
                used.extend(top_names(group));
            } else {
                used.insert(first_name(rest));
            }
        }
    }
    used.remove("");
    used
}

fn first_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The leading names of a `{a::b, c}` group, at its own depth.
fn top_names(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = vec![String::new()];
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            _ if depth == 0 => {
                if let Some(name) = names.last_mut() {
                    name.push(c);
                }
            }
            _ => {}
        }
    }
    names.iter().map(|name| first_name(name.trim())).collect()
}

#[test]
fn imports_follow_the_arrows() {
    let modules: BTreeSet<&str> = ARROWS.iter().map(|(module, _)| *module).collect();
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let module = module_of(&file);
        if module == "lib" {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{}: module {module} has no arrows in this test", file.display()));
            continue;
        };
        for used in modules_used(&code_of(&file)) {
            if modules.contains(used.as_str()) && used != module && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: {module} must not use {used}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_import_reader_sees_groups_and_paths() {
    let used = modules_used("use crate::{kb::{Fix, hive}, windows};\nlet x = crate::repair::plan();");
    assert_eq!(used.into_iter().collect::<Vec<_>>(), ["kb", "repair", "windows"]);
}

#[test]
fn only_repair_commits_hives() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let module = module_of(&file);
        let code = code_of(&file);
        if !["hive", "repair"].contains(&module.as_str()) && code.contains("store::commit") {
            wrong.push(file.display().to_string());
        }
        let builds = file.starts_with(root().join("src/windows/build")) || module == "hive";
        if !builds && code.contains("store::create_new") {
            wrong.push(file.display().to_string());
        }
    }
    assert!(wrong.is_empty(), "these write hives and must not: {wrong:?}");
}

#[test]
fn only_the_hive_boundary_names_nt_hive() {
    let boundary = [root().join("src/hive/reader"), root().join("src/hive/reader.rs")];
    let mut users = 0;
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        if !code_of(&file).contains("nt_hive::") {
            continue;
        }
        if boundary.iter().any(|place| file.starts_with(place)) {
            users += 1;
        } else {
            wrong.push(file.display().to_string());
        }
    }
    assert!(users > 0, "nothing reads through nt-hive");
    assert!(wrong.is_empty(), "these go around the boundary src/hive/reader: {wrong:?}");
}

/// `module::test` of the table, by the place where it must be.
#[test]
fn every_test_that_holds_a_promise_exists() {
    let table = fs::read_to_string(root().join("docs/promises.md")).unwrap();
    let named: Vec<&str> = table
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| name.contains("::") && !name.contains('…'))
        .collect();
    let missing: Vec<&&str> = named.iter().filter(|name| !is_a_test(name)).collect();
    assert!(missing.is_empty(), "docs/promises.md names tests that are not there: {missing:#?}");
    assert!(named.len() > 60 && !is_a_test("crash::no_such_test"), "{}", named.len());
    let promises = (1..=8).filter(|number| table.contains(&format!("| **{number}. "))).count();
    assert_eq!(promises, 8, "each promise has its row");
}

fn is_a_test(name: &str) -> bool {
    let (module, test) = name.rsplit_once("::").unwrap();
    let module = module.replace("::", "/");
    let places = [
        "tests/it/MODULE.rs",
        "tests/it/MODULE/mod.rs",
        "src/MODULE.rs",
        "src/MODULE/mod.rs",
        "src/MODULE/tests.rs",
    ];
    places.iter().any(|place| {
        let text = fs::read_to_string(root().join(place.replace("MODULE", &module))).unwrap_or_default();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let function = format!("fn {test}(");
        let at = lines.iter().position(|line| line.starts_with(&function));
        // Other attributes may stand between.
        at.is_some_and(|at| lines[at.saturating_sub(4)..at].contains(&"#[test]"))
    })
}

#[test]
fn only_the_windows_calls_may_be_unsafe() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let code = code_of(&file);
        if module_of(&file) != "system_calls" && (code.contains("unsafe {") || code.contains("(unsafe_code)"))
        {
            wrong.push(file.display().to_string());
        }
    }
    assert!(wrong.is_empty(), "unsafe code belongs into src/system_calls: {wrong:?}");
}

#[test]
fn no_module_has_a_name_that_says_nothing() {
    const EMPTY_NAMES: &[&str] =
        &["util", "utils", "helper", "helpers", "common", "manager", "handler", "misc"];
    let wrong: Vec<_> = rust_files(&root().join("src"))
        .into_iter()
        .filter(|file| {
            file.components().any(|part| {
                let name = part.as_os_str().to_string_lossy();
                EMPTY_NAMES.contains(&name.trim_end_matches(".rs"))
            })
        })
        .collect();
    assert!(wrong.is_empty(), "name these for what they hold: {wrong:?}");
}

#[test]
fn every_module_says_what_it_is() {
    let wrong: Vec<_> = rust_files(&root().join("src"))
        .into_iter()
        .filter(|file| !fs::read_to_string(file).unwrap().starts_with("//!"))
        .collect();
    assert!(wrong.is_empty(), "these start without a //! line: {wrong:?}");
}

#[test]
fn every_integration_module_is_listed() {
    let main = fs::read_to_string(root().join("tests/it/main.rs")).unwrap();
    for entry in fs::read_dir(root().join("tests/it")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let is_module = path.extension().is_some_and(|extension| extension == "rs")
            || (path.is_dir() && path.join("mod.rs").exists());
        assert!(
            name == "main" || !is_module || main.contains(&format!("mod {name};")),
            "tests/it/main.rs does not list {name}: its tests never run"
        );
    }
}

#[test]
fn sources_name_no_machine_and_no_unfinished_work() {
    // Assembled so that this file does not contain what it looks for.
    let forbidden = [["TO", "DO"], ["FIX", "ME"], ["XX", "X:"], ["unimplemented", "!"], ["/home", "/"]]
        .map(|parts| parts.concat());
    let mut wrong = Vec::new();
    for folder in ["src", "tests"] {
        for file in rust_files(&root().join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            wrong.extend(
                forbidden
                    .iter()
                    .filter(|word| text.contains(*word))
                    .map(|word| format!("{}: {word}", file.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
