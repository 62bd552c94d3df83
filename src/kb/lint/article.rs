//! Rules of one article as a text.

use std::ops::Range;
use std::path::Path;

use crate::kb::parse::Draft;
use crate::kb::problem::Problems;

/// Longest title, in characters: one line of a result list on a wide console.
const TITLE_MAX: usize = 120;

type Rule = fn(&Draft, &mut Problems<'_>);

const RULES: [Rule; 8] = [
    file_is_named_after_the_id,
    title_is_one_short_line,
    required_headings_are_there,
    headings_follow_each_other,
    references_are_given,
    something_leads_here,
    addresses_are_well_formed,
    a_console_can_show_it,
];

pub(super) fn check(draft: &Draft, problems: &mut Problems<'_>) {
    for rule in RULES {
        rule(draft, problems);
    }
}

fn file_is_named_after_the_id(draft: &Draft, problems: &mut Problems<'_>) {
    let id = &draft.article.id;
    let stem = Path::new(problems.file()).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    if stem.as_deref() != Some(id.as_str()) {
        let place = draft.places.id.clone();
        problems.lint(place, format!("the file of `{id}` has another name"), &format!("call it {id}.md"));
    }
}

fn title_is_one_short_line(draft: &Draft, problems: &mut Problems<'_>) {
    let title = &draft.article.title;
    if title.is_empty() || title.contains('\n') || title.chars().count() > TITLE_MAX {
        let place = draft.places.title.clone();
        problems.lint(
            place,
            "the title is not one line of 1 to 120 characters",
            "say the trouble in one line",
        );
    }
}

fn required_headings_are_there(draft: &Draft, problems: &mut Problems<'_>) {
    let has = |name: &str| draft.outline.headings.iter().any(|heading| heading.text.trim() == name);
    let mut ask =
        |message: &str, suggestion: &str| problems.lint(draft.places.body.clone(), message, suggestion);
    if !has("Symptoms") {
        ask("no heading `Symptoms`", "write ## Symptoms and what is seen: messages, codes, events");
    }
    if !has("Cause") {
        ask("no heading `Cause`", "write ## Cause and why it happens, as far as it is known");
    }
    if !has("Resolution") && !has("Workaround") {
        ask("no heading `Resolution` or `Workaround`", "write ## Resolution and what helps");
    }
}

fn headings_follow_each_other(draft: &Draft, problems: &mut Problems<'_>) {
    // The title in the front matter is the heading of the first level.
    let mut above = 1;
    for heading in &draft.outline.headings {
        if heading.level == 1 || heading.level > above + 1 {
            let message = format!("a heading of level {} cannot stand here", heading.level);
            problems.lint(heading.span.clone(), message, "begin with ## and go down one # at a time");
        }
        above = heading.level;
    }
}

fn references_are_given(draft: &Draft, problems: &mut Problems<'_>) {
    if draft.article.references.is_empty() {
        let place = draft.places.id.clone();
        problems.lint(place, "no references", "write references = [{ title = \"…\", url = \"https://…\" }]");
    }
}

fn something_leads_here(draft: &Draft, problems: &mut Problems<'_>) {
    let article = &draft.article;
    let facts = article.codes.len() + article.events.len() + article.messages.len() + article.phrases.len();
    if facts == 0 {
        let place = draft.places.id.clone();
        problems.lint(place, "nothing leads to this article", "write codes, events, messages or phrases");
    }
}

fn addresses_are_well_formed(draft: &Draft, problems: &mut Problems<'_>) {
    let wrong = |(address, place): &(String, Range<usize>), local: bool| {
        let good = is_web_address(address) || (local && linked_article(address).is_some());
        (!good).then(|| (address.clone(), place.clone()))
    };
    let references = draft.places.addresses.iter().filter_map(|address| wrong(address, false));
    let links = draft.outline.links.iter().filter_map(|link| wrong(link, true));
    for (address, place) in references.chain(links) {
        let message = format!("`{address}` is no address");
        problems.lint(place, message, "write https://…, or the file of another article: kb910341.md");
    }
}

fn a_console_can_show_it(draft: &Draft, problems: &mut Problems<'_>) {
    for place in &draft.outline.unshowable {
        problems.lint(place.clone(), "a console shows neither HTML nor images", "say it in words");
    }
}

/// The article that a link leads to: `kb910341.md`, `kb910341.md#cause`.
pub(super) fn linked_article(address: &str) -> Option<&str> {
    let file = address.split('#').next().unwrap_or_default();
    file.strip_suffix(".md").filter(|id| !id.is_empty() && !id.contains(['/', '\\', ':']))
}

fn is_web_address(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let no_spaces = !address.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c));
    no_spaces && host.contains('.') && host.split('.').all(label)
}
