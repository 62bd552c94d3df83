//! Rules as sandboxed scripts: they read the target through a narrow typed
//! interface and return findings and steps of the fix language, never effects.
//!
//! Knows nothing of how anything is written: what a rule returns takes the same
//! plan, preview, guards, receipt and undo as the block of an article.

pub mod fact;
pub mod limits;
pub mod load;
pub mod manifest;
mod outcome;
pub mod sandbox;
pub mod target;

pub use load::{Plugin, Plugins};
