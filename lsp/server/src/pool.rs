//! A few threads that answer questions, and go on with whoever waited for an answer.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use async_task::Runnable;
use workspace::crew::STACK;

/// Something to be done.
type Job = Box<dyn FnOnce() + Send>;

/// Threads that do what is handed to them, the first first. They end when nobody can hand them anything any more.
#[derive(Clone)]
pub(crate) struct Pool(Sender<Job>);

/// One is for problems, the others for who waits for an answer.
const LEAST: usize = 2;
const MOST: usize = 4;

thread_local! {
    /// What a thread of a pool does next, before it takes anything else: what came of what it does now.
    static NEXT: RefCell<Option<VecDeque<Job>>> = const { RefCell::new(None) };
}

impl Pool {
    pub(crate) fn new() -> Self {
        let (jobs, waiting) = channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        let threads = thread::available_parallelism().map_or(LEAST, |cores| cores.get().clamp(LEAST, MOST));
        for _ in 0..threads {
            let waiting = Arc::clone(&waiting);
            let work = move || work(&waiting);
            // Where a thread cannot be had, the others do its share.
            let _ = thread::Builder::new().name("question".to_owned()).stack_size(STACK).spawn(work);
        }
        Self(jobs)
    }

    /// Has something done as soon as a thread is free.
    pub(crate) fn run(&self, job: impl FnOnce() + Send + 'static) {
        let _ = self.0.send(Box::new(job));
    }

    /// Has something done: on a thread of a pool by itself, behind what it does now, so that no other need wake up for
    /// it; else as [`run`](Self::run) does.
    pub(crate) fn go_on(&self, job: impl FnOnce() + Send + 'static) {
        let mut job = Some(Box::new(job) as Job);
        NEXT.with_borrow_mut(|next| next.iter_mut().for_each(|next| next.extend(job.take())));
        if let Some(job) = job {
            self.run(job);
        }
    }

    /// Begins something at once, here; what it does after it waited is done by a thread of the pool.
    pub(crate) fn begin(&self, future: impl Future<Output = ()> + Send + 'static) {
        let own = self.clone();
        let schedule = move |woken: Runnable| {
            own.go_on(|| {
                woken.run();
            });
        };
        let (begun, task) = async_task::spawn(future, schedule);
        task.detach();
        begun.run();
    }
}

fn work(waiting: &Mutex<Receiver<Job>>) {
    NEXT.set(Some(VecDeque::new()));
    loop {
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        let mut next = Some(job);
        while let Some(job) = next {
            // Who waits for a job that panicked finds out: what it would have answered with is gone.
            let _ = catch_unwind(AssertUnwindSafe(job));
            next = NEXT.with_borrow_mut(|next| next.as_mut().and_then(VecDeque::pop_front));
        }
    }
}
