//! Keeps a panic's message off the screen until the screen has been given back.

use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::{Mutex, PoisonError};

use crate::session::is_contained_panic;

/// Panics that other layers contain leave messages too; only the last few matter.
const MESSAGES_MAX: usize = 4;

static MESSAGES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// While this lives, panic messages are kept instead of printed. Dropped while
/// the thread unwinds, it prints them.
pub(super) struct Kept {
    earlier: Option<Hook>,
}

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static>;

impl std::fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Kept")
    }
}

impl Kept {
    pub(super) fn new() -> Self {
        let earlier = take_hook();
        set_hook(Box::new(|panic| {
            if is_contained_panic() {
                return;
            }
            let mut messages = MESSAGES.lock().unwrap_or_else(PoisonError::into_inner);
            if messages.len() == MESSAGES_MAX {
                messages.remove(0);
            }
            messages.push(panic.to_string());
        }));
        Self { earlier: Some(earlier) }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let messages = std::mem::take(&mut *MESSAGES.lock().unwrap_or_else(PoisonError::into_inner));
        if std::thread::panicking() {
            // A panicking thread may not exchange the hook.
            for message in messages {
                eprintln!("{message}");
            }
        } else if let Some(earlier) = self.earlier.take() {
            set_hook(earlier);
        }
    }
}
