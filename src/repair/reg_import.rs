//! A `.reg` file as a plan.

use std::path::Path;

use crate::hive::reg_text::{self, RegEntry};
use crate::hive::storage::StorageError;
use crate::kb::Safety;
use crate::windows::Located;

use super::change::{ABSENT, display_name};
use super::error::RepairError;
use super::intent::Intent;
use super::plan::{Evidence, FixPlan, Status};
use super::planner::{Context, finish};
use super::prepared::Prepared;
use super::workspace::Workspace;

/// Largest file that is read.
const REG_FILE_BYTES_MAX: u64 = 256 << 20;

impl Context<'_> {
    /// Plans what a `.reg` file asks for.
    pub(crate) fn reg_import_plan(&self, file: &Path) -> Result<Prepared, RepairError> {
        let entry = self.storage.entry(file).map_err(StorageError::at("cannot look at", file))?;
        let entry = entry.ok_or_else(|| RepairError::NoSuchFile(file.to_owned()))?;
        let unreadable = |why: String| RepairError::RegFile { file: file.to_owned(), why };
        if entry.len > REG_FILE_BYTES_MAX {
            return Err(unreadable(format!("it has {} bytes; no .reg file is that large", entry.len)));
        }
        let bytes = self.storage.read(file).map_err(StorageError::at("cannot read", file))?;
        let text = reg_text::parse(&bytes).map_err(|error| unreadable(error.to_string()))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let mut import =
            Import { fix: format!("reg-import/{name}"), workspace: self.workspace(), evidence: Vec::new() };
        for entry in &text.entries {
            import.entry(entry).map_err(|error| match error {
                RepairError::Registry(error) => unreadable(error.to_string()),
                other => other,
            })?;
        }
        let Import { fix, workspace, evidence } = import;
        let finished = workspace.finish();
        let changes: Vec<_> = finished.records.iter().map(|record| record.change.clone()).collect();
        let (status, reason) = match changes.len() {
            0 => (Status::Healthy, "the registry holds everything that the file asks for".to_owned()),
            count => (Status::Needed, format!("{count} changes make the registry what the file asks for")),
        };
        let mut plan = self.plan_of(vec![FixPlan {
            fix,
            title: format!("Import {name}"),
            status,
            reason,
            safety: Safety::Safe,
            optional: false,
            warning: None,
            evidence,
            questions: Vec::new(),
            changes,
            manual: Vec::new(),
            first_boot: Vec::new(),
        }]);
        plan.notes =
            text.repairs.iter().map(|repair| format!("line {}: {}", repair.line, repair.message)).collect();
        let work = finish(self.storage, finished)?;
        let installation = self.installation.clone();
        Ok(Prepared { plan, installation, work, goals: Vec::new(), choices: Vec::new() })
    }
}

struct Import<'w> {
    fix: String,
    workspace: Workspace<'w>,
    evidence: Vec<Evidence>,
}

impl Import<'_> {
    fn entry(&mut self, entry: &RegEntry) -> Result<(), RepairError> {
        for at in self.workspace.locate(&entry.key)? {
            if !self.workspace.hive_exists(&at)? {
                continue;
            }
            if entry.delete {
                self.delete_key(at)?;
                continue;
            }
            if !self.workspace.key_exists(&at)? {
                self.saw(&at.full_name, ABSENT, "present");
                self.perform(Intent::CreateKey { at: at.clone() })?;
            }
            for (name, value) in &entry.values {
                self.value(&at, name, value.as_ref())?;
            }
        }
        Ok(())
    }

    fn delete_key(&mut self, at: Located) -> Result<(), RepairError> {
        if at.path.is_root() {
            let why = format!("{} is the root key of a hive and cannot be deleted", at.full_name);
            return Err(RepairError::Limit(why));
        }
        if self.workspace.key_exists(&at)? {
            self.saw(&at.full_name, "present", ABSENT);
            self.perform(Intent::DeleteKey { at })?;
        }
        Ok(())
    }

    fn value(
        &mut self,
        at: &Located,
        name: &str,
        wanted: Option<&crate::hive::Value>,
    ) -> Result<(), RepairError> {
        let present = self.workspace.value(at, name)?;
        if present.as_ref() == wanted {
            return Ok(());
        }
        let text =
            |value: Option<&crate::hive::Value>| value.map_or_else(|| ABSENT.to_owned(), ToString::to_string);
        self.saw(
            &format!("{}\\{}", at.full_name, display_name(name)),
            &text(present.as_ref()),
            &text(wanted),
        );
        let (at, name) = (at.clone(), name.to_owned());
        self.perform(match wanted {
            Some(value) => Intent::SetValue { at, name, value: value.clone() },
            None => Intent::DeleteValue { at, name },
        })
    }

    fn perform(&mut self, intent: Intent) -> Result<(), RepairError> {
        self.workspace.perform(&self.fix, intent)
    }

    fn saw(&mut self, place: &str, found: &str, wanted: &str) {
        let (place, found) = (place.to_owned(), found.to_owned());
        self.evidence.push(Evidence { place, found, wanted: Some(wanted.to_owned()) });
    }
}
