//! A program on an 80x25 terminal, driven by keys.

use std::process::Command;
use std::time::{Duration, Instant};

/// Under Wine, on a busy machine, a first frame takes its time.
const PATIENCE: Duration = Duration::from_secs(90);
/// How often the screen is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// After so long a key is taken to have changed nothing.
const NO_CHANGE: Duration = Duration::from_secs(5);

/// One tmux server with one window.
pub struct Terminal {
    socket: String,
    at_rest: Duration,
}

/// Whether there is tmux; where there is none the test that asks says that it
/// is left out.
pub fn is_there(test: &str) -> bool {
    let there = Command::new("tmux").arg("-V").output().is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("SKIPPED: {test} (no tmux on this machine)");
    }
    there
}

impl Terminal {
    /// Starts a command of bash; its exit code is shown when it ends.
    /// The screen is taken to be at rest when it has stayed the same so long.
    pub fn start(name: &str, command: &str, at_rest: Duration) -> Self {
        let terminal = Self { socket: format!("pemedic-test-{}-{name}", std::process::id()), at_rest };
        let shown = format!("{command}; echo \"CODE=${{PIPESTATUS[0]}}\"; sleep 600");
        let arguments = ["-f", "/dev/null", "new-session", "-d", "-s", "t", "-x", "80", "-y", "25"];
        terminal.tmux(&[arguments.as_slice(), &["bash", "-c", &shown]].concat());
        terminal
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux").args(["-u", "-L", &self.socket]).args(arguments).output().unwrap();
        assert!(output.status.success(), "tmux {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Presses a key by tmux' name for it.
    pub fn press(&self, key: &str) {
        self.tmux(&["send-keys", "-t", "t", key]);
    }

    /// Types a text as fast as a paste.
    pub fn type_text(&self, text: &str) {
        self.tmux(&["send-keys", "-t", "t", "-l", "--", text]);
    }

    /// Pastes a text, marked as a paste where the program asked for marks.
    pub fn paste(&self, text: &str) {
        self.tmux(&["set-buffer", "--", text]);
        self.tmux(&["paste-buffer", "-p", "-t", "t"]);
    }

    /// The screen as it has come to rest.
    pub fn screen(&self) -> String {
        self.screen_with("")
    }

    /// Waits until the screen is another than `before`; a key that changes
    /// nothing is not waited for long.
    pub fn wait_for_change(&self, before: &str) {
        let deadline = Instant::now() + NO_CHANGE;
        while Instant::now() < deadline && self.tmux(&["capture-pane", "-p", "-t", "t"]) == before {
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// The screen once it shows `text` and has come to rest.
    pub fn screen_with(&self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut shown = (String::new(), Instant::now());
        loop {
            let screen = self.tmux(&["capture-pane", "-p", "-t", "t"]);
            if screen != shown.0 {
                shown = (screen, Instant::now());
            } else if screen.contains(text) && shown.1.elapsed() > self.at_rest {
                return screen;
            }
            assert!(Instant::now() < deadline, "{}: no {text:?} on\n{}", self.socket, shown.0);
            std::thread::sleep(LOOK_AGAIN);
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = Command::new("tmux").args(["-L", &self.socket, "kill-server"]).output();
    }
}
