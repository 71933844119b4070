//! A few threads that answer questions.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use workspace::crew::STACK;

/// Something to be done.
type Job = Box<dyn FnOnce() + Send>;

/// Threads that do what is handed to them, the first first. They end when the pool is gone.
pub(crate) struct Pool(Sender<Job>);

/// One is for problems, the others for who waits for an answer.
const LEAST: usize = 2;
const MOST: usize = 4;

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

    pub(crate) fn run(&self, job: impl FnOnce() + Send + 'static) {
        let _ = self.0.send(Box::new(job));
    }
}

fn work(waiting: &Mutex<Receiver<Job>>) {
    loop {
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // Who waits for a job that panicked finds out: what it would have answered with is gone.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}
