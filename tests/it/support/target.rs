//! Small installations on the real disk, and packs of articles for them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use pemedic::hive::create;
use pemedic::hive::{Editor, KeyPath, Value};
use pemedic::session::{
    ApplyReport, Choices, Confirmation, Options, Outcome, Prepared, Session, SharedStorage,
};

/// Which Windows a [`Target`] is.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    folder: &'static str,
    version: &'static str,
    build: &'static str,
    product: &'static str,
}

pub(crate) const WINDOWS_XP: Kind =
    Kind { folder: "WINDOWS", version: "5.1", build: "2600", product: "Microsoft Windows XP" };
pub(crate) const WINDOWS_2000: Kind =
    Kind { folder: "WINNT", version: "5.0", build: "2195", product: "Microsoft Windows 2000" };

/// An installation in a temporary folder.
pub(crate) struct Target {
    folder: tempfile::TempDir,
    kind: Kind,
}

impl Target {
    /// Builds it; `system`, `software` and `user` add what a test needs.
    pub(crate) fn new(kind: Kind, add: impl FnOnce(&mut Hives)) -> Self {
        let target = Self { folder: tempfile::tempdir().unwrap(), kind };
        let mut hives = Hives { system: new_hive(), software: new_hive(), user: new_hive() };
        hives.basics(kind);
        add(&mut hives);
        fs::create_dir_all(target.config()).unwrap();
        fs::create_dir_all(target.user_folder()).unwrap();
        let Hives { system, software, user } = hives;
        write_hive(&target.system(), system);
        write_hive(&target.software(), software);
        write_hive(&target.user(), user);
        target
    }

    /// The root of its volume.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.root().join(self.kind.folder).join("system32").join("config")
    }

    pub(crate) fn system(&self) -> PathBuf {
        self.config().join("system")
    }

    pub(crate) fn software(&self) -> PathBuf {
        self.config().join("software")
    }

    pub(crate) fn user_folder(&self) -> PathBuf {
        self.root().join("Documents and Settings").join("Ann")
    }

    pub(crate) fn user(&self) -> PathBuf {
        self.user_folder().join("NTUSER.DAT")
    }

    /// A path as Windows writes it, on the host.
    pub(crate) fn host(&self, windows: &str) -> PathBuf {
        windows
            .trim_start_matches(r"C:\")
            .split('\\')
            .fold(self.root().to_owned(), |path, name| path.join(name))
    }

    /// Writes a file with its folders.
    pub(crate) fn write(&self, windows: &str, content: &str) -> PathBuf {
        let path = self.host(windows);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// A session on it with these articles (file name and text).
    pub(crate) fn session<N: AsRef<str>, T: AsRef<str>>(&self, articles: &[(N, T)]) -> TestSession {
        self.session_logging(articles, None)
    }

    /// As [`Target::session`], with the receipts elsewhere.
    pub(crate) fn session_logging<N: AsRef<str>, T: AsRef<str>>(
        &self,
        articles: &[(N, T)],
        log_dir: Option<PathBuf>,
    ) -> TestSession {
        let pack = tempfile::tempdir().unwrap();
        for (name, text) in articles {
            fs::write(pack.path().join(name.as_ref()), text.as_ref()).unwrap();
        }
        let options = Options {
            target: Some(self.root().to_owned()),
            packs: vec![pack.path().to_owned()],
            log_dir,
            ..Options::default()
        };
        let session = Session::open(options);
        let problems: Vec<_> = session
            .knowledge_base()
            .problems()
            .iter()
            .filter(|problem| problem.fatal && problem.file.starts_with(pack.path().to_str().unwrap()))
            .collect();
        assert!(problems.is_empty(), "{problems:#?}");
        TestSession { session }
    }

    /// Changes a hive behind the program's back, as Windows would.
    pub(crate) fn edit(&self, hive: &Path, edit: impl FnOnce(&mut Editor)) {
        let loaded = pemedic::hive::Hive::open(fs::read(hive).unwrap(), &[]).unwrap();
        let mut editor = loaded.edit();
        edit(&mut editor);
        write_hive(hive, editor);
    }

    /// The files that are neither hives nor receipts.
    pub(crate) fn loose_files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = self.files();
        files.retain(|(name, _)| {
            !name.starts_with("pemedic") && !name.contains("config") && !name.ends_with(".DAT")
        });
        files
    }

    /// Every file below the root with its content, for comparisons.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        let mut waiting = vec![self.root().to_owned()];
        while let Some(folder) = waiting.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    waiting.push(path);
                } else {
                    let name = path.strip_prefix(self.root()).unwrap().to_string_lossy().into_owned();
                    found.push((name, fs::read(&path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }
}

/// A session with what tests do again and again.
pub(crate) struct TestSession {
    pub(crate) session: Session,
}

impl TestSession {
    /// The same on another disk.
    pub(crate) fn on(&self, storage: SharedStorage) -> Self {
        Self { session: self.session.on_disk(storage) }
    }

    pub(crate) fn plan(&self, fixes: &[&str]) -> Prepared {
        self.plan_with(fixes, &Choices::default())
    }

    pub(crate) fn plan_with(&self, fixes: &[&str], choices: &Choices) -> Prepared {
        let fixes: Vec<String> = fixes.iter().map(|fix| (*fix).to_owned()).collect();
        self.session.plan(&fixes, choices).unwrap()
    }

    pub(crate) fn carry_out(&self, prepared: &Prepared) -> ApplyReport {
        self.session.apply(prepared, Confirmation::default(), &mut |_| {}, &AtomicBool::new(false)).unwrap()
    }

    pub(crate) fn carry_out_risky(&self, prepared: &Prepared) -> ApplyReport {
        let confirmation = Confirmation { allow_risky: true, ..Confirmation::default() };
        self.session.apply(prepared, confirmation, &mut |_| {}, &AtomicBool::new(false)).unwrap()
    }

    pub(crate) fn scan(&self) -> pemedic::session::ScanReport {
        self.session.scan(&mut |_| {}, &AtomicBool::new(false)).unwrap()
    }

    /// The whole registry of the target with its time stamps.
    pub(crate) fn content(&self) -> String {
        let mut content = String::new();
        for key in [r"HKLM\SOFTWARE", r"HKLM\SYSTEM", "HKCU"] {
            for report in self.session.reg_query(key, true).unwrap() {
                let line = format!("{} {} {:?}\n", report.key, report.last_written.0, report.values);
                content.push_str(&line);
            }
        }
        content
    }

    /// Plans, applies and expects success.
    pub(crate) fn apply(&self, fixes: &[&str]) -> ApplyReport {
        let report = self.carry_out(&self.plan(fixes));
        assert_eq!(report.outcome, Outcome::Applied, "{:#?}", report.failure);
        report
    }

    /// Takes the latest receipt back and expects success.
    pub(crate) fn undo(&self) -> ApplyReport {
        let prepared = self.session.undo_plan(None, &[], &Choices::default()).unwrap();
        let report = self.carry_out(&prepared);
        assert_eq!(report.outcome, Outcome::Applied, "{:#?}", report.failure);
        report
    }
}

/// The hives of an installation being built.
pub(crate) struct Hives {
    pub(crate) system: Editor,
    pub(crate) software: Editor,
    pub(crate) user: Editor,
}

pub(crate) const SID: &str = "S-1-5-21-1-2-3-1003";

impl Hives {
    fn basics(&mut self, kind: Kind) {
        set(&mut self.system, "Select", "Current", &Value::dword(1));
        set(&mut self.system, "Select", "Default", &Value::dword(1));
        let control = r"ControlSet001\Control";
        set(&mut self.system, &format!(r"{control}\ProductOptions"), "ProductType", &Value::string("WinNT"));
        let name = format!(r"{control}\ComputerName\ComputerName");
        set(&mut self.system, &name, "ComputerName", &Value::string("BENCH"));
        let version = r"Microsoft\Windows NT\CurrentVersion";
        let root = format!(r"C:\{}", kind.folder);
        set(&mut self.software, version, "SystemRoot", &Value::string(&root));
        set(&mut self.software, version, "CurrentVersion", &Value::string(kind.version));
        set(&mut self.software, version, "CurrentBuildNumber", &Value::string(kind.build));
        set(&mut self.software, version, "ProductName", &Value::string(kind.product));
        let profiles = format!(r"{version}\ProfileList");
        let folder = Value::expand_string(r"%SystemDrive%\Documents and Settings");
        set(&mut self.software, &profiles, "ProfilesDirectory", &folder);
        set(&mut self.software, &profiles, "AllUsersProfile", &Value::string("All Users"));
        let profile = format!(r"{profiles}\{SID}");
        let folder = Value::expand_string(r"%SystemDrive%\Documents and Settings\Ann");
        set(&mut self.software, &profile, "ProfileImagePath", &folder);
        set(&mut self.user, r"Software\Microsoft", "Seen", &Value::dword(1));
    }
}

fn new_hive() -> Editor {
    create(5).unwrap().edit()
}

/// Sets a value and creates its key.
pub(crate) fn set(editor: &mut Editor, key: &str, name: &str, value: &Value) {
    let key = KeyPath::new(key);
    editor.create_key(&key).unwrap();
    editor.set_value(&key, name, value).unwrap();
}

pub(crate) fn write_hive(path: &Path, editor: Editor) {
    let edited = editor.finish().unwrap();
    fs::write(path, edited.image()).unwrap();
}

/// An article `kb1` for every Windows with one fix `only` of these steps.
pub(crate) fn article(fix: &str) -> (String, String) {
    article_of("kb1", fix)
}

pub(crate) fn article_of(id: &str, fix: &str) -> (String, String) {
    let text = format!(
        "+++\nid = \"{id}\"\ntitle = \"Something is broken\"\nproducts = [\"Windows\"]\n\
         applies-to = [\"windows nt 4.0 and later\"]\n+++\n## Symptoms\nIt does not work.\n\n\
         ## Resolution\nRepair it.\n\n```toml fix\nid = \"only\"\ntitle = \"Repair it\"\n\
         safety = \"safe\"\n{fix}```\n"
    );
    (format!("{id}.md"), text)
}
