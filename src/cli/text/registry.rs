//! Registry keys as text.

use crate::session::{KeyReport, display_name};

/// A key with its values and the names of its subkeys.
pub(crate) fn key(report: &KeyReport) -> Vec<String> {
    let mut lines = vec![format!("{}  (written {})", report.key, report.last_written)];
    lines.extend(
        report.values.iter().map(|named| format!("    {}    {}", display_name(&named.name), named.value)),
    );
    lines.extend(report.subkeys.iter().map(|name| format!("  {}\\{name}", report.key)));
    lines
}
