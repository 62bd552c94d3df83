//! What happens when the interface itself fails: the console is back, the
//! technician is told, and leaving (which restarts a PE) is never the default.

use std::io::{self, BufRead, Write};

/// What the technician wants after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The interface again.
    Again,
    /// A command prompt, then the interface again.
    Prompt,
    /// Leave the program.
    Leave,
}

/// Tells and asks. Where nobody can answer any more, the program is left.
///
/// # Errors
/// The streams are gone.
pub(super) fn ask(input: &mut dyn BufRead, out: &mut dyn Write) -> io::Result<Next> {
    writeln!(out)?;
    writeln!(out, "The interface stopped because of a mistake of its own; the message above says where.")?;
    writeln!(
        out,
        "A repair that was under way is finished or rolled back at the next start with this target."
    )?;
    loop {
        write!(out, "Enter: open the interface again.  c: command prompt.  q: leave pemedic. > ")?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(Next::Leave);
        }
        match line.trim() {
            "" => return Ok(Next::Again),
            "c" | "C" => return Ok(Next::Prompt),
            "q" | "Q" => return Ok(Next::Leave),
            other => writeln!(out, "{other:?} is none of them.")?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Next {
        ask(&mut text.as_bytes(), &mut Vec::new()).unwrap()
    }

    #[test]
    fn enter_opens_the_interface_again() {
        assert_eq!(answer("\n"), Next::Again);
    }

    #[test]
    fn leaving_takes_its_own_key() {
        assert_eq!(answer("x\nyes\nq\n"), Next::Leave);
        assert_eq!(answer("c\n"), Next::Prompt);
        assert_eq!(answer(""), Next::Leave);
    }
}
