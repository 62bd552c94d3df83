//! What the hive engine costs, beside what the disk costs and what others cost.
//!
//!     cargo bench --bench hive [-- HIVE...]
//!
//! Medians of one run. Without a hive to measure (`../shared/hives/win7/SOFTWARE`
//! or the ones named) it builds one. hivexsh and reged are measured where they
//! are installed, with a flush of the disk after each, since neither flushes.

#[path = "hive/corpus.rs"]
mod corpus;
#[path = "hive/growth.rs"]
mod growth;
#[path = "hive/peers.rs"]
mod peers;
#[path = "hive/stages.rs"]
mod stages;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Runs of each measurement.
const RUNS: usize = 9;

/// The key and value that every program adds.
const KEY: &str = "pemedic-benchmark";

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [flag, hive] = arguments.as_slice()
        && flag == "--once"
    {
        return stages::print_peak_memory(Path::new(hive));
    }
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/hives");
    let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR"))?;
    let hives = match arguments.as_slice() {
        [] => vec![default_hive(&corpus, folder.path())?],
        named => named.iter().map(PathBuf::from).collect(),
    };
    for hive in &hives {
        stages::measure(hive, folder.path())?;
    }
    growth::measure()?;
    if arguments.is_empty() {
        corpus::print(&corpus)?;
    }
    Ok(())
}

fn default_hive(corpus: &Path, folder: &Path) -> Outcome<PathBuf> {
    let real = corpus.join("win7/SOFTWARE");
    if real.exists() { Ok(real) } else { growth::build_large(folder) }
}

/// The median time of several runs; `prepare` is not counted.
fn median<T>(
    mut prepare: impl FnMut() -> Outcome<T>,
    mut run: impl FnMut(T) -> Outcome<()>,
) -> Outcome<Duration> {
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let prepared = prepare()?;
        let start = Instant::now();
        run(prepared)?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[RUNS / 2])
}

fn milliseconds(time: Duration) -> String {
    format!("{:9.1} ms", time.as_secs_f64() * 1000.0)
}
