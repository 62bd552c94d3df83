//! What a rule may use up, in one place. Each bound has a test at its edge.

use std::time::Duration;

/// Script operations of one run (Rhai counts one for each evaluated node).
pub const OPERATIONS_MAX: u64 = 5_000_000;
/// Wall-clock time of one run, waiting for the target included.
pub const TIME_MAX: Duration = Duration::from_secs(5);
/// Nested calls.
pub const CALL_DEPTH_MAX: usize = 32;
/// Nested expressions in the script's text.
pub const EXPRESSION_DEPTH_MAX: usize = 64;
/// Bytes in a string, and in all strings of a list together.
pub const STRING_BYTES_MAX: usize = 256 * 1024;
/// Elements of a list, nested ones included: all services of a large server fit.
pub const LIST_MAX: usize = 40_000;
/// Entries of a table, nested ones included.
pub const TABLE_MAX: usize = 40_000;
/// Variables alive at one time.
pub const VARIABLES_MAX: usize = 256;
/// Questions to the target in one run.
pub const QUESTIONS_MAX: usize = 50_000;
/// Findings of one run.
pub const FINDINGS_MAX: usize = 500;
/// Steps of one run.
pub const STEPS_MAX: usize = 256;
/// Bytes of a script.
pub const SCRIPT_BYTES_MAX: usize = 256 * 1024;
/// Lists and tables nested in what a rule returns.
pub const DEPTH_MAX: usize = 16;
/// Articles or tests of one plugin.
pub const FILES_MAX: usize = 500;
/// Files that one question may list.
pub const LISTED_FILES_MAX: usize = 4_000;
/// Stack of the script's thread: enough for [`CALL_DEPTH_MAX`] nested calls of
/// [`EXPRESSION_DEPTH_MAX`] nested expressions, and for walking through
/// [`LIST_MAX`] lists that stand in each other. Only what is used of it is
/// taken from memory.
pub const STACK_BYTES: usize = 64 * 1024 * 1024;
