//! The terminal interface.
//!
//! Knows words, pictures and keys. Knows nothing of how anything is done: every
//! fact comes from `session`, and only the loop performs effects.

mod after_panic;
pub mod app;
pub mod console;
pub mod effect;
pub mod facts;
pub mod input;
pub mod keys;
mod machine;
mod run;
pub mod screens;
pub mod text;
pub mod theme;
pub mod view;
pub mod worker;

pub use app::App;
pub use console::Console;
pub use input::{Input, Key};
pub use run::{Options, run};
