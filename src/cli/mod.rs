//! The command line: verbs, text and `--json` output.
