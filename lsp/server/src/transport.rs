//! Messages to the service and back.
//!
//! The server of the framework runs handlers in any order, four at a time, and ends at the first message that is no JSON.
//! Here each is begun before the next message is read, so whatever a handler does before it first waits is done in the
//! order of the messages; there is no limit to how many wait; and what cannot be read is answered so.

use std::io::{BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};

use futures::{FutureExt, SinkExt, StreamExt};
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::{ClientSocket, LspService};
use tower_service::Service;

use crate::Ended;
use crate::backend::Backend;
use crate::capabilities::add_newer;
use crate::frames::{self, Frame};
use crate::outbox::Outbox;
use crate::pool::{Pool, Reading};
use crate::question::Desk;

/// Both ends of a conversation.
pub(crate) struct Line {
    pub(crate) service: LspService<Backend>,
    /// What the service asks the client.
    pub(crate) socket: ClientSocket,
    pub(crate) desk: Desk,
    pub(crate) outbox: Outbox,
    pub(crate) pool: Pool,
}

/// Hands messages to the service until the client leaves.
pub(crate) fn serve(input: impl Read + Send + 'static, line: Line) -> Ended {
    let Line { service, socket, desk, outbox, pool } = line;
    let (mut asked, mut replies) = socket.split();
    let ask = outbox.clone();
    pool.begin(async move {
        while let Some(request) = asked.next().await {
            ask.send(&request);
        }
    });
    // It is kept at once for who waits for it, if anybody does.
    let reply = Box::new(move |reply| {
        let _ = replies.send(reply).now_or_never();
    });
    let input = BufReader::with_capacity(1 << 16, input);
    let (ended, end) = channel();
    pool.read(Conversation {
        input,
        service,
        reply,
        desk,
        outbox: outbox.clone(),
        pool: pool.clone(),
        ended,
    });
    // Nobody says so where there was not one thread to be had.
    let ended = end.recv().unwrap_or(Ended::Suddenly);
    outbox.finish();
    ended
}

/// What is read, and who is told of it.
struct Conversation<Input> {
    input: BufReader<Input>,
    service: LspService<Backend>,
    /// Takes what the client answers to what the service asked.
    reply: Box<dyn FnMut(Response) + Send>,
    desk: Desk,
    outbox: Outbox,
    pool: Pool,
    ended: Sender<Ended>,
}

impl<Input: Read + Send> Reading for Conversation<Input> {
    fn turn(&mut self) -> bool {
        let goes_on = frames::read(&mut self.input).is_some_and(|frame| self.take(Incoming::of(frame)));
        if !goes_on {
            let _ = self.ended.send(self.service.inner().ended());
        } else if self.input.buffer().is_empty() {
            self.desk.settle();
        }
        goes_on
    }
}

impl<Input> Conversation<Input> {
    /// Takes what came in; whether anything may follow.
    fn take(&mut self, incoming: Incoming) -> bool {
        match incoming {
            Incoming::Request(request) => {
                let is_exit = request.method() == "exit";
                begin(&mut self.service, request, (&self.outbox, &self.pool));
                return !is_exit;
            }
            Incoming::Reply(reply) => (self.reply)(reply),
            Incoming::Unreadable(error) => self.outbox.send(&error),
            Incoming::Nothing => {}
        }
        true
    }
}

/// Begins what a request asks for, which is answered as soon as it is done.
fn begin(service: &mut LspService<Backend>, request: Request, (outbox, pool): (&Outbox, &Pool)) {
    let id = request.id().cloned();
    let is_first = request.method() == "initialize";
    let own = outbox.clone();
    let begun = catch_unwind(AssertUnwindSafe(|| {
        let called = service.call(request);
        pool.begin(async move {
            let Ok(Some(response)) = called.await else { return };
            own.answer(if is_first { with_newer_capabilities(response) } else { response });
        });
    }));
    if let (Err(_), Some(id)) = (begun, id) {
        outbox.send(&Response::from_error(id, Error::internal_error()));
    }
}

/// What is said to the client first, with what the types of the framework have no words for yet.
fn with_newer_capabilities(response: Response) -> Response {
    let (id, mut body) = response.into_parts();
    if let Ok(result) = &mut body
        && let Some(Value::Object(capabilities)) = result.get_mut("capabilities")
    {
        add_newer(capabilities);
    }
    Response::from_parts(id, body)
}

/// What comes in.
enum Incoming {
    Request(Request),
    Reply(Response),
    /// No message; what is answered to that.
    Unreadable(Response),
    Nothing,
}

impl Incoming {
    fn of(frame: Frame) -> Self {
        let unreadable = |id, error| Self::Unreadable(Response::from_error(id, error));
        let Frame::Body(body) = frame else { return unreadable(Id::Null, Error::parse_error()) };
        if body.is_empty() {
            return Self::Nothing;
        }
        // The framework reads what has no method as a request, too; a reply has none.
        if let Ok(request) = serde_json::from_slice::<Request>(&body)
            && !request.method().is_empty()
        {
            return Self::Request(request);
        }
        let Ok(value) = serde_json::from_slice::<Value>(&body) else {
            return unreadable(Id::Null, Error::parse_error());
        };
        let id = value.get("id").cloned().and_then(|id| serde_json::from_value(id).ok()).unwrap_or_default();
        match serde_json::from_value::<Response>(value) {
            Ok(reply) => Self::Reply(reply),
            Err(_) => unreadable(id, Error::invalid_request()),
        }
    }
}
