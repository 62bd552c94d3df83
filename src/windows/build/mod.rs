//! Small synthetic installations for demo and examples: real hives with the
//! values that say which Windows it is, folders, files, nothing to run.

mod executable;
mod hives;
mod recipe;

use std::path::{Path, PathBuf};

use crate::hive::reg_text::{self, RegTextError};
use crate::hive::storage::{EntryKind, Storage, StorageError};
use crate::hive::store::StoreError;
use crate::hive::{FileTime, HiveError};

use super::Installation;
use super::installation::InstallationError;
use super::path::{Namespace, PathError, walk};

use hives::Hives;
use recipe::Recipe;

pub use executable::executable;

/// Says which installation to build, and then builds it.
#[derive(Clone, Debug)]
pub struct InstallationBuilder {
    recipe: Recipe,
    computer_name: String,
    people: Vec<String>,
    registry: Vec<String>,
    files: Vec<NewFile>,
}

#[derive(Clone, Debug)]
struct NewFile {
    path: String,
    content: Vec<u8>,
    time: FileTime,
}

/// Why an installation could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The folder has something in it.
    #[error("{0} is not empty; a synthetic installation is built in an empty or new folder")]
    NotEmpty(PathBuf),
    /// The registry text is not one.
    #[error("the registry text of the installation: {0}")]
    Text(#[from] RegTextError),
    /// A key of the registry text belongs to no hive.
    #[error("{0} is not a key of an installation")]
    UnknownKey(String),
    /// A hive cannot hold what it should.
    #[error("{hive}: {source}")]
    Hive {
        /// Which hive file, below the volume's root.
        hive: String,
        /// Why.
        source: HiveError,
    },
    /// A hive file cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A file's path is not one of the installation.
    #[error(transparent)]
    Path(#[from] PathError),
    /// What was built is not an installation.
    #[error(transparent)]
    Installation(#[from] InstallationError),
}

/// The time of the first file: 2004-09-15 00:00 UTC.
const FIRST_FILE_TIME: FileTime = FileTime(127_396_800_000_000_000);
const HOUR: u64 = 36_000_000_000;

/// Which Windows.
impl InstallationBuilder {
    /// Windows 2000 Professional, Service Pack 4, in `WINNT`.
    pub fn windows_2000() -> Self {
        Self::of(recipe::WINDOWS_2000)
    }

    /// Windows XP Professional, Service Pack 3.
    pub fn xp() -> Self {
        Self::of(recipe::XP)
    }

    /// Windows Server 2003, Service Pack 2.
    pub fn server_2003() -> Self {
        Self::of(recipe::SERVER_2003)
    }

    /// Windows Vista Business, Service Pack 2.
    pub fn vista() -> Self {
        Self::of(recipe::VISTA)
    }

    /// Windows 7 Professional, Service Pack 1.
    pub fn seven() -> Self {
        Self::of(recipe::SEVEN)
    }

    /// Windows 10 Pro 22H2.
    pub fn ten() -> Self {
        Self::of(recipe::TEN)
    }

    fn of(recipe: Recipe) -> Self {
        Self {
            recipe,
            computer_name: "PEMEDIC-DEMO".to_owned(),
            people: vec!["Technician".to_owned()],
            registry: Vec::new(),
            files: Vec::new(),
        }
    }
}

/// What is in it.
impl InstallationBuilder {
    /// Makes it the server of the same version (`product` is its name).
    #[must_use]
    pub fn server(mut self, product: &'static str) -> Self {
        self.recipe.product = product;
        self.recipe.product_type = "ServerNT";
        self
    }

    /// Gives it another computer name.
    #[must_use]
    pub fn computer_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.computer_name);
        self
    }

    /// Adds a profile beside the one that is always there.
    #[must_use]
    pub fn person(mut self, name: &str) -> Self {
        self.people.push(name.to_owned());
        self
    }

    /// Adds registry content as `.reg` text, with or without its first line.
    /// `HKCU` means every profile; `CurrentControlSet` the one that boots.
    #[must_use]
    pub fn registry(mut self, reg_text: &str) -> Self {
        self.registry.push(reg_text.to_owned());
        self
    }

    /// Adds a file by the path Windows would write, an hour younger than the
    /// one added before.
    #[must_use]
    pub fn file(self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        let time = self.files.last().map_or(FIRST_FILE_TIME, |file| FileTime(file.time.0 + HOUR));
        self.file_at(path, content, time)
    }

    /// Adds a file that was made and last written at `time`.
    #[must_use]
    pub fn file_at(mut self, path: &str, content: impl Into<Vec<u8>>, time: FileTime) -> Self {
        self.files.push(NewFile { path: path.to_owned(), content: content.into(), time });
        self
    }

    /// Builds it with its volume's root at `root`, which must be empty or new,
    /// and opens it.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn build(&self, storage: &dyn Storage, root: &Path) -> Result<Installation, BuildError> {
        create_folder(storage, root)?;
        if !storage.list(root).map_err(StorageError::at("cannot list", root))?.is_empty() {
            return Err(BuildError::NotEmpty(root.to_owned()));
        }
        let mut hives = Hives::new(&self.recipe, &self.computer_name, &self.people)?;
        for text in &self.registry {
            hives.import(&reg_text::parse_text(text, false)?)?;
        }
        let namespace = hives.namespace()?;
        for (path, image) in hives.finish()? {
            let host = place(storage, root, &namespace, &path)?;
            crate::hive::store::create_new(storage, &host, &image)?;
        }
        let loader = NewFile {
            path: format!("C:\\{}", self.recipe.loader()),
            content: Vec::new(),
            time: FIRST_FILE_TIME,
        };
        for file in self.files.iter().chain([&loader]) {
            let host = place(storage, root, &namespace, &file.path)?;
            storage.write_new(&host, &file.content).map_err(StorageError::at("cannot create", &host))?;
            set_times(&host, file.time).map_err(StorageError::at("cannot set the times of", &host))?;
        }
        Ok(Installation::open(storage, root)?)
    }
}

/// The host path of a new file; its folders are made.
fn place(
    storage: &dyn Storage,
    root: &Path,
    namespace: &Namespace,
    path: &str,
) -> Result<PathBuf, BuildError> {
    let mut names = namespace.components(path, false)?.names;
    let Some(file) = names.pop() else {
        return Err(PathError::NotPlain { path: path.to_owned(), why: "it names no file" }.into());
    };
    let folder = walk::walk(storage, root, &names)?.host;
    create_folder(storage, &folder)?;
    Ok(folder.join(file))
}

/// Makes a folder and what is missing above it.
fn create_folder(storage: &dyn Storage, folder: &Path) -> Result<(), StorageError> {
    let mut missing = Vec::new();
    let mut above = Some(folder);
    while let Some(folder) = above.filter(|folder| !folder.as_os_str().is_empty()) {
        let entry = storage.entry(folder).map_err(StorageError::at("cannot look for", folder))?;
        // A link may stand above the installation, in the path the user gave.
        if entry.is_some_and(|entry| matches!(entry.kind, EntryKind::Directory | EntryKind::Link)) {
            break;
        }
        missing.push(folder);
        above = folder.parent();
    }
    for folder in missing.into_iter().rev() {
        storage.create_dir(folder).map_err(StorageError::at("cannot create", folder))?;
    }
    Ok(())
}

fn set_times(file: &Path, time: FileTime) -> std::io::Result<()> {
    let Some(timestamp) = time.to_timestamp() else { return Ok(()) };
    let time = std::time::SystemTime::from(timestamp);
    let times = std::fs::FileTimes::new().set_accessed(time).set_modified(time);
    #[cfg(windows)]
    let times = std::os::windows::fs::FileTimesExt::set_created(times, time);
    std::fs::OpenOptions::new().write(true).open(file)?.set_times(times)
}

#[cfg(test)]
mod tests;
