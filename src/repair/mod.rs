//! From trouble to undo: probe, plan, apply, receipt, undo.
