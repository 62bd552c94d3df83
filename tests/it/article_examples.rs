//! Every example of every article is carried out: an installation is built
//! from `before`, the probe fires, the repair is applied and verified, the
//! target is `after`, a second plan is empty, and undo brings `before` back.

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::thread;

use pemedic::hive::reg_text;
use pemedic::hive::storage::Disk;
use pemedic::kb::fix::Example;
use pemedic::kb::{Article, Fix, Safety};
use pemedic::session::{
    Choices, Confirmation, Options, Outcome, Plan, Prepared, Session, Status, builder_for,
    example_installation,
};

/// One example on its way through a repair and back.
struct Trial {
    name: String,
    session: Session,
    fix: String,
    root: tempfile::TempDir,
}

impl Trial {
    fn new(session: &Session, article: &Article, fix: &Fix, example: &Example) -> Self {
        let root = tempfile::tempdir().unwrap();
        let name = format!("{} (line {})", fix.id, example.line);
        let volume = root.path().join("volume");
        let installation = example_installation(builder_for(article, fix), example);
        installation.build(&Disk, &volume).unwrap_or_else(|error| panic!("{name}: {error}"));
        let session = session.with_target(&volume);
        Self { name, session, fix: fix.id.to_string(), root }
    }

    fn plan(&self) -> Prepared {
        let fixes = [self.fix.clone()];
        self.session
            .plan(&fixes, &Choices::default())
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    fn carry_out(&self, prepared: &Prepared) {
        let confirmation = Confirmation { allow_risky: true, ..Confirmation::default() };
        let report = self
            .session
            .apply(prepared, confirmation, &mut |_| {}, &AtomicBool::new(false))
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        assert_eq!(report.outcome, Outcome::Applied, "{}: {:?}", self.name, report.failure);
    }

    /// The machine's hives as text, two with every time stamp, and every file outside the receipts.
    fn content(&self) -> (Vec<String>, BTreeSet<PathBuf>) {
        let export = |key: &str| self.session.reg_export(key).unwrap();
        let keys = |key: &str| {
            let reports = self.session.reg_query(key, true).unwrap();
            reports.iter().map(|report| format!("{} {}", report.key, report.last_written)).collect::<Vec<_>>()
        };
        let mut lines = vec![export(r"HKLM\SYSTEM"), export(r"HKLM\SOFTWARE")];
        // Windows has them since Vista.
        for hive in [r"HKLM\COMPONENTS", r"HKLM\BCD00000000"] {
            lines.extend(self.session.reg_export(hive));
        }
        lines.extend(keys(r"HKLM\SYSTEM").into_iter().chain(keys(r"HKLM\SOFTWARE")));
        (lines, files_below(&self.root.path().join("volume")))
    }

    /// Every key of the text has exactly the values of the text.
    fn assert_registry(&self, text: &str) {
        let wanted = reg_text::parse_text(text, false).unwrap();
        for entry in wanted.entries {
            let there = self.session.reg_query(&entry.key, false);
            if entry.delete {
                assert!(there.is_err(), "{}: {} should be gone", self.name, entry.key);
                continue;
            }
            let reports = there.unwrap_or_else(|error| panic!("{}: {error}", self.name));
            let mut found: Vec<(String, Option<_>)> = reports
                .iter()
                .flat_map(|report| {
                    report.values.iter().map(|named| (named.name.clone(), Some(named.value.clone())))
                })
                .collect();
            let mut values = entry.values;
            found.sort_by_key(|(name, _)| name.to_lowercase());
            values.sort_by_key(|(name, _)| name.to_lowercase());
            assert_eq!(found, values, "{}: {}", self.name, entry.key);
        }
    }

    fn assert_files(&self, listing: &str) {
        for path in listing.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let host =
                path.split('\\').skip(1).fold(self.root.path().join("volume"), |at, part| at.join(part));
            assert!(host.is_file(), "{}: {path} should be there", self.name);
        }
    }
}

fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "pemedic") {
            files.extend(files_below(&path));
        } else if path.is_file() {
            files.insert(path);
        }
    }
    files
}

fn status(plan: &Plan) -> Status {
    plan.fixes[0].status
}

fn carry_out_example(session: &Session, article: &Article, fix: &Fix, example: &Example) {
    let trial = Trial::new(session, article, fix, example);
    let before = trial.content();

    let prepared = trial.plan();
    let plan = prepared.plan();
    assert_eq!(status(plan), Status::Needed, "{}: {}", trial.name, plan.fixes[0].reason);
    assert!(!plan.is_refused(), "{}: {:?}", trial.name, plan.guards);
    assert_eq!(trial.content(), before, "{}: a plan writes nothing", trial.name);

    trial.carry_out(&prepared);
    if let Some(after) = &example.registry_after {
        trial.assert_registry(after);
    }
    if let Some(after) = &example.files_after {
        trial.assert_files(after);
    }
    let again = trial.plan();
    assert_eq!(status(again.plan()), Status::Healthy, "{}: {:?}", trial.name, again.plan().fixes[0].evidence);
    assert!(!again.plan().has_changes(), "{}: a second plan is empty", trial.name);

    let undo = trial.session.undo_plan(None, &[], &Choices::default()).unwrap();
    // A hibernation image that was given up must not come back.
    if undo.plan().guards.iter().any(|finding| finding.id == "stale-image") {
        return;
    }
    trial.carry_out(&undo);
    assert_eq!(trial.content(), before, "{}: undo brings everything back", trial.name);
}

#[test]
fn every_example_fires_repairs_converges_and_comes_back() {
    let session = Session::open(Options::default());
    let fixes = session.knowledge_base().articles().iter();
    let fixes = fixes.flat_map(|article| article.fixes.iter().map(move |fix| (article, fix)));
    let examples: Vec<_> =
        fixes.flat_map(|(article, fix)| fix.examples.iter().map(move |one| (article, fix, one))).collect();
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for first in 0..threads {
            let (session, examples) = (&session, &examples);
            scope.spawn(move || {
                for (article, fix, example) in examples.iter().skip(first).step_by(threads) {
                    carry_out_example(session, article, fix, example);
                }
            });
        }
    });
    eprintln!("{} examples carried out and taken back", examples.len());
    assert!(examples.len() >= 100, "only {} examples were found", examples.len());
}

#[test]
fn every_fix_that_changes_something_has_an_example_or_uses_one() {
    let session = Session::open(Options::default());
    let without: Vec<String> = session
        .knowledge_base()
        .articles()
        .iter()
        .flat_map(|article| &article.fixes)
        .filter(|fix| fix.safety != Safety::Manual && fix.examples.is_empty())
        .filter(|fix| !fix.steps.iter().any(|step| matches!(step.kind, pemedic::kb::StepKind::Use(_))))
        .map(|fix| fix.id.to_string())
        .collect();
    assert!(without.is_empty(), "these have no before and after: {without:?}");
}
