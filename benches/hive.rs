//! What the hive engine costs, beside what the disk costs and what others cost.
//!
//!     cargo bench --bench hive [-- HIVE...]
//!
//! All that is compared takes turns in each round, so that what else the machine
//! does meets them alike; medians of the rounds. Without a hive to measure
//! (`../shared/hives/win7/SOFTWARE` or the ones named) it builds one. hivexsh and
//! reged are measured where they are installed, with a flush of the disk after
//! each, since neither flushes.

#[path = "hive/corpus.rs"]
mod corpus;
#[path = "hive/growth.rs"]
mod growth;
#[path = "hive/peers.rs"]
mod peers;
#[path = "hive/rounds.rs"]
mod rounds;
#[path = "hive/stages.rs"]
mod stages;

use std::error::Error;
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, Box<dyn Error>>;

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
    print_machine();
    for hive in &hives {
        stages::measure(hive, folder.path())?;
    }
    growth::measure()?;
    growth::measure_cycles()?;
    if arguments.is_empty() {
        corpus::print(&corpus)?;
    }
    print_machine();
    Ok(())
}

fn default_hive(corpus: &Path, folder: &Path) -> Outcome<PathBuf> {
    let real = corpus.join("win7/SOFTWARE");
    if real.exists() { Ok(real) } else { growth::build_large(folder) }
}

/// What the numbers depend on, as far as Linux says it.
fn print_machine() {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let load = read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned();
    let memory = read("/proc/meminfo");
    let memory = memory.lines().next().unwrap_or_default().trim_start_matches("MemTotal:").trim();
    println!("{processors} processors, {memory} memory, load {load}");
}
