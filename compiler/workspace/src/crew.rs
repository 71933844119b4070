//! All cores at work on a large lab.
//!
//! The database of a session can be shared by threads: what one has computed the others find done. So the items of a
//! lab are handed out in shares to as many threads as whoever asks has cores for, and what is asked afterwards is answered
//! at once. Small labs are done before a thread has started. It may be a part of what a snapshot is asked: all threads
//! stop where that is cancelled.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use driver::Session;

/// So much stack that labs as deep as the language allows fit, in debug builds too. Only what is used is taken.
pub const STACK: usize = 256 << 20;

/// How many things a thread takes at a time.
const SHARE: usize = 4;
/// So many things must there be for each thread: starting one takes as long as computing a few.
const LEAST: usize = 48;

/// Something to be computed for some of many things.
type Step<'s> = &'s (dyn Fn(&Session, Range<usize>) + Sync);

/// Reads all items of the lab, as far as it takes to know what they declare.
pub fn outline(session: &Session, threads: usize) {
    share_out(session, threads, session.item_count(), &[&Session::mentions, &Session::outline]);
}

/// Computes what all items of the lab come to. All are read first: the first value that asks for all declarations of a
/// kind would read them alone.
pub fn evaluate(session: &Session, threads: usize) {
    share_out(
        session,
        threads,
        session.item_count(),
        &[&Session::mentions, &Session::outline, &Session::evaluate],
    );
}

/// Computes all files under `k8s/`.
pub fn emit(session: &Session, threads: usize) {
    share_out(session, threads, session.component_count(), &[&Session::emit]);
}

/// Things of which some are still to be computed, step by step.
struct Work<'s> {
    steps: Vec<(Step<'s>, AtomicUsize)>,
    count: usize,
}

impl Work<'_> {
    /// Computes shares of them until none is left.
    fn go_on(&self, session: &Session) {
        for (step, next) in &self.steps {
            loop {
                let first = next.fetch_add(SHARE, Ordering::Relaxed);
                if first >= self.count {
                    break;
                }
                step(session, first..(first + SHARE).min(self.count));
            }
        }
    }
}

/// Leaves nothing to do when it is dropped: whoever asked has done all, or unwinds.
struct Enough<'w, 's>(&'w Work<'s>);

impl Drop for Enough<'_, '_> {
    fn drop(&mut self) {
        self.0.steps.iter().for_each(|(_, next)| next.store(self.0.count, Ordering::Relaxed));
    }
}

/// Lets up to `threads` threads compute each of `steps` for `count` things; nothing where they are few. Nobody waits
/// between steps.
fn share_out(session: &Session, threads: usize, count: usize, steps: &[Step<'_>]) {
    let threads = threads.min(count / LEAST);
    if threads < 2 {
        return;
    }
    let work = &Work { steps: steps.iter().map(|step| (*step, AtomicUsize::new(0))).collect(), count };
    thread::scope(|scope| {
        for _ in 1..threads {
            let snapshot = session.snapshot();
            // What is cancelled for one of them is cancelled for who asked, who tells. Where a thread cannot be had, the
            // others do its share.
            let share = move || snapshot.ask(|session| work.go_on(session)).unwrap_or_default();
            let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, share);
        }
        let _enough = Enough(work);
        work.go_on(session);
    });
}
