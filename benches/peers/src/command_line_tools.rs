//! ripgrep and fzf, where installed.

use std::collections::{BTreeSet, HashMap};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::quality::File;
use crate::words;

fn run(command: &mut Command, input: &str) -> Option<String> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    child.stdin.take()?.write_all(input.as_bytes()).ok()?;
    Some(String::from_utf8_lossy(&child.wait_with_output().ok()?.stdout).into_owned())
}

/// The articles that have the most of a text's words, found by `rg`.
pub(crate) fn ripgrep(files: &[File], folder: &Path, text: &str) -> Vec<String> {
    let patterns = words(text).join("\n");
    let mut command = Command::new("rg");
    command.args(["-o", "-i", "-F", "-w", "-N", "--no-heading", "-f", "-"]).arg(folder);
    let Some(found) = run(&mut command, &patterns) else { return Vec::new() };
    let mut matched: HashMap<&str, BTreeSet<String>> = HashMap::new();
    for (path, word) in found.lines().filter_map(|line| line.split_once(".md:")) {
        let id = path.rsplit('/').next().unwrap_or(path);
        matched.entry(id).or_default().insert(word.to_lowercase());
    }
    let mut ranked: Vec<(usize, &str)> =
        files.iter().filter_map(|file| Some((matched.get(file.id.as_str())?.len(), file.id.as_str()))).collect();
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    ranked.into_iter().map(|(_, id)| id.to_owned()).collect()
}

/// The order of `fzf --filter` over the articles, one line each, any word.
pub(crate) fn fzf(files: &[File], text: &str) -> Vec<String> {
    let line = |file: &File| format!("{}\t{}\n", file.id, file.text.split_whitespace().collect::<Vec<_>>().join(" "));
    let lines: String = files.iter().map(line).collect();
    let mut command = Command::new("fzf");
    command.arg("--filter").arg(words(text).join(" | "));
    let found = run(&mut command, &lines).unwrap_or_default();
    found.lines().filter_map(|line| Some(line.split_once('\t')?.0.to_owned())).collect()
}
