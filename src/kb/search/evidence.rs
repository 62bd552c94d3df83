//! What speaks for an article, kind by kind.

/// A kind of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The article is named.
    Name,
    /// A code.
    Code,
    /// What Windows prints.
    Message,
    /// A registry key.
    Key,
    /// A driver, a file or a GUID.
    File,
    /// An event.
    Event,
    /// A service.
    Service,
    /// What people say.
    Phrase,
    /// Single words.
    Word,
    /// A code one digit away.
    NearCode,
}

/// How many kinds there are.
const KINDS: usize = 10;

/// What each kind is worth at most.
const WORTH: [f64; KINDS] = [1.6, 1.0, 1.0, 0.9, 0.75, 0.55, 0.5, 0.6, 0.5, 0.3];

/// Codes and the messages that Windows prints for them say the same twice.
const SAID_TWICE: f64 = 0.35;

/// Of several pieces of one kind each further one counts this much less.
const FURTHER: f64 = 0.5;

/// At most so many reasons are given.
const REASONS_MAX: usize = 6;

/// What speaks for one article.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// Whether a code of it is one that programs of every kind do not give.
    pub(super) has_telling_code: bool,
    pieces: Vec<(Kind, f64, String)>,
}

impl Evidence {
    /// Adds a piece of evidence of a strength from 0 to 1.
    pub(super) fn add(&mut self, kind: Kind, strength: f64, reason: impl FnOnce() -> String) {
        if strength > 0.0 {
            self.pieces.push((kind, strength, reason()));
        }
    }

    /// How much one kind says in all, at its worth.
    pub(super) fn of(&self, kind: Kind) -> f64 {
        let mut pieces = self.pieces.iter().filter(|piece| piece.0 == kind).map(|piece| piece.1);
        let Some(first) = pieces.next() else { return 0.0 };
        let mut strengths: Vec<f64> = std::iter::once(first).chain(pieces).collect();
        strengths.sort_by(|a, b| b.total_cmp(a));
        let (mut sum, mut factor) = (0.0, 1.0);
        for strength in strengths {
            sum += strength * factor;
            factor *= FURTHER;
        }
        sum.min(1.5) * WORTH[kind as usize]
    }

    /// Everything together.
    pub(super) fn sum(&self) -> f64 {
        let (code, message) = (self.of(Kind::Code), self.of(Kind::Message));
        let said = code.max(message) + SAID_TWICE * code.min(message);
        let others = [
            Kind::Name,
            Kind::Key,
            Kind::File,
            Kind::Event,
            Kind::Service,
            Kind::Phrase,
            Kind::Word,
            Kind::NearCode,
        ];
        said + others.iter().map(|kind| self.of(*kind)).sum::<f64>()
    }

    /// Whether all that is said is an error that programs of every kind give.
    pub(super) fn is_general(&self) -> bool {
        let own = [Kind::Name, Kind::Key, Kind::File, Kind::Event, Kind::Service];
        let says = |kind: Kind| self.of(kind) >= TELLS;
        let twice = self.of(Kind::Message).min(self.of(Kind::Phrase)) >= TELLS_TWICE;
        self.of(Kind::Code) > 0.0 && !self.has_telling_code && !twice && !own.into_iter().any(says)
    }

    /// How many kinds say something of their own.
    pub(super) fn kinds(&self) -> usize {
        let said = self.of(Kind::Code).max(self.of(Kind::Message));
        let alone = [Kind::Name, Kind::Key, Kind::File, Kind::Event, Kind::Service, Kind::Phrase];
        let others = alone.iter().filter(|kind| self.of(**kind) >= TELLS).count();
        others + usize::from(said >= TELLS)
    }

    /// The reasons, strongest first, each once.
    pub(super) fn reasons(mut self) -> Vec<String> {
        let worth = |piece: &(Kind, f64, String)| piece.1 * WORTH[piece.0 as usize];
        self.pieces.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
        let mut reasons: Vec<String> = Vec::new();
        for (_, _, reason) in self.pieces {
            if reasons.len() < REASONS_MAX && !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }
}

/// From here on two kinds of sentences are two sentences, and not one told twice.
const TELLS_TWICE: f64 = 0.35;
/// From here on a kind says something of its own.
const TELLS: f64 = 0.2;

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(pieces: &[(Kind, f64)]) -> f64 {
        let mut evidence = Evidence::default();
        for (kind, strength) in pieces {
            evidence.add(*kind, *strength, String::new);
        }
        evidence.sum()
    }

    #[test]
    fn a_code_and_its_message_count_little_more_than_one() {
        let both = sum(&[(Kind::Code, 0.8), (Kind::Message, 0.8)]);
        assert!(both > 0.8 && both < 1.2, "{both}");
        assert!(sum(&[(Kind::Code, 0.8), (Kind::Service, 0.8)]) > both);
    }

    #[test]
    fn further_pieces_of_a_kind_count_less() {
        let one = sum(&[(Kind::Service, 0.6)]);
        let three = sum(&[(Kind::Service, 0.6), (Kind::Service, 0.6), (Kind::Service, 0.6)]);
        assert!(three > one && three < 2.0 * one);
    }
}
