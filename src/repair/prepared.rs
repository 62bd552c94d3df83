//! A plan together with what is needed to carry it out.

use super::plan::Plan;

/// A plan with the images and file operations that make it true. What its
/// [`Plan`] shows is computed from them, so the preview is the outcome.
pub struct Prepared {
    plan: Plan,
}

impl Prepared {
    /// What would be done.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
}
