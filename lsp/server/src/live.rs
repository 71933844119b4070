//! How what is deployed is doing, said by who knows a cluster: in time, or not at all.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use driver::ClusterObject;
use tokio::sync::oneshot;

/// Nobody who points at something waits longer for what a cluster says of it.
const PATIENCE: Duration = Duration::from_millis(200);

/// Who knows a cluster.
pub trait Live: Send + Sync {
    /// Finds out how objects are doing, and says it in half a sentence. It is to come back at once, and to say it from
    /// wherever it likes; where nothing is known it drops `say`. Nobody listens any more after 200 ms.
    fn look(&self, objects: Vec<ClusterObject>, say: Say);
}

/// What is told how objects are doing.
pub type Say = Box<dyn FnOnce(String) + Send>;

/// How objects are doing, if somebody says so in time.
pub(crate) async fn state(live: Arc<dyn Live>, objects: Vec<ClusterObject>) -> Option<String> {
    if objects.is_empty() {
        return None;
    }
    let (sender, receiver) = oneshot::channel();
    let waiting = Arc::new(Waiting(Mutex::new(Some(sender))));
    let own = Speaker(Arc::clone(&waiting));
    live.look(objects, Box::new(move |text| own.0.answer(Some(text))));
    if waiting.is_unanswered() {
        let late = move || {
            thread::sleep(PATIENCE);
            waiting.answer(None);
        };
        // Somebody points now and then: a thread for it costs nothing.
        thread::Builder::new().name("patience".to_owned()).spawn(late).ok()?;
    }
    receiver.await.ok().flatten()
}

/// Who waits for an answer: the first one counts.
struct Waiting(Mutex<Option<oneshot::Sender<Option<String>>>>);

impl Waiting {
    fn is_unanswered(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn answer(&self, said: Option<String>) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            let _ = sender.send(said);
        }
    }
}

/// Who may answer: one that goes without a word has nothing to say, and nobody waits for it.
struct Speaker(Arc<Waiting>);

impl Drop for Speaker {
    fn drop(&mut self) {
        self.0.answer(None);
    }
}
