//! Everything a front end may do, as plain data.
//!
//! Front ends hold a [`Session`] and nothing else: no hive, no path below the
//! target, no receipt. Every result can be printed as JSON.

mod demo;
mod documents;
mod error;
mod knowledge;
mod options;
mod packs;
mod plugins;
mod reading;
mod registry;
mod repair;
mod search;
mod system_text;
mod target;
mod trial;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use packs::Packs;

use crate::hive::storage::{Disk, Storage};
use crate::kb::KnowledgeBase;
use crate::kb::search::Index;
use crate::plugin::{Pack, Plugins};

/// For panic hooks of front ends, which exchange the one that asks this.
pub use crate::hive::reader::is_contained_panic;

// The plain data that front ends show: they may use nothing below the session.
pub use crate::hive::{FileTime, NamedValue, Value, ValueType};
pub use crate::kb::code::{ErrorCode, Kind, Reading, Suggestion};
pub use crate::kb::markdown;
pub use crate::kb::markdown::{Block, Section, Span, blocks, sections};
pub use crate::kb::paste::{PastedEvent, Stop, Understanding};
pub use crate::kb::search::{Confidence, Hit};
pub use crate::kb::{Article, Fix, Problem, Safety, article::Event, article::Reference};
pub use crate::repair::change::{Change, FileChange, KeyChange, ValueChange, display_name};
pub use crate::repair::choices::Choices;
pub use crate::repair::plan::{
    Candidate, Evidence, FixPlan, GuardEffect, GuardFinding, Plan, PlanQuestion, Status,
};
pub use crate::repair::prepared::Prepared;
pub use crate::repair::progress::{Observer, Progress, Stage};
pub use crate::repair::report::{
    ApplyReport, ChecklistItem, FirstBootResult, FoundTarget, History, HistoryState, Outcome, ReceiptSummary,
    RecoveryNote, ScanReport, TargetsReport,
};
pub use crate::repair::target::TargetSummary;

pub use crate::plugin::pack::Trust;
pub use demo::{DemoInstallation, builder_for, example_installation};
pub use documents::{
    ArticleEntry, CheckedHive, HiveCheckReport, HiveState, KbCheckReport, KbList, KeyReport,
};
pub use error::{ExitClass, SessionError};
pub use options::{Confirmation, Options};
pub use packs::{CheckedPack, PackReport, VerifyReport};
pub use plugins::{NewPluginReport, PluginTest, PluginTestReport};
pub use reading::section_is_for;
pub use search::{ExplainReport, SearchReport};
pub use system_text::SystemText;

/// The disk as sessions share it between threads.
pub type SharedStorage = Arc<dyn Storage + Send + Sync>;

/// One run of the program: a knowledge base, a target, a disk. Cheap to clone;
/// clones share everything, so that a worker thread can scan.
#[derive(Clone)]
pub struct Session {
    options: Options,
    knowledge_base: Arc<KnowledgeBase>,
    plugins: Arc<Plugins>,
    packs: Arc<Packs>,
    /// Built when first searched: the first frame does not wait for it.
    index: Arc<OnceLock<Index>>,
    storage: SharedStorage,
}

impl Session {
    /// Loads the knowledge base; looks at no target yet. Never fails: what is
    /// wrong with the packs is in [`KnowledgeBase::problems`].
    pub fn open(options: Options) -> Self {
        crate::hive::storage::prepare_process();
        crate::hive::reader::quiet_contained_panics();
        Self::with_storage(options, Arc::new(Disk))
    }

    /// As [`Session::open`], on another disk (tests make it fail).
    pub fn with_storage(options: Options, storage: SharedStorage) -> Self {
        let packs = Packs::open(&options);
        let plugins = Plugins::load_with(&packs.packs, &options.plugins);
        let mut articles = plugins.articles();
        articles.extend(packs.packs.iter().flat_map(Pack::articles));
        let knowledge_base = Arc::new(KnowledgeBase::load_with(articles, &packs.folders));
        let (plugins, packs) = (Arc::new(plugins), Arc::new(packs));
        Self { options, knowledge_base, plugins, packs, index: Arc::default(), storage }
    }

    /// The same session on this target.
    #[must_use]
    pub fn with_target(&self, folder: &Path) -> Self {
        let mut session = self.clone();
        session.options.target = Some(folder.to_owned());
        session
    }

    /// The same session, looking for installations below these folders.
    #[must_use]
    pub fn with_roots(&self, roots: &[PathBuf]) -> Self {
        let mut session = self.clone();
        session.options.roots = roots.to_vec();
        session
    }

    /// The same session on another disk, the articles not loaded again.
    #[must_use]
    pub fn on_disk(&self, storage: SharedStorage) -> Self {
        Self { storage, ..self.clone() }
    }

    /// What the session was opened with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The articles.
    pub fn knowledge_base(&self) -> &KnowledgeBase {
        &self.knowledge_base
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::build(self.knowledge_base.articles()))
    }

    /// An article by id or alias.
    ///
    /// # Errors
    /// [`ExitClass::NoSuch`].
    pub fn article(&self, name: &str) -> Result<&Article, SessionError> {
        self.knowledge_base.article(name).ok_or_else(|| {
            SessionError::no_such(format!("there is no article {name:?}"))
                .next("`pemedic kb list` prints them; `pemedic search` finds them by what the machine said")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_and_plans_cross_threads() {
        fn crosses_threads<T: Send + Sync>() {}
        crosses_threads::<Session>();
        crosses_threads::<Prepared>();
    }
}
