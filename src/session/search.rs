//! What the machine said, understood and looked up.

use serde::Serialize;

use crate::kb::code::{self, ErrorCode};
use crate::kb::fix::FixId;
use crate::kb::paste::{self, Stop, Understanding};
use crate::kb::search::{Context, Hit};
use crate::repair::plan::{DOCUMENT_VERSION, Status};
use crate::repair::report::ScanReport;

use super::Session;
use super::system_text::{SystemText, system_texts};

/// Ranked articles for a text: the `search` verb's JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SearchReport {
    /// [`DOCUMENT_VERSION`].
    pub version: u32,
    /// What the text says.
    #[serde(flatten)]
    pub understood: Understanding,
    /// The articles, best first.
    pub results: Vec<Hit>,
}

/// Every reading of a code: the `explain` verb's JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainReport {
    /// [`DOCUMENT_VERSION`].
    pub version: u32,
    /// The codes in their order.
    pub codes: Vec<ErrorCode>,
    /// The stop code with its parameters, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// What the Windows this program runs on says about them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub system: Vec<SystemText>,
}

impl Session {
    /// Ranks the articles for a text of any kind; what a scan has found so far
    /// speaks for the articles it concerns.
    pub fn search(&self, text: &str, scan: Option<&ScanReport>) -> SearchReport {
        let understood = paste::understand(text);
        let context = scan.map(context).unwrap_or_default();
        let results = self.index().rank(text, &understood, &context);
        SearchReport { version: DOCUMENT_VERSION, understood, results }
    }

    /// Every reading of a code in any written form.
    pub fn explain(&self, text: &str) -> ExplainReport {
        let mut codes = code::explain(text);
        let stop = paste::understand(text).stop;
        if let Some(stop) = &stop {
            // What no table has among the parameters of a stop is an address.
            let named = |code: &ErrorCode| code.readings.iter().any(|reading| reading.symbol.is_some());
            codes.retain(|code| named(code) || !stop.parameters.contains(&code.text));
        }
        let system = system_texts(&codes);
        ExplainReport { version: DOCUMENT_VERSION, codes, stop, system }
    }
}

fn context(scan: &ScanReport) -> Context {
    let needed = scan.fixes.iter().filter(|fix| fix.status == Status::Needed);
    Context { release: scan.target.release, needed: needed.filter_map(|fix| fix_id(&fix.fix)).collect() }
}

fn fix_id(name: &str) -> Option<FixId> {
    let (article, fix) = name.split_once('/')?;
    Some(FixId { article: article.to_owned(), fix: fix.to_owned() })
}
