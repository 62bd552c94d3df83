//! Where one is in a list or in a text. Fitted to the place there is before
//! every frame, so that moving never leads anywhere that cannot be seen.

use std::ops::Range;

use crate::tui::keys::Message;

/// The part of a text that is in sight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    /// The first line in sight.
    pub top: usize,
    height: usize,
    len: usize,
}

impl Scroll {
    /// Takes in how long the text is and how much of it has place.
    pub fn fit(&mut self, len: usize, height: usize) {
        (self.len, self.height) = (len, height);
        self.top = self.top.min(self.top_max());
    }

    /// Moves; returns whether the message is one of moving.
    pub fn moved(&mut self, message: Message) -> bool {
        let page = self.height.saturating_sub(1).max(1);
        self.top = match message {
            Message::Up => self.top.saturating_sub(1),
            Message::Down => self.top + 1,
            Message::PageUp => self.top.saturating_sub(page),
            Message::PageDown => self.top + page,
            Message::First => 0,
            Message::Last => self.top_max(),
            _ => return false,
        };
        self.top = self.top.min(self.top_max());
        true
    }

    /// Brings a line into sight, a third down from the top.
    pub fn show(&mut self, line: usize) {
        if !self.visible().contains(&line) {
            self.top = line.saturating_sub(self.height / 3).min(self.top_max());
        }
    }

    /// The lines in sight.
    pub fn visible(&self) -> Range<usize> {
        self.top..(self.top + self.height).min(self.len)
    }

    /// Whether there is more above, and below.
    pub fn more(&self) -> (bool, bool) {
        (self.top > 0, self.top + self.height < self.len)
    }

    /// How much of the text has been passed, in percent.
    pub fn percent(&self) -> usize {
        if self.top_max() == 0 { 100 } else { self.top * 100 / self.top_max() }
    }

    fn top_max(&self) -> usize {
        self.len.saturating_sub(self.height)
    }
}

/// The selected row of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Which row.
    pub index: usize,
    scroll: Scroll,
}

impl Cursor {
    /// A cursor on a row.
    pub fn at(index: usize) -> Self {
        Self { index, scroll: Scroll::default() }
    }

    /// Takes in how many rows there are and how many have place.
    pub fn fit(&mut self, len: usize, height: usize) {
        self.index = self.index.min(len.saturating_sub(1));
        self.scroll.fit(len, height);
        if self.index < self.scroll.top {
            self.scroll.top = self.index;
        } else if height > 0 && self.index >= self.scroll.top + height {
            self.scroll.top = self.index + 1 - height;
        }
    }

    /// As [`Cursor::fit`], for rows of several lines each: as many rows have
    /// place as their lines do, counted so that the selected one is whole.
    pub fn fit_tall(&mut self, heights: &[usize], height: usize) {
        self.index = self.index.min(heights.len().saturating_sub(1));
        let mut top = self.scroll.top.min(self.index);
        let lines = |from: usize| heights.get(from..=self.index).unwrap_or_default().iter().sum::<usize>();
        while top < self.index && lines(top) > height {
            top += 1;
        }
        let mut left = height;
        let below = heights[top.min(heights.len())..].iter();
        let rows = below.take_while(|row| left.checked_sub(**row).map(|rest| left = rest).is_some()).count();
        self.scroll = Scroll { top, height: rows.max(1), len: heights.len() };
    }

    /// Moves; returns whether the message is one of moving.
    pub fn moved(&mut self, message: Message, len: usize) -> bool {
        let page = self.scroll.height.saturating_sub(1).max(1);
        let last = len.saturating_sub(1);
        self.index = match message {
            Message::Up => self.index.saturating_sub(1),
            Message::Down => self.index + 1,
            Message::PageUp => self.index.saturating_sub(page),
            Message::PageDown => self.index + page,
            Message::First => 0,
            Message::Last => last,
            _ => return false,
        };
        self.index = self.index.min(last);
        true
    }

    /// The rows in sight.
    pub fn visible(&self) -> Range<usize> {
        self.scroll.visible()
    }

    /// Whether there is more above, and below.
    pub fn more(&self) -> (bool, bool) {
        self.scroll.more()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_stays_on_a_row_and_in_sight() {
        let mut cursor = Cursor::default();
        cursor.fit(10, 3);
        for _ in 0..20 {
            assert!(cursor.moved(Message::Down, 10));
        }
        cursor.fit(10, 3);
        assert_eq!((cursor.index, cursor.visible()), (9, 7..10));
        cursor.fit(2, 3);
        assert_eq!((cursor.index, cursor.visible()), (1, 0..2));
        cursor.fit(0, 0);
        assert_eq!((cursor.index, cursor.visible()), (0, 0..0));
    }

    #[test]
    fn tall_rows_are_shown_whole() {
        let heights = [1, 3, 2, 4, 1];
        let mut cursor = Cursor::at(0);
        cursor.fit_tall(&heights, 6);
        assert_eq!(cursor.visible(), 0..3);
        cursor.index = 3;
        cursor.fit_tall(&heights, 6);
        assert_eq!(cursor.visible(), 2..4);
        cursor.fit_tall(&heights, 2);
        assert_eq!((cursor.visible(), cursor.index), (3..4, 3), "one that is too tall stands alone");
        cursor.fit_tall(&[], 6);
        assert_eq!(cursor.visible(), 0..0);
    }

    #[test]
    fn a_text_cannot_be_scrolled_past_its_end() {
        let mut scroll = Scroll::default();
        scroll.fit(10, 4);
        scroll.moved(Message::PageDown);
        scroll.moved(Message::PageDown);
        scroll.moved(Message::PageDown);
        assert_eq!((scroll.top, scroll.more(), scroll.percent()), (6, (true, false), 100));
        scroll.show(0);
        assert_eq!(scroll.top, 0);
        scroll.show(9);
        assert!(scroll.visible().contains(&9));
    }
}
