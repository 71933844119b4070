//! Messages to the service and back.
//!
//! The server of the framework runs handlers in any order, four at a time, and ends at the first message that is no JSON.
//! Here each is begun before the next message is read, so whatever a handler does before it first waits is done in the
//! order of the messages; there is no limit to how many wait; and what cannot be read is answered so.

use std::io::{BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

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
use crate::pool::Pool;
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
pub(crate) fn serve(input: impl Read, line: Line) -> Ended {
    let Line { mut service, socket, desk, outbox, pool } = line;
    let (mut asked, mut replies) = socket.split();
    let ask = outbox.clone();
    pool.begin(async move {
        while let Some(request) = asked.next().await {
            ask.send(&request);
        }
    });
    let mut input = BufReader::with_capacity(1 << 16, input);
    while let Some(frame) = frames::read(&mut input) {
        match Incoming::of(frame) {
            Incoming::Request(request) => {
                let is_exit = request.method() == "exit";
                begin(&mut service, request, (&outbox, &pool));
                if is_exit {
                    break;
                }
            }
            // It is kept at once for who waits for it, if anybody does.
            Incoming::Reply(reply) => drop(replies.send(reply).now_or_never()),
            Incoming::Unreadable(error) => outbox.send(&error),
            Incoming::Nothing => {}
        }
        if input.buffer().is_empty() {
            desk.settle();
        }
    }
    let ended = service.inner().ended();
    outbox.finish();
    ended
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
