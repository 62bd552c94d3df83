//! Why something could not be done, and what to do next.

use std::fmt;

/// An error as front ends show it: what and where, why it matters, what next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionError {
    /// Which exit code it means.
    pub class: ExitClass,
    /// What is wrong, where and why it matters.
    pub message: String,
    /// What to do next.
    pub next: Option<String>,
}

/// The exit codes of the design contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitClass {
    /// 3: no such target, article, fix, receipt or file.
    NoSuch,
    /// 4: refused, by a guard or because the target is not in a usable state.
    Refused,
    /// 5: failed; rolled back as far as the message says.
    RolledBack,
    /// 64: wrong usage.
    Usage,
}

impl ExitClass {
    /// The process exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::NoSuch => 3,
            Self::Refused => 4,
            Self::RolledBack => 5,
            Self::Usage => 64,
        }
    }
}

impl SessionError {
    /// An error of a class.
    pub fn new(class: ExitClass, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), next: None }
    }

    /// Nothing of that name.
    pub fn no_such(message: impl Into<String>) -> Self {
        Self::new(ExitClass::NoSuch, message)
    }

    /// Not with this target.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(ExitClass::Refused, message)
    }

    /// Not said rightly.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ExitClass::Usage, message)
    }

    /// Adds what to do next.
    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.next {
            Some(next) => write!(f, "{}\n{next}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for SessionError {}
