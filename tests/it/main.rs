//! Integration tests by capability: one binary, one module each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "everything here is a test, also what stands outside of test functions"
)]

/// Every example of every article, carried out and taken back.
mod article_examples;
/// The arrows between modules and the rules of the source tree.
mod tidy;

/// The code table against the sources it was generated from.
mod code_table;

/// The command line as scripts use it.
mod cli;

/// One command for many installations.
mod fleet;

/// The articles of the knowledge base.
mod articles;

/// The Windows executable: its imports, size and resources.
mod windows_executable;

/// The Windows executable under Wine.
#[cfg(unix)]
mod wine;

/// The audit of real hives.
mod hive_verdicts;

/// Hives read twice, and the witness of a save.
mod two_readers;

/// What several modules build on.
mod support;

/// Damaged hives, logs and texts.
mod mutate;

/// Edits of each kind, and every byte that they are not about.
mod hive_edit;

/// Random edits against a model.
mod hive_model;

/// Recovery of dirty hives from their transaction logs.
mod logs;

/// The terminal interface: keys in, text out.
mod tui;

/// Installations made of real hives.
mod real_installations;

/// Targets on real NTFS volumes.
mod volumes;

/// The files of winpe/ that other programs read.
mod boot_media;

/// Commits under every fault and power cut: the old hive or the new one.
mod crash;

/// Repairs from plan to undo.
mod repair_apply;

/// Guards, each on a target in the state it is about.
mod repair_guards;

/// Plans of several fixes, and errors of planning.
mod repair_plan;

/// Receipts: their content, their places, hostile ones.
mod repair_receipts;

/// Every step of the fix language, there and back.
mod repair_steps;

/// Undo: in part, after later changes, twice.
mod repair_undo;

/// Whole repairs under every fault and power cut.
mod repair_crash;

/// Guards on real NTFS volumes.
mod guards_on_volumes;

/// The five founding repairs on copies of real hives, seen by others.
mod founding_repairs;

/// Volumes without room.
mod full_disk;

/// The program killed at random instants.
mod real_kills;

/// Finding articles from real error texts.
mod search;

/// Plugins that loop, flood or lie.
mod hostile_plugins;

/// Built-in and new plugins, and their own tests.
mod plugins;

/// Articles and plugins in one signed file.
mod packs;

/// What a scan says of sound installations, as docs/healthy-scans.md explains.
mod healthy_scans;
