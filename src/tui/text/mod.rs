//! Text on a grid of columns: made harmless, measured, wrapped, edited.

mod clean;
mod field;
mod wrap;

pub use clean::{clean, clip, pad, width};
pub use field::TextField;
pub use wrap::{Indent, wrap};
