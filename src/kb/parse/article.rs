//! A whole article.

use std::ops::Range;

use crate::kb::article::Article;
use crate::kb::markdown::{Outline, outline};
use crate::kb::problem::Problems;

use super::Excerpt;
use super::example::fixes;
use super::fix::is_id;
use super::fix_shape::SpannedText;
use super::front_matter::{self, FrontMatter};

/// An article with the places that the rules of the whole base are about.
pub(in crate::kb) struct Draft {
    pub(in crate::kb) article: Article,
    pub(in crate::kb) outline: Outline,
    pub(in crate::kb) places: Places,
}

/// Where things stand in an article.
#[derive(Default)]
pub(in crate::kb) struct Places {
    pub(in crate::kb) id: Range<usize>,
    pub(in crate::kb) title: Range<usize>,
    pub(in crate::kb) aliases: Vec<(String, Range<usize>)>,
    pub(in crate::kb) related: Vec<(String, Range<usize>)>,
    pub(in crate::kb) addresses: Vec<(String, Range<usize>)>,
    /// First line of the text below the front matter.
    pub(in crate::kb) body: Range<usize>,
}

/// Reads an article. `file` is what problems call it.
pub(in crate::kb) fn article<'a>(
    file: &'a str,
    pack: &str,
    source: &'a str,
) -> (Option<Draft>, Problems<'a>) {
    let mut problems = Problems::new(file, source);
    let draft = draft(pack, source, &mut problems);
    (draft, problems)
}

fn draft(pack: &str, source: &str, problems: &mut Problems<'_>) -> Option<Draft> {
    let (front_span, body_start) = front_matter::split(source, problems)?;
    let excerpt = Excerpt::new(source, front_span);
    let front = front_matter::read(&excerpt, problems)?;
    let id = front.id.get_ref().clone();
    let applies_to = front.applies_to(&excerpt, problems);
    if !is_id(&id) {
        let place = excerpt.span(&front.id.span());
        problems.fatal(place, format!("`{id}` is no id"), "write lower-case letters, digits and hyphens");
        return None;
    }
    let applies_to = applies_to?;
    let body = &source[body_start..];
    let outline = outline(body, body_start);
    let fixes = fixes(&id, &outline, problems);
    let places = places(&front, &excerpt, body_start);
    let article = Article {
        id,
        title: front.title.get_ref().trim().to_owned(),
        aliases: FrontMatter::ids(&front.aliases, &excerpt, problems),
        applies_to,
        codes: front.codes(&excerpt, problems),
        events: front.events(),
        messages: texts(&front.messages),
        phrases: texts(&front.phrases),
        references: front.references(),
        related: FrontMatter::ids(&front.related, &excerpt, problems),
        products: front.products,
        services: front.services,
        body: body.to_owned(),
        body_line: problems.line(body_start),
        fixes,
        pack: pack.to_owned(),
        trusted: true,
    };
    Some(Draft { article, outline, places })
}

fn places(front: &FrontMatter, excerpt: &Excerpt, body_start: usize) -> Places {
    let place = |text: &SpannedText| (text.get_ref().clone(), excerpt.span(&text.span()));
    let addresses = front.references.iter().filter_map(|reference| reference.url.as_ref());
    Places {
        id: excerpt.span(&front.id.span()),
        title: excerpt.span(&front.title.span()),
        aliases: front.aliases.iter().map(place).collect(),
        related: front.related.iter().map(place).collect(),
        addresses: addresses.map(place).collect(),
        body: body_start..body_start,
    }
}

fn texts(list: &[SpannedText]) -> Vec<String> {
    list.iter().map(|text| text.get_ref().trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests;
