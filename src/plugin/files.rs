//! The files of a plugin, wherever they come from: inside the executable, a
//! folder, a pack.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::kb::pack::{BUILT_IN, PackFile};

use super::limits::{FILES_MAX, SCRIPT_BYTES_MAX};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/plugins");

/// The manifest's file name in a plugin's folder.
pub(super) const MANIFEST: &str = "plugin.toml";
/// The script's.
pub(super) const SCRIPT: &str = "rules.rhai";
/// The folder of the plugin's own articles.
pub(super) const ARTICLES: &str = "articles";
/// The folder of its tests.
pub(super) const TESTS: &str = "tests";
/// Most plugins of one folder.
const PLUGINS_MAX: usize = 200;

/// A plugin's files as text.
#[derive(Clone, Debug)]
pub(super) struct Files {
    /// The folder's name.
    pub folder: String,
    /// `built-in`, the folder's path, or the pack.
    pub origin: String,
    /// Whether somebody vouches for it.
    pub trusted: bool,
    /// `plugin.toml`.
    pub manifest: String,
    /// `rules.rhai`.
    pub script: String,
    /// Its articles.
    pub articles: Vec<PackFile>,
    /// Its tests: file names and texts.
    pub tests: Vec<(String, String)>,
}

/// The plugins inside the executable.
pub(super) fn embedded() -> impl Iterator<Item = Result<Files, String>> {
    EMBEDDED.dirs().map(embedded_folder)
}

fn embedded_folder(folder: &Dir<'_>) -> Result<Files, String> {
    let name = folder.path().display().to_string();
    let text = |file: &str| {
        let found = folder.get_file(folder.path().join(file)).and_then(include_dir::File::contents_utf8);
        found.map(str::to_owned).ok_or_else(|| format!("plugin {name} has no {file}"))
    };
    let below = |below: &str| -> Vec<(String, String)> {
        let files = folder.get_dir(folder.path().join(below)).map(Dir::files).into_iter().flatten();
        files
            .filter_map(|file| Some((file.path().display().to_string(), file.contents_utf8()?.to_owned())))
            .collect()
    };
    let article = |(path, text): (String, String)| PackFile {
        pack: format!("plugin {name}"),
        name: format!("plugins/{path}"),
        text,
        trusted: true,
    };
    Ok(Files {
        manifest: text(MANIFEST)?,
        script: text(SCRIPT)?,
        articles: below(ARTICLES)
            .into_iter()
            .filter(|(path, _)| path.ends_with(".md"))
            .map(article)
            .collect(),
        tests: below(TESTS).into_iter().filter(|(path, _)| path.ends_with(".toml")).collect(),
        origin: BUILT_IN.to_owned(),
        trusted: true,
        folder: name,
    })
}

/// The folders of plugins in `folder`; itself, where it is one.
pub(super) fn folders_in(folder: &Path) -> Result<Vec<PathBuf>, io::Error> {
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

/// The plugin in a folder.
pub(super) fn on_disk(folder: &Path) -> Result<Files, String> {
    // A folder named `.` has its name only when it is resolved.
    let named = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let name = named.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let origin = folder.display().to_string();
    let failed = |file: &str, why: String| format!("plugin {name} of {origin} is left out: {file}: {why}");
    let text = |file: &str| read_bounded(&folder.join(file)).map_err(|why| failed(file, why));
    let below = |below: &str, extension: &str| -> Result<Vec<(PathBuf, String)>, String> {
        let paths = paths_in(&folder.join(below), extension);
        let read = |path: PathBuf| match read_bounded(&path) {
            Ok(text) => Ok((path, text)),
            Err(why) => Err(failed(&path.display().to_string(), why)),
        };
        paths.into_iter().map(read).collect()
    };
    let article = |(path, text): (PathBuf, String)| PackFile {
        pack: origin.clone(),
        name: path.display().to_string(),
        text,
        trusted: true,
    };
    Ok(Files {
        manifest: text(MANIFEST)?,
        script: text(SCRIPT)?,
        articles: below(ARTICLES, "md")?.into_iter().map(article).collect(),
        tests: below(TESTS, "toml")?
            .into_iter()
            .map(|(path, text)| (path.display().to_string(), text))
            .collect(),
        folder: name.clone(),
        origin: origin.clone(),
        trusted: true,
    })
}

fn paths_in(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .take(FILES_MAX)
        .collect();
    paths.sort();
    paths
}

/// Reads a text file of at most [`SCRIPT_BYTES_MAX`] bytes.
pub(super) fn read_bounded(path: &Path) -> Result<String, String> {
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    let mut text = String::new();
    let most = SCRIPT_BYTES_MAX as u64;
    let read = file.take(most + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if read as u64 > most {
        return Err(format!("it is larger than {most} bytes"));
    }
    Ok(text)
}
