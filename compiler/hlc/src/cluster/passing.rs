//! How what is deployed is doing, for an editor in which somebody points at it.
//!
//! ```text
//! look ─▶ known for less than 5 s? ─▶ said at once
//!      └▶ a thread of its own, which asks the cluster ─▶ said, and known
//! ```
//!
//! A cluster that does not answer is left alone for a while, so that nobody waits for it again and again. No value of a
//! secret is needed for any of it, and no file of them is opened.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use apply::{Passing, runs_something};
use driver::ClusterObject;
use serde_json::Value;
use server::{Live, Say};

/// For so long something is said again without asking.
const FRESH: Duration = Duration::from_secs(5);
/// For so long a cluster is left alone that did not answer, or that there is no way to.
const QUIET: Duration = Duration::from_secs(15);
/// After so long a kubeconfig is read anew: another context may be the current one.
const KEPT: Duration = Duration::from_mins(1);
/// An answer may take so long. What comes too late for somebody who points at something is there for the next time.
const PATIENCE: Duration = Duration::from_secs(2);
/// So many answers are kept.
const MOST: usize = 64;

/// Looks at a cluster in passing.
#[derive(Default)]
pub(crate) struct Glances {
    known: Arc<Mutex<Known>>,
    /// The thread that asks, once there is something to be asked.
    asker: OnceLock<Option<Sender<Asked>>>,
}

/// What is known of a cluster.
#[derive(Default)]
struct Known {
    /// How objects are doing, by the objects as they are wanted.
    said: BTreeMap<String, (Instant, String)>,
    /// Until when nothing is asked.
    quiet_until: Option<Instant>,
}

/// The objects that are asked about, and who wants to know.
type Asked = (Vec<Value>, Say);

impl Live for Glances {
    fn look(&self, objects: Vec<ClusterObject>, say: Say) {
        let wanted = objects.iter().map(|object| Value::from(&object.yaml));
        let wanted: Vec<Value> = wanted.filter(runs_something).collect();
        if wanted.is_empty() {
            return;
        }
        match lock(&self.known).answer(&wanted) {
            Answer::Known(text) => say(text),
            Answer::Nothing => {}
            Answer::Ask => {
                if let Some(asker) = self.asker.get_or_init(|| asker(&self.known)) {
                    let _ = asker.send((wanted, say));
                }
            }
        }
    }
}

/// What is answered without asking.
enum Answer {
    Known(String),
    Nothing,
    Ask,
}

impl Known {
    fn answer(&self, wanted: &[Value]) -> Answer {
        if let Some((at, text)) = self.said.get(&name(wanted))
            && at.elapsed() < FRESH
        {
            return Answer::Known(text.clone());
        }
        let is_quiet = self.quiet_until.is_some_and(|end| Instant::now() < end);
        if is_quiet { Answer::Nothing } else { Answer::Ask }
    }

    fn learn(&mut self, wanted: &[Value], text: &str) {
        if self.said.len() >= MOST {
            self.said.retain(|_, (at, _)| at.elapsed() < FRESH);
        }
        self.said.insert(name(wanted), (Instant::now(), text.to_owned()));
    }

    fn be_quiet(&mut self) {
        self.quiet_until = Some(Instant::now() + QUIET);
    }
}

/// What objects are known by: all that they are to be, so that a lab that changes is looked at anew.
fn name(wanted: &[Value]) -> String {
    wanted.iter().map(Value::to_string).collect()
}

fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the thread that asks. Where it cannot be had, nothing is said.
fn asker(known: &Arc<Mutex<Known>>) -> Option<Sender<Asked>> {
    let (sender, receiver) = channel();
    let known = Arc::clone(known);
    let work = move || work(&receiver, &known);
    thread::Builder::new().name("cluster".to_owned()).spawn(work).ok().map(|_| sender)
}

fn work(asked: &Receiver<Asked>, known: &Mutex<Known>) {
    let mut cluster: Option<(Instant, Passing)> = None;
    for (wanted, say) in asked {
        // Much may have become known since it was asked.
        let answer = lock(known).answer(&wanted);
        match answer {
            Answer::Known(text) => say(text),
            Answer::Nothing => {}
            Answer::Ask => {
                if cluster.as_ref().is_none_or(|(found, _)| found.elapsed() > KEPT) {
                    cluster = Passing::find(PATIENCE).map(|found| (Instant::now(), found));
                }
                match cluster.as_ref().map(|(_, cluster)| cluster.glance(&wanted)) {
                    Some(Ok(Some(text))) => {
                        lock(known).learn(&wanted, &text);
                        say(text);
                    }
                    Some(Ok(None)) => {}
                    Some(Err(_)) | None => {
                        lock(known).be_quiet();
                        cluster = None;
                    }
                }
            }
        }
    }
}
