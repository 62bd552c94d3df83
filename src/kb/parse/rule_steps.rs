//! Steps that a plugin's rule returned: the same language, the same checks.

use serde::Deserialize;
use toml::Spanned;

use crate::kb::fix::{Step, StepKind};
use crate::kb::problem::{Problem, Problems};

use super::Excerpt;
use super::answers::asks_and_reads_nothing;
use super::block_problems::BlockProblems;
use super::fix_shape::StepShape;
use super::step::steps;
use super::toml_fault::toml_fault;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleShape {
    #[serde(default)]
    step: Vec<Spanned<StepShape>>,
}

/// Reads `[[step]]` tables that `origin` (a rule's full name) returned. They
/// may neither ask, nor read for themselves what the plugin may not, nor call
/// anything else: what a rule returns is final.
///
/// # Errors
/// What is wrong with them, placed in `text`.
pub fn rule_steps(origin: &str, text: &str) -> Result<Vec<Step>, Vec<Problem>> {
    let mut problems = Problems::new(origin, text);
    let excerpt = Excerpt::new(text, 0..text.len());
    let read = read(&excerpt, &mut problems);
    let list = problems.into_list();
    if list.is_empty() { Ok(read) } else { Err(list) }
}

fn read(excerpt: &Excerpt, problems: &mut Problems<'_>) -> Vec<Step> {
    let mut block = BlockProblems::new(excerpt, problems);
    let shape: RuleShape = match toml::from_str(&excerpt.text) {
        Ok(shape) => shape,
        Err(error) => {
            let (span, fault) = toml_fault(&error, &excerpt.text);
            block.refuse(&span, fault.message, &fault.suggestion);
            return Vec::new();
        }
    };
    let mut read = Vec::new();
    for step in &shape.step {
        for checked in steps(step, &mut block) {
            let calls = matches!(checked.kind, StepKind::Use(_) | StepKind::Rule(_));
            if calls || !asks_and_reads_nothing(&checked.kind) {
                block.refuse(
                    &step.span(),
                    "a rule's step may neither ask, nor read, nor call another fix or rule",
                    "return the steps themselves, with what the rule has read",
                );
            }
            read.push(checked);
        }
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_a_rule_are_steps() {
        let steps = rule_steps("p/r", "[[step]]\nservice = 'BITS'\nstart = 'auto'\n").unwrap();
        assert!(matches!(&steps[0].kind, StepKind::ServiceStart { service, .. } if service == "BITS"));
        assert!(rule_steps("p/r", "").unwrap().is_empty());
    }

    #[test]
    fn what_a_block_may_not_say_a_rule_may_not_say_either() {
        for text in [
            "[[step]]\nmove-aside = '..\\..\\boot.ini'\n",
            "[[step]]\nuse = 'kb910341/senslogn-xp'\n",
            "[[step]]\nrule = 'a/b'\n",
            "[[step]]\ndelete-key = 'HKLM\\SOFTWARE\\{ask:x}'\n",
            "[[step]]\nkey = 'HKLM\\SOFTWARE\\X'\nset = { Stolen = '{registry:HKLM\\SECURITY\\Policy\\Secret}' }\n",
            "[[step]]\nsurprise = 1\n",
            "safety = 'safe'\n",
        ] {
            assert!(rule_steps("p/r", text).is_err(), "{text}");
        }
    }
}
