//! Templates resolved from the target and from the technician's answers.

use std::collections::BTreeMap;

use crate::hive::Value;
use crate::kb::Template;
use crate::kb::fix::Wanted;
use crate::kb::template::Piece;

use super::obstacle::Obstacle;
use super::workspace::Workspace;

/// What became of a fix's questions, by id.
pub(crate) type Answers = BTreeMap<String, Answer>;

/// What became of one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Answered: by the technician or by the article's proposal.
    Chosen(String),
    /// Nobody answered and nothing is proposed.
    Open,
    /// There is too little to choose from: it does not arise.
    NotAsked,
}

/// Where the parts of templates come from.
#[derive(Clone, Copy)]
pub(crate) struct Resolver<'r, 'w> {
    /// The target.
    pub workspace: &'r Workspace<'w>,
    /// The answers.
    pub answers: &'r Answers,
}

impl Resolver<'_, '_> {
    /// The text of a template.
    pub(crate) fn text(&self, template: &Template) -> Result<String, Obstacle> {
        let mut text = String::new();
        for piece in &template.0 {
            let part = self.piece(piece)?;
            // Behind other text the answer to a question about files is its name.
            let is_answer = matches!(piece, Piece::Ask(_)) && !text.is_empty();
            text.push_str(if is_answer { file_name(&part) } else { &part });
        }
        Ok(text)
    }

    fn piece(&self, piece: &Piece) -> Result<String, Obstacle> {
        let installation = self.workspace.installation();
        match piece {
            Piece::Text(text) => Ok(text.clone()),
            Piece::SystemRoot => Ok(installation.system_root.clone()),
            Piece::SystemDrive => Ok(installation.system_root.chars().take(2).collect()),
            Piece::AllUsersProfile => installation.all_users_profile().ok_or_else(|| {
                Obstacle::blocked("the registry of the target does not say where the all-users profile is")
            }),
            Piece::Registry { key, value } => self.registry(key, value),
            Piece::Ask(id) => match self.answers.get(id) {
                Some(Answer::Chosen(answer)) => Ok(answer.clone()),
                Some(Answer::NotAsked) => Err(Obstacle::NotAsked),
                Some(Answer::Open) | None => {
                    Err(Obstacle::blocked(format!("the question {id} must be answered first")))
                }
            },
        }
    }

    fn registry(&self, key: &str, name: &str) -> Result<String, Obstacle> {
        let at = self.workspace.locate_one(key)?;
        let value = self.workspace.value(&at, name)?;
        let Some(value) = value else {
            return Err(Obstacle::blocked(format!("the value {name} of {} is absent", at.full_name)));
        };
        let text = value.as_string().or_else(|| value.as_dword().map(|number| number.to_string()));
        text.filter(|text| !text.is_empty()).ok_or_else(|| {
            Obstacle::blocked(format!("the value {name} of {} holds no text: {value}", at.full_name))
        })
    }

    /// The value that an article wants.
    pub(crate) fn wanted(&self, wanted: &Wanted) -> Result<Value, Obstacle> {
        Ok(match wanted {
            Wanted::Dword(number) => Value::dword(*number),
            Wanted::Qword(number) => Value::qword(*number),
            Wanted::Binary(bytes) => Value::binary(bytes.clone()),
            Wanted::Text(template) => Value::string(&self.text(template)?),
            Wanted::Expand(template) => Value::expand_string(&self.text(template)?),
            Wanted::Strings(templates) => Value::multi_string(&self.texts(templates)?),
            Wanted::DwordText(template) => {
                let text = self.text(template)?;
                let number = text.trim().parse().map_err(|_| {
                    Obstacle::blocked(format!("{text:?} is not a number from 0 to 4294967295"))
                })?;
                Value::dword(number)
            }
        })
    }

    /// The texts of several templates.
    pub(crate) fn texts(&self, templates: &[Template]) -> Result<Vec<String>, Obstacle> {
        templates.iter().map(|template| self.text(template)).collect()
    }
}

/// The last component of a path as Windows writes it; other text as it is.
fn file_name(text: &str) -> &str {
    let is_path = text.get(1..3) == Some(":\\");
    if is_path { text.rsplit('\\').next().unwrap_or(text) } else { text }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn only_paths_are_shortened() {
        assert_eq!(file_name(r"C:\keys\c23_a"), "c23_a");
        assert_eq!(file_name("c23_a"), "c23_a");
        assert_eq!(file_name("3"), "3");
    }
}
