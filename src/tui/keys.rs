//! The one table of keys: what is pressed, what it means, what it is called.
//!
//! Dispatch, the footer and the help are all made from [`KEYS`]. A row counts
//! only while its screen offers the message, so a key is never shown where it
//! does nothing, and never does what is not shown.

use super::input::Key;

/// The screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Targets, findings, search.
    Home,
    /// An article.
    Article,
    /// The guided repair, and undo, which takes the same way.
    Repair,
    /// The installations with all that is known of them.
    Targets,
    /// The receipts of a target.
    History,
    /// One receipt.
    Receipt,
    /// Keys and values of the target.
    Registry,
    /// Every reading of a code.
    Code,
    /// What happened in this run.
    Log,
    /// This table, readable.
    Help,
    /// What a boot shell can do to its machine.
    Machine,
    /// Keyboard layouts.
    Keyboard,
    /// A question before something that cannot be taken back.
    Sure,
}

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the beginning.
    First,
    /// To the end.
    Last,
    /// To the next part of the screen.
    NextPart,
    /// To the part before.
    PreviousPart,
    /// Do the obvious thing with what is selected.
    Open,
    /// Read the article that belongs to what is selected.
    Read,
    /// One level up.
    Outward,
    /// Mark or unmark.
    Mark,
    /// Fold or unfold everything.
    FoldAll,
    /// Fold or unfold one section.
    Fold,
    /// Search within the text.
    Find,
    /// Next place found.
    FindNext,
    /// Place before.
    FindPrevious,
    /// Begin the guided repair.
    Repair,
    /// Take back.
    Undo,
    /// Show the receipt.
    Receipt,
    /// Jump to the key in the registry.
    ToRegistry,
    /// Type a key name.
    GoTo,
    /// Give up on what is running.
    Cancel,
    /// One step back.
    Back,
    /// Back to the first screen.
    Home,
    /// The help.
    Help,
    /// The targets.
    Targets,
    /// The code explainer.
    Code,
    /// The receipts.
    History,
    /// Look again.
    Rescan,
    /// The registry browser.
    Registry,
    /// The log.
    Log,
    /// The machine's own menu, or the way out.
    Machine,
    /// A command prompt.
    Prompt,
}

/// One row: on these screens (all, where none is named), any of these keys
/// means this and is called so. Rows of movement have no place in the footer.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Screens; empty: all.
    pub on: &'static [Kind],
    /// The first is shown.
    pub keys: &'static [Key],
    /// What it means.
    pub message: Message,
    /// What it is called in the footer.
    pub label: &'static str,
    /// What it does, in a sentence for the help.
    pub help: &'static str,
}

const fn row(
    on: &'static [Kind],
    keys: &'static [Key],
    message: Message,
    label: &'static str,
    help: &'static str,
) -> Row {
    Row { on, keys, message, label, help }
}

use Key::{BackTab, Backspace, Char, Ctrl, Down, End, Enter, Esc, Function, Home, PageDown, PageUp, Tab, Up};
use Kind as K;
use Message as M;

const EVERYWHERE: &[Kind] = &[];
const LISTS: &[Kind] = &[
    K::Home,
    K::Repair,
    K::Targets,
    K::History,
    K::Receipt,
    K::Registry,
    K::Help,
    K::Machine,
    K::Keyboard,
    K::Sure,
];

/// The table. More important rows stand first: a narrow footer shows those.
pub const KEYS: &[Row] = &[
    row(&[K::Home], &[Enter], M::Open, "Open", "Open what is selected"),
    row(&[K::Article], &[Enter], M::Open, "Open", "Preview the selected fix, or read the other article"),
    row(
        &[K::Article],
        &[Char('r')],
        M::Repair,
        "Repair",
        "Show what the repair would change; nothing is written yet",
    ),
    row(&[K::Repair], &[Enter], M::Open, "Next", "Go on to the next step"),
    row(&[K::Targets], &[Enter], M::Open, "Choose", "Work on the selected Windows"),
    row(&[K::History], &[Enter], M::Open, "Open", "Open the selected receipt"),
    row(&[K::Registry], &[Enter, Key::Right], M::Open, "Open", "Open the key, or show the whole value"),
    row(&[K::Help], &[Enter], M::Open, "Do it", "Do what the selected row says"),
    row(&[K::Machine, K::Keyboard, K::Sure], &[Enter], M::Open, "Choose", "Take what is selected"),
    row(
        &[K::Repair, K::Receipt],
        &[Char(' ')],
        M::Mark,
        "Tick",
        "Tick what is done by hand; ticks are kept in the receipt",
    ),
    row(&[K::Article], &[Char(' ')], M::Mark, "Mark fix", "Mark a fix, to repair several at once"),
    row(
        &[K::Home, K::Article, K::Registry],
        &[Tab],
        M::NextPart,
        "Next part",
        "Go to the next part of the screen",
    ),
    row(
        &[K::Home, K::Article, K::Registry],
        &[BackTab],
        M::PreviousPart,
        "Part before",
        "Go to the part before",
    ),
    row(&[K::Repair, K::Receipt], &[Char('u')], M::Undo, "Undo", "Show what taking it back would change"),
    row(&[K::Repair], &[Char('t')], M::Receipt, "Receipt", "Show the receipts of this Windows"),
    row(&[K::Repair, K::Receipt], &[Char('a')], M::Read, "Article", "Read the article this comes from"),
    row(
        &[K::Repair],
        &[Char('g')],
        M::ToRegistry,
        "Registry",
        "Look at the key in the registry as it is now",
    ),
    row(&[K::Article], &[Char('f')], M::Fold, "Fold", "Fold or unfold the section at the top"),
    row(
        &[K::Article],
        &[Char('o')],
        M::FoldAll,
        "Show all",
        "Show everything, or only what is for this Windows",
    ),
    row(&[K::Article], &[Char('/'), Ctrl('f')], M::Find, "Find", "Find a word in this article"),
    row(&[K::Article], &[Char('n')], M::FindNext, "Next found", "Go to the next place found"),
    row(&[K::Article], &[Char('N')], M::FindPrevious, "Found before", "Go to the place found before"),
    row(&[K::Registry], &[Backspace, Key::Left], M::Outward, "Up one key", "Go to the key above"),
    row(&[K::Registry], &[Char('g')], M::GoTo, "Go to key", "Type the name of a key to go to"),
    row(&[K::Home], &[Ctrl('x')], M::Cancel, "Stop scan", "Stop the scan; what was found stays"),
    row(EVERYWHERE, &[Esc], M::Back, "Back", "Go one step back"),
    row(EVERYWHERE, &[Function(1), Char('?')], M::Help, "Help", "Show this list"),
    row(EVERYWHERE, &[Function(2)], M::Targets, "Targets", "Every Windows on this machine and its state"),
    row(EVERYWHERE, &[Function(3)], M::Code, "Code", "Explain an error code"),
    row(EVERYWHERE, &[Function(4)], M::History, "History", "Repairs made on this Windows, to undo them"),
    row(EVERYWHERE, &[Function(5)], M::Rescan, "Rescan", "Look for Windows again and scan it"),
    row(EVERYWHERE, &[Function(6)], M::Registry, "Registry", "Look at the registry of this Windows"),
    row(EVERYWHERE, &[Function(7)], M::Log, "Log", "What happened since the start"),
    row(EVERYWHERE, &[Function(8)], M::Home, "Home", "Back to the first screen"),
    row(EVERYWHERE, &[Function(9)], M::Prompt, "Prompt", "A command prompt; exit comes back here"),
    row(
        EVERYWHERE,
        &[Function(10), Ctrl('q'), Ctrl('c')],
        M::Machine,
        "Leave",
        "Leave, restart, switch off: asks first",
    ),
    row(LISTS, &[Up], M::Up, "Row above", "One row up"),
    row(LISTS, &[Down], M::Down, "Row below", "One row down"),
    row(&[K::Article, K::Log, K::Code], &[Up], M::Up, "Line above", "One line up"),
    row(&[K::Article, K::Log, K::Code], &[Down], M::Down, "Line below", "One line down"),
    row(EVERYWHERE, &[PageUp], M::PageUp, "Page above", "One page up"),
    row(EVERYWHERE, &[PageDown], M::PageDown, "Page below", "One page down"),
    row(EVERYWHERE, &[Home], M::First, "Beginning", "To the beginning"),
    row(EVERYWHERE, &[End], M::Last, "End", "To the end"),
];

impl Row {
    /// Whether the row is for this screen, with the keyboard as it is: where
    /// text is edited, characters are text and so are the keys of a line editor.
    pub fn is_for(&self, kind: Kind, editing: bool) -> bool {
        (self.on.is_empty() || self.on.contains(&kind)) && self.key(editing).is_some()
    }

    /// The key to show.
    pub fn key(&self, editing: bool) -> Option<Key> {
        self.keys_for(editing).next()
    }

    /// The keys that count with the keyboard as it is.
    pub fn keys_for(&self, editing: bool) -> impl Iterator<Item = Key> {
        self.keys.iter().copied().filter(move |key| !editing || !is_text(*key))
    }

    /// Whether the row only moves.
    pub fn is_movement(&self) -> bool {
        matches!(
            self.message,
            M::Up | M::Down | M::PageUp | M::PageDown | M::First | M::Last | M::PreviousPart
        )
    }
}

/// What a line editor takes for itself.
fn is_text(key: Key) -> bool {
    matches!(key, Char(_) | Home | End | Key::Left | Key::Right | Backspace | Key::Delete)
}

/// The rows of a screen, most important first.
pub fn rows(kind: Kind, editing: bool) -> impl Iterator<Item = &'static Row> {
    KEYS.iter().filter(move |row| row.is_for(kind, editing))
}

/// What `key` means on a screen, out of what the screen offers.
pub fn message(kind: Kind, editing: bool, key: Key, offers: impl Fn(Message) -> bool) -> Option<Message> {
    let pressed = |row: &&Row| row.keys.contains(&key) && !(editing && is_text(key));
    rows(kind, editing).filter(pressed).map(|row| row.message).find(|message| offers(*message))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Kind; 13] = [
        K::Home,
        K::Article,
        K::Repair,
        K::Targets,
        K::History,
        K::Receipt,
        K::Registry,
        K::Code,
        K::Log,
        K::Help,
        K::Machine,
        K::Keyboard,
        K::Sure,
    ];

    #[test]
    fn no_screen_has_two_meanings_for_a_key() {
        for kind in ALL {
            let mut seen = Vec::new();
            for row in rows(kind, false) {
                for key in row.keys {
                    assert!(!seen.contains(key), "{kind:?}: {key:?} means two things");
                    seen.push(*key);
                }
            }
        }
    }

    #[test]
    fn every_screen_can_be_left_and_explained() {
        for kind in ALL {
            for editing in [false, true] {
                assert_eq!(message(kind, editing, Esc, |_| true), Some(M::Back), "{kind:?}");
                assert_eq!(message(kind, editing, Function(1), |_| true), Some(M::Help), "{kind:?}");
            }
        }
    }

    #[test]
    fn characters_are_text_where_text_is_edited() {
        assert_eq!(message(K::Home, true, Char('?'), |_| true), None);
        assert_eq!(message(K::Article, false, Char('?'), |_| true), Some(M::Help));
    }

    #[test]
    fn what_a_screen_does_not_offer_is_not_found() {
        assert_eq!(message(K::Repair, false, Char('u'), |message| message != M::Undo), None);
    }
}
