//! Characters a raster font lacks, and what stands in for them.
//!
//! A raster console font has the glyphs of its OEM code page only. The frames,
//! shades and arrows the interface draws are in code pages 437 and 850;
//! the typographic characters of prose are not.

use ratatui::buffer::Cell;

/// The cell with a character every console font has.
pub(super) fn with_plain_symbol(cell: &Cell) -> Cell {
    let mut cell = cell.clone();
    if let Some(plain) = plain(cell.symbol()) {
        cell.set_symbol(plain);
    }
    cell
}

/// One column for one column, so that nothing on the line moves.
fn plain(symbol: &str) -> Option<&'static str> {
    Some(match symbol {
        "‘" | "’" | "‚" | "′" => "'",
        "“" | "”" | "„" | "″" => "\"",
        "‐" | "‑" | "‒" | "–" | "—" | "−" => "-",
        "…" => ".",
        "•" | "●" | "◦" | "▪" => "·",
        "✓" | "✔" => "√",
        "✗" | "✘" | "×" => "x",
        "\u{a0}" | "\u{2009}" | "\u{202f}" => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn typography_becomes_plain_and_keeps_its_style() {
        let mut cell = Cell::new("—");
        cell.fg = ratatui::style::Color::Red;
        let plain = with_plain_symbol(&cell);
        assert_eq!((plain.symbol(), plain.fg), ("-", ratatui::style::Color::Red));
    }

    #[test]
    fn frames_and_letters_stay() {
        for symbol in ["─", "│", "█", "a", "é", " "] {
            assert_eq!(with_plain_symbol(&Cell::new(symbol)).symbol(), symbol);
        }
    }

    #[test]
    fn a_replacement_is_exactly_one_column_wide() {
        for symbol in ["’", "”", "—", "…", "•", "✓", "✗", "\u{a0}"] {
            let replacement = with_plain_symbol(&Cell::new(symbol));
            assert_eq!(replacement.symbol().width(), 1, "{symbol}");
        }
    }
}
