//! Hives read by other programs, where they are installed: what they see, in
//! one line for each key and value.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::sync::OnceLock;

use pemedic::hive::KeyTree;

/// Interpreters in which the modules may be installed.
const INTERPRETERS: [&str; 2] = ["python3", "/usr/bin/python3"];

/// A library that reads hives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    Hivex,
    PythonRegistry,
}

const HIVEX: &str = r"
import hivex, sys
hive = hivex.Hivex(sys.argv[1])
def walk(node, path):
    print('K', path.encode('utf-8', 'surrogatepass').hex())
    for value in hive.node_values(node):
        kind, data = hive.value_value(value)
        print('V', kind & 0xffffffff, hive.value_key(value).encode().hex(), data.hex())
    for subkey in hive.node_children(node):
        walk(subkey, path + '\\' + hive.node_name(subkey))
sys.setrecursionlimit(5000)
walk(hive.root(), '')
";

const PYTHON_REGISTRY: &str = r"
import sys
from Registry import Registry
def walk(key, path):
    print('K', path.encode('utf-8', 'surrogatepass').hex())
    for value in key.values():
        name = '' if value.name() == '(default)' else value.name()
        print('V', value.value_type(), name.encode().hex(), value.raw_data().hex())
    for subkey in key.subkeys():
        walk(subkey, path + '\\' + subkey.name())
sys.setrecursionlimit(5000)
walk(Registry.Registry(sys.argv[1]).root(), '')
";

impl Peer {
    fn module(self) -> &'static str {
        match self {
            Self::Hivex => "hivex",
            Self::PythonRegistry => "Registry",
        }
    }

    fn script(self) -> &'static str {
        match self {
            Self::Hivex => HIVEX,
            Self::PythonRegistry => PYTHON_REGISTRY,
        }
    }

    /// The interpreter that has this library; says so once where none has.
    fn interpreter(self) -> Option<&'static str> {
        static FOUND: [OnceLock<Option<&str>>; 2] = [OnceLock::new(), OnceLock::new()];
        *FOUND[self as usize].get_or_init(|| {
            let import = format!("import {}", self.module());
            let has = |program: &&&str| {
                Command::new(program).args(["-c", &import]).output().is_ok_and(|run| run.status.success())
            };
            let found = INTERPRETERS.iter().find(has).copied();
            if found.is_none() {
                eprintln!("skipped: no Python with {}", self.module());
            }
            found
        })
    }

    /// What it sees in an image; `None` where it is not installed.
    pub fn dump(self, image: &[u8]) -> Option<String> {
        let interpreter = self.interpreter()?;
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), image).unwrap();
        let run = Command::new(interpreter).args(["-c", self.script()]).arg(file.path()).output().unwrap();
        let complaint = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{self:?} cannot read the hive: {complaint}");
        Some(String::from_utf8(run.stdout).unwrap())
    }
}

/// What we see, in the same form.
pub fn dump(root: &KeyTree) -> String {
    let mut lines = String::new();
    let mut pending = vec![(root, String::new())];
    while let Some((key, path)) = pending.pop() {
        writeln!(lines, "K {}", hex(path.as_bytes())).unwrap();
        for named in &key.values {
            let (name, data) = (hex(named.name.as_bytes()), hex(&named.value.data));
            writeln!(lines, "V {} {name} {data}", named.value.kind.0).unwrap();
        }
        let below = key.subkeys.iter().rev();
        pending.extend(below.map(|subkey| (subkey, format!("{path}\\{}", subkey.name))));
    }
    lines
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first line in which two dumps differ.
pub fn first_difference<'a>(ours: &'a str, theirs: &'a str) -> Option<(&'a str, &'a str)> {
    let (mut ours, mut theirs) = (ours.lines(), theirs.lines());
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return None,
            (ours, theirs) if ours == theirs => {}
            (ours, theirs) => return Some((ours.unwrap_or("(end)"), theirs.unwrap_or("(end)"))),
        }
    }
}
