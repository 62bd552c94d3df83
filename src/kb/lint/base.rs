//! Rules between articles: names, links, and fixes that use each other.

use std::collections::{HashMap, HashSet};

use crate::kb::condition::Condition;
use crate::kb::fix::{Fix, FixId, Question, Safety, StepKind};
use crate::kb::load::Entry;
use crate::kb::parse::STEPS_MAX;
use crate::kb::release::AppliesTo;

use super::article::linked_article;
use super::reach::reach;

pub(super) fn check(entries: &mut [Entry<'_>]) {
    names_are_unique(entries);
    links_lead_somewhere(entries);
    let shapes = fix_shapes(entries);
    let sound = sound(&shapes);
    uses_are_sound(entries, &shapes, &sound);
    for entry in entries {
        entry.draft.article.fixes.retain(|fix| sound.contains_key(&fix.id));
    }
}

fn names_are_unique(entries: &mut [Entry<'_>]) {
    let mut owners: HashMap<String, String> =
        entries.iter().map(|entry| entry.draft.article.id.clone()).map(|id| (id.clone(), id)).collect();
    for entry in entries {
        for (alias, place) in &entry.draft.places.aliases {
            if let Some(owner) = owners.insert(alias.clone(), entry.draft.article.id.clone()) {
                let message = format!("`{alias}` is a name of {owner} already");
                entry.problems.lint(place.clone(), message, "take another alias, or none");
            }
        }
    }
}

fn links_lead_somewhere(entries: &mut [Entry<'_>]) {
    let ids: HashSet<String> = entries.iter().map(|entry| entry.draft.article.id.clone()).collect();
    for entry in entries {
        let draft = &entry.draft;
        let links =
            draft.outline.links.iter().filter_map(|(address, place)| Some((linked_article(address)?, place)));
        let related = draft.places.related.iter().map(|(id, place)| (id.as_str(), place));
        for (id, place) in links.chain(related) {
            if !ids.contains(id) {
                let message = format!("there is no article `{id}`");
                entry.problems.lint(
                    place.clone(),
                    message,
                    "write the id of an article of this knowledge base",
                );
            }
        }
    }
}

/// What matters of a fix for those that use it.
struct Shape {
    uses: Vec<FixId>,
    own_steps: usize,
    questions: Vec<Question>,
    safety: Safety,
    releases: Vec<AppliesTo>,
    when: Vec<Condition>,
}

fn fix_shapes(entries: &[Entry<'_>]) -> HashMap<FixId, Shape> {
    let shape = |fix: &Fix, releases: &[AppliesTo]| {
        let uses: Vec<FixId> = uses_of(fix).map(|(id, _)| id.clone()).collect();
        Shape {
            own_steps: fix.steps.len() - uses.len(),
            uses,
            questions: fix.questions.clone(),
            safety: fix.safety,
            releases: if fix.applies_to.is_empty() { releases.to_vec() } else { fix.applies_to.clone() },
            when: fix.when.clone(),
        }
    };
    let articles = entries.iter().map(|entry| &entry.draft.article);
    let fixes = articles.flat_map(|article| article.fixes.iter().map(move |fix| (fix, &article.applies_to)));
    fixes.map(|(fix, releases)| (fix.id.clone(), shape(fix, releases))).collect()
}

fn uses_of(fix: &Fix) -> impl Iterator<Item = (&FixId, usize)> {
    fix.steps.iter().filter_map(|step| match &step.kind {
        StepKind::Use(id) => Some((id, step.line)),
        _ => None,
    })
}

/// The fixes whose uses all lead to sound fixes, with the number of their
/// steps when those stand in their place.
fn sound(shapes: &HashMap<FixId, Shape>) -> HashMap<FixId, usize> {
    let mut sound: HashMap<FixId, usize> = HashMap::new();
    loop {
        let steps = |shape: &Shape| {
            let used = shape.uses.iter().map(|id| sound.get(id).copied()).sum::<Option<usize>>()?;
            Some(shape.own_steps + used).filter(|steps| *steps <= STEPS_MAX)
        };
        let unknown = shapes.iter().filter(|(id, _)| !sound.contains_key(id));
        let more: Vec<(FixId, usize)> =
            unknown.filter_map(|(id, shape)| Some((id.clone(), steps(shape)?))).collect();
        if more.is_empty() {
            return sound;
        }
        sound.extend(more);
    }
}

fn uses_are_sound(entries: &mut [Entry<'_>], shapes: &HashMap<FixId, Shape>, sound: &HashMap<FixId, usize>) {
    for entry in entries {
        for fix in &entry.draft.article.fixes {
            for (used, line) in uses_of(fix) {
                if let Some(fault) = fault_of_use(fix, used, shapes, sound) {
                    let place = entry.problems.span_of_line(line);
                    entry.problems.fatal(
                        place,
                        fault,
                        "write the full name of a sound fix: \"kb910341/senslogn-xp\"",
                    );
                } else if let Some((message, suggestion)) = flaw_of_use(fix, line, used, shapes) {
                    let place = entry.problems.span_of_line(line);
                    entry.problems.lint(place, message, suggestion);
                }
            }
        }
    }
}

/// Why a use costs the fix.
fn fault_of_use(
    fix: &Fix,
    used: &FixId,
    shapes: &HashMap<FixId, Shape>,
    sound: &HashMap<FixId, usize>,
) -> Option<String> {
    if !shapes.contains_key(used) {
        Some(format!("there is no fix `{used}`"))
    } else if !sound.contains_key(used) {
        Some(format!("`{used}` leads in a circle, or to a fix that is left out"))
    } else if !sound.contains_key(&fix.id) && uses_of(fix).all(|(id, _)| sound.contains_key(id)) {
        Some(format!("with all it uses, `{}` has more than {STEPS_MAX} steps", fix.id))
    } else {
        None
    }
}

/// What else is wrong with a use.
fn flaw_of_use(
    fix: &Fix,
    line: usize,
    used: &FixId,
    shapes: &HashMap<FixId, Shape>,
) -> Option<(String, &'static str)> {
    let (own, other) = (shapes.get(&fix.id)?, shapes.get(used)?);
    if other.safety == Safety::Risky && own.safety == Safety::Safe {
        return Some((format!("`{used}` is risky, so this fix is"), "write safety = \"risky\""));
    }
    if own.safety == Safety::Manual && other.safety != Safety::Manual {
        return Some((
            format!("`{used}` is not manual, so this fix is not"),
            "write the safety of the fix that is used",
        ));
    }
    let differs =
        |question: &Question| own.questions.iter().any(|mine| mine.id == question.id && mine != question);
    if let Some(question) = other.questions.iter().find(|question| differs(question)) {
        return Some((
            format!("`{used}` asks another `{}`", question.id),
            "give the questions different ids",
        ));
    }
    let step = fix.steps.iter().find(|step| step.line == line)?;
    let here = reach(&own.releases, &[&own.when, &step.when]);
    let there = reach(&other.releases, &[&other.when]);
    if !here.iter().any(|installed| there.contains(installed)) {
        return Some((
            format!("`{used}` is for none of the same installations"),
            "correct applies-to or the use",
        ));
    }
    None
}
