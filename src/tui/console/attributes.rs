//! Styles as the sixteen colours of a Windows console cell.

use ratatui::style::{Color, Modifier};

/// What a console shows where no colour is asked for: grey on black.
pub(super) const PLAIN: u16 = 7;

/// Brightens a colour.
const INTENSITY: u16 = 8;

/// Foreground in bits 0-3, background in bits 4-7 (wincon.h).
pub(super) fn attributes(foreground: Color, background: Color, modifier: Modifier) -> u16 {
    let (mut fore, mut back) = (nearest(foreground).unwrap_or(PLAIN), nearest(background).unwrap_or(0));
    if modifier.contains(Modifier::BOLD) {
        fore |= INTENSITY;
    }
    if modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut fore, &mut back);
    }
    if modifier.contains(Modifier::DIM) && fore == PLAIN {
        fore = INTENSITY;
    }
    if modifier.contains(Modifier::HIDDEN) {
        fore = back;
    }
    fore | (back << 4)
}

/// The console's colour for a ratatui colour; `None` for the default one.
fn nearest(color: Color) -> Option<u16> {
    Some(match color {
        Color::Reset => return None,
        Color::Black => 0,
        Color::Blue => 1,
        Color::Green => 2,
        Color::Cyan => 3,
        Color::Red => 4,
        Color::Magenta => 5,
        Color::Yellow => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightBlue => 9,
        Color::LightGreen => 10,
        Color::LightCyan => 11,
        Color::LightRed => 12,
        Color::LightMagenta => 13,
        Color::LightYellow => 14,
        Color::White => 15,
        Color::Rgb(red, green, blue) => from_rgb(red, green, blue),
        Color::Indexed(index) => from_index(index),
    })
}

fn from_rgb(red: u8, green: u8, blue: u8) -> u16 {
    let strongest = red.max(green).max(blue);
    let bit = |channel: u8, bit: u16| if channel > strongest / 2 { bit } else { 0 };
    let hue = bit(red, 4) | bit(green, 2) | bit(blue, 1);
    match strongest {
        0..64 => 0,
        64..128 if hue == PLAIN => INTENSITY,
        64..192 => hue,
        192.. => hue | INTENSITY,
    }
}

/// xterm's palette: 16 named colours in ANSI order, a 6x6x6 cube, 24 greys.
fn from_index(index: u8) -> u16 {
    const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];
    match index {
        0..16 => {
            let ansi = u16::from(index);
            (ansi & 8) | ((ansi & 1) << 2) | (ansi & 2) | ((ansi & 4) >> 2)
        }
        16..232 => {
            let cube = index - 16;
            let level = |by: u8| CUBE[usize::from(cube / by % 6)];
            from_rgb(level(36), level(6), level(1))
        }
        232.. => {
            let grey = 8 + (index - 232) * 10;
            from_rgb(grey, grey, grey)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_grey_on_black() {
        assert_eq!(attributes(Color::Reset, Color::Reset, Modifier::empty()), 0x07);
    }

    #[test]
    fn reversed_swaps_and_bold_brightens() {
        assert_eq!(attributes(Color::Reset, Color::Blue, Modifier::BOLD), 0x1F);
        assert_eq!(attributes(Color::White, Color::Blue, Modifier::REVERSED), 0xF1);
    }

    #[test]
    fn ansi_order_becomes_console_order() {
        assert_eq!(nearest(Color::Indexed(1)), nearest(Color::Red));
        assert_eq!(nearest(Color::Indexed(3)), nearest(Color::Yellow));
        assert_eq!(nearest(Color::Indexed(12)), nearest(Color::LightBlue));
    }

    #[test]
    fn true_colours_take_the_nearest_hue() {
        assert_eq!(nearest(Color::Rgb(255, 0, 0)), Some(12));
        assert_eq!(nearest(Color::Rgb(0, 128, 0)), Some(2));
        assert_eq!(nearest(Color::Rgb(255, 255, 255)), Some(15));
        assert_eq!(nearest(Color::Rgb(90, 90, 90)), Some(8));
        assert_eq!(nearest(Color::Rgb(10, 10, 10)), Some(0));
    }

    #[test]
    fn every_index_and_rgb_corner_fits_four_bits() {
        for index in 0..=255 {
            assert!(nearest(Color::Indexed(index)).unwrap() < 16);
        }
    }
}
