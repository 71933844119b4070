//! Keeps two runs apart: a run takes its lab's Lease before it writes anything, renews it while it works or waits, and
//! gives it back. Nothing is written by who does not have it, which `request` sees to.

use std::cell::RefCell;
use std::pin::pin;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures::future::{Either, select};
use futures::lock::Mutex;
use http::Method;
use plan::lease::{Holder, RELIED_ON_FOR, RENEWED_EVERY, Standing, Turn, moment, released, renewed};
use plan::{Key, Refusal};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use crate::cluster::Cluster;
use crate::desired::Desired;
use crate::error::Error;
use crate::execute::Event;
use crate::inquire::TRIES;
use crate::request::Question;
use crate::vault::Vault;

/// How long an answer about a Lease may take: less than it is relied on.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who runs.
#[derive(Clone, Copy)]
pub struct Runner<'a> {
    /// What it calls itself, which nobody else does: `anna@laptop (process 4711) MARK`.
    pub identity: &'a str,
    /// Whether who calls itself so is certainly no more.
    pub is_gone: &'a dyn Fn(&str) -> bool,
}

/// Waits until it is this run's turn: until nobody else applies the lab. Whoever does, and is alive, is an error.
pub fn turn(
    cluster: &Cluster,
    desired: &Desired,
    runner: Runner<'_>,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Turn, Error> {
    cluster.run(async {
        let mut turn = Turn::new(&desired.wanted.lab, runner.identity);
        let began = Instant::now();
        let mut told = None;
        loop {
            let live = cluster.lease(&turn.key, &desired.vault).await?;
            match turn.look(live.as_ref(), began.elapsed(), runner.is_gone) {
                Standing::Free => return Ok(turn),
                Standing::Held(holder) => return Err(Error::Held(holder)),
                Standing::Unclear(holder) if told.as_ref() != Some(&holder) => {
                    tell(Event::Queued(&holder));
                    told = Some(holder);
                }
                Standing::Unclear(_) => {}
            }
            if cluster.is_stopped() {
                return Err(Error::Stopped);
            }
            sleep(Duration::from_millis(500)).await;
        }
    })
}

/// The Lease that a run has.
pub(crate) struct Hold {
    turn: Turn,
    /// It, as it was written last.
    live: RefCell<Value>,
    /// When that was asked for.
    since: RefCell<Since>,
    /// Why this run has it no more, if that is so.
    lost: RefCell<Option<Error>>,
    /// Held by who is about to renew it.
    one: Mutex<()>,
}

/// When something was, by a clock that stands still while the machine sleeps, and by one that may be set.
#[derive(Clone, Copy)]
struct Since(Instant, SystemTime);

impl Since {
    fn now() -> Self {
        Self(Instant::now(), SystemTime::now())
    }

    /// How long ago that is, by the clock that says more.
    fn elapsed(self) -> Duration {
        self.0.elapsed().max(self.1.elapsed().unwrap_or_default())
    }
}

impl Cluster {
    /// Does some work with the Lease of the lab, and gives it back whatever came of that.
    pub(crate) async fn holding<T>(
        &self,
        turn: &Turn,
        vault: &Vault,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let hold = self.claim(turn, vault).await?;
        *self.hold.borrow_mut() = Some(hold.into());
        let done = {
            let renewal = pin!(async {
                loop {
                    sleep(RENEWED_EVERY).await;
                    // What comes of it is seen where something is to be written.
                    let _ = self.renew(vault).await;
                }
            });
            match select(pin!(work), renewal).await {
                Either::Left((done, _)) => done,
                Either::Right((never, _)) => never,
            }
        };
        // Where it cannot be given back it expires.
        let _ = self.rewrite(&released, vault).await;
        *self.hold.borrow_mut() = None;
        done
    }

    /// Whether something may be written: this run has the Lease, and renewed it a moment ago.
    pub(crate) async fn may_write(&self, vault: &Vault) -> Result<(), Error> {
        self.is_held()?;
        let hold = self.hold.borrow().clone().ok_or(Error::Lost(None))?;
        let since = *hold.since.borrow();
        if since.elapsed() > RELIED_ON_FOR { self.renew(vault).await } else { Ok(()) }
    }

    /// An error if somebody else has the Lease that this run had.
    pub(crate) fn is_held(&self) -> Result<(), Error> {
        let hold = self.hold.borrow().clone();
        let lost = hold.and_then(|hold| hold.lost.borrow().clone());
        lost.map_or(Ok(()), Err)
    }

    async fn claim(&self, turn: &Turn, vault: &Vault) -> Result<Hold, Error> {
        let mut last = None;
        for _ in 0..TRIES {
            let live = self.lease(&turn.key, vault).await?;
            let object = turn.claimed(live.as_ref(), &now()).map_err(Error::Overtaken)?;
            let since = Since::now();
            let (method, path) = match &live {
                Some(_) => (Method::PUT, path(&turn.key)),
                None => (Method::POST, collection(&turn.key)),
            };
            let question = Question { method, body: Some(&object), ..Question::get(path).about(&turn.key) };
            match timeout(PATIENCE, self.ask_once(&question, vault))
                .await
                .unwrap_or_else(|_| Err(self.late()))
            {
                Ok(live) => {
                    let (live, since) = (RefCell::new(live), RefCell::new(since));
                    return Ok(Hold {
                        turn: turn.clone(),
                        live,
                        since,
                        lost: RefCell::default(),
                        one: Mutex::default(),
                    });
                }
                // Somebody wrote it meanwhile, or nothing was heard of what we wrote: it is looked at again.
                Err(
                    error @ (Error::Refused(_, Refusal::Outdated | Refusal::Busy(..))
                    | Error::Unreachable(..)),
                ) => {
                    last = Some(error);
                }
                Err(error) => return Err(error),
            }
            self.pause(Duration::from_millis(500)).await;
        }
        Err(last.unwrap_or(Error::Overtaken(None)))
    }

    async fn renew(&self, vault: &Vault) -> Result<(), Error> {
        self.rewrite(&renewed, vault).await
    }

    /// Writes the Lease as `change` makes it of that which this run has.
    async fn rewrite(&self, change: &dyn Fn(&Value, &str) -> Value, vault: &Vault) -> Result<(), Error> {
        let Some(hold) = self.hold.borrow().clone() else { return Err(Error::Lost(None)) };
        let _one = hold.one.lock().await;
        let key = hold.turn.key.clone();
        for _ in 0..TRIES {
            self.is_held()?;
            let since = Since::now();
            let object = change(&hold.live.borrow(), &now());
            let question = Question {
                method: Method::PUT,
                body: Some(&object),
                ..Question::get(path(&key)).about(&key)
            };
            match timeout(PATIENCE, self.ask_once(&question, vault))
                .await
                .unwrap_or_else(|_| Err(self.late()))
            {
                Ok(live) => {
                    *hold.live.borrow_mut() = live;
                    *hold.since.borrow_mut() = since;
                    return Ok(());
                }
                Err(Error::Refused(_, Refusal::Outdated | Refusal::NoKind)) => {
                    let live = there(self.ask_once(&Question::get(path(&key)).about(&key), vault).await)?;
                    let holder = live.as_ref().and_then(|live| Holder::of(&live["spec"]));
                    match live.filter(|live| hold.turn.is_ours(Some(live))) {
                        Some(live) => *hold.live.borrow_mut() = live,
                        None => *hold.lost.borrow_mut() = Some(Error::Lost(holder)),
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Err(Error::Refused(Some(key.into()), Refusal::Outdated))
    }

    /// The Lease as it is; `None` if nobody ever took it.
    async fn lease(&self, key: &Key, vault: &Vault) -> Result<Option<Value>, Error> {
        there(self.ask(&Question::get(path(key)).about(key), vault).await)
    }
}

/// What there is, if it is there.
fn there(answer: Result<Value, Error>) -> Result<Option<Value>, Error> {
    match answer {
        Err(Error::Refused(_, Refusal::NoKind | Refusal::NoNamespace(_))) => Ok(None),
        other => other.map(Some),
    }
}

fn collection(key: &Key) -> String {
    let namespace = key.namespace.as_deref().unwrap_or_default();
    format!("/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases")
}

fn path(key: &Key) -> String {
    format!("{}/{}", collection(key), key.name)
}

/// The time as people write it.
fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    moment(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
}
