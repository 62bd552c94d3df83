//! nucleo: the sum of each word's fuzzy score over every line.

use std::cell::RefCell;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32String};

use crate::words;

/// Lines to be matched.
pub(crate) struct Fuzzy {
    lines: Vec<Utf32String>,
    matcher: RefCell<Matcher>,
}

impl Fuzzy {
    /// Prepares lines.
    pub(crate) fn new(lines: Vec<&str>) -> Self {
        let lines = lines.into_iter().map(Utf32String::from).collect();
        Self { lines, matcher: RefCell::new(Matcher::new(Config::DEFAULT)) }
    }

    /// The best lines: all words, where any line has them all, else the words
    /// that it has.
    pub(crate) fn search(&self, text: &str) -> Vec<usize> {
        let parse = |text: &str| Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
        let words: Vec<Pattern> = words(text).iter().map(|word| parse(word)).collect();
        let mut matcher = self.matcher.borrow_mut();
        let mut score = |line: &Utf32String| -> u32 {
            words.iter().filter_map(|word| word.score(line.slice(..), &mut matcher)).sum()
        };
        let mut scored: Vec<(u32, usize)> =
            self.lines.iter().zip(0..).map(|(line, at)| (score(line), at)).filter(|(score, _)| *score > 0).collect();
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.truncate(10);
        scored.into_iter().map(|(_, at)| at).collect()
    }
}
