//! Lists of articles, packed.

/// Articles in ascending order, each with a small weight: the distance to the
/// one before, times eight, plus the weight, as a variable-length number.
#[derive(Default)]
pub(super) struct Postings {
    bytes: Vec<u8>,
    last: u32,
    count: u32,
}

impl Postings {
    /// No articles.
    pub(super) const fn new() -> Self {
        Self { bytes: Vec::new(), last: 0, count: 0 }
    }

    /// Adds an article, which must not be less than the last one.
    #[expect(clippy::cast_possible_truncation, reason = "only the low seven bits are meant")]
    pub(super) fn push(&mut self, article: u32, weight: u8) {
        let mut number = u64::from(article.wrapping_sub(self.last)) << 3 | u64::from(weight & 7);
        self.last = article;
        self.count += 1;
        while number >= 0x80 {
            self.bytes.push((number & 0x7F) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// Adds a list of later articles.
    pub(super) fn append(&mut self, later: &Self) {
        let mut articles = later.iter();
        let Some((first, weight)) = articles.next() else { return };
        self.push(first, weight);
        self.bytes.extend_from_slice(articles.bytes.as_slice());
        self.last = later.last;
        self.count += later.count - 1;
    }

    /// How many articles there are.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// Gives back memory that growing has left unused.
    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }

    /// Bytes held.
    pub(super) fn size_bytes(&self) -> usize {
        self.bytes.capacity() + size_of::<Self>()
    }

    /// The articles with their weights.
    pub(super) fn iter(&self) -> Articles<'_> {
        Articles { bytes: self.bytes.iter(), article: 0 }
    }
}

/// The articles of [`Postings`], with their weights.
pub(super) struct Articles<'a> {
    bytes: std::slice::Iter<'a, u8>,
    article: u32,
}

impl Iterator for Articles<'_> {
    type Item = (u32, u8);

    #[expect(clippy::cast_possible_truncation, reason = "what went in was 32 bits and 3")]
    fn next(&mut self) -> Option<(u32, u8)> {
        let first = *self.bytes.next()?;
        let mut number = u64::from(first & 0x7F);
        if first >= 0x80 {
            let mut shift = 7;
            loop {
                let byte = *self.bytes.next()?;
                number |= u64::from(byte & 0x7F) << shift;
                shift += 7;
                if byte < 0x80 || shift > 56 {
                    break;
                }
            }
        }
        self.article = self.article.wrapping_add((number >> 3) as u32);
        Some((self.article, (number & 7) as u8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(articles: &[(u32, u8)]) -> Postings {
        let mut postings = Postings::default();
        articles.iter().for_each(|(article, weight)| postings.push(*article, *weight));
        postings
    }

    #[test]
    fn articles_come_back_as_they_went_in() {
        let articles = [(0, 7), (0, 1), (1, 0), (15, 3), (16, 3), (70_000, 5), (u32::MAX, 2)];
        let postings = of(&articles);
        assert_eq!(postings.iter().collect::<Vec<_>>(), articles);
        assert_eq!(postings.count(), 7);
    }

    #[test]
    fn later_articles_are_appended() {
        for cut in 0..=4 {
            let articles = [(1, 1), (300, 2), (301, 3), (90_000, 4)];
            let mut postings = of(&articles[..cut]);
            postings.append(&of(&articles[cut..]));
            postings.push(90_001, 5);
            assert_eq!(postings.iter().take(4).collect::<Vec<_>>(), articles, "{cut}");
            assert_eq!((postings.iter().last(), postings.count()), (Some((90_001, 5)), 5));
        }
    }
}
