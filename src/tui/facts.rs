//! What is known so far, shared by all screens. Screens read it; only the
//! application changes it, when an answer arrives.

use std::path::PathBuf;
use std::sync::Arc;

use crate::session::{
    FirstBootResult, FixPlan, FoundTarget, GuardEffect, GuardFinding, Progress, ScanReport, Status,
    TargetSummary,
};

/// Everything known.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The installations found, each with its scan.
    pub targets: Vec<Target>,
    /// What looked like an installation and is not usable.
    pub target_problems: Vec<String>,
    /// Whether installations are being looked for.
    pub looking: bool,
    /// Which one is worked on.
    pub chosen: usize,
    /// What happened in this run.
    pub log: Vec<LogEntry>,
    /// The time of day, as the log shows it.
    pub clock: String,
    /// Whether this is the shell of a boot medium: leaving restarts the machine.
    pub shell: bool,
    /// Whether a repair is at work: then nothing else is begun.
    pub busy: bool,
}

/// An installation and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// What it is.
    pub summary: TargetSummary,
    /// What is wrong with it.
    pub scan: Scan,
}

/// How far a scan is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scan {
    /// How far.
    pub state: ScanState,
    /// Every fix with its status, in the order in which they were probed.
    pub fixes: Vec<FixPlan>,
    /// What the guards saw.
    pub guards: Vec<GuardFinding>,
    /// What commands of earlier repairs said at the first boot.
    pub first_boot: Vec<FirstBootResult>,
    /// The whole report, once there is one.
    pub report: Option<Arc<ScanReport>>,
}

/// The states of a [`Scan`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ScanState {
    /// Not begun.
    #[default]
    Waiting,
    /// At step … of …
    Running(usize, usize),
    /// Finished.
    Done,
    /// Given up by the technician.
    Cancelled,
    /// Impossible, and why.
    Failed(String),
}

/// Something worth remembering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// When.
    pub time: String,
    /// How it went.
    pub tone: Tone,
    /// What.
    pub text: String,
}

/// How something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// Well.
    Good,
    /// Badly.
    Bad,
}

/// A run that lasts for days keeps what matters: the end.
const LOG_ENTRIES_MAX: usize = 5_000;

impl Facts {
    /// The installation that is worked on.
    pub fn target(&self) -> Option<&Target> {
        self.targets.get(self.chosen)
    }

    /// Its Windows folder, which requests name it by.
    pub fn target_folder(&self) -> Option<PathBuf> {
        self.target().map(|target| target.summary.windows_folder.clone())
    }

    /// The chosen target's state of a fix.
    pub fn fix(&self, id: &str) -> Option<&FixPlan> {
        self.target()?.scan.fixes.iter().find(|fix| fix.fix == id)
    }

    /// Remembers something.
    pub fn note(&mut self, tone: Tone, text: impl Into<String>) {
        if self.log.len() == LOG_ENTRIES_MAX {
            self.log.remove(0);
        }
        self.log.push(LogEntry { time: self.clock.clone(), tone, text: text.into() });
    }
}

impl Target {
    /// An installation as it was found, not scanned yet.
    pub fn new(found: FoundTarget) -> Self {
        Self { summary: found.summary, scan: Scan { guards: found.guards, ..Scan::default() } }
    }
}

impl Scan {
    /// Takes in a step of the running scan.
    pub fn advance(&mut self, progress: &Progress) {
        self.state = ScanState::Running(progress.step, progress.steps);
        self.fixes.extend(progress.found.as_deref().cloned());
    }

    /// Takes in the result.
    pub fn finish(&mut self, report: ScanReport) {
        self.state = if report.cancelled { ScanState::Cancelled } else { ScanState::Done };
        self.fixes.clone_from(&report.fixes);
        self.guards.clone_from(&report.guards);
        self.first_boot.clone_from(&report.first_boot);
        self.report = Some(Arc::new(report));
    }

    /// What to look at, most pressing first: what is needed, what stands in
    /// the way, what may be done besides.
    pub fn findings(&self) -> Vec<&FixPlan> {
        let mut found: Vec<&FixPlan> = self.fixes.iter().filter(|fix| urgency(fix).is_some()).collect();
        found.sort_by_key(|fix| urgency(fix));
        found
    }

    /// How many fixes have a status.
    pub fn count(&self, status: Status) -> usize {
        self.fixes.iter().filter(|fix| fix.status == status).count()
    }

    /// The guard that refuses, if one does.
    pub fn refusal(&self) -> Option<&GuardFinding> {
        self.guards.iter().find(|guard| guard.effect == GuardEffect::Refuses)
    }
}

fn urgency(fix: &FixPlan) -> Option<u8> {
    match fix.status {
        // One that only waits for an answer is as optional as one that does not.
        Status::Needed | Status::Blocked if fix.optional => Some(2),
        Status::Needed => Some(0),
        Status::Blocked => Some(1),
        Status::Healthy | Status::NotApplicable => None,
    }
}
