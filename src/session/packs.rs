//! Packs: opening, making and checking them, and what they may do.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::kb::pack::read_folder;
use crate::kb::{Fix, FixId, Safety, StepKind};
use crate::plugin::pack::{self, Entry, Keys, PackError, Trust};
use crate::plugin::{Pack, Plugins};
use crate::repair::plan::{DOCUMENT_VERSION, Plan, Status};

use super::{Confirmation, ExitClass, Options, Session, SessionError};

/// How deep fixes may use others when their trust is looked at.
const USE_DEPTH_MAX: usize = 8;

/// The packs of a run.
pub(super) struct Packs {
    /// Those that can be used.
    pub packs: Vec<Pack>,
    /// What `--kb` names besides: folders and single articles.
    pub folders: Vec<PathBuf>,
    /// What is wrong with others, and with keys.
    pub problems: Vec<String>,
}

/// A pack that was made: the `kb pack` verb's JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackReport {
    /// [`DOCUMENT_VERSION`].
    pub version: u32,
    /// The file.
    pub pack: PathBuf,
    /// What is in it.
    pub files: Vec<String>,
}

/// Checked packs: the `kb verify` verb's JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// [`DOCUMENT_VERSION`].
    pub version: u32,
    /// One for each file.
    pub packs: Vec<CheckedPack>,
    /// What is wrong with the keys.
    pub keys: Vec<String>,
}

/// One checked pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckedPack {
    /// The file as it was named.
    pub pack: PathBuf,
    /// What its maker calls it.
    pub title: String,
    /// Who signed it; absent where it cannot be used.
    pub trust: Option<Trust>,
    /// Why it cannot be used.
    pub failure: Option<String>,
    /// What is in it.
    pub files: Vec<String>,
}

impl Packs {
    /// Opens the packs that the options name, also those in named folders.
    pub(super) fn open(options: &Options) -> Self {
        let (keys, problems) = Keys::read(&options.trust);
        let mut packs = Self { packs: Vec::new(), folders: Vec::new(), problems };
        for path in &options.packs {
            if is_pack(path) {
                packs.add(path, &keys);
                continue;
            }
            for file in packs_in(path) {
                packs.add(&file, &keys);
            }
            packs.folders.push(path.clone());
        }
        packs
    }

    fn add(&mut self, file: &Path, keys: &Keys) {
        match Pack::open(file, keys) {
            Ok(pack) => {
                if !pack.trust.is_signed() {
                    self.problems.push(format!(
                        "{}: its articles are marked, replace nothing, and none of its risky fixes is applied \
                         unattended",
                        pack.label()
                    ));
                }
                self.packs.push(pack);
            }
            Err(error) => self.problems.push(format!("the pack {} is left out: {error}", file.display())),
        }
    }
}

fn is_pack(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(pack::EXTENSION))
        && !path.is_dir()
}

fn packs_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut packs: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_pack(path)).collect();
    packs.sort();
    packs
}

impl Session {
    /// What is to be said of packs and keys before anything else.
    pub fn pack_problems(&self) -> &[String] {
        &self.packs.problems
    }

    /// Puts articles and plugins into one file.
    ///
    /// # Errors
    /// [`ExitClass::NoSuch`] for a path that is not there; [`ExitClass::Usage`]
    /// where something is wrong with an article or plugin, or the file cannot
    /// be written.
    pub fn kb_pack(&self, paths: &[PathBuf], output: &Path, title: &str) -> Result<PackReport, SessionError> {
        let mut entries = Vec::new();
        for path in paths {
            entries.extend(entries_of(path)?);
        }
        if entries.is_empty() {
            return Err(SessionError::usage("there is neither an article nor a plugin in these folders")
                .next("name folders of articles (*.md) or of plugins (plugin.toml)"));
        }
        let bytes = pack::write(title, entries).map_err(|error| cannot_pack(output, &error))?;
        let read = Pack::read(&output.display().to_string(), &bytes, &Keys::default())
            .map_err(|error| cannot_pack(output, &error))?;
        refuse_faulty(&read)?;
        fs::write(output, &bytes).map_err(|error| {
            SessionError::usage(format!("{} cannot be written: {error}", output.display()))
        })?;
        let files = read.names().map(str::to_owned).collect();
        Ok(PackReport { version: DOCUMENT_VERSION, pack: output.to_owned(), files })
    }

    /// Says what is in packs and who signed them.
    ///
    /// # Errors
    /// [`ExitClass::NoSuch`] for a file that is not there.
    pub fn kb_verify(&self, files: &[PathBuf]) -> Result<VerifyReport, SessionError> {
        if let Some(missing) = files.iter().find(|file| !file.is_file()) {
            return Err(SessionError::no_such(format!("there is no pack {}", missing.display())));
        }
        let (keys, problems) = Keys::read(&self.options.trust);
        let packs = files.iter().map(|file| checked(file, Pack::open(file, &keys))).collect();
        Ok(VerifyReport { version: DOCUMENT_VERSION, packs, keys: problems })
    }

    /// What a plan says of a fix that nobody vouches for.
    pub(super) fn note_of_trust(&self, fix: &Fix) -> Option<String> {
        let origin = self.untrusted_origin(&fix.id, USE_DEPTH_MAX)?;
        Some(format!("{} comes from {origin}", fix.id))
    }

    /// Why a plan is not carried out with this confirmation.
    pub(super) fn refusal_of_trust(&self, plan: &Plan, confirmation: Confirmation) -> Option<String> {
        if confirmation.in_person {
            return None;
        }
        let risky =
            |fix: &&crate::repair::plan::FixPlan| fix.safety == Safety::Risky && fix.status == Status::Needed;
        plan.fixes.iter().filter(risky).find_map(|fix| {
            let (article, name) = fix.fix.split_once('/')?;
            let id = FixId { article: article.to_owned(), fix: name.to_owned() };
            let origin = self.untrusted_origin(&id, USE_DEPTH_MAX)?;
            Some(format!(
                "{} is risky and comes from {origin}: it is applied only when a person has read the preview and \
                 says so, never unattended; trust the pack's key with --trust, or apply it without --yes",
                fix.fix
            ))
        })
    }

    /// Where a fix, or a rule that it calls, comes from, if nobody vouches for
    /// that.
    fn untrusted_origin(&self, id: &FixId, depth: usize) -> Option<String> {
        let article = self.knowledge_base.article(&id.article)?;
        if !article.trusted {
            return Some(article.pack.clone());
        }
        let fix = self.knowledge_base.fix(id)?;
        fix.steps.iter().find_map(|step| match &step.kind {
            StepKind::Use(used) if depth > 0 => self.untrusted_origin(used, depth - 1),
            StepKind::Rule(call) => {
                let plugin = self.plugins.named(&call.plugin)?;
                (!plugin.trusted).then(|| plugin.origin.clone())
            }
            _ => None,
        })
    }
}

fn checked(file: &Path, opened: Result<Pack, PackError>) -> CheckedPack {
    let mut checked = CheckedPack {
        pack: file.to_owned(),
        title: String::new(),
        trust: None,
        failure: None,
        files: Vec::new(),
    };
    match opened {
        Ok(pack) => {
            checked.files = pack.names().map(str::to_owned).collect();
            checked.title.clone_from(&pack.title);
            checked.trust = Some(pack.trust);
        }
        Err(error) => checked.failure = Some(error.to_string()),
    }
    checked
}

/// What goes into a pack of one path: plugins, or else articles.
fn entries_of(path: &Path) -> Result<Vec<Entry>, SessionError> {
    if !path.exists() {
        return Err(SessionError::no_such(format!("there is no file or folder {}", path.display())));
    }
    let faulty = |why: String| SessionError::usage(why).next("`pemedic kb check` shows it; correct it first");
    let plugins = pack::plugin_entries(path).map_err(faulty)?;
    if !plugins.is_empty() {
        return Ok(plugins);
    }
    let (articles, problems) = read_folder(path);
    if let Some(problem) = problems.into_iter().next() {
        return Err(faulty(format!("{}: {}", problem.file, problem.message)));
    }
    let name = |name: &str| Path::new(name).file_name().map(|name| name.to_string_lossy().into_owned());
    let entry = |file: crate::kb::pack::PackFile| {
        Some(Entry { name: format!("articles/{}", name(&file.name)?), text: file.text })
    };
    Ok(articles.into_iter().filter_map(entry).collect())
}

/// A pack whose articles or plugins would be left out helps nobody.
fn refuse_faulty(pack: &Pack) -> Result<(), SessionError> {
    let plugins = Plugins::load_with(std::slice::from_ref(pack), &[]);
    let own = pack.file.as_str();
    let mut articles = plugins.articles();
    articles.extend(pack.articles());
    let base = crate::kb::KnowledgeBase::load_with(articles, &[]);
    let of_articles = base.problems().iter().filter(|problem| problem.fatal && problem.file.starts_with(own));
    let said = of_articles.map(|problem| format!("{}:{}: {}", problem.file, problem.line, problem.message));
    // Replacing what is there is what signed packs may do.
    let mut all = plugins.problems().iter().cloned().chain(said).filter(|why| !why.contains("would replace"));
    match all.next() {
        Some(why) => Err(SessionError::new(ExitClass::Usage, format!("nothing was written: {why}"))
            .next("`pemedic kb check` shows it; correct it first")),
        None => Ok(()),
    }
}

fn cannot_pack(output: &Path, error: &PackError) -> SessionError {
    SessionError::usage(format!("{} was not made: {error}", output.display()))
}
