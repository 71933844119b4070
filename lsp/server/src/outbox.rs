//! What is on its way to the client, in order. Anybody may put something in, from any thread, without waiting.

use serde::Serialize;
use serde_json::json;
use tokio::io::{AsyncWrite, AsyncWriteExt, BufWriter};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp::jsonrpc::Response;
use tower_lsp::ls_types::notification::Notification;

use crate::frames;
use crate::written::message;

/// What is on its way to the client.
#[derive(Clone)]
pub(crate) struct Outbox(UnboundedSender<Option<Vec<u8>>>);

/// The other end.
pub(crate) type Sent = UnboundedReceiver<Option<Vec<u8>>>;

impl Outbox {
    pub(crate) fn new() -> (Self, Sent) {
        let (outbox, sent) = unbounded_channel();
        (Self(outbox), sent)
    }

    /// Sends a message that is whole.
    pub(crate) fn send(&self, message: &impl Serialize) {
        if let Ok(body) = serde_json::to_vec(message) {
            // Where nobody is left to read it, nobody misses it.
            let _ = self.0.send(Some(body));
        }
    }

    /// Sends what a handler answered.
    pub(crate) fn answer(&self, response: Response) {
        if let Some(body) = message(response) {
            let _ = self.0.send(Some(body));
        }
    }

    /// Tells the client something.
    pub(crate) fn notify<N: Notification>(&self, params: &N::Params) {
        self.send(&json!({ "jsonrpc": "2.0", "method": N::METHOD, "params": params }));
    }

    /// Says that nothing more comes.
    pub(crate) fn close(&self) {
        let _ = self.0.send(None);
    }
}

/// Writes what is put in until it is closed, or the client reads no more.
pub(crate) async fn deliver(mut sent: Sent, output: impl AsyncWrite + Unpin) {
    let mut output = BufWriter::new(output);
    while let Some(Some(body)) = sent.recv().await {
        let mut is_fine = frames::write(&mut output, &body).await.is_ok();
        if is_fine && sent.is_empty() {
            is_fine = output.flush().await.is_ok();
        }
        if !is_fine {
            return;
        }
    }
    let _ = output.flush().await;
}
