//! Two systems with the same volumes: this one, and a Windows made by Wine.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pemedic::session::{DemoInstallation, Options, Session};

/// One Wine, one set of drive letters: one test at a time.
static WINE: Mutex<()> = Mutex::new(());

/// What a program left behind.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The demo installations twice: for this system, and on drives for Wine.
pub struct Machine {
    _alone: MutexGuard<'static, ()>,
    work: tempfile::TempDir,
    pub installations: Vec<DemoInstallation>,
}

/// Letters of the volumes, in the order of the installations.
const LETTERS: [char; 5] = ['d', 'e', 'f', 'g', 'h'];

impl Machine {
    /// Nothing where the tests are not run by `.ci/wine`.
    pub fn new() -> Option<Self> {
        if std::env::var_os("PEMEDIC_WINE").is_none() {
            eprintln!("skipped: needs Wine; .ci/wine runs it");
            return None;
        }
        let alone = WINE.lock().unwrap_or_else(PoisonError::into_inner);
        let work = tempfile::tempdir().unwrap();
        let session = Session::open(Options::default());
        let installations = session.build_demo(&work.path().join("here")).unwrap();
        let machine = Self { _alone: alone, work, installations };
        copy(&machine.work.path().join("here"), &machine.work.path().join("new"));
        for (index, letter) in LETTERS.iter().enumerate() {
            machine.renew(index);
            machine.link(*letter, &machine.on_wine(index));
        }
        Some(machine)
    }

    /// Makes the volume that Wine works on as it was in the beginning.
    pub fn renew(&self, index: usize) {
        let _ = std::fs::remove_dir_all(self.on_wine(index));
        std::fs::create_dir_all(self.work.path().join("there")).unwrap();
        copy(&self.work.path().join("new").join(self.name(index)), &self.on_wine(index));
    }

    fn link(&self, letter: char, folder: &Path) {
        let link = drives().join(format!("{letter}:"));
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(folder, link).unwrap();
    }

    /// The volume of an installation as this system sees it.
    pub fn here(&self, index: usize) -> &Path {
        &self.installations[index].folder
    }

    /// The same, of the copy that Wine works on.
    pub fn on_wine(&self, index: usize) -> PathBuf {
        self.work.path().join("there").join(self.name(index))
    }

    fn name(&self, index: usize) -> String {
        self.installations[index].folder.file_name().unwrap().to_string_lossy().into_owned()
    }

    /// The volume here, under the name that Wine has for its copy.
    pub fn named_like_a_drive(&self, index: usize) -> PathBuf {
        let name = self.work.path().join(self.letter(index).trim_end_matches('\\'));
        std::os::unix::fs::symlink(self.here(index), &name).unwrap();
        name
    }

    /// As Wine names it.
    pub fn letter(&self, index: usize) -> String {
        format!("{}:\\", LETTERS[index].to_ascii_uppercase())
    }

    /// Runs this system's executable.
    pub fn run_here(&self, arguments: &[&str]) -> Ended {
        ended(Command::new(env!("CARGO_BIN_EXE_pemedic")).args(arguments))
    }

    /// Runs the Windows executable.
    pub fn run_on_wine(&self, arguments: &[&str]) -> Ended {
        ended(wine().arg(r"X:\pemedic.exe").args(arguments))
    }

    /// Runs Wine's registry editor.
    pub fn regedit(&self, arguments: &[&str]) {
        let ended = ended(wine().arg("regedit").args(arguments));
        assert_eq!(ended.code, 0, "{arguments:?}: {ended:?}");
    }

    /// The full exit code, of which Unix would show eight bits: asked of cmd.
    pub fn exit_code_on_wine(&self, arguments: &str) -> i32 {
        let line = format!(r"X:\pemedic.exe {arguments} >nul & call echo CODE=%^ERRORLEVEL%");
        let ended = ended(wine().args(["cmd", "/c", &line]));
        let code = ended.out.lines().find_map(|line| line.strip_prefix("CODE="));
        code.and_then(|code| code.trim().parse().ok()).unwrap_or_else(|| panic!("{ended:?}"))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        for letter in LETTERS {
            let _ = std::fs::remove_file(drives().join(format!("{letter}:")));
        }
    }
}

/// Times are part of the comparison, so they are copied too.
fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").args([from, to]).status().unwrap();
    assert!(copied.success());
}

fn drives() -> PathBuf {
    PathBuf::from(std::env::var_os("WINEPREFIX").unwrap()).join("dosdevices")
}

/// A run that hangs must not hang the check.
fn wine() -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=10", "120", "wine"]);
    command
}

/// Runs without a terminal, as deployment engines do.
fn ended(command: &mut Command) -> Ended {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
    Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}
