//! All cores at work on a large lab.
//!
//! The database of a session can be shared by threads: what one has computed the others find done. So the items of a
//! lab are handed out in shares to as many threads as there are cores, and whoever asks afterwards gets an answer at
//! once. Small labs are done before a thread has started.

use std::io;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};

use diagnostics::Problem;
use driver::Session;
use output::cores;
use syntax::{Cuts, Parts};
use types::Value;
use values::Expression;

/// So much stack that labs as deep as the language allows fit, in debug builds too. Only what is used is taken.
pub(crate) const STACK: usize = 256 << 20;

/// How many things a thread takes at a time.
const SHARE: usize = 4;
/// So many things must there be for each thread: starting one takes as long as computing a few.
const LEAST: usize = 48;

/// Something to be computed for some of many things.
type Step<'s> = &'s (dyn Fn(&Session, Range<usize>) + Sync);

/// The items of a text.
pub(crate) fn cut(text: &str) -> Cuts {
    if text.len() < Parts::WORTH {
        return syntax::cut_whole(text);
    }
    let parts = &Parts::of(text, cores());
    thread::scope(|scope| {
        let spawn = |nth| (nth, thread::Builder::new().spawn_scoped(scope, move || parts.cut(nth)));
        let others: Vec<_> = (1..parts.count()).map(spawn).collect();
        let first = parts.cut(0);
        let join = |(nth, thread): (usize, io::Result<ScopedJoinHandle<'_, _>>)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // Where no thread can be had, nobody else has done it.
            Err(_) => parts.cut(nth),
        };
        parts.join([first].into_iter().chain(others.into_iter().map(join)))
    })
}

/// Reads all items of the lab, as far as it takes to know what they declare.
pub(crate) fn outline(session: &Session) {
    share_out(session, session.item_count(), &[&Session::mentions, &Session::outline]);
}

/// Computes what all items of the lab come to. All are read first: the first value that asks for all declarations of a
/// kind would read them alone.
pub(crate) fn evaluate(session: &Session) {
    share_out(session, session.item_count(), &[&Session::mentions, &Session::outline, &Session::evaluate]);
}

/// Computes all files under `k8s/`.
pub(crate) fn emit(session: &Session) {
    share_out(session, session.component_count(), &[&Session::emit]);
}

/// What an expression comes to.
pub(crate) fn value(session: &Session, expression: &Expression) -> Result<Value, Vec<Problem>> {
    let count = session.collected_count(expression);
    share_out(session, count, &[&|session, items| session.collect(expression, items)]);
    let parts = cores().min(count / LEAST).max(1);
    helped(session, parts, &|session, nth| session.compute_part(expression, (nth, parts)), |session| {
        session.value(expression)
    })
}

/// Lets all cores compute each of `steps` for `count` things; nothing where they are few. Nobody waits between steps.
fn share_out(session: &Session, count: usize, steps: &[Step<'_>]) {
    let threads = cores().min(count / LEAST);
    if threads < 2 {
        return;
    }
    let steps: &Vec<(Step<'_>, AtomicUsize)> =
        &steps.iter().map(|step| (*step, AtomicUsize::new(0))).collect();
    let work = |session: &Session| {
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
    helped(session, threads, &|session, _| work(session), work);
}

/// What `own` comes to, with `threads` at work: the others do `help`, which is told which of them it is, from one. Where
/// a thread cannot be had, its help is missing, and `own` must do without.
fn helped<T>(
    session: &Session,
    threads: usize,
    help: &(dyn Fn(&Session, usize) + Sync),
    own: impl FnOnce(&Session) -> T,
) -> T {
    thread::scope(|scope| {
        for nth in 1..threads {
            let session = session.clone();
            let thread = thread::Builder::new().stack_size(STACK);
            let _ = thread.spawn_scoped(scope, move || help(&session, nth));
        }
        own(session)
    })
}
