//! What several test modules build on.

/// Files of the optional facts folder.
pub mod corpus;

/// Transaction logs as Windows writes them.
pub mod log_writer;
