//! Running one rule: a thread of its own that can compute, ask the target
//! questions through a channel, and return plain data. Nothing else.
//!
//! The script never holds the target: each question travels to the caller's
//! thread, which answers it, counts it and watches the clock. A script that
//! loops ends by its operation count or by the clock, one that recurses by the
//! call depth, one that hoards by the size limits (Rhai counts nested parts).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Instant;

use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, Scope};

use super::fact::{Fact, Question};
use super::limits::{
    CALL_DEPTH_MAX, EXPRESSION_DEPTH_MAX, LIST_MAX, OPERATIONS_MAX, QUESTIONS_MAX, SCRIPT_BYTES_MAX,
    STACK_BYTES, STRING_BYTES_MAX, TABLE_MAX, TIME_MAX, VARIABLES_MAX,
};

/// Answers a script's questions; an error ends the script.
pub type Answerer<'a> = &'a mut dyn FnMut(&Question) -> Result<Fact, String>;

/// What travels from the script's thread to the caller's.
enum Message {
    Ask(Question, Sender<Result<Fact, String>>),
    Done(Result<Fact, String>),
}

/// A script that was compiled: its syntax is right and it has its rules.
#[derive(Clone, Debug)]
pub struct Script(Arc<AST>);

impl Script {
    /// Compiles a script without running anything of it.
    ///
    /// # Errors
    /// What is wrong, with line and column; a rule that it does not have.
    pub fn compile(text: &str, rules: &[String]) -> Result<Self, String> {
        if text.len() > SCRIPT_BYTES_MAX {
            return Err(format!("its script is larger than {SCRIPT_BYTES_MAX} bytes"));
        }
        let ast = engine(None, Arc::default()).compile(text).map_err(|error| error.to_string())?;
        for rule in rules {
            if !ast.iter_functions().any(|function| function.name == rule && function.params.len() == 1) {
                return Err(format!("there is no function {rule}(arguments) for the rule of that name"));
            }
        }
        Ok(Self(Arc::new(ast)))
    }
}

/// Runs a rule of a script with its arguments.
///
/// # Errors
/// Why it did not come to an end, in one sentence.
pub fn run(
    script: &Script,
    rule: &str,
    arguments: &BTreeMap<String, String>,
    answer: Answerer<'_>,
) -> Result<Fact, String> {
    let (messages, inbox) = channel();
    let stopped = Arc::new(AtomicBool::new(false));
    let job = Job {
        script: script.clone(),
        rule: rule.to_owned(),
        arguments: arguments.clone(),
        stopped: Arc::clone(&stopped),
    };
    let spawned = thread::Builder::new()
        .name(format!("rule {rule}"))
        .stack_size(STACK_BYTES)
        .spawn(move || job.work(&messages));
    let worker = spawned.map_err(|error| format!("no thread for it: {error}"))?;
    let result = attend(&inbox, answer);
    stopped.store(true, Ordering::Relaxed);
    // A question still in the inbox would wait for its answer for ever.
    drop(inbox);
    // After the flag the script ends at its next operation; a panic in it is a
    // result like any other.
    if worker.join().is_err() {
        return Err("its interpreter gave up".to_owned());
    }
    result
}

/// Answers questions until the script is done, the clock or the count runs out.
fn attend(inbox: &Receiver<Message>, answer: Answerer<'_>) -> Result<Fact, String> {
    let deadline = Instant::now() + TIME_MAX;
    for _ in 0..=QUESTIONS_MAX {
        let left = deadline.saturating_duration_since(Instant::now());
        match inbox.recv_timeout(left) {
            Ok(Message::Ask(question, reply)) => {
                let told = answer(&question);
                let failed = told.clone().err();
                // Where the script is gone, the next receive says so.
                let _ = reply.send(told);
                if let Some(why) = failed {
                    return Err(why);
                }
            }
            Ok(Message::Done(result)) => return result,
            Err(RecvTimeoutError::Timeout) => {
                return Err(format!("it did not end within {} seconds", TIME_MAX.as_secs()));
            }
            Err(RecvTimeoutError::Disconnected) => return Err("its interpreter gave up".to_owned()),
        }
    }
    Err(format!("it asked the target more than {QUESTIONS_MAX} questions"))
}

/// What the script's thread needs.
struct Job {
    script: Script,
    rule: String,
    arguments: BTreeMap<String, String>,
    stopped: Arc<AtomicBool>,
}

impl Job {
    fn work(self, messages: &Sender<Message>) {
        let result = self.evaluate(messages);
        // The caller may have given up on us.
        let _ = messages.send(Message::Done(result));
    }

    fn evaluate(self, messages: &Sender<Message>) -> Result<Fact, String> {
        let engine = engine(Some(messages), self.stopped);
        let arguments: rhai::Map =
            self.arguments.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        // Statements outside functions are not run: a rule is a function.
        let options = CallFnOptions::new().eval_ast(false);
        let result: Result<Dynamic, Box<EvalAltResult>> =
            engine.call_fn_with_options(options, &mut Scope::new(), &self.script.0, &self.rule, (arguments,));
        let value = result.map_err(|error| error.to_string())?;
        Fact::from_dynamic(value).map_err(|kind| format!("it returned a {kind}"))
    }
}

/// An engine with every limit set and only the questions added.
fn engine(messages: Option<&Sender<Message>>, stopped: Arc<AtomicBool>) -> Engine {
    let mut engine = Engine::new();
    engine
        .set_max_operations(OPERATIONS_MAX)
        .set_max_call_levels(CALL_DEPTH_MAX)
        .set_max_expr_depths(EXPRESSION_DEPTH_MAX, EXPRESSION_DEPTH_MAX)
        .set_max_string_size(STRING_BYTES_MAX)
        .set_max_array_size(LIST_MAX)
        .set_max_map_size(TABLE_MAX)
        .set_max_variables(VARIABLES_MAX)
        .disable_symbol("eval")
        .on_print(|_| {})
        .on_debug(|_, _, _| {})
        .on_progress(move |_| stopped.load(Ordering::Relaxed).then_some(Dynamic::UNIT));
    if let Some(messages) = messages {
        add_questions(&mut engine, messages);
    }
    engine
}

fn add_questions(engine: &mut Engine, messages: &Sender<Message>) {
    type Reply = Result<Dynamic, Box<EvalAltResult>>;
    let asker = |question: fn(&str) -> Question| {
        let messages = messages.clone();
        move |text: &str| -> Reply { ask(&messages, question(text)) }
    };
    let pair_asker = |question: fn(String, String) -> Question| {
        let messages = messages.clone();
        move |a: &str, b: &str| -> Reply { ask(&messages, question(a.to_owned(), b.to_owned())) }
    };
    engine.register_fn("key_exists", asker(|key| Question::KeyExists(key.to_owned())));
    engine.register_fn("subkeys", asker(|key| Question::Subkeys(key.to_owned())));
    engine.register_fn("value_names", asker(|key| Question::ValueNames(key.to_owned())));
    engine.register_fn("value", pair_asker(Question::Value));
    engine.register_fn("value_type", pair_asker(Question::ValueType));
    engine.register_fn("service", asker(|name| Question::Service(name.to_owned())));
    engine.register_fn("service_file", asker(|name| Question::ServiceFile(name.to_owned())));
    engine.register_fn("service_library", asker(|name| Question::ServiceLibrary(name.to_owned())));
    engine.register_fn("file_exists", asker(|path| Question::FileExists(path.to_owned())));
    engine.register_fn("file_version", asker(|path| Question::FileVersion(path.to_owned())));
    engine.register_fn("files", asker(|pattern| Question::Files(pattern.to_owned())));
    let plain = messages.clone();
    engine.register_fn("windows", move || -> Reply { ask(&plain, Question::Windows) });
    let plain = messages.clone();
    engine.register_fn("services", move || -> Reply { ask(&plain, Question::Services) });
}

fn ask(messages: &Sender<Message>, question: Question) -> Result<Dynamic, Box<EvalAltResult>> {
    let (reply, answer) = channel();
    let gone = || -> Box<EvalAltResult> { "the run was ended".into() };
    messages.send(Message::Ask(question, reply)).map_err(|_| gone())?;
    let fact = answer.recv().map_err(|_| gone())?.map_err(|why| -> Box<EvalAltResult> { why.into() })?;
    Ok(fact.into_dynamic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_alone(script: &str) -> Result<Fact, String> {
        let script = Script::compile(script, &["rule".to_owned()])?;
        run(&script, "rule", &BTreeMap::new(), &mut |_| Ok(Fact::Nothing))
    }

    #[test]
    fn a_rule_asks_and_answers() {
        let script = r#"fn rule(arguments) { #{ found: value("K", arguments.name) + "!" } }"#;
        let arguments = BTreeMap::from([("name".to_owned(), "N".to_owned())]);
        let script = Script::compile(script, &[]).unwrap();
        let fact = run(&script, "rule", &arguments, &mut |question| {
            assert_eq!(*question, Question::Value("K".to_owned(), "N".to_owned()));
            Ok(Fact::Text("here".to_owned()))
        });
        assert_eq!(fact.unwrap().part("found"), Some(&Fact::Text("here!".to_owned())));
    }

    #[test]
    fn an_endless_loop_ends() {
        let why = run_alone("fn rule(a) { loop {} }").unwrap_err();
        assert!(why.contains("operations"), "{why}");
    }

    #[test]
    fn deep_recursion_ends() {
        let why = run_alone("fn rule(a) { rule(a) }").unwrap_err();
        assert!(why.contains("Stack overflow"), "{why}");
    }

    #[test]
    fn a_memory_bomb_ends() {
        let why = run_alone(r#"fn rule(a) { let s = "x"; loop { s += s; } }"#).unwrap_err();
        assert!(why.contains("Length of string"), "{why}");
        let why = run_alone("fn rule(a) { let l = [0]; loop { l += l; } }").unwrap_err();
        assert!(why.contains("Size of array"), "{why}");
        let nested =
            r#"fn rule(a) { let s = "x"; s.pad(200000, "x"); let l = []; loop { l.push(s + "y"); } }"#;
        let why = run_alone(nested).unwrap_err();
        assert!(why.contains("Length of string"), "{why}");
    }

    #[test]
    fn a_flood_of_questions_ends() {
        let why = run_alone(r#"fn rule(a) { for i in 0..1000000 { key_exists("K"); } }"#).unwrap_err();
        assert!(why.contains("questions") || why.contains("operations"), "{why}");
    }

    #[test]
    fn scripts_cannot_reach_the_host() {
        for script in [
            r#"fn rule(a) { eval("1") }"#,
            r#"fn rule(a) { open_file("x") }"#,
            r#"fn rule(a) { import "x" as y; 1 }"#,
        ] {
            assert!(run_alone(script).is_err(), "{script}");
        }
    }

    #[test]
    fn a_refused_question_ends_the_run_with_its_reason() {
        let script = r#"fn rule(a) { try { value("K", "N") } catch { "went on" } }"#;
        let script = Script::compile(script, &[]).unwrap();
        let why = run(&script, "rule", &BTreeMap::new(), &mut |_| Err("K is not in reads".to_owned()));
        assert_eq!(why, Err("K is not in reads".to_owned()));
    }

    #[test]
    fn a_check_finds_missing_rules_and_broken_syntax() {
        let compile = |text: &str, rule: &str| Script::compile(text, &[rule.to_owned()]);
        assert!(compile("fn a(x) { 1 }", "a").is_ok());
        assert!(compile("fn a(x) { 1 }", "b").unwrap_err().contains("b(arguments)"));
        assert!(compile("fn a(x { 1 }", "a").is_err());
    }
}
