//! One command for many installations, as fleets and deployment engines give
//! it: one line or one document, nothing asked, none stopped by another.

use std::path::Path;
use std::process::{Command, Stdio};

use pemedic::session::{DemoInstallation, Options, Session};
use serde_json::Value;

/// What the executable left behind, started without a terminal.
#[derive(Debug)]
struct Ended {
    code: i32,
    out: String,
    err: String,
}

impl Ended {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Target, exit code, what happened.
    fn lines(&self) -> Vec<(&str, i32, &str)> {
        self.out
            .lines()
            .map(|line| {
                let mut parts = line.splitn(3, '\t');
                let mut next = || parts.next().unwrap_or_else(|| panic!("{self:?}"));
                (next(), next().parse().unwrap(), next())
            })
            .collect()
    }
}

fn pemedic(arguments: &[&str]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pemedic"));
    let output = command.args(arguments).stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Mounted images below one folder: the demo installations, and `empty`, where
/// there is no Windows.
struct Fleet {
    folder: tempfile::TempDir,
    images: Vec<DemoInstallation>,
}

impl Fleet {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let images = Session::open(Options::default()).build_demo(folder.path()).unwrap();
        std::fs::create_dir(folder.path().join("empty")).unwrap();
        Self { folder, images }
    }

    fn root(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    fn image(&self, article: &str) -> &str {
        let found = self.images.iter().find(|image| image.article == article).unwrap();
        found.folder.to_str().unwrap()
    }
}

#[test]
fn named_installations_get_one_line_each_and_none_stops_another() {
    let fleet = Fleet::new();
    let empty = fleet.folder.path().join("empty");
    let [xp, empty, vista] = [fleet.image("kb910341"), empty.to_str().unwrap(), fleet.image("kb968001")];
    let targets = ["--target", xp, "--target", empty, "--target", vista];
    let ended = pemedic(&[["apply", "kb910341", "--yes"].as_slice(), &targets].concat());
    let lines = ended.lines();
    assert_eq!(lines.iter().map(|line| line.0).collect::<Vec<_>>(), [xp, empty, vista]);
    assert_eq!((lines[0].1, &lines[0].2[..16]), (0, "applied, receipt"), "{ended:?}");
    assert_eq!(lines[1].1, 3, "{ended:?}");
    assert!(lines[1].2.contains("no Windows"), "{ended:?}");
    assert_eq!((lines[2].1, lines[2].2), (0, "nothing-to-do"), "{ended:?}");
    assert_eq!((ended.code, ended.err.as_str()), (3, ""), "the worst code, and no progress");
}

#[test]
fn all_takes_every_installation_below_a_root() {
    let fleet = Fleet::new();
    let ended = pemedic(&["scan", "--all", "--root", fleet.root()]);
    let lines = ended.lines();
    assert_eq!(lines.len(), fleet.images.len(), "{ended:?}");
    for image in &fleet.images {
        let line = lines.iter().find(|line| Path::new(line.0).starts_with(&image.folder)).unwrap();
        assert!(line.1 == 2 && line.2.contains(&image.fix), "{line:?} does not name {}", image.fix);
    }
    assert_eq!(ended.code, 2);
}

#[test]
fn one_document_and_the_code_for_a_restart() {
    let fleet = Fleet::new();
    let apply = ["apply", "kb968001", "--yes", "--json", "--all", "--root", fleet.root()];
    let arguments = [apply.as_slice(), &["--reboot-code", "77"]].concat();
    let first = pemedic(&arguments);
    let document = first.json();
    assert_eq!((first.code, &document["version"]), (77, &Value::from(1)), "{first:?}");
    let targets = document["targets"].as_array().unwrap();
    assert_eq!(targets.len(), fleet.images.len());
    let applied: Vec<&Value> =
        targets.iter().filter(|target| target["result"]["outcome"] == "applied").collect();
    assert!(!applied.is_empty() && applied.len() < targets.len(), "it fits some of them: {document}");
    assert!(applied.iter().all(|target| target["exit_code"] == 77), "{document}");
    assert_eq!(pemedic(&arguments).code, 0, "nothing was left to do");
}

#[test]
fn an_installation_that_cannot_be_read_is_not_passed_over() {
    let fleet = Fleet::new();
    let hive = Path::new(fleet.image("kb968001")).join("Windows/System32/config/SYSTEM");
    std::fs::write(&hive, b"regf and nothing else").unwrap();
    let ended = pemedic(&["scan", "--all", "--root", fleet.root()]);
    assert_eq!((ended.lines().len(), ended.code), (fleet.images.len(), 4), "{ended:?}");
}

#[test]
fn receipts_of_many_in_one_folder_are_told_apart() {
    let fleet = Fleet::new();
    let receipts = tempfile::tempdir().unwrap();
    let log_dir = receipts.path().to_str().unwrap();
    let before = pemedic(&["scan", "--all", "--root", fleet.root()]).out;
    let every = |verb: &[&str]| {
        pemedic(&[verb, &["--yes", "--all", "--root", fleet.root(), "--log-dir", log_dir]].concat())
    };
    let fixes: Vec<&str> = fleet.images.iter().map(|image| image.fix.as_str()).collect();
    let applied = every(&[["apply"].as_slice(), &fixes].concat());
    let with_receipt = applied.lines().iter().filter(|line| line.2.starts_with("applied, receipt")).count();
    assert_eq!(with_receipt, fleet.images.len(), "{applied:?}");
    let undone = every(&["undo"]);
    assert_eq!(undone.code, 0, "{undone:?}");
    assert_eq!(pemedic(&["scan", "--all", "--root", fleet.root()]).out, before);
}

#[test]
fn what_cannot_be_said_of_many_is_wrong_usage() {
    let fleet = Fleet::new();
    let root = ["--all", "--root", fleet.root()];
    for verb in [["search", "0x7B"].as_slice(), &["reg", "export", r"HKLM\SYSTEM"]] {
        assert_eq!(pemedic(&[verb, &root].concat()).code, 64, "{verb:?}");
    }
    assert_eq!(pemedic(&["scan", "--all", "--target", fleet.root()]).code, 64);
    let empty = fleet.folder.path().join("empty");
    assert_eq!(pemedic(&["scan", "--all", "--root", empty.to_str().unwrap()]).code, 3);
}
