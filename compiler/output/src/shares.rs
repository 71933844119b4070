//! Work on many files, shared out to threads: most of it is waiting for the system.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::thread::{self, ScopedJoinHandle};

/// So many files are worth a thread.
const LEAST: usize = 64;

/// How many cores there are, which the system is asked once: it reads some files for that.
pub fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get))
}

/// How many of `threads` are worth starting for `count` files.
pub(crate) fn worth(threads: usize, count: usize) -> usize {
    threads.min(count / LEAST)
}

/// Does `work` on all of `all` in up to `threads` shares, and returns what came of each, in order. A share that fails
/// ends itself, and after it nothing is left to be done but what others have begun.
pub(crate) fn in_shares<T: Sync, R: Send, E: Send>(
    threads: usize,
    all: &[T],
    work: impl Fn(&[T]) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let mut shares = all.chunks(all.len().div_ceil(threads.max(1)).max(1));
    let Some(own) = shares.next() else { return Ok(Vec::new()) };
    thread::scope(|scope| {
        let work = &work;
        let others: Vec<ScopedJoinHandle<'_, _>> =
            shares.map(|share| scope.spawn(move || work(share))).collect();
        let own = work(own);
        let others =
            others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        std::iter::once(own).chain(others).collect()
    })
}
