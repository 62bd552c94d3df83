//! Questions: what there is to choose from, and what is proposed.

use crate::hive::FileTime;
use crate::kb::Fix;
use crate::kb::fix::{Candidates, Proposal, Question};
use crate::windows::file_times::FileTimes;

use super::choices::Choices;
use super::error::RepairError;
use super::obstacle::Obstacle;
use super::plan::{Candidate, PlanQuestion};
use super::resolve::{Answer, Answers, Resolver};
use super::workspace::{FilePlace, Workspace};

/// A fix's questions with what became of them.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// Those that arise.
    pub questions: Vec<PlanQuestion>,
    /// What became of each.
    pub answers: Answers,
}

/// Finds the candidates of each question and settles its answer: the
/// technician's, else the proposed one.
pub(crate) fn ask(
    fix: &Fix,
    questions: &[&Question],
    workspace: &Workspace<'_>,
    choices: &Choices,
) -> Result<Asked, Obstacle> {
    let mut asked = Asked::default();
    for question in questions {
        let candidates = candidates(question, workspace, &asked.answers)?;
        if candidates.is_empty() || candidates.len() < at_least(question) {
            asked.answers.insert(question.id.clone(), Answer::NotAsked);
            continue;
        }
        let proposed = propose(&question.propose, &candidates);
        let chosen = match choices.answer(&fix.id.to_string(), &question.id) {
            Some(answer) => Some(accept(question, &candidates, answer)?),
            None => proposed.clone(),
        };
        let answer = chosen.clone().map_or(Answer::Open, Answer::Chosen);
        asked.answers.insert(question.id.clone(), answer);
        let (id, text) = (question.id.clone(), question.text.clone());
        asked.questions.push(PlanQuestion { id, text, candidates, proposed, chosen });
    }
    Ok(asked)
}

fn at_least(question: &Question) -> usize {
    match &question.among {
        Candidates::Files { at_least, .. } => *at_least,
        Candidates::Keys { .. } | Candidates::Fixed(_) => 1,
    }
}

fn candidates(
    question: &Question,
    workspace: &Workspace<'_>,
    answers: &Answers,
) -> Result<Vec<Candidate>, Obstacle> {
    let resolver = Resolver { workspace, answers };
    match &question.among {
        Candidates::Fixed(fixed) => Ok(fixed
            .iter()
            .map(|(answer, label)| Candidate {
                answer: answer.clone(),
                label: label.clone(),
                ..Candidate::default()
            })
            .collect()),
        Candidates::Files { pattern, except, .. } => {
            let found = workspace.find(&resolver.text(pattern)?)?;
            let taken = |path: &str| {
                except.iter().any(|id| matches!(answers.get(id), Some(Answer::Chosen(it)) if same(it, path)))
            };
            Ok(found.into_iter().filter(|place| !taken(&place.path.windows)).map(file_candidate).collect())
        }
        Candidates::Keys { below } => key_candidates(&resolver.text(below)?, workspace),
    }
}

fn file_candidate(place: FilePlace) -> Candidate {
    let times = FileTimes::of(&place.entry, &place.path.host);
    Candidate {
        answer: place.path.windows,
        label: place.entry.name,
        created: times.created,
        modified: times.modified,
        size: Some(place.entry.len),
    }
}

fn key_candidates(below: &str, workspace: &Workspace<'_>) -> Result<Vec<Candidate>, Obstacle> {
    let mut found = Vec::new();
    for at in workspace.locate(below)? {
        for name in workspace.subkeys(&at)?.unwrap_or_default() {
            let mut key = at.clone();
            key.path = at.path.join(&name);
            key.full_name = format!("{}\\{name}", at.full_name);
            let modified = workspace.last_written(&key)?;
            found.push(Candidate { answer: name.clone(), label: name, modified, ..Candidate::default() });
        }
    }
    Ok(found)
}

fn propose(proposal: &Proposal, candidates: &[Candidate]) -> Option<String> {
    match proposal {
        Proposal::None => None,
        Proposal::Only => match candidates {
            [only] => Some(only.answer.clone()),
            _ => None,
        },
        Proposal::Newest => extreme(candidates, std::cmp::Ordering::Greater),
        Proposal::Oldest => extreme(candidates, std::cmp::Ordering::Less),
        Proposal::Answer(answer) => {
            candidates.iter().find(|candidate| same(&candidate.answer, answer)).map(|it| it.answer.clone())
        }
    }
}

/// The candidate whose time stands out; none where two share it or a time is
/// not known. Times of creation decide, unless the system does not know them.
fn extreme(candidates: &[Candidate], wanted: std::cmp::Ordering) -> Option<String> {
    let times: Option<Vec<FileTime>> = candidates.iter().map(|candidate| candidate.created).collect();
    let times = match times {
        Some(times) => times,
        None => candidates.iter().map(|candidate| candidate.modified).collect::<Option<_>>()?,
    };
    let stands_out = |index: usize| {
        let others = times.iter().enumerate().filter(|(other, _)| *other != index);
        others.into_iter().all(|(_, other)| times[index].cmp(other) == wanted)
    };
    let found = (0..times.len()).find(|index| stands_out(*index))?;
    Some(candidates[found].answer.clone())
}

/// The candidate that an answer means: written in full, or as it reads.
fn accept(question: &Question, candidates: &[Candidate], answer: &str) -> Result<String, RepairError> {
    let exact = candidates.iter().find(|candidate| same(&candidate.answer, answer));
    let found = exact.or_else(|| candidates.iter().find(|candidate| same(&candidate.label, answer)));
    found.map(|candidate| candidate.answer.clone()).ok_or_else(|| RepairError::NotACandidate {
        question: question.id.clone(),
        answer: answer.to_owned(),
        candidates: candidates.iter().map(|it| it.label.as_str()).collect::<Vec<_>>().join(", "),
    })
}

fn same(a: &str, b: &str) -> bool {
    a.to_uppercase() == b.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(name: &str, created: Option<u64>, modified: Option<u64>) -> Candidate {
        Candidate {
            answer: format!(r"C:\keys\{name}"),
            label: name.to_owned(),
            created: created.map(FileTime),
            modified: modified.map(FileTime),
            size: None,
        }
    }

    #[test]
    fn creation_times_decide_what_is_newest() {
        let both = [candidate("a", Some(1), Some(9)), candidate("b", Some(2), Some(3))];
        assert_eq!(propose(&Proposal::Newest, &both).as_deref(), Some(r"C:\keys\b"));
        assert_eq!(propose(&Proposal::Oldest, &both).as_deref(), Some(r"C:\keys\a"));
    }

    #[test]
    fn without_creation_times_the_last_write_decides() {
        let written = [candidate("a", None, Some(9)), candidate("b", Some(2), Some(3))];
        assert_eq!(propose(&Proposal::Newest, &written).as_deref(), Some(r"C:\keys\a"));
    }

    #[test]
    fn equal_times_propose_nothing() {
        let equal =
            [candidate("a", Some(2), None), candidate("b", Some(2), None), candidate("c", Some(1), None)];
        assert_eq!(propose(&Proposal::Newest, &equal), None);
        assert_eq!(propose(&Proposal::Oldest, &equal).as_deref(), Some(r"C:\keys\c"));
    }

    #[test]
    fn the_only_candidate_must_be_the_only_one() {
        let one = [candidate("a", None, None)];
        assert!(propose(&Proposal::Only, &one).is_some());
        let two = [candidate("a", None, None), candidate("b", None, None)];
        assert!(propose(&Proposal::Only, &two).is_none());
    }

    #[test]
    fn an_answer_may_be_the_name_alone() {
        let question = Question {
            id: "key".to_owned(),
            text: String::new(),
            among: Candidates::Fixed(Vec::new()),
            propose: Proposal::None,
        };
        let two = [candidate("a", None, None), candidate("b", None, None)];
        assert_eq!(accept(&question, &two, "B").unwrap(), r"C:\keys\b");
        assert_eq!(accept(&question, &two, r"c:\keys\A").unwrap(), r"C:\keys\a");
        let error = accept(&question, &two, "c").unwrap_err().to_string();
        assert!(error.contains("a, b"), "{error}");
    }
}
