//! Containing what nt-hive does on bytes it cannot read.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread is inside [`contain`].
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

static QUIET: Once = Once::new();

/// Runs a call into nt-hive. An error or a panic becomes text.
///
/// Unwinding out of nt-hive leaves nothing half done: it only reads, and what
/// the call was about to return is dropped.
pub(super) fn contain<T>(read: impl FnOnce() -> nt_hive::Result<T>) -> Result<T, String> {
    quiet_contained_panics();
    let before = CONTAINED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(read));
    CONTAINED.set(before);
    match outcome {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panic) => {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no message");
            Err(format!("it panicked ({message})"))
        }
    }
}

/// Whether the panic that is being reported on this thread will be contained
/// at the hive boundary: panic hooks ask this and keep quiet.
pub fn is_contained_panic() -> bool {
    CONTAINED.get()
}

/// Puts a hook before the present one that drops the messages of contained
/// panics and passes all others on. Only the first call does something; who
/// exchanges the hook for another for a while calls this before.
pub fn quiet_contained_panics() {
    QUIET.call_once(|| {
        let present = take_hook();
        set_hook(Box::new(move |panic| {
            if !is_contained_panic() {
                present(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn answers_errors_and_panics_come_back_as_values() {
        assert_eq!(contain(|| Ok(5)), Ok(5));
        let error = nt_hive::NtHiveError::UnsupportedVersion { major: 1, minor: 2 };
        assert_eq!(contain::<()>(|| Err(error.clone())), Err(error.to_string()));
        let panic = contain::<()>(|| panic!("at {}", 7)).unwrap_err();
        assert_eq!(panic, "it panicked (at 7)");
        assert!(contain::<()>(|| panic!("plain")).unwrap_err().contains("plain"));
        assert!(!is_contained_panic());
    }

    #[test]
    fn only_contained_panics_are_quiet() {
        quiet_contained_panics();
        // A hook of the process: only this thread's panics are counted.
        let own = std::thread::current().id();
        let seen = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&seen);
        let earlier = take_hook();
        let passed_on: Arc<dyn Fn(&std::panic::PanicHookInfo<'_>) + Send + Sync> = Arc::from(earlier);
        let next = Arc::clone(&passed_on);
        set_hook(Box::new(move |panic| {
            if std::thread::current().id() == own && !is_contained_panic() {
                counter.fetch_add(1, Ordering::SeqCst);
            } else {
                next(panic);
            }
        }));
        let _ = contain::<()>(|| panic!("inside"));
        assert_eq!(seen.load(Ordering::SeqCst), 0);
        let _ = catch_unwind(|| panic!("outside"));
        assert_eq!(seen.load(Ordering::SeqCst), 1);
        set_hook(Box::new(move |panic| passed_on(panic)));
    }
}
