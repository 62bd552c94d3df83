//! All plugins of a run: those inside the executable, of packs, of a `plugins`
//! folder beside it, of `--plugins`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::kb::fix::RuleCall;
use crate::kb::pack::PackFile;
use crate::repair::rule::{RuleOutcome, RuleTarget, Rules};

use super::fact::Fact;
use super::files::{self, Files};
use super::manifest::{Manifest, Rule};
use super::outcome;
use super::pack::Pack;
use super::sandbox::{self, Script};
use super::target::TargetView;

/// A plugin ready to run.
pub struct Plugin {
    /// Its manifest.
    pub manifest: Manifest,
    /// `built-in`, its folder, or its pack.
    pub origin: String,
    /// Whether somebody vouches for it.
    pub trusted: bool,
    script: Script,
    articles: Vec<PackFile>,
    tests: Vec<(String, String)>,
}

/// All plugins, later ones winning by name.
#[derive(Default)]
pub struct Plugins {
    plugins: BTreeMap<String, Plugin>,
    problems: Vec<String>,
    notes: Vec<String>,
}

impl Plugins {
    /// Loads the embedded plugins, then those of each folder. Never fails as a
    /// whole: what is wrong is in [`Plugins::problems`].
    pub fn load(folders: &[PathBuf]) -> Self {
        Self::load_with(&[], folders)
    }

    /// As [`Plugins::load`], with the plugins of packs between them.
    pub fn load_with(packs: &[Pack], folders: &[PathBuf]) -> Self {
        let mut plugins = Self::default();
        for files in files::embedded() {
            plugins.add(files);
        }
        for files in packs.iter().flat_map(Pack::plugins) {
            plugins.add(files);
        }
        for folder in folders {
            match files::folders_in(folder) {
                Ok(found) => found.iter().for_each(|path| plugins.add(files::on_disk(path))),
                Err(error) => plugins.problems.push(format!("{}: {error}", folder.display())),
            }
        }
        plugins
    }

    /// The plugins by name.
    pub fn all(&self) -> impl Iterator<Item = &Plugin> {
        self.plugins.values()
    }

    /// A plugin by name.
    pub fn named(&self, name: &str) -> Option<&Plugin> {
        self.plugins.get(name)
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
            Ok(plugin) => self.take(plugin),
            Err(problem) => self.problems.push(problem),
        }
    }

    /// What nobody vouches for adds, but never replaces: a rule of the same
    /// name would change what other fixes do.
    fn take(&mut self, plugin: Plugin) {
        let (name, origin) = (plugin.manifest.name.clone(), plugin.origin.clone());
        match self.plugins.get(&name) {
            Some(earlier) if !plugin.trusted => self.problems.push(format!(
                "plugin {name} of {origin} is left out: it would replace that of {}, and {origin} is not \
                 signed by a key that you trust",
                earlier.origin
            )),
            earlier => {
                if let Some(earlier) = earlier {
                    let note = format!("plugin {name} of {origin} replaces that of {}", earlier.origin);
                    self.notes.push(note);
                }
                self.plugins.insert(name, plugin);
            }
        }
    }
}

impl Plugin {
    fn new(files: Files) -> Result<Self, String> {
        let named = |why: String| format!("plugin {} of {} is left out: {why}", files.folder, files.origin);
        let manifest = Manifest::parse(&files.folder, &files.manifest)
            .map_err(|why| named(format!("{}: {why}", files::MANIFEST)))?;
        let functions: Vec<String> = manifest.rules.iter().map(Rule::function).collect();
        let script = Script::compile(&files.script, &functions)
            .map_err(|why| named(format!("{}: {why}", files::SCRIPT)))?;
        Ok(Self {
            manifest,
            origin: files.origin,
            trusted: files.trusted,
            script,
            articles: files.articles,
            tests: files.tests,
        })
    }

    /// Its tests: file names and texts.
    pub fn tests(&self) -> &[(String, String)] {
        &self.tests
    }

    /// Runs a rule; what it returned is not looked at.
    ///
    /// # Errors
    /// Why it gave nothing; the sentence names neither plugin nor rule.
    pub(super) fn answer(&self, call: &RuleCall, target: &RuleTarget<'_>) -> Result<Fact, String> {
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
        sandbox::run(&self.script, &rule.function(), &arguments, &mut |question| view.answer(question))
    }

    fn run(&self, call: &RuleCall, target: &RuleTarget<'_>) -> Result<RuleOutcome, String> {
        outcome::read(&format!("{}/{}", call.plugin, call.rule), self.answer(call, target)?)
    }
}

impl Rules for Plugins {
    fn run(&self, call: &RuleCall, target: &RuleTarget<'_>) -> Result<RuleOutcome, String> {
        let plugin = self.plugins.get(&call.plugin).ok_or_else(|| {
            let named = format!("plugin {} ", call.plugin);
            let broken = self.problems.iter().find(|problem| problem.contains(&named));
            broken.cloned().unwrap_or_else(|| format!("the plugin {} is not loaded", call.plugin))
        })?;
        plugin.run(call, target).map_err(|why| format!("plugin {}, rule {}: {why}", call.plugin, call.rule))
    }
}
