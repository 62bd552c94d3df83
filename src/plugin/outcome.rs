//! What a rule returned, checked: a table with `findings` and `steps`.

use crate::kb::rule_steps;
use crate::repair::plan::Evidence;
use crate::repair::rule::RuleOutcome;

use super::fact::Fact;
use super::limits::{FINDINGS_MAX, STEPS_MAX};

/// Reads the outcome of the rule `origin`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(origin: &str, fact: Fact) -> Result<RuleOutcome, String> {
    let Fact::Table(parts) = fact else {
        return Err("it returned no table #{ findings: [...], steps: [...] }".to_owned());
    };
    let mut outcome = RuleOutcome::default();
    for (name, part) in parts {
        match (name.as_str(), part) {
            ("findings", Fact::List(findings)) => outcome.findings = self::findings(&findings)?,
            ("steps", Fact::List(steps)) => outcome.steps = self::steps(origin, &steps)?,
            (other, _) => {
                return Err(format!("it returned {other:?}, which is neither findings nor steps as lists"));
            }
        }
    }
    Ok(outcome)
}

fn findings(facts: &[Fact]) -> Result<Vec<Evidence>, String> {
    if facts.len() > FINDINGS_MAX {
        return Err(format!("it returned more than {FINDINGS_MAX} findings"));
    }
    facts.iter().map(finding).collect()
}

fn finding(fact: &Fact) -> Result<Evidence, String> {
    let text = |name: &str| fact.part(name).and_then(Fact::as_text).map(str::to_owned);
    match (text("place"), text("found")) {
        (Some(place), Some(found)) => Ok(Evidence { place, found, wanted: text("wanted") }),
        _ => Err("a finding needs place and found, as texts".to_owned()),
    }
}

/// Steps go through the text of the fix language, so that they are held to
/// exactly the checks of an article's block.
fn steps(origin: &str, facts: &[Fact]) -> Result<Vec<crate::kb::Step>, String> {
    if facts.len() > STEPS_MAX {
        return Err(format!("it returned more than {STEPS_MAX} steps"));
    }
    let text = text_of(facts)?;
    rule_steps(origin, &text).map_err(|problems| {
        let said: Vec<String> =
            problems.iter().map(|problem| format!("{} ({})", problem.message, problem.suggestion)).collect();
        format!("its steps are wrong: {}", said.join("; "))
    })
}

fn text_of(steps: &[Fact]) -> Result<String, String> {
    let tables: Result<Vec<toml::Value>, String> = steps.iter().map(toml_value).collect();
    let document = toml::Table::from_iter([("step".to_owned(), toml::Value::Array(tables?))]);
    toml::to_string(&document).map_err(|error| format!("its steps cannot be written down: {error}"))
}

/// The steps of what a rule returned, as a test would write them.
pub(super) fn steps_text(fact: &Fact) -> String {
    match fact.part("steps") {
        Some(Fact::List(steps)) => text_of(steps).unwrap_or_else(|why| why),
        _ => String::new(),
    }
}

fn toml_value(fact: &Fact) -> Result<toml::Value, String> {
    Ok(match fact {
        Fact::Nothing => return Err("a step has a part that is nothing ()".to_owned()),
        Fact::Truth(truth) => toml::Value::Boolean(*truth),
        Fact::Number(number) => toml::Value::Integer(*number),
        Fact::Text(text) => toml::Value::String(text.clone()),
        Fact::List(facts) => toml::Value::Array(facts.iter().map(toml_value).collect::<Result<_, _>>()?),
        Fact::Table(parts) => {
            let entries = parts.iter().map(|(name, part)| Ok((name.clone(), toml_value(part)?)));
            toml::Value::Table(entries.collect::<Result<_, String>>()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(parts: &[(&str, Fact)]) -> Fact {
        Fact::Table(parts.iter().map(|(name, part)| ((*name).to_owned(), part.clone())).collect())
    }

    #[test]
    fn findings_and_steps_are_read() {
        let step = table(&[
            ("key", Fact::Text(r"HKLM\SOFTWARE\X".to_owned())),
            ("include", table(&[("netsvcs", Fact::texts(["BITS"]))])),
        ]);
        let finding = table(&[("place", Fact::Text("p".to_owned())), ("found", Fact::Text("f".to_owned()))]);
        let outcome =
            read("p/r", table(&[("findings", Fact::List(vec![finding])), ("steps", Fact::List(vec![step]))]));
        let outcome = outcome.unwrap();
        assert_eq!((outcome.findings.len(), outcome.steps.len()), (1, 1));
    }

    #[test]
    fn wrong_shapes_are_named() {
        assert!(read("p/r", Fact::Number(1)).unwrap_err().contains("no table"));
        assert!(read("p/r", table(&[("steps", Fact::Number(1))])).unwrap_err().contains("steps"));
        assert!(read("p/r", table(&[("findings", Fact::List(vec![Fact::Nothing]))])).is_err());
        let flood = Fact::List(vec![Fact::Nothing; STEPS_MAX + 1]);
        assert!(read("p/r", table(&[("steps", flood)])).unwrap_err().contains("more than"));
        let escape = table(&[("move-aside", Fact::Text(r"..\..\boot.ini".to_owned()))]);
        assert!(read("p/r", table(&[("steps", Fact::List(vec![escape]))])).is_err());
    }
}
