//! Things that are compared, run in turns.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::Outcome;

/// How often each is run.
const ROUNDS: usize = 15;

/// Something to measure: a run prepares, then says how long the work took.
pub(crate) struct Candidate<'a> {
    pub(crate) name: String,
    run: Box<dyn FnMut() -> Outcome<Duration> + 'a>,
    times: Vec<Duration>,
}

impl<'a> Candidate<'a> {
    /// Measures `run`, which needs no preparation.
    pub(crate) fn new<T>(name: &str, mut run: impl FnMut() -> Outcome<T> + 'a) -> Self {
        Self::prepared(name, || Ok(()), move |()| run())
    }

    /// Measures `run` on what `prepare` made. What it gives is dropped outside
    /// of the measured time.
    pub(crate) fn prepared<P, T>(
        name: &str,
        mut prepare: impl FnMut() -> Outcome<P> + 'a,
        mut run: impl FnMut(P) -> Outcome<T> + 'a,
    ) -> Self {
        let run = move || {
            let prepared = prepare()?;
            let start = Instant::now();
            let made = black_box(run(prepared)?);
            let time = start.elapsed();
            drop(made);
            Ok(time)
        };
        Self { name: name.to_owned(), run: Box::new(run), times: Vec::new() }
    }

    /// The median of its times.
    pub(crate) fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }

    /// The shortest of its times: the one that was disturbed least.
    pub(crate) fn best(&self) -> Duration {
        self.times.iter().min().copied().unwrap_or_default()
    }
}

/// Runs all in turns.
pub(crate) fn run(candidates: &mut [Candidate<'_>]) -> Outcome<()> {
    for _ in 0..ROUNDS {
        for candidate in &mut *candidates {
            let time = (candidate.run)()?;
            candidate.times.push(time);
        }
    }
    Ok(())
}

/// Prints the times, each as a multiple of the first one's.
pub(crate) fn print(candidates: &[Candidate<'_>]) {
    let Some(reference) = candidates.first() else { return };
    println!("\n| {} | median | ratio | best | ratio |\n|---|---|---|---|---|", reference.name);
    for candidate in candidates {
        let (median, best) = (candidate.median(), candidate.best());
        let ratio = |time: Duration, of: Duration| time.as_secs_f64() / of.as_secs_f64();
        println!(
            "| {} | {} | {:.2} | {} | {:.2} |",
            candidate.name,
            milliseconds(median),
            ratio(median, reference.median()),
            milliseconds(best),
            ratio(best, reference.best())
        );
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
