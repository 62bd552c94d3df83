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
/// Elements of a list, nested ones included.
pub const LIST_MAX: usize = 20_000;
/// Entries of a table, nested ones included.
pub const TABLE_MAX: usize = 20_000;
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
/// Stack of the script's thread: enough for [`CALL_DEPTH_MAX`] nested calls of
/// [`EXPRESSION_DEPTH_MAX`] nested expressions.
pub const STACK_BYTES: usize = 16 * 1024 * 1024;
