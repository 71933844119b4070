//! A few threads that read what the client sends, answer questions, and go on with whoever waited for an answer.
//!
//! None of them only reads: whoever has read a message leaves the reading to a thread that has nothing to do, and does
//! itself what came of the message. This is known as leader and followers. From a message to its answer no thread waits
//! for another to wake up, which costs more than most answers where a machine is idle and its cores sleep.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use async_task::Runnable;
use workspace::crew::STACK;

/// Something to be done.
type Job = Box<dyn FnOnce() + Send>;

/// Reads what the client sends.
pub(crate) trait Reading: Send {
    /// Reads a message and begins what it asks for; whether another may follow.
    fn turn(&mut self) -> bool;
}

/// Threads that do what is handed to them, the first first. They end when there is nothing more to read, and all is done.
#[derive(Clone, Default)]
pub(crate) struct Pool(Arc<Shared>);

/// One reads, one is for problems, the others are for who waits for an answer.
const LEAST: usize = 3;
const MOST: usize = 5;

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// There is something to do, or nothing will be any more.
    news: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// Whoever reads, while no thread has taken that up.
    reading: Option<Box<dyn Reading>>,
    /// How many threads wait for news.
    idle: usize,
    is_over: bool,
}

/// What came of what a thread does: it does that itself, before it takes anything else.
#[derive(Default)]
struct Own {
    jobs: VecDeque<Job>,
    /// Whether it reads: what is handed to the pool then came of the message.
    is_reading: bool,
}

thread_local! {
    /// None where the thread is of no pool.
    static OWN: RefCell<Option<Own>> = const { RefCell::new(None) };
}

impl Pool {
    /// Starts the threads, which take up reading. Where there is not one to be had, nobody reads, and `reading` is gone.
    pub(crate) fn read(&self, reading: impl Reading + 'static) {
        self.0.lock().reading = Some(Box::new(reading));
        let mut is_read = false;
        let threads = thread::available_parallelism().map_or(LEAST, |cores| cores.get() + 1);
        for _ in 0..threads.clamp(LEAST, MOST) {
            let shared = Arc::clone(&self.0);
            let work = move || shared.work();
            // Where a thread cannot be had, the others do its share.
            is_read |=
                thread::Builder::new().name("question".to_owned()).stack_size(STACK).spawn(work).is_ok();
        }
        if !is_read {
            self.0.lock().reading = None;
        }
    }

    /// Has something done: of what came of a message by who has read that, else as soon as a thread is free.
    pub(crate) fn run(&self, job: impl FnOnce() + Send + 'static) {
        self.hand_in(Box::new(job), |own| own.is_reading);
    }

    /// Has something done: on a thread of a pool by itself, behind what it does now, so that no other need wake up for
    /// it; else as [`run`](Self::run) does.
    pub(crate) fn go_on(&self, job: impl FnOnce() + Send + 'static) {
        self.hand_in(Box::new(job), |_| true);
    }

    fn hand_in(&self, job: Job, is_own: impl FnOnce(&Own) -> bool) {
        let mut job = Some(job);
        OWN.with_borrow_mut(|own| {
            if let Some(own) = own.as_mut().filter(|own| is_own(own)) {
                own.jobs.extend(job.take());
            }
        });
        if job.is_some() {
            self.0.lock().add(job, &self.0.news);
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

impl State {
    fn add(&mut self, jobs: impl IntoIterator<Item = Job>, news: &Condvar) {
        for job in jobs {
            self.jobs.push_back(job);
            news.notify_one();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a thread does all its life. Reading comes first: it is left to others only where one has nothing to do.
    fn work(&self) {
        OWN.set(Some(Own::default()));
        let mut state = self.lock();
        loop {
            if let Some(reading) = state.reading.take() {
                drop(state);
                self.read(reading);
                state = self.lock();
            } else if let Some(job) = state.jobs.pop_front() {
                drop(state);
                finish(job);
                state = self.lock();
            } else if state.is_over {
                return;
            } else {
                state.idle += 1;
                state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.idle -= 1;
            }
        }
    }

    /// Reads a message, and does the first of what came of it, if somebody goes on reading meanwhile.
    fn read(&self, mut reading: Box<dyn Reading>) {
        set_reading(true);
        // A mistake of ours in one message must not end the conversation.
        let goes_on = catch_unwind(AssertUnwindSafe(|| reading.turn())).unwrap_or(true);
        let mut own = set_reading(false);
        let mut state = self.lock();
        if !goes_on {
            state.is_over = true;
            state.jobs.extend(own);
            drop(state);
            return self.news.notify_all();
        }
        state.reading = Some(reading);
        let first = if state.idle > 0 { own.pop_front() } else { None };
        if first.is_some() {
            self.news.notify_one();
        }
        state.add(own, &self.news);
        drop(state);
        first.into_iter().for_each(finish);
    }
}

/// Notes whether this thread reads; what came of what it did until now, and is still to be done.
fn set_reading(is_reading: bool) -> VecDeque<Job> {
    OWN.replace(Some(Own { jobs: VecDeque::new(), is_reading })).map_or_else(VecDeque::new, |own| own.jobs)
}

/// Does something, and all that comes of it.
fn finish(job: Job) {
    let mut next = Some(job);
    while let Some(job) = next {
        // Who waits for a job that panicked finds out: what it would have answered with is gone.
        let _ = catch_unwind(AssertUnwindSafe(job));
        next = OWN.with_borrow_mut(|own| own.as_mut().and_then(|own| own.jobs.pop_front()));
    }
}
