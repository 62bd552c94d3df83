//! What several test modules build on.

/// Files of the optional facts folder.
pub mod corpus;

/// Transaction logs as Windows writes them.
pub mod log_writer;

/// A disk in memory that fails, and knows what a power cut leaves.
pub mod crash_storage;

/// NTFS volumes in files.
pub mod ntfs;

/// What each cell of a hive belongs to, read independently.
pub mod owned_cells;

/// Other programs that read hives.
pub mod peers;

/// Random numbers that are the same in every run.
pub mod random;

/// Small installations on the real disk, and sessions on them.
pub mod target;

/// A terminal with a program in it.
pub mod terminal;
