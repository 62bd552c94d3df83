//! The fix language: every kind of step, condition and question, and what is
//! refused, with the place where it says so.

use crate::kb::condition::{Condition, FileVersion, Subject};
use crate::kb::fix::{Candidates, Fix, NewName, Proposal, StartType, StepKind, Wanted};
use crate::kb::problem::{Problem, Problems};
use crate::kb::template::Template;

use super::super::Excerpt;

const HEAD: &str = "id = \"f\"\ntitle = \"Do it\"\nsafety = \"safe\"\n";

fn read(text: &str) -> (Option<Fix>, Vec<Problem>) {
    let excerpt = Excerpt::new(text, 0..text.len());
    let mut problems = Problems::new("a.md", text);
    let fix = super::fix("a", &excerpt, Vec::new(), &mut problems);
    (fix, problems.into_list())
}

fn sound(rest: &str) -> Fix {
    let text = format!("{HEAD}{rest}");
    let (fix, problems) = read(&text);
    assert_eq!(problems, [], "{text}");
    fix.unwrap()
}

fn steps(rest: &str) -> Vec<StepKind> {
    sound(rest).steps.into_iter().map(|step| step.kind).collect()
}

fn template(text: &str) -> Template {
    text.parse().unwrap()
}

/// Expects that the block is refused at `place`, with a message like this.
#[track_caller]
fn refused(rest: &str, place: &str, message: &str) {
    let text = format!("{HEAD}{rest}");
    let (fix, problems) = read(&text);
    assert!(fix.is_none(), "{text}");
    let first = &problems[0];
    assert!(first.fatal);
    assert!(first.message.contains(message), "{}", first.message);
    assert!(!first.suggestion.is_empty());
    assert!(text[first.span.clone()].starts_with(place), "{:?}", &text[first.span.clone()]);
}

const KEY: &str = r"HKLM\SOFTWARE\x\y";

#[test]
fn values_of_every_type_keep_their_order() {
    let found = steps(
        "[[step]]\nkey = 'HKLM\\SOFTWARE\\x\\y'\n[step.set]\nz = 0x258\n'' = \"t\"\nm = [\"a\", \"\", \"b\"]\n\
         e = { expand = '%a%' }\nq = { qword = 1 }\nb = { binary = \"00 1f\" }\n\
         d = { dword = \"{registry:HKLM\\\\SOFTWARE\\\\x\\\\n}\" }\n",
    );
    let values = vec![
        ("z".to_owned(), Wanted::Dword(600)),
        (String::new(), Wanted::Text(template("t"))),
        ("m".to_owned(), Wanted::Strings(vec![template("a"), template(""), template("b")])),
        ("e".to_owned(), Wanted::Expand(template("%a%"))),
        ("q".to_owned(), Wanted::Qword(1)),
        ("b".to_owned(), Wanted::Binary(vec![0, 0x1f])),
        ("d".to_owned(), Wanted::DwordText(template(r"{registry:HKLM\SOFTWARE\x\n}"))),
    ];
    assert_eq!(found, [StepKind::Set { key: template(KEY), values }]);
}

#[test]
fn members_are_named_for_each_value() {
    let found = steps(
        "[[step]]\nkey = 'HKLM\\SOFTWARE\\x\\y'\ninclude = { b = [\"1\"], a = [\"2\"] }\n\
         exclude = { A = [\"3\"], '*' = [\"4\"] }\n",
    );
    let members = |value: &str, include: &[&str], exclude: &[&str]| StepKind::Members {
        key: template(KEY),
        value: value.to_owned(),
        include: include.iter().map(|text| template(text)).collect(),
        exclude: exclude.iter().map(|text| template(text)).collect(),
    };
    assert_eq!(found, [members("b", &["1"], &[]), members("a", &["2"], &["3"]), members("*", &[], &["4"])]);
}

#[test]
fn every_other_kind_of_step_is_read() {
    let key = || template(KEY);
    let file = || template(r"{SystemRoot}\a.dll");
    let cases: Vec<(&str, StepKind)> = vec![
        (
            "key = 'HKLM\\SOFTWARE\\x\\y'\ndelete-values = [\"v\", \"\"]",
            StepKind::DeleteValues { key: key(), names: vec!["v".to_owned(), String::new()] },
        ),
        ("delete-key = 'HKLM\\SOFTWARE\\x\\y'", StepKind::DeleteKey { key: key() }),
        (
            "rename-key = 'HKLM\\SOFTWARE\\x\\y'\nto = 'z'",
            StepKind::RenameKey { key: key(), to: template("z") },
        ),
        (
            "service = \"BITS\"\nstart = [\"demand\", \"auto\"]\ndelayed = true",
            StepKind::ServiceStart {
                service: "BITS".to_owned(),
                start: vec![StartType::Demand, StartType::Auto],
                delayed: Some(true),
            },
        ),
        ("move-aside = '{SystemRoot}\\a.dll'", StepKind::MoveAside { file: file() }),
        (
            "rename-file = '{SystemRoot}\\a.dll'\nto = 'b.dll'",
            StepKind::RenameFile { file: file(), to: NewName::Exact(template("b.dll")) },
        ),
        (
            "rename-file = '{SystemRoot}\\a.dll'\ntail-after = '_'\ntail = '{registry:HKLM\\SOFTWARE\\x\\g}'",
            StepKind::RenameFile {
                file: file(),
                to: NewName::Tail { after: "_".to_owned(), tail: template(r"{registry:HKLM\SOFTWARE\x\g}") },
            },
        ),
        (
            "restore-file = '{SystemRoot}\\a.dll'\nfrom = 'C:\\b.dll'",
            StepKind::RestoreFile { file: file(), from: vec![template(r"C:\b.dll")] },
        ),
        ("first-boot = 'regsvr32 /s a.dll'", StepKind::FirstBoot { command: template("regsvr32 /s a.dll") }),
        (
            "use = 'kb1/fix'",
            StepKind::Use(crate::kb::FixId { article: "kb1".to_owned(), fix: "fix".to_owned() }),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(steps(&format!("[[step]]\n{text}\n")), [expected], "{text}");
    }
    let text = "id = \"f\"\ntitle = \"t\"\nsafety = \"manual\"\n[[step]]\nmanual = \"look\"\n\
                [[step]]\nmanual = \"install it\"\nunless = [{ service = \"S\" }]\n";
    let manual = read(text).0.unwrap();
    let instruction = |text: &str, unless| StepKind::Manual { text: text.to_owned(), unless };
    assert_eq!(manual.steps[0].kind, instruction("look", vec![]));
    let service = Condition { subject: Subject::Service("S".to_owned()), absent: false };
    assert_eq!(manual.steps[1].kind, instruction("install it", vec![service]));
    assert_eq!((manual.line, manual.steps[0].line), (1, 4));
}

#[test]
fn every_kind_of_condition_is_read() {
    let fix = sound(
        "when = [
  { windows = \"windows xp\" },
  { edition = [\"Home\"], absent = true },
  { key = 'HKLM\\SOFTWARE\\x\\y' },
  { key = 'HKLM\\SOFTWARE\\x\\y', value = \"v\" },
  { key = 'HKLM\\SOFTWARE\\x\\y', value = \"v\", equals = 4 },
  { key = 'HKLM\\SOFTWARE\\x\\y', value = \"v\", contains = \"m\" },
  { any = [{ service = \"S\" }, { file = 'C:\\a*', version-below = \"1.2.3.4\" }] },
]
[[step]]
delete-key = 'HKLM\\SOFTWARE\\x\\y'
",
    );
    let value = |equals: Option<&str>, contains: Option<&str>| Subject::Value {
        key: template(KEY),
        value: "v".to_owned(),
        equals: equals.map(template),
        contains: contains.map(template),
    };
    let holds = |subject: Subject| Condition { subject, absent: false };
    let file = Subject::File { path: template(r"C:\a*"), version_below: Some(FileVersion([1, 2, 3, 4])) };
    let expected = vec![
        holds(Subject::Windows(vec!["windows xp".parse().unwrap()])),
        Condition { subject: Subject::Edition(vec!["home".to_owned()]), absent: true },
        holds(Subject::Key(template(KEY))),
        holds(value(None, None)),
        holds(value(Some("4"), None)),
        holds(value(None, Some("m"))),
        holds(Subject::Any(vec![holds(Subject::Service("S".to_owned())), holds(file)])),
    ];
    assert_eq!(fix.when, expected);
}

#[test]
fn every_kind_of_question_is_read() {
    let fix = sound(
        "[[ask]]\nid = \"new\"\nquestion = \"Which?\"\nfiles = 'C:\\k\\c23*'\nat-least = 2\npropose = \"newest\"\n\
         [[ask]]\nid = \"old\"\nquestion = \"Which?\"\nfiles = 'C:\\k\\c23*'\nexcept = [\"new\"]\npropose = \"only\"\n\
         [[ask]]\nid = \"sid\"\nquestion = \"Whose?\"\nkeys = 'HKLM\\SOFTWARE\\x\\y'\n\
         [[ask]]\nid = \"day\"\nquestion = \"When?\"\nchoices = { 1 = \"Sunday\", 0 = \"daily\" }\npropose = \"0\"\n\
         [[step]]\nmove-aside = '{ask:new}'\n\
         [[step]]\nrename-file = '{ask:old}'\nto = 'x'\n\
         [[step]]\ndelete-key = 'HKLM\\SOFTWARE\\x\\y\\{ask:sid}'\n\
         [[step]]\nkey = 'HKLM\\SOFTWARE\\x\\y'\nset = { a = { dword = \"{ask:day}\" } }\n",
    );
    let pattern = || template(r"C:\k\c23*");
    let among: Vec<&Candidates> = fix.questions.iter().map(|question| &question.among).collect();
    let choices = vec![("1".to_owned(), "Sunday".to_owned()), ("0".to_owned(), "daily".to_owned())];
    let expected = [
        Candidates::Files { pattern: pattern(), except: vec![], at_least: 2 },
        Candidates::Files { pattern: pattern(), except: vec!["new".to_owned()], at_least: 1 },
        Candidates::Keys { below: template(KEY) },
        Candidates::Fixed(choices),
    ];
    assert_eq!(among, expected.iter().collect::<Vec<_>>());
    let proposals: Vec<&Proposal> = fix.questions.iter().map(|question| &question.propose).collect();
    let answer = Proposal::Answer("0".to_owned());
    assert_eq!(proposals, [&Proposal::Newest, &Proposal::Only, &Proposal::None, &answer]);
}

#[test]
fn a_step_is_exactly_one_thing() {
    let one = "exactly one thing";
    for keys in [
        "",
        "manual = 'x'\nuse = 'a/b'",
        "key = 'HKLM\\SOFTWARE\\x'",
        "set = { a = 1 }",
        "key = 'HKLM\\SOFTWARE\\x'\nset = { a = 1 }\ndelete-values = ['b']",
        "service = 'x'",
        "rename-key = 'HKLM\\SOFTWARE\\x\\y'",
        "rename-file = 'C:\\a'\nto = 'b'\ntail = 'c'",
        "rename-file = 'C:\\a'\ntail-after = '_'",
        "restore-file = 'C:\\a'",
        "first-boot = 'x'\ndelayed = true",
        "use = 'a/b'\nunless = [{ service = 'S' }]",
    ] {
        refused(&format!("[[step]]\n{keys}\n"), "[[step]]", one);
    }
}

#[test]
fn values_are_checked() {
    let set = |values: &str| format!("[[step]]\nkey = 'HKLM\\SOFTWARE\\x'\nset = {{ {values} }}\n");
    refused(&set(""), "{", "sets nothing");
    refused(&set("a = -1"), "-1", "does not fit a REG_DWORD");
    refused(&set("a = 4294967296"), "4294967296", "does not fit a REG_DWORD");
    refused(&set("a = 1.5"), "1.5", "invalid type");
    refused(&set("a = true"), "true", "invalid type");
    refused(&set("a = 1, A = 2"), "A", "named twice");
    refused(&set("a = { expand = 'x', qword = 1 }"), "{ expand", "exactly one type");
    refused(&set("a = { expnd = 'x' }"), "expnd", "unknown key");
    refused(&set("a = { binary = '0' }"), "'0'", "no binary value");
    refused(&set("a = { dword = '4' }"), "'4'", "fixed");
    refused(&set("a = '{nothing}'"), "'{nothing}'", "unknown placeholder");
    refused(&set("a = ['{x']"), "'{x'", "without");
    refused(&set(r#"a = "x\u0000""#), "\"x", "NUL");
}

#[test]
fn lists_are_checked() {
    let on = |rest: &str| format!("[[step]]\nkey = 'HKLM\\SOFTWARE\\x'\n{rest}\n");
    refused(&on("include = {}"), "{}", "no value is named");
    refused(&on("include = { a = [] }"), "[]", "no member is named");
    refused(&on("include = { a = ['b', 'B'] }"), "'B'", "named twice");
    refused(&on("include = { a = [''] }"), "''", "empty");
    refused(&on("include = { a = ['b'] }\nexclude = { A = ['B'] }"), "a", "both included and excluded");
    refused(&on("delete-values = []"), "[]", "deletes nothing");
    refused(&on("delete-values = ['a', 'A']"), "'A'", "named twice");
}

#[test]
fn places_outside_the_installation_are_refused() {
    refused("[[step]]\ndelete-key = 'HKLM\\HARDWARE\\x\\y'\n", "'HKLM", "in no hive");
    refused("[[step]]\ndelete-key = 'HKLM\\SYSTEM\\CurrentControlSet'\n", "'HKLM", "too near the root");
    refused("[[step]]\nmove-aside = '{SystemRoot}\\..\\x'\n", "'{System", "out of the target");
    refused("[[step]]\nmove-aside = '\\\\server\\share\\x'\n", "'\\\\", "no place in the installation");
    refused("[[step]]\nrename-file = 'C:\\a*'\nto = 'b'\n", "'C:", "cannot stand in the name");
    refused("[[step]]\nrename-file = 'C:\\a'\nto = 'b\\c'\n", "'b", "cannot stand in the name");
    refused("[[step]]\nrestore-file = 'C:\\a'\nfrom = ['D:\\x', 'y']\n", "'y'", "no place");
    refused("[[step]]\nrename-key = 'HKLM\\SOFTWARE\\x\\y'\nto = 'a\\b'\n", "'a", "no key name");
}

#[test]
fn services_and_commands_are_checked() {
    refused("[[step]]\nservice = 'a\\b'\nstart = 'auto'\n", "'a", "no service name");
    refused("[[step]]\nservice = 'a'\nstart = 'automatic'\n", "'automatic'", "unknown variant");
    refused("[[step]]\nservice = 'a'\nstart = []\n", "[]", "no start type");
    refused("[[step]]\nservice = 'a'\nstart = ['auto', 'auto']\n", "[", "no start type, or one twice");
    refused("[[step]]\nfirst-boot = ' '\n", "' '", "no command line");
    refused("[[step]]\nfirst-boot = \"a\\nb\"\n", "\"a", "no command line");
    refused("[[step]]\nuse = 'a'\n", "'a'", "no fix's full name");
}

#[test]
fn questions_are_checked() {
    let ask = |rest: &str| {
        format!("[[ask]]\nid = 'q'\nquestion = 'Which?'\n{rest}\n[[step]]\nmove-aside = '{{ask:q}}'\n")
    };
    refused(&ask(""), "[[ask]]", "exactly one kind of thing");
    refused(&ask("files = 'C:\\*'\nkeys = 'HKLM\\SOFTWARE'"), "[[ask]]", "exactly one kind of thing");
    refused(&ask("files = 'C:\\*'\nat-least = 0"), "0", "nothing to choose");
    refused(&ask("files = 'C:\\*'\nexcept = ['q']"), "'q'", "no other question");
    refused(&ask("files = 'C:\\*'\nexcept = ['r']"), "'r'", "no other question");
    refused(&ask("files = 'C:\\*'\npropose = 'latest'"), "'latest'", "none of the answers");
    refused(&ask("choices = { a = 'b' }\npropose = 'newest'"), "'newest'", "none of the answers");
    refused(&ask("choices = { a = 'b' }\nat-least = 2"), "2", "only a choice among files");
    refused(&ask("choices = {}"), "{}", "1 to 64");
    refused(&ask("choices = { a = 'b' }"), "[[step]]", "cannot stand there");
    let twice = ask("files = 'C:\\*'")
        .replace("[[step]]", "[[ask]]\nid = 'q'\nquestion = 'x'\nfiles = 'C:\\*'\n[[step]]");
    refused(&twice, "'q'", "asked already");
    refused("[[step]]\nmove-aside = '{ask:q}'\n", "[[step]]", "has no question");
    let unused = ask("files = 'C:\\*'").replace("{ask:q}", "C:\\x");
    refused(&unused, "'q'", "is not used");
    let condition = ask("files = 'C:\\*'") + "when = [{ file = '{ask:q}' }]\n";
    refused(&condition, "{ file", "cannot wait for an answer");
}

#[test]
fn conditions_are_checked() {
    let when =
        |condition: &str| format!("when = [{condition}]\n[[step]]\ndelete-key = 'HKLM\\SOFTWARE\\x\\y'\n");
    refused(&when("{}"), "{}", "asks nothing");
    refused(&when("{ absent = true }"), "{ absent", "asks nothing");
    refused(&when("{ service = 'a', file = 'C:\\b' }"), "{ service", "do not make one condition");
    refused(&when("{ value = 'a' }"), "{ value", "do not make one condition");
    refused(&when("{ windows = 'windows 97' }"), "'windows 97'", "unknown Windows release");
    refused(&when("{ windows = [] }"), "[]", "no release");
    refused(&when("{ file = 'C:\\a', version-below = '1.2' }"), "'1.2'", "not a file version");
    refused(&when("{ any = [] }"), "[]", "empty or too deep");
    let deep = format!("{}{{ service = 'a' }}{}", "{ any = [".repeat(4), "] }".repeat(4));
    refused(&when(&deep), "[{ service", "empty or too deep");
    refused(&when("{ servce = 'a' }"), "servce", "unknown key");
}

#[test]
fn safety_says_what_the_steps_are() {
    let manual = "[[step]]\nmanual = 'look'\n";
    refused("[[step]]\nmanual = 'look'\nunless = []\n", "[]", "nothing is asked");
    refused(manual, "\"safe\"", "every step of this fix is manual");
    refused("", "\"safe\"", "no steps");
    let text = HEAD.replace("safe\"", "manual\"") + "[[step]]\ndelete-key = 'HKLM\\SOFTWARE\\x\\y'\n";
    let (fix, problems) = read(&text);
    assert!(fix.is_none() && problems[0].message.contains("manual steps only"));
}

#[test]
fn numbers_of_things_are_bounded() {
    let step = "[[step]]\ndelete-key = 'HKLM\\SOFTWARE\\x\\y'\n";
    assert_eq!(sound(&step.repeat(64)).steps.len(), 64);
    refused(&step.repeat(65), "[[step]]", "too many steps");
    let conditions = "{ service = 'a' }, ".repeat(65);
    refused(&format!("when = [{conditions}]\n{step}"), "{ service", "too many conditions");
}

#[test]
fn titles_and_ids_are_checked() {
    let step = "[[step]]\ndelete-key = 'HKLM\\SOFTWARE\\x\\y'\n";
    for (from, to, message) in [
        ("\"f\"", "\"F\"", "no id"),
        ("\"f\"", "\"-f\"", "no id"),
        ("\"Do it\"", "\" \"", "one line of text"),
        ("\"Do it\"", "\"a\\nb\"", "one line of text"),
        ("\"safe\"", "\"sure\"", "unknown variant"),
    ] {
        let text = HEAD.replace(from, to) + step;
        let (fix, problems) = read(&text);
        assert!(fix.is_none() && problems[0].message.contains(message), "{text} {problems:?}");
        assert_eq!(&text[problems[0].span.clone()], to);
    }
}
