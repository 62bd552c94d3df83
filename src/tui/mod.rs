//! The terminal interface.
//!
//! Knows words, pictures and keys. Knows nothing of how anything is done: every
//! fact comes from `session`, and only the loop performs effects.

pub mod console;
pub mod input;
pub mod text;
pub mod theme;

pub use console::Console;
pub use input::{Input, Key};
