//! What a tool prints into every one of its logs: it says nothing of this
//! machine's trouble.

use std::borrow::Cow;

/// What shows that a text is the log of Startup Repair (`SrtTrail.txt`).
const STARTUP_REPAIR: &[&str] = &["Startup Repair diagnosis", "Number of root causes", "Root cause found"];

/// Beginnings of the lines that every such log has.
const LINES: &[&str] = &[
    "System Disk =",
    "Windows directory =",
    "AutoChk Run =",
    "Number of root causes =",
    "Number of repair attempts:",
    "Last successful boot time:",
    "Test Performed:",
    "Session details",
    "Name: ",
    "Result: Completed successfully.",
    "---",
];

/// A text without its frame, if it has one.
pub fn without(text: &str) -> Cow<'_, str> {
    if !STARTUP_REPAIR.iter().any(|mark| text.contains(mark)) {
        return Cow::Borrowed(text);
    }
    let is_frame = |line: &str| LINES.iter().any(|start| line.trim_start().starts_with(start));
    Cow::Owned(text.split_inclusive('\n').filter(|line| !is_frame(line)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_log_has_is_left_out() {
        let log = "Startup Repair diagnosis\nAutoChk Run = 0\nName: Disk metadata test\nRoot cause found:\n---\nThe registry is corrupt.";
        assert_eq!(without(log), "Startup Repair diagnosis\nRoot cause found:\nThe registry is corrupt.");
        assert!(matches!(without("AutoChk Run = 0"), Cow::Borrowed(_)));
    }
}
