//! Other people's readers, through `peers.py`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::Outcome;
use crate::edits::Edit;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/peers.py");

/// The readers, each with the Python module it is.
const KNOWN: [(&str, &str); 3] =
    [("hivex", "hivex"), ("python-registry", "Registry"), ("regipy", "regipy.registry")];

/// regipy takes many minutes for the largest hives: it is asked up to this size.
const REGIPY_BYTES_MAX: u64 = 4 << 20;

/// Distributions install for their own interpreter, pip for another.
const INTERPRETERS: [&str; 2] = ["python3", "/usr/bin/python3"];

/// A reader that is installed.
pub(crate) struct Reader {
    pub(crate) name: &'static str,
    interpreter: PathBuf,
}

#[derive(Deserialize)]
struct Report {
    after: [usize; 2],
    differences: Vec<String>,
}

/// Those that are there.
pub(crate) fn installed() -> Outcome<Vec<Reader>> {
    let mut found = Vec::new();
    for (name, module) in KNOWN {
        let imports = |interpreter: &&str| {
            let run = Command::new(interpreter)
                .args(["-c", &format!("import {module}")])
                .stderr(Stdio::null())
                .status();
            run.is_ok_and(|status| status.success())
        };
        match INTERPRETERS.iter().find(|interpreter| imports(interpreter)) {
            Some(interpreter) => found.push(Reader { name, interpreter: interpreter.into() }),
            None => println!("({name} is not installed)\n"),
        }
    }
    Ok(found)
}

impl Reader {
    /// Whether it sees the edits that were made and nothing else.
    pub(crate) fn compare(&self, before: &Path, after: &Path, done: &[Edit]) -> Outcome<String> {
        if self.name == "regipy" && before.metadata()?.len() > REGIPY_BYTES_MAX {
            return Ok("not asked: slow".to_owned());
        }
        let run =
            Command::new(&self.interpreter).arg(SCRIPT).arg(self.name).arg(before).arg(after).output()?;
        if !run.status.success() {
            // It cannot read the hive at all: then its opinion of both is told.
            let said = String::from_utf8_lossy(&run.stderr);
            let last = said.lines().last().unwrap_or("no message").replace('|', "/");
            return Ok(format!("fails: {last}"));
        }
        let report: Report = serde_json::from_slice(&run.stdout)?;
        let mut expected: Vec<String> = done.iter().flat_map(Edit::differences).collect();
        let mut found = report.differences;
        // Of values that moved with their key, and by regipy's way of decoding,
        // only the place is compared.
        let is_moved =
            |line: &str| expected_without_data(done).iter().any(|moved| moved == &without_data(line));
        for line in &mut found {
            if self.name == "regipy" || is_moved(line) {
                *line = without_data(line);
            }
        }
        if self.name == "regipy" {
            expected.iter_mut().for_each(|line| *line = without_data(line));
        }
        found.sort();
        expected.sort();
        let [keys, values] = report.after;
        if found == expected {
            return Ok(format!("agrees ({keys}/{values})"));
        }
        let missing = expected.iter().filter(|line| !found.contains(line));
        let extra = found.iter().filter(|line| !expected.contains(line));
        let told =
            missing.map(|line| format!("misses {line}")).chain(extra.map(|line| format!("also {line}")));
        Ok(told.take(3).collect::<Vec<_>>().join("; ").replace('|', "/"))
    }
}

/// Places of values that moved with a renamed key.
fn expected_without_data(done: &[Edit]) -> Vec<String> {
    let renamed = done.iter().filter(|edit| matches!(edit, Edit::KeyRenamed { .. }));
    renamed.flat_map(Edit::differences).collect()
}

/// A difference without type and hash.
fn without_data(line: &str) -> String {
    let Some((rest, hash)) = line.rsplit_once(' ') else { return line.to_owned() };
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    match rest.rsplit_once(' ') {
        Some((place, _)) if is_hash => place.to_owned(),
        _ => line.to_owned(),
    }
}
