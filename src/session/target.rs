//! Targets: which installations there are, and which one is meant.

use std::path::PathBuf;

use crate::repair::plan::DOCUMENT_VERSION;
use crate::repair::{FoundTarget, TargetSummary, TargetsReport};
use crate::windows::installation::InstallationError;
use crate::windows::state::locked;
use crate::windows::{Installation, discover, discover_folders};

use super::{Session, SessionError};

impl Session {
    /// The installations below the roots (or on the target given).
    ///
    /// # Errors
    /// [`super::ExitClass::NoSuch`] for a root that is not a folder.
    pub fn targets(&self) -> Result<TargetsReport, SessionError> {
        let mut report =
            TargetsReport { version: DOCUMENT_VERSION, targets: Vec::new(), problems: Vec::new() };
        for found in self.discover()? {
            match found {
                Ok(installation) => report.targets.push(FoundTarget {
                    summary: TargetSummary::new(&installation),
                    guards: self.engine(&installation).guards(),
                }),
                Err(error) => report.problems.push(error.to_string()),
            }
        }
        report.problems.extend(self.locked_volumes());
        Ok(report)
    }

    /// What is said of locked volumes, where every volume is looked at.
    fn locked_volumes(&self) -> Vec<String> {
        if self.options.target.is_some() || !self.options.roots.is_empty() {
            return Vec::new();
        }
        let found = locked::search(&*self.storage);
        found.iter().map(|found| format!("{}. {} {}", found.saw, found.why, found.next)).collect()
    }

    /// The target: the one given, else the only one found.
    ///
    /// # Errors
    /// [`super::ExitClass::NoSuch`] without one, [`super::ExitClass::Usage`]
    /// with several, [`super::ExitClass::Refused`] where its hives cannot be read.
    pub fn target(&self) -> Result<TargetSummary, SessionError> {
        Ok(TargetSummary::new(&self.installation()?))
    }

    /// The Windows folders of all installations below the roots that a repair
    /// could be meant for, in the order of their paths. One that cannot be read
    /// is among them: it must not be passed over in silence.
    ///
    /// # Errors
    /// [`super::ExitClass::NoSuch`] where there is none, or for a root that is
    /// not a folder.
    pub fn every_target(&self) -> Result<Vec<PathBuf>, SessionError> {
        self.check_roots()?;
        let found = discover_folders(&*self.storage, &self.options.roots);
        let meant = |found: &Result<Installation, InstallationError>| {
            found.as_ref().map_or(true, |installation| !is_set_aside(installation))
        };
        let mut folders: Vec<PathBuf> =
            found.into_iter().filter(|(_, found)| meant(found)).map(|(folder, _)| folder).collect();
        folders.sort();
        if folders.is_empty() { Err(none_found(&[], &self.locked_volumes())) } else { Ok(folders) }
    }

    pub(super) fn installation(&self) -> Result<Installation, SessionError> {
        if let Some(folder) = &self.options.target {
            return Installation::open(&*self.storage, folder).map_err(|error| from_installation(&error));
        }
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        for one in self.discover()? {
            match one {
                Ok(installation) if !is_set_aside(&installation) => found.push(installation),
                Ok(_) => {}
                Err(error) => problems.push(error),
            }
        }
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(_), false) => Err(SessionError::usage("there are several installations")
                .next("`pemedic targets` lists them; name one with --target, or take each with --all")),
            (None, _) => Err(none_found(&problems, &self.locked_volumes())),
        }
    }

    fn discover(&self) -> Result<Vec<Result<Installation, InstallationError>>, SessionError> {
        if let Some(folder) = &self.options.target {
            return Ok(vec![Installation::open(&*self.storage, folder)]);
        }
        self.check_roots()?;
        Ok(discover(&*self.storage, &self.options.roots))
    }

    fn check_roots(&self) -> Result<(), SessionError> {
        let Some(root) = self.options.roots.iter().find(|root| !root.is_dir()) else { return Ok(()) };
        let message = format!("there is no folder {}", root.display());
        Err(SessionError::no_such(message).next("name a folder that exists with --root"))
    }
}

/// Never meant unless named.
fn is_set_aside(installation: &Installation) -> bool {
    let role = installation.role;
    role.running || role.windows_pe || role.windows_old
}

fn none_found(problems: &[InstallationError], locked: &[String]) -> SessionError {
    if let (None, Some(locked)) = (problems.first(), locked.first()) {
        return SessionError::refused(locked.clone());
    }
    match problems.first() {
        Some(problem) => from_installation(problem),
        None => SessionError::no_such("there is no offline Windows installation on any volume")
            .next("unlock or mount its volume, then name its root with --target"),
    }
}

pub(super) fn from_installation(error: &InstallationError) -> SessionError {
    let message = error.to_string();
    match error {
        InstallationError::NotFound(_) => SessionError::no_such(message)
            .next("name the root of its volume or its Windows folder with --target"),
        InstallationError::Several { .. } => SessionError::usage(message),
        InstallationError::Hive(_) | InstallationError::NoControlSet(_) => SessionError::refused(message)
            .next("`pemedic hive check` says what is wrong with a hive; nothing was written"),
        InstallationError::Path(_) => SessionError::refused(message),
    }
}
