//! Rules that return findings and steps, never effects.
