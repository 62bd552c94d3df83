//! The five founding repairs from the paste to the undo, through the real
//! session on synthetic installations: keys in, text out, and the registry
//! compared. The same journeys are walked in this process and with the
//! executable in a real terminal.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pemedic::session::{DemoInstallation, Options, Session};
use pemedic::tui::app::App;
use pemedic::tui::effect::Effect;
use pemedic::tui::theme::Theme;
use pemedic::tui::worker::Worker;
use pemedic::tui::{Input, Key};

use super::stage::text_of;
use crate::support::terminal::{self, Terminal};

/// Slower than any repair of a small installation, on the busiest machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long a terminal must show the same to be at rest.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A console of 80x25 with the interface on it.
trait Desk {
    fn key(&mut self, key: Key);
    fn paste(&mut self, text: &str);
    /// What is shown once nothing is under way.
    fn frame(&mut self) -> String;

    /// What is shown once `text` is.
    fn expect(&mut self, text: &str);

    fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.key(Key::Char(c));
        }
    }

    /// Moves down to the row that has `text`.
    fn select(&mut self, text: &str) {
        for _ in 0..40 {
            if self.frame().lines().any(|line| line.starts_with(" » ") && line.contains(text)) {
                return;
            }
            self.key(Key::Down);
        }
        panic!("no row has {text:?}:\n{}", self.frame());
    }

    /// From the preview to the result: the confirmation, whichever it is.
    fn confirm(&mut self) {
        self.expect("[Preview]");
        self.expect("Nothing is written yet.");
        self.key(Key::Enter);
        self.expect("[Confirm]");
        if self.frame().contains("Type the word") {
            self.type_text("apply");
        } else {
            self.key(Key::Down);
        }
        self.key(Key::Enter);
        self.expect("[Result]");
    }
}

/// The interface in this process, with its worker.
struct Inside {
    app: App,
    worker: Worker,
}

impl Inside {
    fn open(session: &Session) -> Self {
        let mut app = App::new(Theme::new(true, false), false);
        let effects = app.begin();
        let mut desk = Self { app, worker: Worker::start(session) };
        desk.perform(effects);
        desk.settle();
        desk
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask(ticket, request) => self.worker.ask(ticket, request),
                Effect::Cancel(ticket) => self.worker.cancel(ticket),
                other => panic!("nothing asked for {other:?}"),
            }
        }
    }

    /// Waits until nothing is under way.
    fn settle(&mut self) {
        let begun = Instant::now();
        while self.worker.is_busy() {
            assert!(begun.elapsed() < PATIENCE, "still busy:\n{}", self.frame());
            match self.worker.answer() {
                Some(report) => {
                    let effects = self.app.on_report(&report);
                    self.perform(effects);
                }
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    fn input(&mut self, input: Input) {
        let effects = self.app.on_input(input);
        self.perform(effects);
        self.settle();
        self.frame();
    }
}

impl Desk for Inside {
    fn key(&mut self, key: Key) {
        self.input(Input::Key(key));
    }

    fn paste(&mut self, text: &str) {
        self.input(Input::Paste(text.to_owned()));
    }

    fn frame(&mut self) -> String {
        text_of(&mut self.app, 80, 25)
    }

    fn expect(&mut self, text: &str) {
        let frame = self.frame();
        assert!(frame.contains(text), "{text:?} is not in sight:\n{frame}");
    }
}

/// The executable in a real terminal.
impl Desk for Terminal {
    fn key(&mut self, key: Key) {
        let before = self.screen();
        match key {
            Key::Enter => self.press("Enter"),
            Key::Tab => self.press("Tab"),
            Key::BackTab => self.press("BTab"),
            Key::Down => self.press("Down"),
            Key::Function(number) => self.press(&format!("F{number}")),
            Key::Char(c) => Terminal::type_text(self, &c.to_string()),
            other => panic!("no journey presses {other:?}"),
        }
        self.wait_for_change(&before);
    }

    fn paste(&mut self, text: &str) {
        Terminal::paste(self, text);
    }

    fn frame(&mut self) -> String {
        self.screen()
    }

    fn expect(&mut self, text: &str) {
        self.screen_with(text);
    }
}

/// Everything the repairs can change, outside the receipts.
fn content(session: &Session, folder: &Path) -> (String, Vec<PathBuf>) {
    let session = session.with_target(folder);
    let registry = [r"HKLM\SYSTEM", r"HKLM\SOFTWARE"].map(|key| session.reg_export(key).unwrap()).concat();
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true if path.ends_with("pemedic") => {}
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    files.sort();
    (registry, files)
}

fn journey(desk: &mut dyn Desk, session: &Session, installation: &DemoInstallation) {
    let before = content(session, &installation.folder);
    let name = installation.folder.file_name().unwrap().to_str().unwrap();
    desk.expect(" healthy");
    desk.key(Key::BackTab);
    desk.select(name);
    desk.key(Key::Enter);
    desk.key(Key::Tab);

    desk.paste(&installation.said);
    desk.expect("Enter reads the selected article");
    desk.select(&installation.article);
    desk.key(Key::Enter);
    desk.expect(&format!("pemedic » {}", installation.article));

    desk.expect("needed");
    desk.key(Key::Tab);
    let fix = installation.fix.split('/').nth(1).unwrap();
    let short: String = fix.chars().take(12).collect();
    desk.select(&short);
    desk.key(Key::Enter);
    if installation.article == "kb884872" {
        for question in ["was made when", "IIS keep"] {
            desk.expect("[Choose]");
            desk.expect(question);
            desk.expect("proposed");
            desk.key(Key::Enter);
        }
    }
    desk.confirm();
    desk.expect("Repaired:");
    desk.expect("healthy when probed again");
    assert_ne!(content(session, &installation.folder), before);

    desk.key(Key::Char('u'));
    desk.expect("» Undo");
    desk.confirm();
    desk.expect("Taken back:");
    assert_eq!(content(session, &installation.folder), before);

    desk.key(Key::Enter);
    desk.expect(" pemedic  ");
    desk.key(Key::Function(4));
    desk.expect("undone");
    desk.expect("undo of");
}

#[test]
fn the_five_founding_repairs_from_paste_to_undo() {
    let folder = tempfile::tempdir().unwrap();
    let session = Session::open(Options::default()).with_roots(&[folder.path().to_owned()]);
    for installation in session.build_demo(folder.path()).unwrap() {
        journey(&mut Inside::open(&session), &session, &installation);
    }
}

#[test]
fn the_same_five_journeys_in_a_real_terminal() {
    if !terminal::is_there("journeys in a real terminal") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let session = Session::open(Options::default()).with_roots(&[folder.path().to_owned()]);
    for installation in session.build_demo(folder.path()).unwrap() {
        let command = format!("'{}' --root '{}'", env!("CARGO_BIN_EXE_pemedic"), folder.path().display());
        let mut terminal = Terminal::start(&installation.article, &command, LOOK_AGAIN);
        journey(&mut terminal, &session, &installation);
        terminal.press("F10");
        terminal.screen_with("Stay");
        terminal.press("Down");
        terminal.press("Enter");
        terminal.screen_with("CODE=0");
    }
}
