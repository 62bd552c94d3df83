//! Finding plugins: those inside the executable, a `plugins` folder beside it,
//! `--plugins`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::kb::fix::RuleCall;
use crate::kb::pack::PackFile;
use crate::repair::rule::{RuleOutcome, RuleTarget, Rules};

use super::fact::Fact;
use super::limits::SCRIPT_BYTES_MAX;
use super::manifest::Manifest;
use super::target::TargetView;
use super::{outcome, sandbox};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/plugins");

/// The manifest's file name in a plugin's folder.
const MANIFEST: &str = "plugin.toml";
/// The script's.
const SCRIPT: &str = "rules.rhai";
/// The folder of the plugin's own articles.
const ARTICLES: &str = "articles";
/// Most plugins of one folder.
const PLUGINS_MAX: usize = 200;

/// A plugin ready to run.
pub struct Plugin {
    /// Its manifest.
    pub manifest: Manifest,
    /// `built-in`, or its folder.
    pub origin: String,
    script: String,
    articles: Vec<PackFile>,
}

/// All plugins, later folders winning by name.
#[derive(Default)]
pub struct Plugins {
    plugins: BTreeMap<String, Plugin>,
    problems: Vec<String>,
    notes: Vec<String>,
}

/// A plugin's files as text, wherever they came from.
struct Files {
    folder: String,
    origin: String,
    manifest: String,
    script: String,
    articles: Vec<PackFile>,
}

impl Plugins {
    /// Loads the embedded plugins, then those of each folder. Never fails as a
    /// whole: what is wrong is in [`Plugins::problems`].
    pub fn load(folders: &[PathBuf]) -> Self {
        let mut plugins = Self::default();
        for folder in EMBEDDED.dirs() {
            plugins.add(embedded(folder));
        }
        for folder in folders {
            match folders_in(folder) {
                Ok(found) => found.iter().for_each(|path| plugins.add(on_disk(path))),
                Err(error) => plugins.problems.push(format!("{}: {error}", folder.display())),
            }
        }
        plugins
    }

    /// The plugins by name.
    pub fn all(&self) -> impl Iterator<Item = &Plugin> {
        self.plugins.values()
    }

    /// What is wrong with plugins that were left out; each names its plugin.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Which plugins replaced which.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The articles that plugins bring.
    pub fn articles(&self) -> Vec<PackFile> {
        self.plugins.values().flat_map(|plugin| plugin.articles.iter().cloned()).collect()
    }

    fn add(&mut self, files: Result<Files, String>) {
        match files.and_then(Plugin::new) {
            Ok(plugin) => {
                let name = plugin.manifest.name.clone();
                let origin = plugin.origin.clone();
                if let Some(earlier) = self.plugins.insert(name.clone(), plugin) {
                    self.notes.push(format!("plugin {name} of {origin} replaces that of {}", earlier.origin));
                }
            }
            Err(problem) => self.problems.push(problem),
        }
    }
}

impl Plugin {
    fn new(files: Files) -> Result<Self, String> {
        let named = |why: String| format!("plugin {} of {} is left out: {why}", files.folder, files.origin);
        let manifest = Manifest::parse(&files.folder, &files.manifest)
            .map_err(|why| named(format!("{MANIFEST}: {why}")))?;
        let functions: Vec<String> = manifest.rules.iter().map(super::manifest::Rule::function).collect();
        sandbox::check(&files.script, &functions).map_err(|why| named(format!("{SCRIPT}: {why}")))?;
        Ok(Self { manifest, origin: files.origin, script: files.script, articles: files.articles })
    }

    fn run(&self, call: &RuleCall, target: &RuleTarget<'_>) -> Result<RuleOutcome, String> {
        let rule = self.manifest.rule(&call.rule).ok_or_else(|| {
            let names: Vec<&str> = self.manifest.rules.iter().map(|rule| rule.name.as_str()).collect();
            format!("it has no rule {:?}; it has {}", call.rule, names.join(", "))
        })?;
        if let Some((unknown, _)) = target.arguments.iter().find(|(name, _)| !rule.arguments.contains(name)) {
            return Err(format!("its rule {} takes no argument {unknown:?}", call.rule));
        }
        let arguments = target.arguments.iter().cloned().collect();
        let view = TargetView {
            registry: target.registry,
            storage: target.storage,
            reads: &self.manifest.reads,
            release: target.release.clone(),
        };
        let fact: Fact =
            sandbox::run(&self.script, &rule.function(), &arguments, &mut |question| view.answer(question))?;
        outcome::read(&format!("{}/{}", call.plugin, call.rule), fact)
    }
}

impl Rules for Plugins {
    fn run(&self, call: &RuleCall, target: &RuleTarget<'_>) -> Result<RuleOutcome, String> {
        let plugin = self.plugins.get(&call.plugin).ok_or_else(|| {
            let broken = self.problems.iter().find(|problem| problem.contains(&call.plugin));
            broken.cloned().unwrap_or_else(|| format!("the plugin {} is not loaded", call.plugin))
        })?;
        plugin.run(call, target).map_err(|why| format!("plugin {}, rule {}: {why}", call.plugin, call.rule))
    }
}

fn embedded(folder: &Dir<'_>) -> Result<Files, String> {
    let name = folder.path().display().to_string();
    let text = |file: &str| {
        let found = folder.get_file(folder.path().join(file)).and_then(include_dir::File::contents_utf8);
        found.map(str::to_owned).ok_or_else(|| format!("plugin {name} has no {file}"))
    };
    let articles = folder.get_dir(folder.path().join(ARTICLES)).map(Dir::files).into_iter().flatten();
    let articles = articles.filter_map(|file| {
        Some(PackFile {
            pack: format!("plugin {name}"),
            name: format!("plugins/{}", file.path().display()),
            text: file.contents_utf8()?.to_owned(),
        })
    });
    Ok(Files {
        manifest: text(MANIFEST)?,
        script: text(SCRIPT)?,
        articles: articles.filter(|file| file.name.ends_with(".md")).collect(),
        origin: crate::kb::pack::BUILT_IN.to_owned(),
        folder: name,
    })
}

/// The folders of plugins in `folder`; itself, where it is one.
fn folders_in(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    if folder.join(MANIFEST).is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    let mut found: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join(MANIFEST).is_file())
        .take(PLUGINS_MAX)
        .collect();
    found.sort();
    Ok(found)
}

fn on_disk(folder: &Path) -> Result<Files, String> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let origin = folder.display().to_string();
    let text = |file: &str| {
        read_bounded(&folder.join(file))
            .map_err(|why| format!("plugin {name} of {origin} is left out: {file}: {why}"))
    };
    let mut articles = Vec::new();
    let mut paths: Vec<PathBuf> = fs::read_dir(folder.join(ARTICLES))
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        let text = read_bounded(path).map_err(|why| format!("plugin {name}: {}: {why}", path.display()))?;
        articles.push(PackFile { pack: origin.clone(), name: path.display().to_string(), text });
    }
    Ok(Files { manifest: text(MANIFEST)?, script: text(SCRIPT)?, articles, folder: name, origin })
}

fn read_bounded(path: &Path) -> Result<String, String> {
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    let mut text = String::new();
    let most = SCRIPT_BYTES_MAX as u64;
    let read = file.take(most + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if read as u64 > most {
        return Err(format!("it is larger than {most} bytes"));
    }
    Ok(text)
}
