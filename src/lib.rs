//! pemedic: from what a broken Windows said to a previewed, verified, undoable
//! repair of the offline installation.
//!
//! The modules, in the order of their dependencies (each may use only those
//! before it, see `ARCHITECTURE.md`):
//!
//! - [`hive`]: registry hive files as bytes: read, audit, edit, recover, commit.
//!   Knows no Windows meaning.
//! - [`windows`]: an offline installation: what keys, services and paths mean.
//! - [`kb`]: the knowledge base: articles, fix blocks, error codes, search.
//!   Opens no hive.
//! - [`repair`]: probe, plan, apply, receipt, undo.
//! - [`plugin`]: rules that return findings and steps, never effects.
//! - [`session`]: everything a front end may do, as plain data.
//! - [`cli`] and [`tui`]: the two front ends.
//! - `system_calls`: the Windows calls the standard library lacks, and all
//!   `unsafe` code; below everything.

pub mod cli;
pub mod hive;
pub mod kb;
pub mod plugin;
pub mod repair;
pub mod session;
#[cfg(windows)]
mod system_calls;
pub mod tui;
pub mod windows;
