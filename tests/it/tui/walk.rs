//! Every key on every screen, and thousands of random ones: nothing panics, and
//! nothing is written, left or restarted without a confirmation that no single
//! key can give.

use pemedic::session::{Progress, SessionError, Stage as Work};
use pemedic::tui::effect::{Answer, Effect, Report, Request, Ticket};
use pemedic::tui::{Input, Key};

use super::fixture;
use super::stage::Stage;

/// A generator that needs no library and gives the same walk for the same seed
/// (xorshift64*).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % sides
    }
}

const KEYS: &[Key] = &[
    Key::Enter,
    Key::Esc,
    Key::Tab,
    Key::BackTab,
    Key::Backspace,
    Key::Delete,
    Key::Up,
    Key::Down,
    Key::Left,
    Key::Right,
    Key::Home,
    Key::End,
    Key::PageUp,
    Key::PageDown,
    Key::Ctrl('c'),
    Key::Ctrl('q'),
    Key::Ctrl('x'),
    Key::Ctrl('f'),
    Key::Ctrl('u'),
    Key::Ctrl('w'),
    Key::Alt('x'),
];

/// Keys that mean something somewhere, and some that do nowhere.
fn every_key() -> Vec<Key> {
    let known = pemedic::tui::keys::KEYS.iter().flat_map(|row| row.keys.iter().copied());
    let others = "aYz09.~é日\u{301}".chars().map(Key::Char);
    let mut keys: Vec<Key> =
        KEYS.iter().copied().chain([Key::Function(12)]).chain(known).chain(others).collect();
    let mut seen = std::collections::HashSet::new();
    keys.retain(|key| seen.insert(*key));
    keys
}

/// Longer walks than every test run needs: `PEMEDIC_WALK=20` walks 20 times as far.
fn steps(usual: usize) -> usize {
    let factor = std::env::var("PEMEDIC_WALK").ok().and_then(|factor| factor.parse().ok());
    usual * factor.unwrap_or(1)
}

/// What the session would answer, one way or the other.
fn answer(request: &Request, dice: &mut Dice) -> Answer {
    if dice.roll(12) == 0 {
        return Answer::Failed(
            SessionError::refused("no: \u{1b}[2J\nsecond line").next("try something else"),
        );
    }
    match request {
        Request::Targets => Answer::Targets(fixture::targets()),
        Request::Recover { .. } => Answer::Recovered(Vec::new()),
        Request::Scan { .. } => Answer::Scanned(fixture::scan()),
        Request::Search { .. } => Answer::Found(fixture::found()),
        Request::Explain { .. } => Answer::Explained(fixture::explained()),
        Request::Article { .. } => Answer::Article(Box::new(fixture::article())),
        Request::Plan { choices, .. } | Request::PlanUndo { choices, .. } => {
            let mut keys = fixture::machine_keys();
            if !choices.0.is_empty() {
                keys.questions[0].chosen = choices.0.values().next().cloned();
            }
            let fixes = if dice.roll(2) == 0 { vec![fixture::senslogn()] } else { vec![keys] };
            Answer::Planned(Box::new(fixture::plan(fixes)))
        }
        Request::Apply { .. } => Answer::Applied(Box::new(fixture::applied(vec![fixture::senslogn()]))),
        Request::History { .. } => Answer::History(fixture::history()),
        Request::Tick { .. } => Answer::Ticked,
        Request::Hives { .. } => Answer::Hives(fixture::hives()),
        Request::Key { .. } => Answer::Key(vec![fixture::key()]),
    }
}

/// What cannot be taken back, or writes.
fn is_grave(effect: &Effect) -> bool {
    match effect {
        Effect::Leave => true,
        Effect::Duty(duty) => !matches!(duty, pemedic::tui::effect::Duty::Keyboard(_)),
        Effect::Ask(_, request) => matches!(request, Request::Apply { .. }),
        Effect::Cancel(_) | Effect::Prompt => false,
    }
}

/// Whether this frame asks for the confirmation, and the answer that is
/// selected or typed is yes.
fn is_confirming(frame: &str) -> bool {
    let selected = |line: &str| {
        let said = line.trim_start().strip_prefix("» ").unwrap_or_default();
        ["Write ", "Leave pemedic", "Restart", "Switch"].iter().any(|yes| said.starts_with(yes))
    };
    frame.lines().any(selected) || frame.lines().any(|line| line.trim() == "Type the word apply: apply")
}

struct Walk {
    stage: Stage,
    dice: Dice,
    waiting: Vec<(Ticket, Request)>,
    /// How often something grave was confirmed.
    confirmed: usize,
    keys: Vec<Key>,
}

impl Walk {
    fn new(stage: Stage, seed: u64) -> Self {
        let mut walk = Self { stage, dice: Dice(seed), waiting: Vec::new(), confirmed: 0, keys: Vec::new() };
        walk.collect();
        walk
    }

    /// Moves requests to the waiting ones.
    fn collect(&mut self) {
        for effect in std::mem::take(&mut self.stage.effects) {
            if let Effect::Ask(ticket, request) = effect {
                self.waiting.push((ticket, request));
            }
        }
    }

    fn press(&mut self, key: Key) {
        self.keys.push(key);
        // Seen at a size at which everything is in sight.
        let before = if key == Key::Enter { self.stage.frame_at(80, 25) } else { String::new() };
        self.stage.key(key);
        if self.stage.effects.iter().any(is_grave) {
            assert!(key == Key::Enter && is_confirming(&before), "after {:?}:\n{before}", self.tail());
            self.confirmed += 1;
        }
        self.collect();
    }

    /// Answers some of what waits, with progress before.
    fn answer_some(&mut self, all: bool) {
        while !self.waiting.is_empty() && (all || self.dice.roll(3) == 0) {
            let (ticket, request) = self.waiting.remove(0);
            let progress = match request {
                Request::Scan { .. } => Some(Progress::probed(fixture::senslogn(), 1, 9)),
                Request::Apply { .. } => Some(Progress::new(Work::Writing, "SOFTWARE", 1, 2)),
                _ => None,
            };
            if let Some(progress) = progress {
                self.stage.report(ticket, Answer::Progress(progress));
                self.stage.frame();
            }
            let answer = answer(&request, &mut self.dice);
            let effects = self.stage.app.on_report(&Report { ticket, answer });
            assert!(!effects.iter().any(is_grave), "an answer does nothing by itself: {:?}", self.tail());
            self.stage.effects.extend(effects);
            self.collect();
            self.stage.frame();
        }
    }

    fn tail(&self) -> &[Key] {
        &self.keys[self.keys.len().saturating_sub(20)..]
    }

    fn random(&mut self, keys: &[Key], steps: usize) {
        for _ in 0..steps {
            let key = keys[self.dice.roll(keys.len())];
            self.press(key);
            match self.dice.roll(200) {
                0 => self.stage.resize(1, 1),
                1 => self.stage.resize(200, 60),
                2 => self.stage.resize(40, 15),
                3 => {
                    let effects = self.stage.app.on_input(Input::Paste("apply\nyes\r\n0x7B".repeat(9)));
                    assert!(!effects.iter().any(is_grave), "a paste does nothing by itself");
                    self.stage.effects.extend(effects);
                    self.collect();
                }
                4 => self.stage.resize(80, 25),
                _ => {}
            }
            self.answer_some(false);
        }
    }
}

#[test]
fn random_keys_never_panic_and_never_write_unconfirmed() {
    let keys = every_key();
    for seed in 1..=4 {
        let stage = if seed % 2 == 0 { Stage::empty(80, 25) } else { Stage::shell(80, 25) };
        Walk::new(stage, seed * 0x9e37_79b9).random(&keys, steps(1_000));
    }
}

#[test]
fn the_keys_that_do_things_are_walked_too() {
    // Mostly the keys that lead somewhere, so that deep places are reached.
    let keys = [
        Key::Enter,
        Key::Enter,
        Key::Enter,
        Key::Down,
        Key::Down,
        Key::Up,
        Key::Tab,
        Key::Esc,
        Key::Char('r'),
        Key::Char('u'),
        Key::Char('a'),
        Key::Char('p'),
        Key::Char('l'),
        Key::Char('y'),
        Key::Char('g'),
        Key::Char(' '),
        Key::Function(4),
        Key::Function(10),
    ];
    let mut confirmed = 0;
    for seed in 1..=4 {
        let mut walk = Walk::new(Stage::scanned(80, 25), seed * 0x51ed_270b);
        walk.random(&keys, steps(1_000));
        confirmed += walk.confirmed;
    }
    assert!(confirmed > 3, "the walk must reach what it is about: {confirmed}");
}

/// From here, every key once.
fn places() -> Vec<(&'static str, Stage)> {
    type Lead = fn(&mut Stage);
    let leads: [(&'static str, Lead); 16] = [
        ("home", |_| {}),
        ("results", |stage| {
            stage.type_text("1083");
            stage.answer(Answer::Found(fixture::found()));
        }),
        ("findings", |stage| stage.key(Key::Tab)),
        ("targets part", |stage| stage.key(Key::BackTab)),
        ("article", |stage| {
            stage.type_text("1083");
            stage.answer(Answer::Found(fixture::found()));
            stage.key(Key::Enter);
            stage.answer(Answer::Article(Box::new(fixture::article())));
        }),
        ("choose", |stage| {
            stage.keys(&[Key::Tab, Key::Down, Key::Enter]);
            stage.answer(Answer::Planned(Box::new(fixture::plan(vec![fixture::machine_keys()]))));
        }),
        ("preview", preview),
        ("confirm", |stage| {
            preview(stage);
            stage.key(Key::Enter);
        }),
        ("confirm by word", |stage| {
            stage.keys(&[Key::Tab, Key::Down, Key::Enter]);
            let mut fix = fixture::machine_keys();
            fix.questions.clear();
            stage.answer(Answer::Planned(Box::new(fixture::plan(vec![fix]))));
            stage.key(Key::Enter);
        }),
        ("at work", |stage| {
            preview(stage);
            stage.keys(&[Key::Enter, Key::Down, Key::Enter]);
        }),
        ("result", |stage| {
            preview(stage);
            stage.keys(&[Key::Enter, Key::Down, Key::Enter]);
            stage.answer(Answer::Applied(Box::new(fixture::applied(vec![fixture::senslogn()]))));
            stage.answer_history(fixture::history());
        }),
        ("receipt", |stage| {
            stage.key(Key::Function(4));
            stage.answer(Answer::History(fixture::history()));
            stage.key(Key::Enter);
        }),
        ("registry", |stage| {
            stage.keys(&[Key::Function(6), Key::Enter]);
            stage.answer(Answer::Key(vec![fixture::key()]));
        }),
        ("leave", |stage| stage.key(Key::Function(10))),
        ("help", |stage| stage.key(Key::Function(1))),
        ("log", |stage| stage.key(Key::Function(7))),
    ];
    let place = |(name, lead): &(&'static str, Lead)| {
        let mut stage = Stage::scanned(80, 25);
        lead(&mut stage);
        stage.effects.clear();
        (*name, stage)
    };
    leads.iter().map(place).collect()
}

fn preview(stage: &mut Stage) {
    stage.keys(&[Key::Tab, Key::Enter]);
    stage.answer(Answer::Planned(Box::new(fixture::plan(vec![fixture::senslogn()]))));
}

#[test]
fn no_key_held_down_does_anything_grave_anywhere() {
    for (name, place) in places() {
        for key in every_key() {
            let mut stage = place.clone();
            for _ in 0..5 {
                stage.key(key);
            }
            let grave: Vec<_> = stage.effects.iter().filter(|effect| is_grave(effect)).collect();
            assert!(grave.is_empty(), "{name}: {key:?} held down does {grave:?}");
        }
    }
}

#[test]
fn esc_leads_back_to_the_first_screen_from_everywhere() {
    for (name, mut stage) in places() {
        if name == "at work" {
            continue;
        }
        for _ in 0..6 {
            if stage.frame().starts_with(" pemedic  ") {
                break;
            }
            stage.key(Key::Esc);
        }
        assert!(stage.frame().starts_with(" pemedic  "), "{name}:\n{}", stage.frame());
    }
}

#[test]
fn every_screen_says_in_one_whole_line_what_it_is() {
    for (name, mut stage) in places() {
        let frame = stage.frame();
        let purpose = frame.lines().nth(1).unwrap().to_owned();
        assert!(purpose.ends_with(['.', '?', ':']) && !purpose.ends_with(".."), "{name}: {purpose:?}");
    }
}

#[test]
fn every_size_is_drawn() {
    for (_, mut stage) in places() {
        for (width, height) in [(1, 1), (2, 9), (9, 2), (20, 6), (40, 15), (80, 24), (132, 43), (200, 60)] {
            stage.resize(width, height);
            stage.frame();
        }
    }
}
