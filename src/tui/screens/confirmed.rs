//! The technician's word, as a value that only the confirmation can make.

use crate::session::Confirmation;

/// Proof that the technician saw the plan and said yes to it. Nothing is
/// applied without one, and nothing outside [`super`] can make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmed {
    allow_risky: bool,
}

impl Confirmed {
    /// Said yes; `typed` where the word was typed that risky fixes ask for.
    pub(super) fn new(typed: bool) -> Self {
        Self { allow_risky: typed }
    }

    /// What the session is told.
    pub fn confirmation(self) -> Confirmation {
        Confirmation { allow_risky: self.allow_risky, in_person: true }
    }
}
