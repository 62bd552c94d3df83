//! How soon the interface shows something: the first frame after the start,
//! and the frame after a key, with the executable in a pseudo terminal, as a
//! technician has it.
//!
//! `cargo bench --bench interface`. The large installation is put together
//! from copies of `../shared/hives/win7` where that folder is there, else from
//! the demo's Windows Vista. Needs `script` (bsdutils) for the terminal.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use pemedic::session::{Options, Session};

/// The goals: a first frame that seems immediate, keys that keep up with a
/// display of 60 frames in a second.
const FIRST_FRAME_GOAL: Duration = Duration::from_millis(50);
const KEY_GOAL: Duration = Duration::from_millis(16);

const STARTS: usize = 20;
const KEYS: usize = 200;
const PATIENCE: Duration = Duration::from_secs(60);

type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let folder = tempfile::tempdir()?;
    let (root, name) = large_installation(folder.path())?;
    let hives: u64 = ["SYSTEM", "SOFTWARE"]
        .iter()
        .filter_map(|hive| fs::metadata(root.join("Windows/System32/config").join(hive)).ok())
        .map(|file| file.len())
        .sum();
    println!("interface in a pseudo terminal of 80x25, {name}, {:.1} MiB of hives", mebibytes(hives));

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let mut terminal = Terminal::start(&root)?;
        starts.push(terminal.until("What did the machine say?")?);
        terminal.end();
    }
    report("start to first frame", starts, FIRST_FRAME_GOAL);

    let mut terminal = Terminal::start(&root)?;
    let scanned = terminal.until(" healthy")?;
    println!("{:<34} {:>8.1} ms", "start to the end of the scan", milliseconds(scanned));
    let mut keys = Vec::new();
    for key in "service does not start 1068 0x800704dd ".bytes().cycle().take(KEYS) {
        keys.push(terminal.key(key)?);
    }
    report("key to frame, while it searches", keys, KEY_GOAL);
    terminal.end();
    Ok(())
}

/// A volume with a Windows folder and what it is.
fn large_installation(folder: &Path) -> Result<(std::path::PathBuf, &'static str), Error> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/hives/win7");
    let config = folder.join("volume/Windows/System32/config");
    if corpus.join("SOFTWARE").is_file() && corpus.join("SYSTEM").is_file() {
        fs::create_dir_all(&config)?;
        for hive in ["SYSTEM", "SOFTWARE"] {
            fs::copy(corpus.join(hive), config.join(hive))?;
        }
        return Ok((folder.join("volume"), "a real Windows 7"));
    }
    Session::open(Options::default()).build_demo(folder)?;
    Ok((folder.join("windows-vista"), "the demo's Windows Vista"))
}

/// The executable in a terminal of its own.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    output: Receiver<(Instant, Vec<u8>)>,
    begun: Option<Instant>,
    seen: String,
}

/// What every terminal answers ("Device Status Report" of ECMA-48).
const WHERE_IS_THE_CURSOR: &str = "\u{1b}[6n";
const AT_THE_TOP: &[u8] = b"\x1b[1;1R";

/// Printed just before the shell becomes the executable.
const MARK: &str = "BEGINS-NOW";

impl Terminal {
    fn start(root: &Path) -> io::Result<Self> {
        let program = env!("CARGO_BIN_EXE_pemedic");
        let command = format!(
            "stty rows 25 cols 80; printf '%s%s' BEGINS -NOW; exec '{program}' --root '{}'",
            root.display()
        );
        let mut child = Command::new("script")
            .args(["-qfec", &command, "/dev/null"])
            .env("TERM", "xterm-256color")
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (sender, output) = channel();
        let (Some(keys), Some(mut stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("no pipes to the terminal"));
        };
        thread::spawn(move || {
            let mut part = vec![0; 64 * 1024];
            while let Ok(read @ 1..) = stdout.read(&mut part) {
                if sender.send((Instant::now(), part[..read].to_vec())).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, keys, output, begun: None, seen: String::new() })
    }

    /// Takes in the next output; the time it came.
    fn next(&mut self) -> Result<Instant, Error> {
        let (at, bytes) = self.output.recv_timeout(PATIENCE)?;
        let text = String::from_utf8_lossy(&bytes);
        if text.contains(WHERE_IS_THE_CURSOR) {
            self.keys.write_all(AT_THE_TOP)?;
            self.keys.flush()?;
        }
        self.seen.push_str(&without_escapes(&text));
        if self.begun.is_none() && self.seen.contains(MARK) {
            self.begun = Some(at);
        }
        Ok(at)
    }

    /// From the mark to the frame that shows `text`.
    fn until(&mut self, text: &str) -> Result<Duration, Error> {
        loop {
            let at = self.next()?;
            if let Some(begun) = self.begun.filter(|_| self.seen.contains(text)) {
                return Ok(at - begun);
            }
        }
    }

    /// From a key to the first output after it.
    fn key(&mut self, key: u8) -> Result<Duration, Error> {
        // What still comes from the key before is not the answer to this one.
        while self.output.recv_timeout(Duration::from_millis(40)).is_ok() {}
        let pressed = Instant::now();
        self.keys.write_all(&[key])?;
        self.keys.flush()?;
        Ok(self.next()? - pressed)
    }

    fn end(mut self) {
        // It has nothing open that could be lost.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Text without the sequences that move the cursor and set colours.
fn without_escapes(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

fn report(what: &str, mut times: Vec<Duration>, goal: Duration) {
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    println!(
        "{what:<34} {:>8.1} ms median {:>8.1} ms p99   (goal {:.0} ms)",
        milliseconds(at(50)),
        milliseconds(at(99)),
        milliseconds(goal)
    );
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "sizes of hives")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}
