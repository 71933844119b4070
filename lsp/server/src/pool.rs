//! A few threads that read what the client sends, answer questions, and go on with whoever waited for an answer.
//!
//! None of them only reads: whoever has read a message leaves the reading to a thread that has nothing to do, and does
//! itself what came of the message. This is known as leader and followers. From a message to its answer no thread waits
//! for another to wake up, which costs more than most answers where a machine is idle and its cores sleep.
//!
//! To wake another costs, too, a fifth of what a short answer takes. So who answers briefly does that before the next is
//! woken, and reads on by itself. It may take longer than expected, or wait for the client, who waits for us: so that is
//! done only while another thread watches, who wakes up by itself and goes on reading.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

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

/// How long a message can lie unread at most while who would read it answers another: nobody notices that.
const GLANCE: Duration = Duration::from_millis(4);

/// How often a thread looks whether one does, from the last message on: while somebody types, and no longer.
const GLANCES: u32 = 50;

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
    /// Whether one of them looks every now and then whether nobody reads.
    is_watched: bool,
    /// How often it still does.
    glances: u32,
    is_over: bool,
}

/// What came of what a thread does: it does that itself, before it takes anything else.
#[derive(Default)]
struct Own {
    jobs: VecDeque<Job>,
    /// Whether it reads: what is handed to the pool then came of the message.
    is_reading: bool,
    /// Whether that is all done soon.
    is_brief: bool,
}

thread_local! {
    /// None where the thread is of no pool.
    static OWN: RefCell<Option<Own>> = const { RefCell::new(None) };
}

/// How many threads run at the same time.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

impl Pool {
    /// Starts the threads, which take up reading. Where there is not one to be had, nobody reads, and `reading` is gone.
    pub(crate) fn read(&self, reading: impl Reading + 'static) {
        self.0.lock().reading = Some(Box::new(reading));
        let mut is_read = false;
        for _ in 0..(cores() + 1).clamp(LEAST, MOST) {
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
        self.hand_in(Box::new(job), |own| {
            own.is_brief = false;
            own.is_reading
        });
    }

    /// The same of what is done soon, mostly.
    pub(crate) fn run_briefly(&self, job: impl FnOnce() + Send + 'static) {
        self.hand_in(Box::new(job), |own| {
            own.is_brief = own.jobs.is_empty();
            own.is_reading
        });
    }

    /// Has something done: on a thread of a pool by itself, behind what it does now, so that no other need wake up for
    /// it; else as [`run`](Self::run) does.
    pub(crate) fn go_on(&self, job: impl FnOnce() + Send + 'static) {
        self.hand_in(Box::new(job), |_| true);
    }

    fn hand_in(&self, job: Job, is_own: impl FnOnce(&mut Own) -> bool) {
        let mut job = Some(job);
        OWN.with_borrow_mut(|own| {
            if let Some(own) = own
                && is_own(own)
            {
                own.jobs.extend(job.take());
            }
        });
        if job.is_some() {
            self.0.lock().jobs.extend(job);
            self.0.news.notify_one();
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
                state = self.wait(state);
            }
        }
    }

    /// Waits for news. One of those who wait looks by itself, too, as long as somebody may count on that.
    fn wait<'s>(&'s self, mut state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        state.idle += 1;
        if state.glances > 0 && !state.is_watched {
            state.glances -= 1;
            state.is_watched = true;
            state = self.news.wait_timeout(state, GLANCE).unwrap_or_else(PoisonError::into_inner).0;
            state.is_watched = false;
        } else {
            state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.idle -= 1;
        state
    }

    /// Reads a message, and does the first of what came of it, if somebody goes on reading meanwhile.
    fn read(&self, mut reading: Box<dyn Reading>) {
        set_reading(true);
        // A mistake of ours in one message must not end the conversation.
        let goes_on = catch_unwind(AssertUnwindSafe(|| reading.turn())).unwrap_or(true);
        let Own { mut jobs, is_brief, .. } = set_reading(false);
        let mut state = self.lock();
        if !goes_on {
            state.is_over = true;
            state.jobs.extend(jobs);
            drop(state);
            return self.news.notify_all();
        }
        state.reading = Some(reading);
        state.glances = GLANCES;
        let first = if state.idle > 0 { jobs.pop_front() } else { None };
        let is_left = is_brief && state.is_watched;
        let wanted = jobs.len() + usize::from(first.is_some() && !is_left);
        state.jobs.extend(jobs);
        // Who wakes up takes the lock: where it is held yet, both would be woken once more.
        drop(state);
        for _ in 0..wanted {
            self.news.notify_one();
        }
        first.into_iter().for_each(finish);
    }
}

/// Notes whether this thread reads; what came of what it did until now, and is still to be done.
fn set_reading(is_reading: bool) -> Own {
    OWN.replace(Some(Own { is_reading, ..Own::default() })).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// Messages, each of which is answered by who waits until the next one was read.
    struct Messages {
        pool: Pool,
        left: usize,
        /// Says to who answers the last message that another was read.
        is_read: Option<Sender<()>>,
        answered: Sender<usize>,
    }

    impl Reading for Messages {
        fn turn(&mut self) -> bool {
            let (sender, receiver): (_, Receiver<()>) = channel();
            drop(self.is_read.replace(sender));
            if self.left == 0 {
                return false;
            }
            self.left -= 1;
            let (nth, answered) = (self.left, self.answered.clone());
            let answer = move || {
                // Ends when the sender is gone.
                assert!(receiver.recv().is_err());
                answered.send(nth).expect("the test waits");
            };
            if nth.is_multiple_of(3) {
                self.pool.run(answer);
            } else {
                self.pool.run_briefly(answer);
            }
            true
        }
    }

    #[test]
    fn who_takes_long_over_a_brief_job_keeps_nobody_from_reading() {
        let (answered, answers) = channel();
        let pool = Pool::default();
        pool.read(Messages { pool: pool.clone(), left: 100, is_read: None, answered });
        let mut all: Vec<usize> = answers.iter().collect();
        all.sort_unstable();
        assert_eq!(all, (0..100).collect::<Vec<_>>());
    }
}
