//! Messages to the service and back.
//!
//! The server of the framework runs handlers in any order, four at a time, and ends at the first message that is no JSON.
//! Here each is begun before the next message is read (`begun`), so whatever a handler does before it first waits is done
//! in the order of the messages; there is no limit to how many wait; and what cannot be read is answered so.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite, BufReader};
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::{ClientSocket, LspService};
use tower_service::Service;

use crate::Ended;
use crate::backend::Backend;
use crate::capabilities::add_newer;
use crate::frames::{self, Frame};
use crate::outbox::{Outbox, Sent, deliver};

/// What the service makes of a message.
type Answer = Pin<Box<dyn Future<Output = Option<Response>> + Send>>;

/// Hands messages to the service until the client leaves.
pub(crate) async fn serve(
    input: impl AsyncRead + Unpin,
    output: impl AsyncWrite + Unpin + Send + 'static,
    mut service: LspService<Backend>,
    socket: ClientSocket,
    (outbox, sent): (Outbox, Sent),
) -> Ended {
    let writer = tokio::spawn(deliver(sent, output));
    let (mut asked, mut replies) = socket.split();
    let ask = outbox.clone();
    let asking = tokio::spawn(async move {
        while let Some(request) = asked.next().await {
            ask.send(&request);
        }
    });
    let mut input = BufReader::with_capacity(1 << 16, input);
    while let Some(frame) = frames::read(&mut input).await {
        match Incoming::of(frame) {
            Incoming::Request(request) => {
                if poll_fn(|context| service.poll_ready(context)).await.is_err() {
                    break;
                }
                let is_exit = request.method() == "exit";
                take(&mut service, request, &outbox);
                if is_exit {
                    break;
                }
            }
            Incoming::Reply(reply) => drop(replies.send(reply).await),
            Incoming::Unreadable(error) => outbox.send(&error),
            Incoming::Nothing => {}
        }
    }
    let ended = service.inner().ended();
    asking.abort();
    outbox.close();
    // Where the client reads no more, neither does anybody wait for it.
    let _ = writer.await;
    ended
}

/// Begins what a request asks for, and answers as soon as that is done.
fn take(service: &mut LspService<Backend>, request: Request, outbox: &Outbox) {
    let id = request.id().cloned();
    let is_first = request.method() == "initialize";
    let begun = catch_unwind(AssertUnwindSafe(|| begun(service, request)));
    let outbox = outbox.clone();
    match begun {
        Ok(Ok(Some(response))) if is_first => outbox.answer(with_newer_capabilities(response)),
        Ok(Ok(response)) => response.into_iter().for_each(|response| outbox.answer(response)),
        Ok(Err(going)) => drop(tokio::spawn(async move {
            going.await.into_iter().for_each(|response| outbox.answer(response));
        })),
        Err(_) => {
            if let Some(id) = id {
                outbox.send(&Response::from_error(id, Error::internal_error()));
            }
        }
    }
}

/// Does what is done of a request before it first waits; what is left is done when somebody asks for it.
fn begun(service: &mut LspService<Backend>, request: Request) -> Result<Option<Response>, Answer> {
    let called = service.call(request);
    let mut answer: Answer = Box::pin(async move { called.await.ok().flatten() });
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(response) => Ok(response),
        Poll::Pending => Err(answer),
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
