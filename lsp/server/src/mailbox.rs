//! Mailboxes without a thread of their own: whoever puts something in does what is to be done, unless somebody is at it.
//!
//! This is what is known as flat combining. Handing something to another thread costs more than most of what there is to
//! do here, above all where a machine is idle and its cores sleep.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// Whoever takes what is put into a mailbox, one at a time and in order.
pub(crate) trait Worker {
    type Message;

    /// Takes what waits. More may be put in meanwhile; that is taken next.
    fn take(&mut self, waiting: VecDeque<Self::Message>);
}

/// A mailbox and who takes what is in it.
pub(crate) struct Mailbox<W: Worker> {
    waiting: Mutex<VecDeque<W::Message>>,
    worker: Mutex<W>,
}

impl<W: Worker> Mailbox<W> {
    pub(crate) fn new(worker: W) -> Self {
        Self { waiting: Mutex::default(), worker: Mutex::new(worker) }
    }

    /// Puts something in, to be taken when somebody works.
    pub(crate) fn put(&self, message: W::Message) {
        self.waiting().push_back(message);
    }

    /// Has all taken that is in it, here or by who is at it already. Never waits for another.
    pub(crate) fn work(&self) {
        while !self.waiting().is_empty() {
            let mut worker = match self.worker.try_lock() {
                Ok(worker) => worker,
                Err(TryLockError::Poisoned(error)) => error.into_inner(),
                // Looks again when it is through, after this message was put in.
                Err(TryLockError::WouldBlock) => return,
            };
            self.empty_into(&mut worker);
        }
    }

    /// Waits for who is at it, and has taken what is left.
    pub(crate) fn finish(&self) {
        self.empty_into(&mut self.worker.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn empty_into(&self, worker: &mut W) {
        loop {
            let waiting = std::mem::take(&mut *self.waiting());
            if waiting.is_empty() {
                return;
            }
            worker.take(waiting);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<W::Message>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;

    /// Writes down what it takes.
    struct Scribe(Vec<(u32, u32)>);

    impl Worker for Scribe {
        type Message = (u32, u32);

        fn take(&mut self, waiting: VecDeque<(u32, u32)>) {
            self.0.extend(waiting);
        }
    }

    /// Nothing is left lying, and what one thread puts in is taken in its order.
    #[test]
    fn what_many_put_in_is_taken_once_and_in_order() {
        const THREADS: u32 = 4;
        const EACH: u32 = 20_000;
        let mailbox = Arc::new(Mailbox::new(Scribe(Vec::new())));
        let threads = (0..THREADS).map(|thread| {
            let mailbox = Arc::clone(&mailbox);
            thread::spawn(move || {
                for nth in 0..EACH {
                    mailbox.put((thread, nth));
                    mailbox.work();
                }
            })
        });
        threads.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().expect("it ends"));
        assert!(mailbox.waiting().is_empty());
        let taken = &mailbox.worker.lock().expect("nobody panicked").0;
        for thread in 0..THREADS {
            let own = taken.iter().filter(|(by, _)| *by == thread).map(|(_, nth)| *nth);
            assert!(own.eq(0..EACH), "thread {thread}");
        }
    }
}
