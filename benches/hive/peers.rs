//! The same edit by the programs that people use today.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{KEY, Outcome};

/// An installed editor of offline hives.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    program: &'static str,
}

/// Those of hivexsh and reged that are there.
pub(crate) fn installed() -> Vec<Peer> {
    let known = [Peer { name: "hivexsh", program: "hivexsh" }, Peer { name: "reged", program: "reged" }];
    let is_there = |peer: &Peer| {
        let run = Command::new(peer.program).arg("-h").stdout(Stdio::null()).stderr(Stdio::null()).status();
        run.is_ok()
    };
    let (there, missing): (Vec<Peer>, Vec<Peer>) = known.into_iter().partition(is_there);
    for peer in missing {
        println!("  ({} is not installed)", peer.name);
    }
    there
}

impl Peer {
    /// Adds the key with its value, and flushes the file.
    pub(crate) fn edit(&self, hive: &Path) -> Outcome<()> {
        if self.program == "hivexsh" {
            hivexsh(hive)?;
        } else {
            reged(hive)?;
        }
        Ok(File::open(hive)?.sync_all()?)
    }
}

fn hivexsh(hive: &Path) -> Outcome<()> {
    let mut child =
        Command::new("hivexsh").arg("-w").arg(hive).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    let script = format!("add {KEY}\ncd {KEY}\nsetval 1\nMaxWait\ndword:600\ncommit\nquit\n");
    child.stdin.take().ok_or("no input")?.write_all(script.as_bytes())?;
    check("hivexsh", child.wait()?.success())
}

fn reged(hive: &Path) -> Outcome<()> {
    let text = hive.with_extension("reg");
    let content = format!(
        "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\{KEY}]\r\n\"MaxWait\"=dword:00000258\r\n\r\n"
    );
    fs::write(&text, content)?;
    let status = Command::new("reged")
        .args(["-I", "-C"])
        .arg(hive)
        .arg("HKEY_LOCAL_MACHINE\\SOFTWARE")
        .arg(&text)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    // It ends with 2 after a change it has written.
    check("reged", matches!(status.code(), Some(0 | 2)))
}

fn check(name: &str, done: bool) -> Outcome<()> {
    if done { Ok(()) } else { Err(format!("{name} failed").into()) }
}
