//! What a session is opened with.

use std::path::PathBuf;

/// What a session is opened with; the command line's common options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The installation: its volume's root or its Windows folder.
    pub target: Option<PathBuf>,
    /// Where to look for installations; empty: every mounted volume.
    pub roots: Vec<PathBuf>,
    /// More packs of articles, later ones winning.
    pub packs: Vec<PathBuf>,
    /// More folders of plugins, later ones winning by name.
    pub plugins: Vec<PathBuf>,
    /// Keys whose packs are trusted: files that minisign wrote, folders of them,
    /// or a key itself as text.
    pub trust: Vec<PathBuf>,
    /// Where receipts go instead of the target's own volume.
    pub log_dir: Option<PathBuf>,
}

/// What the technician said to a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confirmation {
    /// Risky fixes may be applied (`--allow risky`, or the word typed).
    pub allow_risky: bool,
    /// A person saw the preview and said yes: what nobody vouches for is never
    /// applied unattended where it is risky.
    pub in_person: bool,
}
