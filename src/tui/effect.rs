//! What screens want done, and what comes back: plain data both ways.
//!
//! Only the loop performs an [`Effect`]; requests to the session go to a worker
//! thread and come back as a [`Report`] with the same [`Ticket`].

use std::path::PathBuf;
use std::sync::Arc;

use crate::session::{
    ApplyReport, Article, Choices, ExplainReport, History, KeyReport, Plan, Progress, RecoveryNote,
    ScanReport, SearchReport, SessionError, TargetsReport,
};

use super::screens::Confirmed;

/// Names a request, so that its answer finds who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Something to be done outside the interface.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the session.
    Ask(Ticket, Request),
    /// Give up on a request, as far as it can still be given up.
    Cancel(Ticket),
    /// Give the console to a command prompt, and take it back afterwards.
    Prompt,
    /// Do something to the machine itself.
    Duty(Duty),
    /// End the program.
    Leave,
}

/// What a boot shell can do to the machine it runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Start the machine again.
    Restart,
    /// Switch the machine off.
    ShutDown,
    /// Use another keyboard layout.
    Keyboard(&'static Layout),
}

/// A keyboard layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What it is called.
    pub name: &'static str,
    /// Language and layout as `wpeutil SetKeyboardLayout` takes them (Windows
    /// reference, "Default input profiles (input locales)").
    pub windows: &'static str,
    /// The keymap's name on a Linux console.
    pub linux: &'static str,
}

const fn layout(name: &'static str, windows: &'static str, linux: &'static str) -> Layout {
    Layout { name, windows, linux }
}

/// The layouts offered.
pub const LAYOUTS: &[Layout] = &[
    layout("English (United States)", "0409:00000409", "us"),
    layout("English (US international)", "0409:00020409", "us-acentos"),
    layout("English (United Kingdom)", "0809:00000809", "uk"),
    layout("Czech", "0405:00000405", "cz"),
    layout("Danish", "0406:00000406", "dk"),
    layout("Dutch", "0413:00000413", "nl"),
    layout("Finnish", "040b:0000040b", "fi"),
    layout("French", "040c:0000040c", "fr"),
    layout("French (Belgium)", "080c:0000080c", "be-latin1"),
    layout("French (Canada)", "0c0c:00001009", "cf"),
    layout("French (Switzerland)", "100c:0000100c", "fr_CH"),
    layout("German", "0407:00000407", "de"),
    layout("German (Switzerland)", "0807:00000807", "sg"),
    layout("Greek", "0408:00000408", "gr"),
    layout("Hungarian", "040e:0000040e", "hu"),
    layout("Italian", "0410:00000410", "it"),
    layout("Japanese", "0411:00000411", "jp106"),
    layout("Norwegian", "0414:00000414", "no"),
    layout("Polish (programmers)", "0415:00000415", "pl"),
    layout("Portuguese", "0816:00000816", "pt-latin1"),
    layout("Portuguese (Brazil)", "0416:00000416", "br-abnt2"),
    layout("Russian", "0419:00000419", "ru"),
    layout("Spanish", "040a:0000040a", "es"),
    layout("Spanish (Latin America)", "080a:0000080a", "la-latin1"),
    layout("Swedish", "041d:0000041d", "sv-latin1"),
    layout("Turkish (Q)", "041f:0000041f", "trq"),
];

/// A question to the session. `target` is an installation's Windows folder.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Which installations are there?
    Targets,
    /// Finish or roll back what an interrupted run left.
    Recover {
        /// The installation.
        target: PathBuf,
    },
    /// What is wrong?
    Scan {
        /// The installation.
        target: PathBuf,
    },
    /// Which articles fit?
    Search {
        /// What the machine said.
        text: String,
        /// What is known of the target.
        scan: Option<Arc<ScanReport>>,
    },
    /// What does a code mean?
    Explain {
        /// The code in any written form.
        text: String,
    },
    /// An article to read.
    Article {
        /// Its id or an alias.
        name: String,
    },
    /// What would these fixes change?
    Plan {
        /// The installation.
        target: PathBuf,
        /// `article` or `article/fix`.
        fixes: Vec<String>,
        /// Answers given so far.
        choices: Choices,
    },
    /// What would taking back a receipt change?
    PlanUndo {
        /// The installation.
        target: PathBuf,
        /// The receipt.
        receipt: String,
        /// Answers given so far.
        choices: Choices,
    },
    /// Make it so. The only request that writes to a target's hives and files.
    Apply {
        /// The installation.
        target: PathBuf,
        /// Which plan: the ticket it was asked for with.
        plan: Ticket,
        /// The technician's word.
        confirmed: Confirmed,
    },
    /// The receipts of a target.
    History {
        /// The installation.
        target: PathBuf,
    },
    /// Tick an item of a receipt's checklist.
    Tick {
        /// The installation.
        target: PathBuf,
        /// The receipt.
        receipt: String,
        /// Which item, from 0.
        item: usize,
        /// Done or not.
        done: bool,
    },
    /// Which hives are there to look at?
    Hives {
        /// The installation.
        target: PathBuf,
    },
    /// What is in a key?
    Key {
        /// The installation.
        target: PathBuf,
        /// Full key name.
        key: String,
    },
}

/// Something the session said.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// To which request.
    pub ticket: Ticket,
    /// What.
    pub answer: Answer,
}

/// What the session answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Still at it. Not the last answer.
    Progress(Progress),
    /// To [`Request::Targets`].
    Targets(TargetsReport),
    /// To [`Request::Recover`].
    Recovered(Vec<RecoveryNote>),
    /// To [`Request::Scan`].
    Scanned(ScanReport),
    /// To [`Request::Search`].
    Found(SearchReport),
    /// To [`Request::Explain`].
    Explained(ExplainReport),
    /// To [`Request::Article`].
    Article(Box<Article>),
    /// To [`Request::Plan`] and [`Request::PlanUndo`].
    Planned(Box<Plan>),
    /// To [`Request::Apply`].
    Applied(Box<ApplyReport>),
    /// To [`Request::History`].
    History(History),
    /// To [`Request::Tick`].
    Ticked,
    /// To [`Request::Hives`]: the keys at which they begin.
    Hives(Vec<String>),
    /// To [`Request::Key`].
    Key(Vec<KeyReport>),
    /// To any request: it could not be done.
    Failed(SessionError),
}
