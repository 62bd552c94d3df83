//! Results as text: pure functions from plain data to lines.

pub(super) mod article;
pub(super) mod listing;
pub(super) mod plan;
pub(super) mod registry;
pub(super) mod search;
