//! Tests of rules: a small installation, and what the rule must find in it.

use std::path::Path;

use serde::Deserialize;

use crate::hive::storage::Storage;
use crate::kb::fix::RuleCall;
use crate::kb::{AppliesTo, Step, rule_steps};
use crate::repair::release::{builder_of, display};
use crate::repair::rule::RuleTarget;
use crate::windows::{Installation, OfflineRegistry};

use super::fact::Fact;
use super::load::Plugin;
use super::outcome;

/// One file of a plugin's `tests` folder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The rule that is called.
    rule: String,
    /// Which Windows is built, as articles write it.
    windows: String,
    /// The arguments.
    #[serde(default)]
    with: toml::Table,
    /// What the registry holds, as `.reg` text.
    #[serde(default)]
    registry: String,
    /// Files that exist, the oldest first.
    #[serde(default)]
    files: Vec<String>,
    /// One text for each finding, in their order: a part of its line.
    #[serde(default)]
    findings: Vec<String>,
    /// A part of why the rule gives nothing, where it must be stopped.
    refused: Option<String>,
    /// The steps that it must return.
    #[serde(default)]
    step: toml::value::Array,
}

/// Runs one test of a plugin; the installation is built in `folder`, which
/// must be empty or new.
///
/// # Errors
/// What is not as the test says, or wrong with the test.
pub fn run(plugin: &Plugin, text: &str, storage: &dyn Storage, folder: &Path) -> Result<(), String> {
    let case: Case = toml::from_str(text).map_err(|error| error.to_string())?;
    let installation = case.build(storage, folder)?;
    let registry = OfflineRegistry::new(storage, &installation);
    let target = RuleTarget {
        storage,
        registry: &registry,
        release: display(&installation.version),
        arguments: case.arguments()?,
    };
    let call =
        RuleCall { plugin: plugin.manifest.name.clone(), rule: case.rule.clone(), arguments: Vec::new() };
    let answer = plugin.answer(&call, &target);
    let origin = format!("{}/{}", call.plugin, call.rule);
    let read = answer.and_then(|fact| Ok((outcome::read(&origin, fact.clone())?, fact)));
    match (read, &case.refused) {
        (Err(why), Some(expected)) if why.contains(expected) => Ok(()),
        (Err(why), _) => Err(why),
        (Ok(_), Some(expected)) => Err(format!("it was not refused; {expected:?} was expected")),
        (Ok((outcome, fact)), None) => {
            let findings: Vec<String> = outcome.findings.iter().map(ToString::to_string).collect();
            case.compare_findings(&findings)?;
            case.compare_steps(&origin, &outcome.steps, &fact)
        }
    }
}

impl Case {
    fn build(&self, storage: &dyn Storage, folder: &Path) -> Result<Installation, String> {
        let entry: AppliesTo =
            self.windows.parse().map_err(|error| format!("windows = {:?}: {error}", self.windows))?;
        let mut builder = builder_of(&entry).registry(&self.registry);
        for file in &self.files {
            builder = builder.file(file, file.as_bytes());
        }
        builder.build(storage, folder).map_err(|error| error.to_string())
    }

    fn arguments(&self) -> Result<Vec<(String, String)>, String> {
        let text = |(name, value): (&String, &toml::Value)| match value {
            toml::Value::String(text) => Ok((name.clone(), text.clone())),
            _ => Err(format!("the argument {name} is no text")),
        };
        self.with.iter().map(text).collect()
    }

    fn compare_findings(&self, found: &[String]) -> Result<(), String> {
        let same = self.findings.len() == found.len()
            && self.findings.iter().zip(found).all(|(wanted, found)| found.contains(wanted.as_str()));
        if same {
            return Ok(());
        }
        Err(format!("it found\n{}\ninstead of\n{}", listed(found), listed(&self.findings)))
    }

    fn compare_steps(&self, origin: &str, returned: &[Step], fact: &Fact) -> Result<(), String> {
        let table = toml::Table::from_iter([("step".to_owned(), toml::Value::Array(self.step.clone()))]);
        let text = toml::to_string(&table).map_err(|error| error.to_string())?;
        let wanted = rule_steps(origin, &text).map_err(|problems| {
            let said: Vec<String> = problems.iter().map(|problem| problem.message.clone()).collect();
            format!("the steps of the test are wrong: {}", said.join("; "))
        })?;
        let same = wanted.len() == returned.len()
            && wanted.iter().zip(returned).all(|(a, b)| (&a.kind, &a.when) == (&b.kind, &b.when));
        if same {
            return Ok(());
        }
        Err(format!("it returned the steps\n{}\ninstead of\n{text}", outcome::steps_text(fact)))
    }
}

fn listed(lines: &[String]) -> String {
    if lines.is_empty() { "  nothing".to_owned() } else { format!("  {}", lines.join("\n  ")) }
}
