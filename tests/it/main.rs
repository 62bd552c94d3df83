//! Integration tests by capability: one binary, one module each.

/// The arrows between modules and the rules of the source tree.
mod tidy;
