//! The command line: verbs, text and `--json` output.

mod arguments;

pub use arguments::{Arguments, Common};
