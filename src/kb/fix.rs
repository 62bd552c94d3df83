//! The fix language: the wanted state of an installation, said by an article.
//!
//! A block never says how: the same lines give the probe (is it so?), the plan
//! (what differs), the check after writing, and the undo.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::release::AppliesTo;
use super::template::Template;

/// A fix's full name: `kb910341/senslogn-xp`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FixId {
    /// The article's id.
    pub article: String,
    /// The fix's id within the article.
    pub fix: String,
}

impl fmt::Display for FixId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.article, self.fix)
    }
}

impl Serialize for FixId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How much trust a fix needs, least first, so that "may this be applied?" is
/// one comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Only instructions for a person.
    Manual,
    /// Can make things worse on a machine it does not fit; needs a typed word
    /// or `--allow risky`.
    Risky,
    /// Idempotent, reversible, loses nothing.
    Safe,
}

/// One `toml fix` block.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// Full name.
    pub id: FixId,
    /// One line for lists.
    pub title: String,
    /// Installations it is for; empty means those of the article.
    pub applies_to: Vec<AppliesTo>,
    /// Further conditions; all must hold, else the fix is not applicable.
    pub when: Vec<Condition>,
    /// How much trust it needs.
    pub safety: Safety,
    /// Left out unless named: workarounds and alternatives.
    pub optional: bool,
    /// What to warn of before applying.
    pub warning: Option<String>,
    /// What the technician is asked.
    pub questions: Vec<Question>,
    /// The wanted state, in order.
    pub steps: Vec<Step>,
    /// Before and after, executed by the tests.
    pub examples: Vec<Example>,
    /// Line of the block in its article, from 1.
    pub line: usize,
}

/// A question to the technician: `[[ask]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Name for `{ask:ID}` and `--choose ID=…`.
    pub id: String,
    /// The question itself.
    pub text: String,
    /// What can be answered.
    pub among: Candidates,
    /// Which answer is proposed.
    pub propose: Proposal,
}

/// The possible answers of a [`Question`].
#[derive(Clone, Debug, PartialEq)]
pub enum Candidates {
    /// The files that match a pattern, except the answers to other questions.
    /// The answer is the full path as Windows writes it. With fewer than `at_least` of them there is nothing to ask, and steps
    /// that use the answer are left out.
    Files {
        /// Path with `*` or `?` in its last component.
        pattern: Template,
        /// Ids of questions whose answers are not candidates here.
        except: Vec<String>,
        /// How many must be there for the question to arise.
        at_least: usize,
    },
    /// The subkeys of a key; the answer is the subkey's name.
    Keys {
        /// Full key name.
        below: Template,
    },
    /// Fixed answers: what is written, and how it reads.
    Fixed(Vec<(String, String)>),
}

/// Which answer a [`Question`] proposes (and `--yes` takes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// None: a person must choose.
    None,
    /// The one made last.
    Newest,
    /// The one made first.
    Oldest,
    /// The only candidate, where there is just one.
    Only,
    /// This fixed answer.
    Answer(String),
}

/// One `[[step]]` with its conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is wanted.
    pub kind: StepKind,
    /// All must hold for the step to count.
    pub when: Vec<Condition>,
    /// Line in its article, from 1.
    pub line: usize,
}

/// What a [`Step`] wants.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// `key`, `set`: these values are so; the key is created where absent.
    Set {
        /// Full key name.
        key: Template,
        /// Value names (empty: default value) and wanted values.
        values: Vec<(String, Wanted)>,
    },
    /// `key`, `include` / `exclude`: a multi-string has (has not) these
    /// members, compared without case; order and other members are kept.
    Members {
        /// Full key name.
        key: Template,
        /// Value name; `*` means every multi-string value of the key.
        value: String,
        /// Members that must be there; missing ones are appended in this order.
        include: Vec<Template>,
        /// Members that must not be there.
        exclude: Vec<Template>,
    },
    /// `key`, `delete-values`: these values do not exist.
    DeleteValues {
        /// Full key name.
        key: Template,
        /// Value names.
        names: Vec<String>,
    },
    /// `delete-key`: the key does not exist.
    DeleteKey {
        /// Full key name.
        key: Template,
    },
    /// `rename-key`, `to`: the key has the other name. Nothing to do where the
    /// key is absent.
    RenameKey {
        /// Full key name.
        key: Template,
        /// New last component.
        to: Template,
    },
    /// `service`, `start`: the service starts in one of these ways; the first
    /// is written where it does not.
    ServiceStart {
        /// Service (key) name.
        service: String,
        /// Accepted start types, the preferred one first.
        start: Vec<StartType>,
        /// `DelayedAutostart` wanted, where said.
        delayed: Option<bool>,
    },
    /// `move-aside`: no such file (pattern allowed); it moves to the receipt.
    MoveAside {
        /// Path as Windows writes it.
        file: Template,
    },
    /// `rename-file` with `to`, or with `tail-after` and `tail`.
    RenameFile {
        /// Path as Windows writes it.
        file: Template,
        /// The wanted name.
        to: NewName,
    },
    /// `restore-file`, `from`: the file exists; else the first existing one of
    /// `from` is copied there.
    RestoreFile {
        /// Path as Windows writes it.
        file: Template,
        /// Sources in order of preference.
        from: Vec<Template>,
    },
    /// `first-boot`: a command for the first boot of the target. Pending only
    /// when the fix changes something else or the command never ran.
    FirstBoot {
        /// Command line.
        command: Template,
    },
    /// `manual`: an instruction for a person. With `unless` it is a probe: all
    /// of these must hold, and the instruction says what to do where one does
    /// not. Without, nothing on the disk says whether it is needed.
    Manual {
        /// What to do.
        text: String,
        /// What must hold for the instruction not to be needed.
        unless: Vec<Condition>,
    },
    /// A `reg fix` block: the registry is as this `.reg` text says. It is read
    /// where hives are known.
    Registry {
        /// The text, with or without its first line.
        text: String,
    },
    /// `use`: the questions and steps of another fix stand here.
    Use(FixId),
    /// `rule`, `with`: the steps that a plugin's rule returns stand here.
    Rule(RuleCall),
}

/// A call of a plugin's rule: `rule = "svchost-groups/missing-members"`,
/// `with = { group = "netsvcs" }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCall {
    /// The plugin's name.
    pub plugin: String,
    /// The rule's name within it.
    pub rule: String,
    /// What the rule is told.
    pub arguments: Vec<(String, Template)>,
}

/// The wanted file name of [`StepKind::RenameFile`].
#[derive(Clone, Debug, PartialEq)]
pub enum NewName {
    /// Exactly this.
    Exact(Template),
    /// What follows the first `after` in the present name becomes `tail`.
    Tail {
        /// Separator in the present name.
        after: String,
        /// New text behind it.
        tail: Template,
    },
}

/// A wanted registry value. TOML types are registry types: integer is
/// `REG_DWORD`, string `REG_SZ`, array of strings `REG_MULTI_SZ`; the others
/// are `{ expand = "…" }`, `{ qword = 1 }`, `{ binary = "00 1f" }`,
/// `{ dword = "{ask:hour}" }` for a number from a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// `REG_DWORD`.
    Dword(u32),
    /// `REG_DWORD` whose decimal text is in a template.
    DwordText(Template),
    /// `REG_QWORD`.
    Qword(u64),
    /// `REG_SZ`.
    Text(Template),
    /// `REG_EXPAND_SZ`.
    Expand(Template),
    /// `REG_MULTI_SZ`.
    Strings(Vec<Template>),
    /// `REG_BINARY`.
    Binary(Vec<u8>),
}

/// How a service starts (value `Start`; `SERVICE_*_START`, Win32 reference).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StartType {
    /// 0: loaded by the boot loader.
    Boot,
    /// 1: started while the kernel initialises.
    System,
    /// 2: started with Windows.
    Auto,
    /// 3: started when asked for.
    Demand,
    /// 4: never.
    Disabled,
}

/// A before/after pair under a fix block.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Example {
    /// `reg before`: registry content to start from.
    pub registry_before: Option<String>,
    /// `reg after`: the same keys after the fix.
    pub registry_after: Option<String>,
    /// `files before`: one file a line, oldest first, paths as Windows writes them.
    pub files_before: Option<String>,
    /// `files after`.
    pub files_after: Option<String>,
    /// Line of the first block, from 1.
    pub line: usize,
}
