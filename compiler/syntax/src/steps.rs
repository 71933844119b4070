//! How much is looked at: in debug builds, each byte and each token that a phase looks at is a step.
//!
//! So tests can tell work that grows with the text from work that grows faster, without a clock. Release builds count
//! nothing.

use std::cell::Cell;

thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Counts `count` steps.
#[inline]
pub(crate) fn step(count: usize) {
    if cfg!(debug_assertions) {
        STEPS.set(STEPS.get() + count as u64);
    }
}

/// How many steps `work` takes; none in release builds.
pub fn steps_of(work: impl FnOnce()) -> u64 {
    let before = STEPS.get();
    work();
    STEPS.get() - before
}
