//! How fast articles are found: building the index, a keystroke, a long paste,
//! and what the index holds in memory.
//!
//!     cargo bench --bench search

mod generated;

use std::time::{Duration, Instant};

use pemedic::kb::article::Article;
use pemedic::kb::search::{Context, Index};
use pemedic::kb::{code, paste};

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1000.0)
}

/// The value below which a share of the sorted durations lies.
fn percentile(sorted: &[Duration], share: f64) -> Duration {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "small counts"
    )]
    let at = ((sorted.len() as f64 * share) as usize).min(sorted.len() - 1);
    sorted[at]
}

/// The smallest of some runs: what the machine can do undisturbed.
fn best_of(runs: usize, mut work: impl FnMut() -> Duration) -> Duration {
    (0..runs).map(|_| work()).min().unwrap_or_default()
}

fn size_of_articles(articles: &[Article]) -> usize {
    articles
        .iter()
        .map(|a| a.body.len() + a.title.len() + a.messages.concat().len() + a.phrases.concat().len())
        .sum()
}

fn row(what: &str, value: &str) {
    println!("| {what} | {value} |");
}

#[expect(clippy::cast_precision_loss, reason = "sizes far below 2^52")]
fn megabytes(bytes: usize) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn base(count: usize) {
    let articles = generated::articles(count);
    println!(
        "\n## {count} articles, {} of text\n\n| what | measured |\n|---|---|",
        megabytes(size_of_articles(&articles))
    );
    let build = best_of(3, || timed(|| Index::build(&articles)).1);
    row("index built", &milliseconds(build));
    let index = Index::build(&articles);
    row("index in memory", &megabytes(index.size_bytes()));
    let context = Context::default();
    let lines = generated::keystrokes(&articles, 60);
    let mut times: Vec<Duration> =
        lines.iter().map(|line| timed(|| index.search(line, &context)).1).collect();
    times.sort();
    row("keystroke, median", &milliseconds(percentile(&times, 0.5)));
    row("keystroke, 99th percentile", &milliseconds(percentile(&times, 0.99)));
    row("keystroke, slowest", &milliseconds(percentile(&times, 1.0)));
    let log = generated::log(&articles[count / 2], 1_000_000);
    let pasted = best_of(5, || timed(|| index.search(&log, &context)).1);
    row("paste of 1 MB", &milliseconds(pasted));
    let hits = index.search(&log, &context);
    let rank = hits.iter().position(|hit| hit.id == articles[count / 2].id);
    row(
        "place of the article whose message is in the paste",
        &rank.map_or("none".to_owned(), |rank| (rank + 1).to_string()),
    );
}

fn main() {
    let (_, first) = timed(|| code::explain("0x800704DD"));
    let again = best_of(20, || timed(|| code::explain("0x800704DD")).1);
    println!("| what | measured |\n|---|---|");
    row("first look-up in the code table (reads it)", &milliseconds(first));
    row("further look-ups", &format!("{:.1} µs", again.as_secs_f64() * 1e6));
    let log = generated::log(&generated::articles(1)[0], 1_000_000);
    row("understanding a paste of 1 MB", &milliseconds(best_of(5, || timed(|| paste::understand(&log)).1)));
    for count in [50, 10_000, 100_000] {
        base(count);
    }
}
