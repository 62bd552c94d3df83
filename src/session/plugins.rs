//! Writing plugins: a new one, and running the tests of one.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::kb::Article;
use crate::plugin::{Plugin, Plugins, case, scaffold};
use crate::repair::plan::DOCUMENT_VERSION;

use super::{Options, Session, SessionError};

/// A plugin that was made: the `plugin new` verb's JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewPluginReport {
    /// [`DOCUMENT_VERSION`].
    pub version: u32,
    /// Its folder.
    pub folder: PathBuf,
    /// Its files, below the folder.
    pub files: Vec<String>,
}

/// Tests that were run: the `plugin test` verb's JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PluginTestReport {
    /// [`DOCUMENT_VERSION`].
    pub version: u32,
    /// One for each test, example and problem.
    pub tests: Vec<PluginTest>,
}

/// One test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PluginTest {
    /// The plugin.
    pub plugin: String,
    /// The test's file, the fix of the example, or what is wrong.
    pub name: String,
    /// What did not go as it should; absent where all is well.
    pub failure: Option<String>,
}

impl PluginTestReport {
    /// Whether everything went as it should, and there was something.
    pub fn passed(&self) -> bool {
        !self.tests.is_empty() && self.tests.iter().all(|test| test.failure.is_none())
    }
}

impl Session {
    /// Makes a new plugin in the folder `directory`.
    ///
    /// # Errors
    /// [`super::ExitClass::Usage`] for a name that is none, or where its folder exists or
    /// cannot be written.
    pub fn plugin_new(&self, name: &str, directory: &Path) -> Result<NewPluginReport, SessionError> {
        if self.plugins.named(name).is_some() {
            let message = format!("there is a plugin {name} already");
            return Err(SessionError::usage(message).next("take another name; a second one would replace it"));
        }
        let folder = directory.join(name);
        let files = scaffold::write(&folder, name).map_err(SessionError::usage)?;
        Ok(NewPluginReport { version: DOCUMENT_VERSION, folder, files })
    }

    /// Runs the tests of the plugins in `folders`, and carries the examples of
    /// their articles out.
    ///
    /// # Errors
    /// [`super::ExitClass::NoSuch`] for a folder that is not there or has no
    /// plugin; [`super::ExitClass::Usage`] where no installation can be built.
    pub fn plugin_test(&self, folders: &[PathBuf]) -> Result<PluginTestReport, SessionError> {
        if let Some(missing) = folders.iter().find(|folder| !folder.is_dir()) {
            return Err(SessionError::no_such(format!("there is no folder {}", missing.display())));
        }
        let mut options = Options { plugins: self.options.plugins.clone(), ..Options::default() };
        options.plugins.extend(folders.iter().cloned());
        let session = Self::with_storage(options, self.storage.clone());
        let mut tests = problems(&session.plugins, folders);
        for plugin in session.plugins.all().filter(|plugin| is_in(&plugin.origin, folders)) {
            tests.extend(session.tests_of(plugin)?);
        }
        if tests.is_empty() {
            return Err(SessionError::no_such("there is no plugin with tests in these folders")
                .next("`pemedic plugin new NAME` makes one"));
        }
        Ok(PluginTestReport { version: DOCUMENT_VERSION, tests })
    }

    fn tests_of(&self, plugin: &Plugin) -> Result<Vec<PluginTest>, SessionError> {
        let name = plugin.manifest.name.as_str();
        let test = |test: &str, result: Result<(), String>| PluginTest {
            plugin: name.to_owned(),
            name: test.to_owned(),
            failure: result.err(),
        };
        let mut tests = Vec::new();
        for (file, text) in plugin.tests() {
            let place = place()?;
            tests.push(test(file, case::run(plugin, text, &*self.storage, &place.path().join("volume"))));
        }
        let own = |pack: &str| pack == plugin.origin;
        for problem in self.knowledge_base.problems().iter().filter(|it| is_below(&it.file, &plugin.origin)) {
            let said = format!("{}:{}: {}", problem.file, problem.line, problem.message);
            tests.push(test("kb check", Err(format!("{said}; {}", problem.suggestion))));
        }
        for article in self.knowledge_base.articles().iter().filter(|article| own(&article.pack)) {
            for (fix, failure) in self.try_examples(article)? {
                tests.push(test(&fix, failure.map_or(Ok(()), Err)));
            }
        }
        Ok(tests)
    }

    /// The fix of each example of an article, and what did not go as it should.
    fn try_examples(&self, article: &Article) -> Result<Vec<(String, Option<String>)>, SessionError> {
        let mut tried = Vec::new();
        for fix in &article.fixes {
            for example in &fix.examples {
                let place = place()?;
                let result = self.try_example(article, fix, example, &place.path().join("volume"));
                tried.push((fix.id.to_string(), result.err()));
            }
        }
        Ok(tried)
    }
}

/// A folder for an installation; removed when it is dropped.
fn place() -> Result<tempfile::TempDir, SessionError> {
    tempfile::Builder::new().prefix("pemedic-test-").tempdir().map_err(|error| {
        SessionError::usage(format!("no installation can be built for the test: {error}"))
            .next("make room in the folder for temporary files")
    })
}

/// Plugins that were left out: each is a test that failed.
fn problems(plugins: &Plugins, folders: &[PathBuf]) -> Vec<PluginTest> {
    let names = |problem: &&String| folders.iter().any(|folder| problem.contains(&*folder.to_string_lossy()));
    let failed = |problem: &String| PluginTest {
        plugin: "-".to_owned(),
        name: "load".to_owned(),
        failure: Some(problem.clone()),
    };
    plugins.problems().iter().filter(names).map(failed).collect()
}

fn is_in(origin: &str, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| Path::new(origin).starts_with(folder))
}

fn is_below(file: &str, origin: &str) -> bool {
    Path::new(file).starts_with(origin)
}
