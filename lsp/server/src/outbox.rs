//! What is on its way to the client, in order. Anybody may put something in, from any thread, without waiting.
//!
//! It is written by the threads of the pool, between what else they do: whoever reads what the client sends must not
//! wait until the client reads, and nobody may who holds a snapshot of a lab.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::Arc;

use serde::Serialize;
use serde_json::json;
use tower_lsp::jsonrpc::Response;
use tower_lsp::ls_types::notification::Notification;

use crate::frames;
use crate::mailbox::{Mailbox, Worker};
use crate::pool::Pool;
use crate::written::message;

/// What is on its way to the client.
#[derive(Clone)]
pub(crate) struct Outbox {
    mailbox: Arc<Mailbox<Writer>>,
    pool: Pool,
}

impl Outbox {
    pub(crate) fn new(output: impl Write + Send + 'static, pool: Pool) -> Self {
        Self { mailbox: Arc::new(Mailbox::new(Writer(Some(Box::new(output))))), pool }
    }

    /// Sends a message that is whole.
    pub(crate) fn send(&self, message: &impl Serialize) {
        self.put(serde_json::to_vec(message).ok());
    }

    /// Sends what a handler answered.
    pub(crate) fn answer(&self, response: Response) {
        self.put(message(response));
    }

    /// Tells the client something.
    pub(crate) fn notify<N: Notification>(&self, params: &N::Params) {
        self.send(&json!({ "jsonrpc": "2.0", "method": N::METHOD, "params": params }));
    }

    /// Waits until all is written that was put in, or the client reads no more.
    pub(crate) fn finish(&self) {
        self.mailbox.finish();
    }

    fn put(&self, body: Option<Vec<u8>>) {
        let Some(body) = body else { return };
        self.mailbox.put(body);
        let mailbox = Arc::clone(&self.mailbox);
        self.pool.go_on(move || mailbox.work());
    }
}

/// Where it goes; nowhere any more when nobody is left to read it.
struct Writer(Option<Box<dyn Write + Send>>);

impl Worker for Writer {
    type Message = Vec<u8>;

    fn take(&mut self, waiting: VecDeque<Vec<u8>>) {
        let Some(output) = &mut self.0 else { return };
        let is_fine = waiting.iter().try_for_each(|body| frames::write(output, body));
        if is_fine.and_then(|()| output.flush()).is_err() {
            self.0 = None;
        }
    }
}
