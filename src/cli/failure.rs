//! Why a verb ended early.

use std::io;

use serde::Serialize;

use crate::session::{ExitClass, SessionError};

/// Why a verb ended early.
#[derive(Debug)]
pub(super) enum Failure {
    /// The session says why.
    Session(SessionError),
    /// A stream of ours broke: nobody is there to be told.
    Stream,
}

impl Failure {
    /// Wrong usage.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::Session(SessionError::new(ExitClass::Usage, message))
    }

    /// The process exit code.
    pub(super) fn code(&self) -> i32 {
        match self {
            Self::Session(error) => error.class.code().into(),
            Self::Stream => 1,
        }
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

impl From<io::Error> for Failure {
    fn from(_: io::Error) -> Self {
        Self::Stream
    }
}

/// An error as a JSON document.
#[derive(Serialize)]
pub(super) struct ErrorDocument<'a> {
    version: u32,
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'a str>,
}

impl<'a> ErrorDocument<'a> {
    /// The document of an error.
    pub(super) fn new(error: &'a SessionError) -> Self {
        Self { version: 1, error: &error.message, next: error.next.as_deref() }
    }
}
