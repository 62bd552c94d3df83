//! Front matter and examples: what is read, what is wrong with it and where.

use crate::kb::article::{Article, Event, Reference};
use crate::kb::fix::Example;
use crate::kb::problem::Problem;

const FRONT: &str = "\
+++
id = \"a\"
title = \" Something fails \"
aliases = [\"b\"]
products = [\"Windows XP\"]
applies-to = [\"windows 2000\", \"windows xp and later\"]
codes = [\"1083\", \"0x800704DD\", \"ERROR_NOT_LOGGED_ON\"]
events = [{ source = \"DCOM\", id = 10005 }]
services = [\"BITS\"]
messages = [\"It failed.\", \"\"]
phrases = [\"it fails\"]
references = [{ title = \"A book\" }, { title = \"A page\", url = \"https://example.org\" }]
related = [\"c\"]
+++
";

const FIX: &str = "
```toml fix
id = \"f\"
title = \"Set it\"
safety = \"safe\"
[[step]]
key = 'HKLM\\SOFTWARE\\x'
set = { a = 1 }
```
";

fn read(text: &str) -> (Option<Article>, Vec<Problem>) {
    let (draft, problems) = super::article("a.md", "built-in", text);
    (draft.map(|draft| draft.article), problems.into_list())
}

fn example(content: &str) -> Vec<Example> {
    let (article, problems) = read(&format!("{FRONT}{FIX}{content}"));
    assert_eq!(problems, []);
    article.unwrap().fixes.remove(0).examples
}

/// Message, whether it is fatal, and the marked text of the only problem.
fn problem(text: &str) -> (String, bool, String) {
    let (_, problems) = read(text);
    assert_eq!(problems.len(), 1, "{problems:?}");
    let problem = &problems[0];
    (problem.message.clone(), problem.fatal, text[problem.span.clone()].to_owned())
}

#[test]
fn every_key_of_the_front_matter_is_read() {
    let (article, problems) = read(&format!("{FRONT}body\n"));
    assert_eq!(problems, []);
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let expected = Article {
        id: "a".to_owned(),
        title: "Something fails".to_owned(),
        aliases: texts(&["b"]),
        products: texts(&["Windows XP"]),
        applies_to: vec!["windows 2000".parse().unwrap(), "windows xp and later".parse().unwrap()],
        codes: texts(&["1083", "0x800704DD", "ERROR_NOT_LOGGED_ON"]),
        events: vec![Event { source: "DCOM".to_owned(), id: 10005 }],
        services: texts(&["BITS"]),
        messages: texts(&["It failed."]),
        phrases: texts(&["it fails"]),
        references: vec![
            Reference { title: "A book".to_owned(), url: None },
            Reference { title: "A page".to_owned(), url: Some("https://example.org".to_owned()) },
        ],
        related: texts(&["c"]),
        body: "body\n".to_owned(),
        body_line: 15,
        fixes: vec![],
        pack: "built-in".to_owned(),
        trusted: true,
    };
    assert_eq!(article, Some(expected));
}

#[test]
fn an_article_without_front_matter_is_left_out() {
    for (text, message) in [
        ("", "an article begins with its front matter"),
        ("# Title\n", "an article begins with its front matter"),
        ("+++\nid = 'a'\n", "the front matter does not end"),
    ] {
        assert_eq!(problem(text).0, message);
        assert!(read(text).0.is_none());
    }
}

#[test]
fn front_matter_is_strict() {
    let with = |from: &str, to: &str| {
        assert!(FRONT.contains(from));
        FRONT.replacen(from, to, 1)
    };
    let wrong = |message: &str, fatal: bool, place: &str| (message.to_owned(), fatal, place.to_owned());
    let title = with("title =", "titel =");
    assert_eq!(problem(&title), wrong("unknown key `titel`", true, "titel"));
    let id = with("id = \"a\"", "id = 3");
    assert_eq!(problem(&id), wrong("invalid type: integer `3`", true, "3"));
    let id = with("id = \"a\"", "id = \"A b\"");
    assert_eq!(problem(&id), wrong("`A b` is no id", true, "\"A b\""));
    let event = with("id = 10005", "number = 10005");
    assert_eq!(problem(&event), wrong("unknown key `number`", true, "number"));
    let missing = with("products = [\"Windows XP\"]\n", "");
    assert_eq!(problem(&missing).0, "missing key `products`");
    let release = with("windows 2000", "windows 97");
    assert_eq!(problem(&release), wrong("unknown Windows release `windows 97`", true, "\"windows 97\""));
    let none = with("[\"windows 2000\", \"windows xp and later\"]", "[]");
    assert_eq!(problem(&none), wrong("the article is for no Windows", true, "[]"));
    let code = with("\"1083\"", "\"error 1083\"");
    assert_eq!(problem(&code), wrong("`error 1083` is no error code", false, "\"error 1083\""));
    let alias = with("[\"b\"]", "[\"B c\"]");
    assert_eq!(problem(&alias), wrong("`B c` is no article id", false, "\"B c\""));
    let syntax = with("id = \"a\"", "id = \"a");
    assert!(problem(&syntax).1);
}

#[test]
fn places_count_a_byte_order_mark_and_carriage_returns() {
    let text = format!("\u{feff}{}", FRONT.replace("windows 2000", "windows 97").replace('\n', "\r\n"));
    let (_, problems) = read(&text);
    assert_eq!((problems[0].line, problems[0].column), (6, 15));
    assert_eq!(&text[problems[0].span.clone()], "\"windows 97\"");
}

#[test]
fn examples_belong_to_the_fix_above_them() {
    let pair = example("\ntext\n\n```reg before\nA\n```\n\n```reg after\nB\n```\n");
    let expected = Example {
        registry_before: Some("A\n".to_owned()),
        registry_after: Some("B\n".to_owned()),
        line: 27,
        ..Example::default()
    };
    assert_eq!(pair, [expected]);
}

#[test]
fn a_second_before_begins_a_new_example() {
    let found = example(
        "```reg before\nA\n```\n```files before\nF\n```\n```reg after\nB\n```\n```files after\nG\n```\n\
         ```reg before\nC\n```\n```reg after\nD\n```\n```files before\nH\n```\n```files after\nI\n```\n",
    );
    let sides = |example: &Example| {
        let all =
            [&example.registry_before, &example.registry_after, &example.files_before, &example.files_after];
        all.map(|side| side.as_deref().unwrap_or("-").trim().to_owned()).concat()
    };
    assert_eq!(found.iter().map(sides).collect::<Vec<_>>(), ["ABFG", "CD--", "--HI"]);
}

#[test]
fn blocks_that_stand_wrong_are_said() {
    let body = |text: &str| format!("{FRONT}{text}");
    let wrong = |text: &str| problem(&body(text)).0;
    assert_eq!(wrong("```reg before\n```\n"), "`reg before` stands under no fix");
    assert_eq!(wrong(&format!("{FIX}\n## Next\n\n```reg before\n```\n")), "`reg before` stands under no fix");
    assert_eq!(wrong(&format!("{FIX}```reg after\n```\n")), "`reg after` has no `before`");
    let twice = format!("{FIX}```reg before\n```\n```reg after\n```\n```reg after\n```\n");
    assert_eq!(wrong(&twice), "this example has `reg after` already");
    assert_eq!(wrong("```reg befor\n```\n"), "a block `reg befor` means nothing");
    assert_eq!(wrong("```toml fixx\n```\n"), "a block `toml fixx` means nothing");
    let same = problem(&body(&format!("{FIX}{FIX}")));
    assert_eq!(same, ("this article has a fix `f` already".to_owned(), true, "id = \"f\"".to_owned()));
}

#[test]
fn other_blocks_are_illustrations() {
    assert_eq!(read(&format!("{FRONT}```\nx\n```\n```reg\ny\n```\n```toml\nz\n```\n    w\n")).1, []);
}

#[test]
fn the_examples_of_a_bad_fix_are_no_second_problem() {
    let bad = FIX.replace("set =", "sett =");
    assert_eq!(
        problem(&format!("{FRONT}{bad}```reg before\n```\n```reg after\n```\n")).0,
        "unknown key `sett`"
    );
}
