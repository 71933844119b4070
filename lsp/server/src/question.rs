//! Questions on their way to the owner, and what gives them up.

use std::sync::{Arc, Mutex, PoisonError};

use driver::{Canceller, Session, Snapshot, Unanswered};
use tokio::sync::{oneshot, watch};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::Uri;

use crate::mailbox::Mailbox;
use crate::owner::{Message, Owner};
use crate::scene::{Here, Scene};

/// What a question is about.
pub(crate) enum About {
    /// The lab that a document is a part of.
    Document(Uri),
    /// All labs that are open.
    Everything,
}

/// A lab as it was when the question came.
pub(crate) struct Asked {
    pub(crate) snapshot: Snapshot,
    pub(crate) scene: Arc<Scene>,
    /// The file that the question is about.
    pub(crate) file: String,
}

/// A question on its way.
pub(crate) struct Question {
    pub(crate) about: About,
    /// Whether it is answered soon, mostly.
    pub(crate) is_brief: bool,
    pub(crate) cancellers: Cancellers,
    pub(crate) answer: Box<dyn FnOnce(Vec<Asked>) + Send>,
}

/// What gives up a question: filled by the owner, used when nobody waits any more.
#[derive(Clone, Default)]
pub(crate) struct Cancellers(Arc<Mutex<Vec<Canceller>>>);

impl Cancellers {
    pub(crate) fn add(&self, canceller: Canceller) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(canceller);
    }

    fn take(&self) -> Vec<Canceller> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Gives up a question when it is dropped: when the client has cancelled it.
struct Waiting(Cancellers);

impl Drop for Waiting {
    fn drop(&mut self) {
        for canceller in self.0.take() {
            canceller.give_up();
        }
    }
}

/// Where messages to the owner are handed in. They are taken in that order.
#[derive(Clone)]
pub(crate) struct Desk {
    owner: Arc<Mailbox<Owner>>,
    changes: Arc<watch::Sender<Changes>>,
    /// Whether what is asked here is answered soon, mostly.
    is_brief: bool,
}

/// What has happened so far.
#[derive(Clone, Copy, Default)]
pub(crate) struct Changes {
    /// How many messages may have changed a lab.
    count: u64,
    /// Whether nothing more is to be waited for.
    pub(crate) is_over: bool,
}

impl Desk {
    pub(crate) fn new(owner: Owner) -> Self {
        Self { owner: Arc::new(Mailbox::new(owner)), changes: Arc::default(), is_brief: false }
    }

    /// Where to ask what is found sooner than another thread is woken to read on meanwhile.
    pub(crate) fn briefly(&self) -> Self {
        Self { is_brief: true, ..self.clone() }
    }

    /// Tells the owner something.
    pub(crate) fn tell(&self, message: Message) {
        let is_change = !matches!(message, Message::Ask(_));
        self.owner.put(message);
        self.owner.work();
        if is_change {
            self.changes.send_modify(|changes| changes.count += 1);
        }
    }

    /// Says that no change is known to follow, so that problems are of interest.
    pub(crate) fn settle(&self) {
        self.owner.put(Message::Settle);
        self.owner.work();
    }

    /// What tells of changes: what is asked after it has told of one is asked of what changed.
    pub(crate) fn changes(&self) -> watch::Receiver<Changes> {
        self.changes.subscribe()
    }

    /// Says that nobody is to wait for a change any more.
    pub(crate) fn shut(&self) {
        self.changes.send_modify(|changes| changes.is_over = true);
    }

    /// Asks something of the lab that a document is a part of, as it is at this message. Nothing where it is in none.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        document: Uri,
        question: impl FnOnce(&Here<'_>) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let (sender, receiver) = oneshot::channel();
        let answer = move |mut asked: Vec<Asked>| {
            if sender.is_closed() {
                return;
            }
            let answer = asked.pop().map_or(Ok(None), |Asked { snapshot, scene, file }| {
                snapshot.ask(|session| Here::new(session, &scene, &file).map(|here| question(&here)))
            });
            let _ = sender.send(answer);
        };
        self.put(About::Document(document), Box::new(answer), receiver).await
    }

    /// Asks something of each lab that is open.
    pub(crate) async fn ask_all<T: Send + 'static>(
        &self,
        question: impl Fn(&Session, &Scene) -> T + Send + 'static,
    ) -> Result<Vec<T>> {
        let (sender, receiver) = oneshot::channel();
        let answer = move |asked: Vec<Asked>| {
            if sender.is_closed() {
                return;
            }
            let each =
                |Asked { snapshot, scene, .. }: Asked| snapshot.ask(|session| question(session, &scene));
            let _ = sender.send(asked.into_iter().map(each).collect::<std::result::Result<Vec<T>, _>>());
        };
        self.put(About::Everything, Box::new(answer), receiver).await
    }

    async fn put<T>(
        &self,
        about: About,
        answer: Box<dyn FnOnce(Vec<Asked>) + Send>,
        receiver: oneshot::Receiver<std::result::Result<T, Unanswered>>,
    ) -> Result<T> {
        let cancellers = Cancellers::default();
        let (is_brief, given_up) = (self.is_brief, cancellers.clone());
        self.tell(Message::Ask(Question { about, is_brief, cancellers: given_up, answer }));
        let waiting = Waiting(cancellers);
        let answer = receiver.await;
        // It is answered: nothing is left to be given up.
        drop(waiting.0.take());
        // Who panicked has left nothing.
        answer.unwrap_or(Err(Unanswered::Broken)).map_err(unanswered)
    }
}

fn unanswered(reason: Unanswered) -> Error {
    match reason {
        Unanswered::Overtaken => {
            Error { code: ErrorCode::ContentModified, message: reason.to_string().into(), data: None }
        }
        Unanswered::GivenUp => Error::request_cancelled(),
        Unanswered::Broken => {
            Error { code: ErrorCode::InternalError, message: reason.to_string().into(), data: None }
        }
    }
}
