//! An article: front matter, prose, fixes.

use serde::Serialize;

use super::fix::Fix;
use super::release::AppliesTo;

/// One article of the knowledge base.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Name, equal to the file name without `.md`.
    pub id: String,
    /// One line.
    pub title: String,
    /// Other names (`machineguid`).
    pub aliases: Vec<String>,
    /// Products it is about, as people name them.
    pub products: Vec<String>,
    /// Installations it is for.
    pub applies_to: Vec<AppliesTo>,
    /// Error codes in any written form.
    pub codes: Vec<String>,
    /// Events of the event log.
    pub events: Vec<Event>,
    /// Services concerned (key names).
    pub services: Vec<String>,
    /// Texts that Windows prints, as match strings.
    pub messages: Vec<String>,
    /// What people say who have this trouble.
    pub phrases: Vec<String>,
    /// Where the facts come from.
    pub references: Vec<Reference>,
    /// Ids of articles to read beside this one.
    pub related: Vec<String>,
    /// The Markdown text below the front matter.
    pub body: String,
    /// Line of the article's file on which [`Article::body`] starts, from 1.
    pub body_line: usize,
    /// The fixes, in their order.
    pub fixes: Vec<Fix>,
    /// Where it came from: `built-in` or the pack's path.
    pub pack: String,
    /// Whether somebody vouches for it: `false` for one of a pack that no key
    /// which the technician trusts has signed.
    pub trusted: bool,
}

/// An event-log event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Source, as the event viewer shows it.
    pub source: String,
    /// Event id.
    pub id: u32,
}

/// A source of facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// What it is.
    pub title: String,
    /// Where it is, if it has an address.
    pub url: Option<String>,
}
