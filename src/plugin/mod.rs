//! Rules as sandboxed scripts: they read the target through a narrow typed
//! interface and return findings and steps of the fix language, never effects.
//!
//! Knows nothing of how anything is written: what a rule returns takes the same
//! plan, preview, guards, receipt and undo as the block of an article.

pub mod case;
pub mod fact;
mod files;
pub mod limits;
pub mod load;
pub mod manifest;
mod outcome;
pub mod pack;
pub mod sandbox;
pub mod scaffold;
pub mod target;

pub use load::{Plugin, Plugins};
pub use pack::Pack;
