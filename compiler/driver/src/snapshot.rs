//! Questions on other threads while the lab may change: the one place where a query that was cancelled ends.

use std::fmt;
use std::panic::AssertUnwindSafe;

use salsa::{CancellationToken, Cancelled, Database as _};

use crate::Session;

/// A lab as it is now, for one question on any thread.
///
/// Whoever changes the lab waits until all snapshots are gone, so what a question has begun is given up then. Ask, and
/// keep none: a thread that holds one and changes the lab waits for itself.
pub struct Snapshot {
    session: Session,
}

/// Gives up what a [`Snapshot`] is asked, from another thread.
#[derive(Clone)]
pub struct Canceller(CancellationToken);

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// The lab has changed meanwhile: to be asked again of a new snapshot, if it still matters.
    Overtaken,
    /// Whoever asked gave it up, with a [`Canceller`].
    GivenUp,
    /// Another thread panicked over a part of it.
    Broken,
}

impl Session {
    /// The lab as it is now, for a question on another thread.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { session: self.clone() }
    }

    /// Gives up what all snapshots are being asked, and waits until they are gone.
    pub fn wait_for_snapshots(&mut self) {
        self.db_mut().trigger_cancellation();
    }
}

impl Snapshot {
    /// What gives up the question, from another thread.
    pub fn canceller(&self) -> Canceller {
        Canceller(self.session.db().cancellation_token())
    }

    /// Asks something, or a few things, of one and the same lab; of no other meanwhile on this thread. Needs much stack
    /// where items are deep.
    pub fn ask<T>(self, question: impl FnOnce(&Session) -> T) -> Result<T, Unanswered> {
        // Attached for all of it: at the end of each query that is asked while no database is, salsa forgets that the
        // question was given up.
        caught(|| self.session.db().attach(|_| question(&self.session))).map_err(
            |cancelled| match cancelled {
                // So salsa calls it as well if the other thread was cancelled.
                Cancelled::PropagatedPanic => self.now().map_or_else(Unanswered::of, |()| Unanswered::Broken),
                cancelled => Unanswered::of(cancelled),
            },
        )
    }

    /// Whether it is cancelled at this moment.
    fn now(&self) -> Result<(), Cancelled> {
        caught(|| self.session.db().unwind_if_revision_cancelled())
    }
}

/// The one place where what salsa cancels ends.
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Cancelled> {
    // What unwinds is of a snapshot, which is gone afterwards, or of salsa, which is made for it.
    Cancelled::catch(AssertUnwindSafe(work))
}

impl Unanswered {
    fn of(cancelled: Cancelled) -> Self {
        match cancelled {
            Cancelled::Local => Self::GivenUp,
            Cancelled::PropagatedPanic => Self::Broken,
            // The pending write is what there is beside these.
            _ => Self::Overtaken,
        }
    }
}

impl Canceller {
    /// Gives it up. What was answered by then stays so.
    pub fn give_up(&self) {
        self.0.cancel();
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Overtaken => "the lab has changed meanwhile",
            Self::GivenUp => "the question was given up",
            Self::Broken => "another thread failed over a part of the answer",
        })
    }
}

impl std::error::Error for Unanswered {}
