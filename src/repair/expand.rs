//! `use` expanded: the questions and steps of another fix in its place.

use crate::kb::condition::{Condition, Subject};
use crate::kb::fix::Question;
use crate::kb::{Fix, KnowledgeBase, Step, StepKind};

/// How deep fixes may use others; the knowledge base has refused cycles, this
/// bounds what it might have missed.
const USE_DEPTH_MAX: usize = 8;

/// Most steps a fix may have with everything it uses.
pub(crate) const STEPS_MAX: usize = 256;

/// A fix with everything it uses.
pub(crate) struct Expanded<'k> {
    /// Its questions and those of the fixes it uses, in order.
    pub questions: Vec<&'k Question>,
    /// Its steps and theirs, in order.
    pub steps: Vec<Step>,
    /// What is wrong with it: a used fix that is not there, too many steps.
    pub problem: Option<String>,
}

/// Expands a fix.
pub(crate) fn expand<'k>(fix: &'k Fix, knowledge_base: &'k KnowledgeBase) -> Expanded<'k> {
    let mut expanded = Expanded { questions: Vec::new(), steps: Vec::new(), problem: None };
    add(fix, knowledge_base, &[], USE_DEPTH_MAX, &mut expanded);
    expanded
}

fn add<'k>(
    fix: &'k Fix,
    knowledge_base: &'k KnowledgeBase,
    conditions: &[Condition],
    depth: usize,
    expanded: &mut Expanded<'k>,
) {
    for question in &fix.questions {
        if !expanded.questions.iter().any(|known| known.id == question.id) {
            expanded.questions.push(question);
        }
    }
    for step in &fix.steps {
        let mut when = conditions.to_vec();
        when.extend(step.when.iter().cloned());
        match &step.kind {
            StepKind::Use(id) => match knowledge_base.fix(id) {
                Some(used) if depth > 0 => {
                    when.extend(own_conditions(used, knowledge_base));
                    add(used, knowledge_base, &when, depth - 1, expanded);
                }
                Some(_) => {
                    expanded.problem = Some(format!("fixes use each other more than {USE_DEPTH_MAX} deep"));
                }
                None => expanded.problem = Some(format!("the fix {id} that {} uses does not exist", fix.id)),
            },
            kind => expanded.steps.push(Step { kind: kind.clone(), when, line: step.line }),
        }
        if expanded.steps.len() > STEPS_MAX {
            expanded.problem = Some(format!("{} has more than {STEPS_MAX} steps", fix.id));
            return;
        }
    }
}

/// A used fix brings its own conditions: what is for Windows 2000 stays for
/// Windows 2000, whoever uses it.
fn own_conditions(used: &Fix, knowledge_base: &KnowledgeBase) -> Vec<Condition> {
    let mut conditions = used.when.clone();
    let releases = applies_to(used, knowledge_base);
    if !releases.is_empty() {
        conditions.push(Condition { subject: Subject::Windows(releases), absent: false });
    }
    conditions
}

/// The installations a fix is for: its own, else its article's.
pub(crate) fn applies_to(fix: &Fix, knowledge_base: &KnowledgeBase) -> Vec<crate::kb::AppliesTo> {
    if !fix.applies_to.is_empty() {
        return fix.applies_to.clone();
    }
    knowledge_base.article(&fix.id.article).map(|article| article.applies_to.clone()).unwrap_or_default()
}
