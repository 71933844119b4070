//! All cores at work on a large lab.
//!
//! The database of a session can be shared by threads: what one has computed the others find done. So the items of a
//! lab are handed out in shares to as many threads as are said to be worth it, and whoever asks afterwards gets an answer at
//! once. Small labs are done before a thread has started.

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

/// Lets up to `threads` threads compute each of `steps` for `count` things; nothing where they are few. Nobody waits between steps.
fn share_out(session: &Session, threads: usize, count: usize, steps: &[Step<'_>]) {
    let threads = threads.min(count / LEAST);
    if threads < 2 {
        return;
    }
    let steps: &Vec<(Step<'_>, AtomicUsize)> =
        &steps.iter().map(|step| (*step, AtomicUsize::new(0))).collect();
    let work = &|session: &Session| {
        for (step, next) in steps {
            loop {
                let first = next.fetch_add(SHARE, Ordering::Relaxed);
                if first >= count {
                    break;
                }
                step(session, first..(first + SHARE).min(count));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            let session = session.clone();
            // Where a thread cannot be had, the others do its share.
            let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || work(&session));
        }
        work(session);
    });
}
