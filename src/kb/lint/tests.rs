//! Each rule with an article that breaks it, and the place where it says so.

use crate::kb::KnowledgeBase;

const FRONT: &str = "\
+++
id = \"a\"
title = \"Something fails\"
products = [\"Windows XP\"]
applies-to = [\"windows 2000\", \"windows xp\"]
codes = [\"1083\"]
references = [{ title = \"A book\", url = \"https://example.org/book\" }]
+++
";

const BODY: &str = "\
## Symptoms

x

## Cause

x

## Resolution

See [this](https://example.org).

```toml fix
id = \"f\"
title = \"Set it\"
safety = \"safe\"

[[step]]
key = 'HKLM\\SOFTWARE\\x'
set = { a = 1 }
```

```reg before
[HKEY_LOCAL_MACHINE\\SOFTWARE\\x]
```

```reg after
[HKEY_LOCAL_MACHINE\\SOFTWARE\\x]
\"a\"=dword:00000001
```
";

fn sound() -> String {
    format!("{FRONT}{BODY}")
}

/// Message and marked text of each problem of these files.
fn problems(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let base = KnowledgeBase::from_texts(files);
    let marked = |problem: &crate::kb::Problem| base.source_of(problem)[problem.span.clone()].to_owned();
    base.problems().iter().map(|problem| (problem.message.clone(), marked(problem))).collect()
}

/// Replaces `from` in the sound article and expects one problem there.
#[track_caller]
fn check(from: &str, to: &str, message: &str, place: &str) {
    let text = sound();
    assert!(text.contains(from), "{from} is not in the article");
    let found = problems(&[("a.md", &text.replacen(from, to, 1))]);
    assert_eq!(found, [(message.to_owned(), place.to_owned())]);
}

#[test]
fn a_sound_article_has_no_problems() {
    assert_eq!(problems(&[("a.md", &sound())]), []);
    assert_eq!(problems(&[("a.md", &format!("\u{feff}{}", sound().replace('\n', "\r\n")))]), []);
}

#[test]
fn the_file_is_named_after_the_id() {
    let found = problems(&[("folder/b.md", &sound())]);
    assert_eq!(found, [("the file of `a` has another name".to_owned(), "\"a\"".to_owned())]);
}

#[test]
fn the_title_is_one_short_line() {
    let message = "the title is not one line of 1 to 120 characters";
    check("\"Something fails\"", "\" \"", message, "\" \"");
    let long = format!("\"{}\"", "x".repeat(121));
    check("\"Something fails\"", &long, message, &long);
}

#[test]
fn required_headings_are_there() {
    check("## Symptoms", "## Signs", "no heading `Symptoms`", "");
    check("## Cause", "## Why", "no heading `Cause`", "");
    check("## Resolution", "## Help", "no heading `Resolution` or `Workaround`", "");
    assert_eq!(problems(&[("a.md", &sound().replace("## Resolution", "## Workaround"))]), []);
}

#[test]
fn headings_go_down_one_level_at_a_time() {
    check("## Cause", "#### Cause", "a heading of level 4 cannot stand here", "#### Cause\n");
    check("## Symptoms", "# Symptoms", "a heading of level 1 cannot stand here", "# Symptoms\n");
}

#[test]
fn references_are_given_and_addresses_well_formed() {
    let references = "references = [{ title = \"A book\", url = \"https://example.org/book\" }]\n";
    check(references, "", "no references", "\"a\"");
    for wrong in ["ftp://example.org", "https://", "https://book", "https://ex ample.org", "a.md"] {
        let message = format!("`{wrong}` is no address");
        check("https://example.org/book", wrong, &message, &format!("\"{wrong}\""));
    }
    check("https://example.org)", "example.org)", "`example.org` is no address", "[this](example.org)");
    check("https://example.org)", "x/a.md)", "`x/a.md` is no address", "[this](x/a.md)");
}

#[test]
fn something_leads_to_the_article() {
    check("codes = [\"1083\"]\n", "", "nothing leads to this article", "\"a\"");
    assert_eq!(problems(&[("a.md", &sound().replace("codes = [\"1083\"]", "phrases = [\"it fails\"]"))]), []);
}

#[test]
fn a_console_can_show_it() {
    check("See [this]", "![See](x) [this]", "a console shows neither HTML nor images", "![See](x)");
}

#[test]
fn risks_are_explained() {
    check("safety = \"safe\"", "safety = \"risky\"", "`f` is risky and nothing says why", "id = \"f\"");
    let risky = sound().replace("safety = \"safe\"", "safety = \"risky\"");
    assert_eq!(problems(&[("a.md", &format!("{risky}\n## Fix safety\n\nx\n"))]), []);
    assert_eq!(problems(&[("a.md", &risky.replace("\"risky\"", "\"risky\"\nwarning = \"x\""))]), []);
}

#[test]
fn examples_show_both_sides() {
    check("```reg after", "```text", "this example does not show both sides", "```reg before");
    let text = sound().replacen("```reg before", "```text", 1).replacen("```reg after", "```text", 1);
    let found = problems(&[("a.md", &text)]);
    assert_eq!(found, [("`f` has no example".to_owned(), "id = \"f\"".to_owned())]);
}

#[test]
fn a_fix_stays_within_its_article() {
    check(
        "safety = \"safe\"",
        "safety = \"safe\"\napplies-to = [\"windows vista\"]",
        "`f` is for windows vista, of which the article does not speak",
        "id = \"f\"",
    );
    check(
        "set = { a = 1 }",
        "set = { a = 1 }\nwhen = [{ windows = \"windows 10\" }]",
        "this step applies to no Windows",
        "[[step]]",
    );
}

#[test]
fn notification_packages_are_not_offered_on_vista() {
    let key = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\Notify\SensLogn";
    let text = sound().replace(r"HKLM\SOFTWARE\x'", &format!("{key}'"));
    assert_eq!(problems(&[("a.md", &text)]), []);
    let later = text.replace("\"windows xp\"]", "\"windows xp and later\"]");
    let message = r"Winlogon\Notify means nothing on Windows Vista and later".to_owned();
    assert_eq!(problems(&[("a.md", &later)]), [(message, "[[step]]".to_owned())]);
    assert!(KnowledgeBase::from_texts(&[("a.md", &later)]).articles()[0].fixes.is_empty());
    let narrowed =
        later.replace("set =", "when = [{ windows = \"windows vista and later\", absent = true }]\nset =");
    assert_eq!(problems(&[("a.md", &narrowed)]), []);
}

/// A second article whose only fix uses another.
fn using(id: &str, used: &str) -> String {
    let step = "[[step]]\nkey = 'HKLM\\SOFTWARE\\x'\nset = { a = 1 }";
    sound()
        .replace("id = \"a\"", &format!("id = \"{id}\""))
        .replace(step, &format!("[[step]]\nuse = \"{used}\""))
}

#[test]
fn names_are_unique_over_the_base() {
    let alias = |id: &str, alias: &str| {
        sound().replace("id = \"a\"", &format!("id = \"{id}\"\naliases = [\"{alias}\"]"))
    };
    assert_eq!(problems(&[("a.md", &alias("a", "x")), ("b.md", &alias("b", "y"))]), []);
    let found = problems(&[("a.md", &alias("a", "x")), ("b.md", &alias("b", "x"))]);
    assert_eq!(found, [("`x` is a name of a already".to_owned(), "\"x\"".to_owned())]);
    let found = problems(&[("a.md", &alias("a", "b")), ("b.md", &alias("b", "y"))]);
    assert_eq!(found, [("`b` is a name of b already".to_owned(), "\"b\"".to_owned())]);
}

#[test]
fn links_lead_to_articles() {
    check("https://example.org)", "b.md#cause)", "there is no article `b`", "[this](b.md#cause)");
    check("codes =", "related = [\"b\"]\ncodes =", "there is no article `b`", "\"b\"");
    assert_eq!(problems(&[("a.md", &sound().replace("https://example.org)", "a.md)"))]), []);
}

#[test]
fn uses_lead_to_fixes() {
    assert_eq!(problems(&[("a.md", &sound()), ("b.md", &using("b", "a/f"))]), []);
    let files = [("a.md", &*sound()), ("b.md", &*using("b", "a/g"))];
    assert_eq!(problems(&files), [("there is no fix `a/g`".to_owned(), "[[step]]".to_owned())]);
    assert!(KnowledgeBase::from_texts(&files).articles()[1].fixes.is_empty());
}

#[test]
fn uses_make_no_circles() {
    let files = [("a.md", &*using("a", "b/f")), ("b.md", &*using("b", "c/f")), ("c.md", &*using("c", "b/f"))];
    let messages: Vec<String> = problems(&files).into_iter().map(|(message, _)| message).collect();
    let circle = |id: &str| format!("`{id}/f` leads in a circle, or to a fix that is left out");
    assert_eq!(messages, [circle("b"), circle("c"), circle("b")]);
    assert!(KnowledgeBase::from_texts(&files).articles().iter().all(|article| article.fixes.is_empty()));
    let itself = [("a.md", &*using("a", "a/f"))];
    assert_eq!(problems(&itself), [(circle("a"), "[[step]]".to_owned())]);
}

#[test]
fn uses_do_not_multiply_without_bound() {
    let twice = |id: &str, used: &str| {
        let text = using(id, used);
        let step = format!("[[step]]\nuse = \"{used}\"\n");
        text.replace(&step, &step.repeat(9))
    };
    let files = [("a.md", &*sound()), ("b.md", &*twice("b", "a/f")), ("c.md", &*twice("c", "b/f"))];
    let found = problems(&files);
    assert!(
        found.iter().all(|(message, _)| message == "with all it uses, `c/f` has more than 64 steps"),
        "{found:?}"
    );
    assert_eq!(found.len(), 9);
}

#[test]
fn a_use_takes_over_the_risk() {
    let risky = sound().replace("safety = \"safe\"", "safety = \"risky\"\nwarning = \"x\"");
    let found = problems(&[("a.md", &risky), ("b.md", &using("b", "a/f"))]);
    assert_eq!(found, [("`a/f` is risky, so this fix is".to_owned(), "[[step]]".to_owned())]);
    let manual = using("b", "a/f").replace("safety = \"safe\"", "safety = \"manual\"");
    let found = problems(&[("a.md", &sound()), ("b.md", &manual)]);
    assert_eq!(found, [("`a/f` is not manual, so this fix is not".to_owned(), "[[step]]".to_owned())]);
}

#[test]
fn a_use_can_apply() {
    let xp = using("b", "a/f")
        .replace("\nset", "")
        .replace("title = \"Set it\"", "title = \"x\"\napplies-to = [\"windows xp\"]");
    let only_2000 = sound().replace("title = \"Set it\"", "title = \"x\"\napplies-to = [\"windows 2000\"]");
    let found = problems(&[("a.md", &only_2000), ("b.md", &xp)]);
    assert_eq!(found, [("`a/f` is for none of the same installations".to_owned(), "[[step]]".to_owned())]);
}

#[test]
fn questions_of_one_name_are_one_question() {
    let ask = |text: &str, choices: &str| {
        let question =
            format!("[[ask]]\nid = \"q\"\nquestion = \"Which?\"\nchoices = {{ {choices} }}\n\n[[step]]");
        text.replacen("[[step]]", &question, 1)
    };
    let used = ask(&sound(), "0 = \"all\"").replace("a = 1", "a = { dword = \"{ask:q}\" }");
    let own = "[[step]]\nkey = 'HKLM\\SOFTWARE\\y'\nset = { b = { dword = \"{ask:q}\" } }";
    let with =
        |choices: &str| ask(&using("b", "a/f"), choices).replace("[[step]]", &format!("{own}\n\n[[step]]"));
    assert_eq!(problems(&[("a.md", &used), ("b.md", &with("0 = \"all\""))]), []);
    let found = problems(&[("a.md", &used), ("b.md", &with("1 = \"one\""))]);
    assert_eq!(found, [("`a/f` asks another `q`".to_owned(), "[[step]]".to_owned())]);
}
