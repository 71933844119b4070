//! As much stack as it takes.

/// How much there must be (bytes) before more is made: what one step takes in a debug build, and more.
const RED_ZONE: usize = 256 << 10;

/// How much is made at once (bytes).
const MORE: usize = 8 << 20;

/// Does one step of what has steps in it. An item that another one asks for is worked out on the stack of that one, and
/// how many wait for each other has no bound; so each step sees to it that there is enough, as rustc does it
/// (`ensure_sufficient_stack`).
pub fn with_stack<T>(step: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(RED_ZONE, MORE, step)
}
