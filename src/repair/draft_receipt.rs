//! The receipt of a plan, before anything is written.

use crate::hive::FileTime;

use super::apply::Apply;
use super::digest::sha256;
use super::error::RepairError;
use super::plan::{FixPlan, GuardEffect, Plan, Status};
use super::receipt::{ChoiceEntry, FORMAT, FixEntry, GuardEntry, HiveEntry, Receipt, State, TargetIdentity};
use super::report::ChecklistItem;

impl Apply<'_> {
    /// What the receipt of this plan says; copies are added as they are written.
    pub(super) fn draft(&self, plan: &Plan, without_copies: Option<String>) -> Result<Receipt, RepairError> {
        let now = FileTime::now();
        let needed: Vec<&FixPlan> = plan.fixes.iter().filter(|fix| fix.status == Status::Needed).collect();
        let names: Vec<String> = match &plan.undoes {
            Some(undone) => vec![format!("undo {undone}")],
            None => needed.iter().map(|fix| fix.fix.clone()).collect(),
        };
        let target = &plan.target;
        Ok(Receipt {
            format: FORMAT,
            receipt: self.receipts.new_name(self.storage, now, &names)?,
            program: concat!("pemedic ", env!("CARGO_PKG_VERSION")).to_owned(),
            state: State::Prepared,
            written: now.to_string(),
            finished: None,
            undoes: plan.undoes.clone(),
            failure: None,
            without_copies,
            verified: Vec::new(),
            target: TargetIdentity {
                name: target.name.clone(),
                version: target.version.clone(),
                system_root: target.system_root.clone(),
                computer_name: target.computer_name.clone(),
                control_set: target.control_set,
            },
            fixes: needed.iter().map(|fix| self.fix_entry(fix)).collect(),
            choices: self.choice_entries(),
            guards: plan.guards.iter().map(guard_entry).collect(),
            checklist: needed.iter().flat_map(|fix| checklist(fix)).collect(),
            undone_by: Vec::new(),
            hives: self.hive_entries(),
            changes: self.prepared.work.records.clone(),
            stamps: self.prepared.work.stamps.clone(),
        })
    }

    fn fix_entry(&self, fix: &FixPlan) -> FixEntry {
        let article = fix.fix.split_once('/').and_then(|(article, _)| self.knowledge_base.article(article));
        FixEntry {
            name: fix.fix.clone(),
            title: fix.title.clone(),
            safety: fix.safety,
            article_sha256: article.map(|article| sha256(article.body.as_bytes())),
            first_boot: fix.first_boot.clone(),
        }
    }

    fn choice_entries(&self) -> Vec<ChoiceEntry> {
        let entry = |choice: &super::prepared::Choice| ChoiceEntry {
            fix: choice.fix.clone(),
            question: choice.question.clone(),
            answer: choice.answer.clone(),
        };
        self.prepared.choices.iter().map(entry).collect()
    }

    fn hive_entries(&self) -> Vec<HiveEntry> {
        let entry = |hive: &super::prepared::HiveWork| HiveEntry {
            name: hive.name.clone(),
            file: hive.file.display().to_string(),
            sha256_before: hive.before.clone(),
            sha256_after: sha256(hive.edited.image()),
            copies: Vec::new(),
        };
        self.prepared.work.hives.iter().map(entry).collect()
    }
}

fn guard_entry(finding: &super::plan::GuardFinding) -> GuardEntry {
    let effect: GuardEffect = finding.effect;
    GuardEntry { id: finding.id.clone(), effect, saw: finding.saw.clone() }
}

fn checklist(fix: &FixPlan) -> Vec<ChecklistItem> {
    let item = |text: &String| ChecklistItem { fix: fix.fix.clone(), text: text.clone(), done: false };
    fix.manual.iter().map(item).collect()
}
