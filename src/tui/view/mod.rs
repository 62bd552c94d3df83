//! The pieces screens are drawn with.

mod canvas;
mod cursor;
mod difference;
mod field_line;
mod target_name;

pub mod changes;
pub mod chrome;
pub mod document;

pub use canvas::Canvas;
pub use cursor::{Cursor, Scroll};
pub use field_line::field_line;
pub use target_name::{target_name, target_short_name};

/// `1 change`, `2 changes`, `3 fixes`.
pub fn plural(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ if what.ends_with('x') => format!("{number} {what}es"),
        _ => format!("{number} {what}s"),
    }
}
