//! Several fixes planned together.

use std::collections::BTreeMap;

use crate::hive::storage::{Storage, StorageError};
use crate::kb::{Fix, KnowledgeBase};
use crate::windows::{Installation, OfflineRegistry};

use super::choices::Choices;
use super::digest::sha256_of_file;
use super::error::RepairError;
use super::expand::expand;
use super::obstacle::Obstacle;
use super::order;
use super::plan::{DOCUMENT_VERSION, FixPlan, Plan, Status};
use super::prepared::{Choice, Goal, HiveWork, Prepared, Work};
use super::probe::{Probed, first_difference, probe};
use super::record::Record;
use super::rule::Rules;
use super::target::TargetSummary;
use super::workspace::{Finished, Workspace};

/// What a plan is made from.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// The disk.
    pub storage: &'a dyn Storage,
    /// The target.
    pub installation: &'a Installation,
    /// The target's registry.
    pub registry: &'a OfflineRegistry<'a>,
    /// The articles.
    pub knowledge_base: &'a KnowledgeBase,
    /// The rules that fixes may call.
    pub rules: &'a dyn Rules,
}

impl<'a> Context<'a> {
    /// The target as it is on the disk.
    pub(crate) fn workspace(&self) -> Workspace<'a> {
        let workspace = Workspace::new(self.storage, self.installation, self.registry);
        workspace.with_rules(self.rules).on_resting_disk()
    }

    /// Probes one fix by itself.
    pub(crate) fn probe(&self, fix: &Fix, choices: &Choices) -> FixPlan {
        probe(fix, self.knowledge_base, choices, &mut self.workspace()).plan
    }

    /// Plans fixes in this order.
    pub(crate) fn plan(&self, fixes: &[&Fix], choices: &Choices) -> Result<Prepared, RepairError> {
        self.refuse_unknown_questions(fixes, choices)?;
        let mut blocked: BTreeMap<String, FixPlan> = BTreeMap::new();
        // Each round settles at least one more fix as blocked.
        for _ in 0..=fixes.len() {
            let mut workspace = self.workspace();
            match self.round(fixes, choices, &mut workspace, &blocked) {
                Ok(probed) => {
                    self.refuse_contradictions(fixes, &probed, &workspace)?;
                    return self.prepare(workspace, probed);
                }
                Err(plan) => {
                    blocked.insert(plan.fix.clone(), *plan);
                }
            }
        }
        Err(RepairError::Limit("the plan does not settle".to_owned()))
    }

    /// Probes every fix in one workspace; a fix that turns out to be blocked
    /// when it has already changed something spoils the workspace.
    fn round(
        &self,
        fixes: &[&Fix],
        choices: &Choices,
        workspace: &mut Workspace<'a>,
        blocked: &BTreeMap<String, FixPlan>,
    ) -> Result<Vec<Probed>, Box<FixPlan>> {
        let mut all = Vec::with_capacity(fixes.len());
        for fix in fixes {
            if let Some(plan) = blocked.get(&fix.id.to_string()) {
                all.push(Probed { plan: plan.clone(), answers: BTreeMap::new() });
                continue;
            }
            let first_record = workspace.records().len();
            let mut probed = probe(fix, self.knowledge_base, choices, workspace);
            if probed.plan.status == Status::Blocked && workspace.records().len() > first_record {
                return Err(Box::new(probed.plan));
            }
            if probed.plan.status == Status::Healthy && first_record > 0 {
                self.credit_earlier(fix, choices, workspace.records(), &mut probed.plan);
            }
            all.push(probed);
        }
        Ok(all)
    }

    /// A fix that is needed by itself, but whose changes the fixes before it
    /// make already, says so.
    fn credit_earlier(&self, fix: &Fix, choices: &Choices, records: &[Record], plan: &mut FixPlan) {
        let alone = self.probe(fix, choices);
        if alone.status != Status::Needed {
            return;
        }
        let places: Vec<String> = alone.changes.iter().map(super::change::Change::place).collect();
        let mut makers: Vec<&str> = Vec::new();
        for record in records.iter().filter(|record| places.contains(&record.change.place())) {
            if !makers.contains(&record.fix.as_str()) {
                makers.push(&record.fix);
            }
        }
        plan.status = Status::Needed;
        plan.reason = format!("the changes that it needs are made by {}", makers.join(" and "));
        plan.evidence = alone.evidence;
    }

    /// After all fixes every one of them must be satisfied; one that is not was
    /// contradicted by another.
    fn refuse_contradictions(
        &self,
        fixes: &[&Fix],
        probed: &[Probed],
        workspace: &Workspace<'_>,
    ) -> Result<(), RepairError> {
        for (fix, probed) in fixes.iter().zip(probed) {
            if probed.plan.status != Status::Needed {
                continue;
            }
            let place = match first_difference(fix, self.knowledge_base, &probed.answers, workspace) {
                Ok(None) => continue,
                Ok(Some(intent)) => intent.place(),
                Err(Obstacle::Failed(error)) => return Err(error),
                Err(Obstacle::Blocked(reason)) => reason,
                Err(Obstacle::NotAsked) => continue,
            };
            let first = probed.plan.fix.clone();
            let second = contradictor(workspace.records(), &first, &place);
            return Err(RepairError::Conflict { first, second, place });
        }
        Ok(())
    }

    fn refuse_unknown_questions(&self, fixes: &[&Fix], choices: &Choices) -> Result<(), RepairError> {
        let mut known = Vec::new();
        for fix in fixes {
            for question in expand(fix, self.knowledge_base).questions {
                known.push(question.id.clone());
                known.push(format!("{}:{}", fix.id, question.id));
            }
        }
        match choices.0.keys().find(|name| !known.contains(name)) {
            Some(name) => Err(RepairError::NoSuchQuestion(name.clone())),
            None => Ok(()),
        }
    }

    fn prepare(&self, workspace: Workspace<'_>, probed: Vec<Probed>) -> Result<Prepared, RepairError> {
        let mut goals = Vec::new();
        let mut choices = Vec::new();
        let mut plans = Vec::with_capacity(probed.len());
        for Probed { plan, answers } in probed {
            for question in &plan.questions {
                let (fix, question, answer) =
                    (plan.fix.clone(), question.id.clone(), question.chosen.clone());
                choices.extend(answer.map(|answer| Choice { fix, question, answer }));
            }
            if plan.status == Status::Needed
                && let Some((article, fix)) = plan.fix.split_once('/')
            {
                let fix = crate::kb::FixId { article: article.to_owned(), fix: fix.to_owned() };
                goals.push(Goal { fix, answers });
            }
            plans.push(plan);
        }
        let work = finish(self.storage, workspace.finish())?;
        Ok(Prepared {
            plan: self.plan_of(plans),
            installation: self.installation.clone(),
            work,
            goals,
            choices,
        })
    }

    /// A plan of these fixes, guards not yet asked.
    pub(crate) fn plan_of(&self, fixes: Vec<FixPlan>) -> Plan {
        Plan {
            version: DOCUMENT_VERSION,
            target: TargetSummary::new(self.installation),
            fixes,
            guards: Vec::new(),
            undoes: None,
            notes: Vec::new(),
        }
    }
}

/// Ends the edits: images, hashes of what they replace, stamps.
pub(crate) fn finish(storage: &dyn Storage, finished: Finished) -> Result<Work, RepairError> {
    let mut work = Work { files: finished.files, records: finished.records, ..Work::default() };
    for (name, draft) in finished.drafts {
        let draft = draft.finish(&name).map_err(RepairError::at_key(&name.0))?;
        let read = sha256_of_file(storage, &draft.file);
        let (before, size_before) = read.map_err(StorageError::at("cannot read", &draft.file))?;
        work.stamps.extend(draft.stamps);
        work.hives.push(HiveWork {
            name,
            file: draft.file,
            before,
            size_before,
            recovered: draft.recovered,
            edited: draft.edited,
        });
    }
    work.hives.sort_by_key(|hive| order::rank(&hive.name));
    Ok(work)
}

/// The other fix that touches the place, the last one first.
fn contradictor(records: &[Record], first: &str, place: &str) -> String {
    let others = || records.iter().rev().filter(|record| record.fix != first);
    let upper = place.to_uppercase();
    let touching = others().find(|record| {
        let other = record.change.place().to_uppercase();
        upper.starts_with(&other) || other.starts_with(&upper)
    });
    touching.or_else(|| others().next()).map_or_else(|| first.to_owned(), |record| record.fix.clone())
}
