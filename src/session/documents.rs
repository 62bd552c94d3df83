//! Reports that belong to no repair: registry, hives, knowledge base.

use std::path::PathBuf;

use serde::Serialize;

use crate::hive::audit::Defect;
use crate::hive::{FileTime, NamedValue};
use crate::kb::{KnowledgeBase, Problem};
use crate::repair::plan::DOCUMENT_VERSION;

/// A registry key as `reg query` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyReport {
    /// Full name with the real control set.
    pub key: String,
    /// When it was last written.
    #[serde(serialize_with = "as_text")]
    pub last_written: FileTime,
    /// Its values in stored order.
    pub values: Vec<NamedValue>,
    /// The names of its subkeys in stored order.
    pub subkeys: Vec<String>,
}

/// Audited hive files: the `hive check` verb's JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HiveCheckReport {
    /// [`DOCUMENT_VERSION`].
    pub version: u32,
    /// One for each file.
    pub hives: Vec<CheckedHive>,
}

/// One audited hive file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckedHive {
    /// The file as it was named.
    pub file: PathBuf,
    /// How it can be loaded.
    pub state: HiveState,
    /// One sentence for each transaction log, or why nothing can be recovered.
    pub logs: Vec<String>,
    /// Keys of the recovered state, reached from the root, the root included.
    pub keys: usize,
    /// Values of the recovered state.
    pub values: usize,
    /// What is wrong, by offset in the recovered image.
    pub defects: Vec<Defect>,
}

/// How a hive file can be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HiveState {
    /// It needs no logs.
    Clean,
    /// Its logs complete it.
    Recovered,
    /// It cannot be loaded.
    Unrecoverable,
}

/// Linted articles: the `kb check` verb's JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KbCheckReport {
    /// [`DOCUMENT_VERSION`].
    pub version: u32,
    /// How many articles were read.
    pub articles: usize,
    /// What is wrong, by file and line.
    pub problems: Vec<Problem>,
    /// Each problem as a person reads it, with its place in the file.
    #[serde(skip)]
    pub rendered: Vec<String>,
    /// What is wrong with plugins; each sentence names its plugin.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<String>,
}

/// The articles: the `kb list` verb's JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KbList {
    /// [`DOCUMENT_VERSION`].
    pub version: u32,
    /// The articles by id.
    pub articles: Vec<ArticleEntry>,
    /// Which articles of later packs replaced which.
    pub notes: Vec<String>,
}

/// One article of a [`KbList`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArticleEntry {
    /// Its id.
    pub id: String,
    /// One line.
    pub title: String,
    /// The ids of its fixes.
    pub fixes: Vec<String>,
    /// Where it came from.
    pub pack: String,
}

impl KbList {
    /// Lists a knowledge base.
    pub fn new(knowledge_base: &KnowledgeBase) -> Self {
        let articles = knowledge_base.articles().iter().map(|article| ArticleEntry {
            id: article.id.clone(),
            title: article.title.clone(),
            fixes: article.fixes.iter().map(|fix| fix.id.fix.clone()).collect(),
            pack: article.pack.clone(),
        });
        let notes = knowledge_base.notes().to_vec();
        Self { version: DOCUMENT_VERSION, articles: articles.collect(), notes }
    }
}

fn as_text<S: serde::Serializer>(time: &FileTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}
