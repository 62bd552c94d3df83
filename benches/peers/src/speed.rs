//! Index and keystrokes over many generated articles.

use std::time::{Duration, Instant};

use pemedic::kb::article::Article;
use pemedic::kb::search::{Context, Index};

use crate::full_text::FullText;
use crate::fuzzy::Fuzzy;
use crate::generated;

/// Runs of each keystroke, of which the fastest counts.
const RUNS: usize = 3;

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// Median and 99th percentile, in milliseconds.
fn keystrokes(lines: &[String], search: impl Fn(&str) -> usize) -> (f64, f64) {
    let fastest = |line: &String| (0..RUNS).map(|_| timed(|| search(line)).1).min().unwrap_or_default();
    let mut times: Vec<f64> = lines.iter().map(|line| fastest(line).as_secs_f64() * 1000.0).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(0.0);
    (at(50), at(99))
}

fn whole(article: &Article) -> String {
    let lists = [&article.messages, &article.phrases, &article.codes].map(|list| list.join("\n"));
    format!("{}\n{}\n{}", article.title, lists.join("\n"), article.body)
}

/// Prints times and ratios.
pub(crate) fn compare(count: usize) {
    let articles = generated::articles(count);
    let lines = generated::keystrokes(&articles, 30);
    let texts: Vec<String> = articles.iter().map(whole).collect();
    let short: Vec<String> = articles.iter().map(|a| format!("{} {}", a.title, a.phrases.join(" "))).collect();
    println!("\n{count} generated articles\n\n| | prepared | keystroke, median | 99th percentile | to pemedic |\n|---|---|---|---|---|");
    let (index, built) = timed(|| Index::build(&articles));
    let context = Context::default();
    let own = keystrokes(&lines, |line| index.search(line, &context).len());
    let row = |name: &str, built: Duration, (median, slow): (f64, f64)| {
        let ratio = slow / own.1.max(f64::MIN_POSITIVE);
        println!("| {name} | {:.0} ms | {median:.2} ms | {slow:.2} ms | {ratio:.1} |", built.as_secs_f64() * 1000.0);
    };
    row("pemedic", built, own);
    let (full_text, built) = timed(|| FullText::new(texts.iter().map(String::as_str)));
    row("tantivy", built, keystrokes(&lines, |line| full_text.search(line).len()));
    let (fuzzy, built) = timed(|| Fuzzy::new(short.iter().map(String::as_str).collect()));
    row("nucleo (titles and phrases only)", built, keystrokes(&lines, |line| fuzzy.search(line).len()));
}
