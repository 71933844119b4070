//! Signals that would end the process, held back for as long as it has to clean up behind itself.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{
    SIGBUS, SIGCHLD, SIGCONT, SIGFPE, SIGILL, SIGKILL, SIGPIPE, SIGSEGV, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU,
    SIGURG, SIGWINCH,
};
use signal_hook::{flag, low_level};

/// The last signal that any system has.
#[cfg(target_os = "linux")]
const LAST: i32 = 64;
#[cfg(not(target_os = "linux"))]
const LAST: i32 = 31;

/// Those that end nothing, that nobody can hold back, and faults of the program itself.
const OTHERS: [i32; 14] = [
    SIGBUS, SIGCHLD, SIGCONT, SIGFPE, SIGILL, SIGKILL, SIGPIPE, SIGSEGV, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU,
    SIGURG, SIGWINCH,
];

/// As long as it lives, no signal ends the process.
pub(crate) struct Held(&'static State);

struct State {
    /// The signal that came; 0 where none did.
    came: Arc<AtomicUsize>,
    /// Whether signals do what they always do.
    is_free: Arc<AtomicBool>,
}

impl Held {
    /// Holds signals back from here on.
    pub(crate) fn back() -> Self {
        static STATE: OnceLock<State> = OnceLock::new();
        let state = STATE.get_or_init(State::registered);
        state.came.store(0, Ordering::Relaxed);
        state.is_free.store(false, Ordering::Relaxed);
        Self(state)
    }

    /// Whether one came that would have ended the process.
    pub(crate) fn came(&self) -> bool {
        self.0.came.load(Ordering::Relaxed) != 0
    }

    /// Ends the process as the signal would have that came, if one did. To be called when all is clean.
    pub(crate) fn end_if_one_came(self) {
        let came = self.0.came.load(Ordering::Relaxed);
        drop(self);
        if let Some(signal) = i32::try_from(came).ok().filter(|signal| *signal != 0) {
            let _ = low_level::emulate_default_handler(signal);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.is_free.store(true, Ordering::Relaxed);
    }
}

impl State {
    fn registered() -> Self {
        let state = Self { came: Arc::new(AtomicUsize::new(0)), is_free: Arc::new(AtomicBool::new(false)) };
        for signal in (1..=LAST).filter(|signal| !OTHERS.contains(signal)) {
            // Some numbers are nobody's, or the C library's own.
            let _ = state.register(signal);
        }
        state
    }

    fn register(&self, signal: i32) -> io::Result<()> {
        // What has no name cannot be told to do what it always does.
        let _ = flag::register_conditional_default(signal, Arc::clone(&self.is_free));
        let number = usize::try_from(signal).unwrap_or_default();
        flag::register_usize(signal, Arc::clone(&self.came), number).map(drop)
    }
}
