//! Where words go and answers come from.

use std::io::{self, BufRead, Write};

use serde::Serialize;

/// The streams of one run. Results go to `out`, everything else to `err`.
pub struct Console<'a> {
    /// Results.
    pub out: &'a mut dyn Write,
    /// Progress, notes, questions, errors.
    pub err: &'a mut dyn Write,
    /// Answers, and pastes for `search -`.
    pub input: &'a mut dyn BufRead,
    /// Whether a person can be asked: input and errors are a terminal.
    pub interactive: bool,
    /// Columns of the output.
    pub width: usize,
}

impl Console<'_> {
    /// One line of a result.
    ///
    /// # Errors
    /// Those of the stream; likewise below.
    pub fn say(&mut self, line: impl AsRef<str>) -> io::Result<()> {
        writeln!(self.out, "{}", line.as_ref())
    }

    /// One line beside the result.
    ///
    /// # Errors
    /// As [`Console::say`].
    pub fn note(&mut self, line: impl AsRef<str>) -> io::Result<()> {
        writeln!(self.err, "{}", line.as_ref())
    }

    /// The result as one JSON document.
    ///
    /// # Errors
    /// As [`Console::say`].
    pub fn document(&mut self, document: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *self.out, document)?;
        writeln!(self.out)
    }

    /// Asks and reads one line; `None` where nobody can answer.
    ///
    /// # Errors
    /// As [`Console::say`].
    pub fn ask(&mut self, question: &str) -> io::Result<Option<String>> {
        if !self.interactive {
            return Ok(None);
        }
        write!(self.err, "{question} ")?;
        self.err.flush()?;
        let mut line = String::new();
        let read = self.input.read_line(&mut line)?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }
}
