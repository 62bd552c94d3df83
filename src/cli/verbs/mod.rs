//! One file for each verb: what it asks of the session, and its exit code.

pub(super) mod apply;
pub(super) mod demo;
pub(super) mod history;
pub(super) mod hive;
pub(super) mod interface;
pub(super) mod kb;
pub(super) mod pack;
pub(super) mod plan;
pub(super) mod plugin;
pub(super) mod reg;
pub(super) mod scan;
pub(super) mod search;
pub(super) mod show;
pub(super) mod targets;
