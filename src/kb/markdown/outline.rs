//! What rules need of a Markdown text: headings, fences, links, and what no
//! console can show, each with its place.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

use crate::kb::parse::Excerpt;

use super::OPTIONS;

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::kb) struct Heading {
    /// 1 to 6.
    pub(in crate::kb) level: u8,
    /// Its text without marks.
    pub(in crate::kb) text: String,
    /// Its bytes.
    pub(in crate::kb) span: Range<usize>,
}

/// A fenced code block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::kb) struct Fence {
    /// What stands behind the opening fence, words separated by one space.
    pub(in crate::kb) info: String,
    /// Its content.
    pub(in crate::kb) content: Excerpt,
    /// The bytes of the whole block.
    pub(in crate::kb) span: Range<usize>,
}

/// The parts of a text that rules are about, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::kb) struct Outline {
    pub(in crate::kb) headings: Vec<Heading>,
    pub(in crate::kb) fences: Vec<Fence>,
    /// Link targets.
    pub(in crate::kb) links: Vec<(String, Range<usize>)>,
    /// HTML and images: a console shows neither.
    pub(in crate::kb) unshowable: Vec<Range<usize>>,
}

/// Reads the outline of a text that starts at `offset` of its file.
pub(in crate::kb) fn outline(text: &str, offset: usize) -> Outline {
    let mut outline = Outline::default();
    let (mut in_heading, mut in_fence) = (false, false);
    for (event, span) in Parser::new_ext(text, OPTIONS).into_offset_iter() {
        let place = span.start + offset..span.end + offset;
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                in_heading = true;
                outline.headings.push(Heading {
                    level: level_number(level),
                    text: String::new(),
                    span: place,
                });
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                in_fence = true;
                let info = info.split_whitespace().collect::<Vec<_>>().join(" ");
                outline.fences.push(Fence { info, content: Excerpt::default(), span: place });
            }
            Event::End(TagEnd::CodeBlock) => in_fence = false,
            Event::Start(Tag::Link { dest_url, .. }) => outline.links.push((dest_url.to_string(), place)),
            Event::Start(Tag::Image { .. } | Tag::HtmlBlock) | Event::InlineHtml(_) => {
                outline.unshowable.push(place);
            }
            Event::Text(text) if in_fence => {
                outline
                    .fences
                    .iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|fence| fence.content.push(&text, place.start));
            }
            Event::Text(text) | Event::Code(text) if in_heading => {
                outline
                    .headings
                    .iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|heading| heading.text.push_str(&text));
            }
            _ => {}
        }
    }
    outline
}

pub(super) fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_links_and_html_are_found_with_their_places() {
        let text = "## The *one* `x`\n\nSee [a](https://a.b) <b>c</b> ![d](e)\n\n<div>\nx\n</div>\n";
        let found = outline(text, 100);
        assert_eq!((found.headings[0].level, found.headings[0].text.as_str()), (2, "The one x"));
        assert_eq!(found.headings[0].span.start, 100);
        assert_eq!(found.links, [("https://a.b".to_owned(), 122..138)]);
        let html: Vec<&str> =
            found.unshowable.iter().map(|span| &text[span.start - 100..span.end - 100]).collect();
        assert_eq!(html, ["<b>", "</b>", "![d](e)", "<div>\nx\n</div>\n"]);
    }

    #[test]
    fn places_in_fences_survive_indentation_and_carriage_returns() {
        for text in [
            "a\r\n\r\n```toml  fix\r\nid = 1\r\nxy = 2\r\n```\r\n",
            "- a\n\n  ```toml fix\n  id = 1\n  xy = 2\n  ```\n",
        ] {
            let found = outline(text, 0);
            assert_eq!(found.fences[0].info, "toml fix");
            let content = &found.fences[0].content;
            let at = content.text.find("xy = 2").unwrap();
            assert_eq!(&text[content.span(&(at..at + 6))], "xy = 2");
        }
    }
}
