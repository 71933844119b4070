//! Speaks LSP: what editors ask is put to a lab, and what the lab says is put into their words.
//!
//! ```text
//! bytes ─ frames ─ transport ─▶ LspService ─▶ backend ─ begun in order ─▶ owner (of all labs) ─ change
//!            ▲                                  │                            │
//!            │                                  └◀─ answer ─ pool ◀─ snapshot ┤
//!            └──────────────── outbox ◀─ publish ◀─ pool ◀─ snapshot ─────────┘
//! ```
//!
//! Whatever a message means for a lab is done by the thread that reads, before the next message is read, so nothing
//! overtakes anything. Questions are answered of a snapshot each by the thread that has read them, which writes what it
//! finds to the client itself, so from the message to the answer no thread waits for another (`pool.rs` says who
//! reads on).
//! A change gives up the questions that are still running, which answer `ContentModified`. Nothing here knows what HL is:
//! features are in `ide`.

#![allow(clippy::disallowed_methods, reason = "the edge: it starts threads and looks where labs are")]

mod backend;
mod capabilities;
mod convert;
mod documents;
mod frames;
mod home;
mod input;
mod lines;
mod live;
mod mailbox;
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

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::sync::Arc;

use domain::Date;
use tower_lsp::LspService;

use backend::Backend;
use input::Input;
pub use live::{Live, Say};
use outbox::Outbox;
use owner::Owner;
use pool::Pool;
use question::Desk;
use transport::Line;

/// What a pipe to the client takes at once, in bytes: as much as anybody may ask of Linux for one.
const PIPE: usize = 1 << 20;

/// What the server must be told of the world.
#[derive(Clone)]
pub struct World {
    /// Which day it is, by which values are due to be replaced.
    pub today: fn() -> Option<Date>,
    /// Who knows how what is deployed is doing, if somebody does.
    pub live: Option<Arc<dyn Live>>,
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
    let failed = |error: io::Error| format!("cannot speak with the client: {error}");
    let input = Input::new(File::from(io::stdin().as_fd().try_clone_to_owned().map_err(failed)?));
    let output = File::from(io::stdout().as_fd().try_clone_to_owned().map_err(failed)?);
    // Where it is none, or the system allows no more, long answers are written in more parts.
    let _ = rustix::pipe::fcntl_setpipe_size(&output, PIPE);
    Ok(serve(input, output, world))
}

/// Speaks with a client until it leaves.
pub fn serve(input: impl Read + Send + 'static, output: impl Write + Send + 'static, world: World) -> Ended {
    let pool = Pool::default();
    let outbox = Outbox::new(output, pool.clone());
    let live = world.live.clone();
    let desk = Desk::new(Owner::new(outbox.clone(), pool.clone(), world));
    let own = (desk.clone(), outbox.clone(), pool.clone());
    let (service, socket) = LspService::build(|client| Backend::new(client, own, live))
        .custom_method("workspace/textDocumentContent", backend::text_document_content)
        .custom_method("textDocument/rangesFormatting", backend::ranges_formatting)
        .finish();
    transport::serve(input, Line { service, socket, desk, outbox, pool })
}
