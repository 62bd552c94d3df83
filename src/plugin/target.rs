//! Answers scripts' questions from the target, within what the manifest lets
//! the plugin read.

use crate::hive::storage::Storage;
use crate::hive::{FileTime, Value, ValueType};
use crate::windows::file_times::FileTimes;
use crate::windows::path::PathError;
use crate::windows::service::{self, Program, Service};
use crate::windows::{Installation, OfflineRegistry, file_version};

use super::fact::{Fact, Question};
use super::limits::{LIST_MAX, LISTED_FILES_MAX};
use super::manifest::Reads;

/// Bytes of a value that a script may see.
const VALUE_BYTES_MAX: usize = 64 * 1024;

/// The target as one plugin may see it.
pub struct TargetView<'a> {
    /// The registry.
    pub registry: &'a OfflineRegistry<'a>,
    /// The disk.
    pub storage: &'a dyn Storage,
    /// What may be read.
    pub reads: &'a Reads,
    /// The release's name as articles write it.
    pub release: String,
}

impl TargetView<'_> {
    /// Answers one question.
    ///
    /// # Errors
    /// Why it is refused or cannot be answered; this ends the script.
    pub fn answer(&self, question: &Question) -> Result<Fact, String> {
        let fact = self.look(question)?;
        match fact.count() {
            count if count > LIST_MAX => {
                Err(format!("the answer has {count} parts, more than a rule may see"))
            }
            _ => Ok(fact),
        }
    }

    fn look(&self, question: &Question) -> Result<Fact, String> {
        let told = |error: &dyn std::fmt::Display| error.to_string();
        match question {
            Question::Windows => Ok(self.windows()),
            Question::KeyExists(key) => {
                self.registry.key_exists(self.key(key)?).map(Fact::Truth).map_err(|e| told(&e))
            }
            Question::Subkeys(key) => {
                let names = self.registry.subkeys(self.key(key)?).map_err(|e| told(&e))?;
                Ok(names.map_or(Fact::Nothing, Fact::texts))
            }
            Question::ValueNames(key) => {
                let values = self.registry.values(self.key(key)?).map_err(|e| told(&e))?;
                Ok(values
                    .map_or(Fact::Nothing, |values| Fact::texts(values.into_iter().map(|value| value.name))))
            }
            Question::Value(key, name) => {
                let value = self.registry.value(self.key(key)?, name).map_err(|e| told(&e))?;
                value.map_or(Ok(Fact::Nothing), |value| value_fact(&value))
            }
            Question::ValueType(key, name) => {
                let value = self.registry.value(self.key(key)?, name).map_err(|e| told(&e))?;
                Ok(value.map_or(Fact::Nothing, |value| Fact::Text(value.kind.to_string())))
            }
            Question::Services => {
                self.key(service::SERVICES)?;
                let services = service::list(self.registry).map_err(|e| told(&e))?;
                Ok(Fact::List(services.iter().map(service_fact).collect()))
            }
            Question::Service(name) => {
                self.key(service::SERVICES)?;
                let service = service::read(self.registry, name).map_err(|e| told(&e))?;
                Ok(service.as_ref().map_or(Fact::Nothing, service_fact))
            }
            Question::ServiceFile(name) => self.part_of_service(name, |program| program.file),
            Question::ServiceLibrary(name) => self.part_of_service(name, |program| program.service_dll),
            Question::FileExists(path) if self.is_elsewhere(path) => Ok(Fact::Nothing),
            Question::FileExists(path) => Ok(Fact::Truth(self.file(path)?.is_some())),
            Question::FileVersion(path) => self.file_version(path),
            Question::Files(pattern) => self.files(pattern),
        }
    }

    fn installation(&self) -> &Installation {
        self.registry.installation()
    }

    fn windows(&self) -> Fact {
        let version = &self.installation().version;
        Fact::Table(vec![
            ("release".to_owned(), Fact::Text(self.release.clone())),
            ("major".to_owned(), Fact::Number(version.major.into())),
            ("minor".to_owned(), Fact::Number(version.minor.into())),
            ("build".to_owned(), Fact::Number(version.build.into())),
            ("server".to_owned(), Fact::Truth(version.server)),
            ("architecture".to_owned(), Fact::Text(version.architecture.clone())),
            ("system_root".to_owned(), Fact::Text(self.installation().system_root.clone())),
            (
                "all_users_profile".to_owned(),
                self.installation().all_users_profile().map_or(Fact::Nothing, Fact::Text),
            ),
        ])
    }

    /// `"present"` or `"missing"` for a file that a service names, wherever on
    /// the target it is; nothing where it names none, or one on another volume.
    fn part_of_service(&self, name: &str, part: impl Fn(Program) -> Option<String>) -> Result<Fact, String> {
        self.key(service::SERVICES)?;
        let service = service::read(self.registry, name).map_err(|error| error.to_string())?;
        let Some(file) = service.and_then(|service| part(service.program)) else { return Ok(Fact::Nothing) };
        match self.registry.look(&file) {
            Ok((_, found)) => Ok(Fact::Text(if found.is_some() { "present" } else { "missing" }.to_owned())),
            Err(_) => Ok(Fact::Nothing),
        }
    }

    /// The key, where it may be read.
    fn key<'k>(&self, key: &'k str) -> Result<&'k str, String> {
        if self.reads.permit_key(key) {
            return Ok(key);
        }
        Err(format!("it asked for {key}, which its plugin.toml does not list under reads.registry"))
    }

    /// Whether a path is on a volume that is not the target's: nobody can say
    /// what is there.
    fn is_elsewhere(&self, path: &str) -> bool {
        matches!(self.registry.look(&self.with_places(path)), Err(PathError::OtherVolume(_)))
    }

    /// The full path of a file, where it may be looked at. Paths are compared
    /// after the target's own variables are put in, so that no spelling leads
    /// around the list.
    fn path(&self, path: &str) -> Result<String, String> {
        let full = |text: &str| self.with_places(text);
        let (resolved, _) = self.registry.look(&full(path)).map_err(|error| error.to_string())?;
        let reads =
            Reads { registry: Vec::new(), files: self.reads.files.iter().map(|root| full(root)).collect() };
        if reads.permit_file(&resolved.windows) {
            return Ok(resolved.windows);
        }
        Err(format!("it asked for {path}, which its plugin.toml does not list under reads.files"))
    }

    /// The text with the target's own places in it. One that the target does not
    /// tell stays as it is, and so names nothing.
    fn with_places(&self, text: &str) -> String {
        let installation = self.installation();
        let drive: String = installation.system_root.chars().take(2).collect();
        let text = text.replace("{SystemRoot}", &installation.system_root).replace("{SystemDrive}", &drive);
        match installation.all_users_profile() {
            Some(folder) => text.replace("{AllUsersProfile}", &folder),
            None => text,
        }
    }

    fn file(&self, path: &str) -> Result<Option<crate::hive::storage::DirEntry>, String> {
        let path = self.path(path)?;
        let (_, entry) = self.registry.look(&path).map_err(|error| error.to_string())?;
        Ok(entry)
    }

    fn file_version(&self, path: &str) -> Result<Fact, String> {
        let path = self.path(path)?;
        let (found, entry) = self.registry.look(&path).map_err(|error| error.to_string())?;
        if entry.is_none() {
            return Ok(Fact::Nothing);
        }
        // A file that is no executable has no version: a finding, not a fault.
        let version = file_version::read(self.storage, &found.host).unwrap_or_default();
        Ok(version.map_or(Fact::Nothing, |[a, b, c, d]| Fact::Text(format!("{a}.{b}.{c}.{d}"))))
    }

    fn files(&self, pattern: &str) -> Result<Fact, String> {
        let (folder, last) = pattern.rsplit_once('\\').ok_or_else(|| format!("{pattern} is no path"))?;
        let folder = self.path(folder)?;
        let found = self.installation().matches(self.storage, &format!("{folder}\\{last}"));
        let found = found.map_err(|error| error.to_string())?;
        if found.len() > LISTED_FILES_MAX {
            return Err(format!("{pattern} means {} files, more than a rule may list", found.len()));
        }
        Ok(Fact::List(
            found
                .into_iter()
                .map(|found| {
                    let times = FileTimes::of(&found.entry, &found.path.host);
                    let time = |time: Option<FileTime>| {
                        time.map_or(Fact::Nothing, |time| {
                            Fact::Number(i64::try_from(time.0).unwrap_or(i64::MAX))
                        })
                    };
                    Fact::Table(vec![
                        ("created".to_owned(), time(times.created)),
                        ("modified".to_owned(), time(times.modified)),
                        ("name".to_owned(), Fact::Text(found.entry.name)),
                        ("path".to_owned(), Fact::Text(found.path.windows)),
                        ("size".to_owned(), Fact::Number(i64::try_from(found.entry.len).unwrap_or(i64::MAX))),
                    ])
                })
                .collect(),
        ))
    }
}

fn value_fact(value: &Value) -> Result<Fact, String> {
    if value.data.len() > VALUE_BYTES_MAX {
        return Err(format!("a value of {} bytes is larger than a rule may read", value.data.len()));
    }
    if let Some(number) = value.as_dword() {
        return Ok(Fact::Number(number.into()));
    }
    if let Some(number) = value.as_qword() {
        return Ok(i64::try_from(number).map_or_else(|_| Fact::Text(number.to_string()), Fact::Number));
    }
    if let Some(text) = value.as_string() {
        return Ok(Fact::Text(text));
    }
    if let Some(strings) = value.as_multi_string() {
        return Ok(Fact::texts(strings));
    }
    debug_assert_ne!(value.kind, ValueType::SZ);
    let bytes: Vec<String> = value.data.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Fact::Text(bytes.join(" ")))
}

fn service_fact(service: &Service) -> Fact {
    let text = |text: &Option<String>| text.clone().map_or(Fact::Nothing, Fact::Text);
    let number = |number: Option<u32>| number.map_or(Fact::Nothing, |number| Fact::Number(number.into()));
    Fact::Table(vec![
        ("name".to_owned(), Fact::Text(service.name.clone())),
        ("display_name".to_owned(), text(&service.display_name)),
        ("type".to_owned(), Fact::Number(service.kind.into())),
        ("driver".to_owned(), Fact::Truth(service.is_driver())),
        ("start".to_owned(), number(service.start)),
        ("delayed".to_owned(), Fact::Truth(service.delayed)),
        ("error_control".to_owned(), number(service.error_control)),
        ("image_path".to_owned(), text(&service.program.image_path)),
        ("file".to_owned(), text(&service.program.file)),
        ("service_dll".to_owned(), text(&service.program.service_dll)),
        ("svchost_group".to_owned(), text(&service.program.svchost_group)),
        ("group".to_owned(), text(&service.order.group)),
        ("depend_on_services".to_owned(), Fact::texts(service.order.services.iter().cloned())),
        ("depend_on_groups".to_owned(), Fact::texts(service.order.groups.iter().cloned())),
        ("account".to_owned(), text(&service.account)),
    ])
}
