//! What a run did, in the log format that deployment engines' viewers read.
//!
//! One record a line, as Configuration Manager's own components write them:
//! `<![LOG[text]LOG]!><time="…" date="…" component="…" context="" type="1"
//! thread="…" file="">`; type 1 informs, 2 warns, 3 is an error. Times are UTC,
//! which the format says as an offset of zero: a WinPE does not know where it is.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Ends the text of a record; must not occur in one.
const TEXT_END: &str = "]LOG]!>";

/// How much a record matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Severity {
    Information = 1,
    Warning = 2,
    Error = 3,
}

impl Severity {
    /// How much a run matters that ended with this code: refused or failed,
    /// something pending or missing, or done.
    pub(super) fn of_exit_code(code: i32) -> Self {
        match code {
            4 | 5 | 64 => Self::Error,
            1..=3 => Self::Warning,
            _ => Self::Information,
        }
    }
}

/// The log of one run; without a file it takes everything and keeps nothing.
#[derive(Debug, Default)]
pub(super) struct RunLog {
    file: Option<File>,
}

impl RunLog {
    /// Opens a log for appending, where one is wanted.
    ///
    /// # Errors
    /// Those of the file.
    pub(super) fn open(path: Option<&Path>) -> io::Result<Self> {
        let file = path.map(|path| OpenOptions::new().append(true).create(true).open(path)).transpose()?;
        Ok(Self { file })
    }

    /// Whether anybody will read it.
    pub(super) fn is_kept(&self) -> bool {
        self.file.is_some()
    }

    /// Adds a record. A log that cannot be written must not stop a repair
    /// half-way, so failures end the log and nothing else.
    pub(super) fn record(&mut self, severity: Severity, text: &str) {
        let Some(file) = &mut self.file else { return };
        if text.trim().is_empty() {
            return;
        }
        let line = line(Timestamp::now(), std::process::id(), severity, text);
        if file.write_all(line.as_bytes()).is_err() {
            self.file = None;
        }
    }
}

fn line(time: Timestamp, thread: u32, severity: Severity, text: &str) -> String {
    let time = time.to_zoned(TimeZone::UTC);
    let clock = time.strftime("%H:%M:%S");
    let milliseconds = time.millisecond();
    let date = time.strftime("%m-%d-%Y");
    let text = text.replace(TEXT_END, "]LOG] !>");
    format!(
        "<![LOG[{text}]LOG]!><time=\"{clock}.{milliseconds:03}+000\" date=\"{date}\" component=\"pemedic\" \
         context=\"\" type=\"{}\" thread=\"{thread}\" file=\"\">\r\n",
        severity as u8
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_what_the_viewers_read() {
        let time = "2026-03-09T07:05:02.007Z".parse().unwrap();
        assert_eq!(
            line(time, 42, Severity::Warning, "two fixes needed"),
            "<![LOG[two fixes needed]LOG]!><time=\"07:05:02.007+000\" date=\"03-09-2026\" \
             component=\"pemedic\" context=\"\" type=\"2\" thread=\"42\" file=\"\">\r\n"
        );
    }

    #[test]
    fn a_text_cannot_end_its_record_early() {
        let time = "2026-03-09T07:05:02Z".parse().unwrap();
        let line = line(time, 1, Severity::Error, "a]LOG]!>b");
        assert_eq!(line.matches(TEXT_END).count(), 1);
    }

    #[test]
    fn runs_are_appended_and_empty_lines_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pemedic.log");
        for text in ["first", "", "second"] {
            RunLog::open(Some(&path)).unwrap().record(Severity::Information, text);
        }
        let written = std::fs::read_to_string(&path).unwrap();
        assert_eq!(written.matches("<![LOG[").count(), 2);
        assert!(written.contains("first") && written.contains("second"));
    }

    #[test]
    fn without_a_file_nothing_is_kept() {
        let mut log = RunLog::open(None).unwrap();
        log.record(Severity::Information, "unheard");
        assert!(!log.is_kept());
    }
}
