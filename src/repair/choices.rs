//! The technician's answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Answers by question: `QUESTION`, or `ARTICLE/FIX:QUESTION` where several
/// fixes have a question of that name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Choices(pub BTreeMap<String, String>);

impl Choices {
    /// Reads `QUESTION=ANSWER` texts, as `--choose` has them; `Err` is the
    /// text without a `=`.
    ///
    /// # Errors
    /// The first text that is not of that form.
    pub fn parse<S: AsRef<str>>(texts: &[S]) -> Result<Self, String> {
        let mut choices = Self::default();
        for text in texts.iter().map(AsRef::as_ref) {
            let (question, answer) = text.split_once('=').ok_or_else(|| text.to_owned())?;
            choices.set(question.trim(), answer.trim());
        }
        Ok(choices)
    }

    /// Answers a question.
    pub fn set(&mut self, question: &str, answer: &str) {
        self.0.insert(question.to_owned(), answer.to_owned());
    }

    /// The answer to a fix's question; the longer name wins.
    pub fn answer(&self, fix: &str, question: &str) -> Option<&str> {
        self.0.get(&format!("{fix}:{question}")).or_else(|| self.0.get(question)).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_name_wins() {
        let choices = Choices::parse(&["key=a", "kb1/x:key=b=c"]).unwrap();
        assert_eq!(choices.answer("kb1/x", "key"), Some("b=c"));
        assert_eq!(choices.answer("kb2/y", "key"), Some("a"));
        assert_eq!(Choices::parse(&["nothing"]), Err("nothing".to_owned()));
    }
}
