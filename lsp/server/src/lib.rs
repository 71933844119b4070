//! Speaks LSP: what editors ask is put to a lab, and what the lab says is put into their words.
//!
//! ```text
//! bytes ─ frames ─ transport ─▶ LspService ─▶ backend ─ begun in order ─▶ owner (one thread, all labs) ─ change
//!            ▲                                  │                            │
//!            │                                  └◀─ answer ─ pool ◀─ snapshot ┤
//!            └──────────────── outbox ◀─ publish ◀─ pool ◀─ snapshot ─────────┘
//! ```
//!
//! Whatever a message means for a lab is handed to the owner before the next message is read, so nothing overtakes
//! anything. Questions run on a few threads, of a snapshot each; a change gives up those that are still running, which
//! answer `ContentModified`. Nothing here knows what HL is: features are in `ide`.

#![allow(clippy::disallowed_methods, reason = "the edge: it starts threads and looks where labs are")]

mod backend;
mod capabilities;
mod convert;
mod documents;
mod frames;
mod home;
mod lines;
mod outbox;
mod owner;
mod pool;
mod publish;
mod question;
mod scene;
mod settings;
mod transport;
mod virtual_documents;
mod written;

use domain::Date;
use tokio::io::{AsyncRead, AsyncWrite, stdin, stdout};
use tokio::runtime::Builder;
use tower_lsp::LspService;

use backend::Backend;
use outbox::Outbox;
use owner::Owner;

/// What the server must be told of the world.
#[derive(Clone, Copy)]
pub struct World {
    /// Which day it is, by which values are due to be replaced.
    pub today: fn() -> Option<Date>,
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The client asked to shut down before it left.
    Politely,
    /// It left, or is gone.
    Suddenly,
}

/// Speaks with the client at the standard streams until it leaves. Why that cannot be is a sentence.
pub fn run(world: World) -> Result<Ended, String> {
    let runtime = Builder::new_multi_thread().worker_threads(2).build();
    let runtime = runtime.map_err(|error| format!("cannot start threads: {error}"))?;
    let ended = runtime.block_on(serve(stdin(), stdout(), world));
    // A thread may still wait for the client's next byte.
    runtime.shutdown_background();
    Ok(ended)
}

/// Speaks with a client until it leaves. Needs a runtime of tokio.
pub async fn serve(
    input: impl AsyncRead + Unpin,
    output: impl AsyncWrite + Unpin + Send + 'static,
    world: World,
) -> Ended {
    let (outbox, sent) = Outbox::new();
    let desk = Owner::start(outbox.clone(), world);
    let own = outbox.clone();
    let backend = |client| Backend::new(client, desk, own);
    let (service, socket) = LspService::build(backend)
        .custom_method("workspace/textDocumentContent", backend::text_document_content)
        .custom_method("textDocument/rangesFormatting", backend::ranges_formatting)
        .finish();
    transport::serve(input, output, service, socket, (outbox, sent)).await
}
