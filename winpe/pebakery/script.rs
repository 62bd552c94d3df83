//! Writes a PEBakery script with pemedic.exe embedded:
//!
//! ```text
//! cargo run --example pebakery-script -- pemedic.script pemedic.exe
//! ```

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

mod encode;

const TEMPLATE: &str = include_str!("template.script");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [script, executable] = arguments.as_slice() else {
        eprintln!("usage: pebakery-script OUT.script PEMEDIC.EXE");
        return ExitCode::from(64);
    };
    match write(Path::new(script), Path::new(executable)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pebakery-script: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(script: &Path, executable: &Path) -> Result<(), Box<dyn Error>> {
    let content = std::fs::read(executable).map_err(|error| format!("{}: {error}", executable.display()))?;
    let date = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let head = TEMPLATE.replace("@VERSION@", env!("CARGO_PKG_VERSION")).replace("@DATE@", &date);
    let text = [head, encode::folder("x64", &[("pemedic.exe", &content)])?].concat();
    std::fs::write(script, text.replace("\r\n", "\n").replace('\n', "\r\n"))?;
    Ok(())
}
