//! Carrying an example of an article out: an installation is built from
//! *before*, the fix is needed, it is applied and verified, the target is
//! *after*, a second plan is empty, and undo brings *before* back.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use crate::hive::reg_text;
use crate::kb::fix::Example;
use crate::kb::{Article, Fix};
use crate::repair::{Choices, Outcome, Prepared};

use super::demo::{builder_for, example_installation};
use super::{Confirmation, Session, SessionError, Status};

impl Session {
    /// Carries an example out on an installation that is built in `folder`,
    /// which must be empty or new.
    ///
    /// # Errors
    /// What did not go as the example says.
    pub fn try_example(
        &self,
        article: &Article,
        fix: &Fix,
        example: &Example,
        folder: &Path,
    ) -> Result<(), String> {
        let installation = example_installation(builder_for(article, fix), example);
        installation.build(&*self.storage, folder).map_err(|error| error.to_string())?;
        let trial = Trial { session: self.with_target(folder), fix: fix.id.to_string() };
        trial.run(example).map_err(|failure| format!("{} (line {}): {failure}", fix.id, example.line))
    }
}

struct Trial {
    session: Session,
    fix: String,
}

impl Trial {
    fn run(&self, example: &Example) -> Result<(), String> {
        let before = self.registry()?;
        let prepared = self.plan()?;
        self.expect(&prepared, Status::Needed)?;
        self.carry_out(&prepared)?;
        if let Some(after) = &example.registry_after {
            self.compare_registry(after)?;
        }
        for path in example.files_after.iter().flat_map(|files| files.lines()).map(str::trim) {
            self.find_file(path)?;
        }
        let again = self.plan()?;
        self.expect(&again, Status::Healthy)?;
        if again.plan().has_changes() {
            return Err("a second plan still has changes".to_owned());
        }
        let undo = self.session.undo_plan(None, &[], &Choices::default()).map_err(told)?;
        self.carry_out(&undo)?;
        if self.registry()? != before {
            return Err("undo does not bring the registry back".to_owned());
        }
        Ok(())
    }

    fn plan(&self) -> Result<Prepared, String> {
        self.session.plan(std::slice::from_ref(&self.fix), &Choices::default()).map_err(told)
    }

    fn expect(&self, prepared: &Prepared, status: Status) -> Result<(), String> {
        match prepared.plan().fixes.first() {
            Some(plan) if plan.status == status => Ok(()),
            Some(plan) => Err(format!("it is {} instead of {status}: {}", plan.status, plan.reason)),
            None => Err("it is not planned".to_owned()),
        }
    }

    fn carry_out(&self, prepared: &Prepared) -> Result<(), String> {
        let confirmation = Confirmation { allow_risky: true, in_person: true };
        let report =
            self.session.apply(prepared, confirmation, &mut |_| {}, &AtomicBool::new(false)).map_err(told)?;
        match report.outcome {
            Outcome::Applied => Ok(()),
            other => Err(format!("{other:?}: {}", report.failure.unwrap_or_default())),
        }
    }

    fn registry(&self) -> Result<String, String> {
        let system = self.session.reg_export(r"HKLM\SYSTEM").map_err(told)?;
        let software = self.session.reg_export(r"HKLM\SOFTWARE").map_err(told)?;
        Ok(format!("{system}{software}"))
    }

    /// Every key of the text has exactly the values of the text.
    fn compare_registry(&self, text: &str) -> Result<(), String> {
        let wanted = reg_text::parse_text(text, false).map_err(|error| error.to_string())?;
        for entry in wanted.entries {
            let there = self.session.reg_query(&entry.key, false);
            if entry.delete {
                if there.is_ok() {
                    return Err(format!("{} should be gone", entry.key));
                }
                continue;
            }
            let reports = there.map_err(told)?;
            let values = reports.iter().flat_map(|report| &report.values);
            let mut found: Vec<_> =
                values.map(|named| (named.name.clone(), Some(named.value.clone()))).collect();
            let mut wanted = entry.values;
            found.sort_by_key(|(name, _)| name.to_lowercase());
            wanted.sort_by_key(|(name, _)| name.to_lowercase());
            if found != wanted {
                return Err(format!("{} has {found:?} instead of {wanted:?}", entry.key));
            }
        }
        Ok(())
    }

    fn find_file(&self, path: &str) -> Result<(), String> {
        if path.is_empty() {
            return Ok(());
        }
        let installation = self.session.installation().map_err(told)?;
        match installation.look(&*self.session.storage, path) {
            Ok((_, Some(_))) => Ok(()),
            Ok((_, None)) => Err(format!("{path} should be there")),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn told(error: SessionError) -> String {
    error.to_string()
}
