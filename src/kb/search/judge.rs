//! From evidence to results: contradictions, order, confidence.

use std::collections::{HashMap, HashSet};

use super::evidence::{Evidence, Kind};
use super::{Confidence, Context, Entry, Hit, Index};
use crate::kb::paste::{Role, Understanding};
use crate::kb::release::Release;

/// At most this many results are given.
const RESULTS_MAX: usize = 50;
/// What fits less than this is not shown.
const SCORE_MIN: f64 = 0.08;
/// A scan of the target found a fix of the article needed.
const NEEDED: f64 = 1.7;
/// The text is about services, none of which the article names.
const OTHER_SERVICE: f64 = 0.6;
/// The text gives codes, none of which the article lists.
const OTHER_CODE: f64 = 0.75;
/// The text gives the reason of an event, which the article does not list.
const OTHER_REASON: f64 = 0.5;
/// The text is about Windows releases the article is not for.
const OTHER_RELEASE: f64 = 0.8;
/// The target's release is one the article is not for.
const OTHER_TARGET: f64 = 0.6;
/// The article is for just what the text or the target is.
const SAME_RELEASE: f64 = 1.08;
/// From here on a result is likely.
const LIKELY_MIN: f64 = 0.62;
/// From here on it may be certain.
const CERTAIN_MIN: f64 = 1.05;
/// So far the first must be ahead of the second to be certain.
const LEAD_MIN: f64 = 1.25;
/// So near to the first another result must be to be likely as well.
const LIKELY_NEAR: f64 = 0.6;
/// So near two results fit alike.
const ALIKE: f64 = 0.88;
/// Texts with more codes than this are logs, whose codes say less.
const CODES_OF_ONE_TROUBLE: usize = 3;

/// The results, best first.
pub(super) fn hits(
    index: &Index,
    understood: &Understanding,
    context: &Context,
    evidence: HashMap<u32, Evidence>,
) -> Vec<Hit> {
    let needed: HashSet<&str> = context.needed.iter().map(|fix| fix.article.as_str()).collect();
    let mut found: Vec<(&Entry, f64, Evidence)> = Vec::new();
    for (article, mut evidence) in evidence {
        let Some(entry) = index.entries.get(article as usize) else { continue };
        let mut score = evidence.sum() * contradiction(entry, &evidence, understood, context);
        if needed.contains(entry.id.as_str()) {
            score *= NEEDED;
            evidence.add(Kind::Name, f64::MIN_POSITIVE, || "a scan of the target found it needed".to_owned());
        }
        if score >= SCORE_MIN {
            found.push((entry, score, evidence));
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.id.cmp(&b.0.id)));
    found.truncate(RESULTS_MAX);
    order_sisters(&mut found);
    let scores: Vec<f64> = found.iter().map(|(_, score, _)| *score).collect();
    let judged = found.into_iter().enumerate().map(|(rank, (entry, score, evidence))| Hit {
        id: entry.id.clone(),
        title: entry.title.clone(),
        confidence: confidence(&scores, rank, &evidence),
        score,
        why: evidence.reasons(),
    });
    judged.collect()
}

/// Of two sisters (each sends its readers to the other) that fit alike, the
/// first by id leads, so that their order does not hang on single words.
fn order_sisters(found: &mut [(&Entry, f64, Evidence)]) {
    let [first, second, ..] = found else { return };
    let sends = |from: &Entry, to: &Entry| from.related.contains(&to.id);
    let sisters = sends(first.0, second.0) && sends(second.0, first.0);
    if sisters && second.1 >= first.1 * ALIKE && second.0.id < first.0.id {
        std::mem::swap(&mut first.1, &mut second.1);
        std::mem::swap(first, second);
    }
}

/// What in the text or the target speaks against an article, as a factor.
fn contradiction(entry: &Entry, evidence: &Evidence, understood: &Understanding, context: &Context) -> f64 {
    let mut factor = 1.0;
    if evidence.of(Kind::Name) > 0.1 {
        return factor;
    }
    if !understood.services.is_empty() && entry.services > 0 && evidence.of(Kind::Service) <= 0.0 {
        factor *= OTHER_SERVICE;
    }
    let codes =
        understood.codes.iter().filter(|code| code.role != Role::Parameter && !code.code.readings.is_empty());
    if (1..=CODES_OF_ONE_TROUBLE).contains(&codes.clone().count()) && evidence.of(Kind::Code) <= 0.0 {
        let reason = codes.clone().any(|code| code.role == Role::Reason);
        factor *= if reason { OTHER_REASON } else { OTHER_CODE };
    }
    factor * release(entry, understood, context)
}

fn release(entry: &Entry, understood: &Understanding, context: &Context) -> f64 {
    let is_for = |release: &Release| {
        let includes = |server| entry.applies_to.iter().any(|applies| applies.includes(*release, server));
        includes(false) || includes(true)
    };
    if entry.applies_to.is_empty() {
        return 1.0;
    }
    if let Some(target) = context.release {
        return if is_for(&target) { SAME_RELEASE } else { OTHER_TARGET };
    }
    match understood.releases.as_slice() {
        [] => 1.0,
        releases if releases.iter().any(is_for) => SAME_RELEASE,
        _ => OTHER_RELEASE,
    }
}

/// How sure a result is. Only the first can be certain, and only when it is
/// well ahead and more than one kind of evidence speaks for it.
fn confidence(scores: &[f64], rank: usize, evidence: &Evidence) -> Confidence {
    let score = |rank: usize| scores.get(rank).copied().unwrap_or(0.0);
    let (first, second) = (score(0), score(1));
    let own = score(rank);
    let certain = rank == 0 && own >= CERTAIN_MIN && first >= second * LEAD_MIN && evidence.kinds() >= 2;
    let named = rank == 0 && evidence.of(Kind::Name) >= 1.0 && first >= second * LEAD_MIN;
    if evidence.is_general() {
        Confidence::Weak
    } else if certain || named {
        Confidence::Certain
    } else if own >= LIKELY_MIN && own >= first * LIKELY_NEAR && evidence.kinds() >= 1 {
        Confidence::Likely
    } else {
        Confidence::Weak
    }
}
