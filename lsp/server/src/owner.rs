//! The owner of all labs, who alone changes them, in the order of the messages.

mod labs;
mod open_lab;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use driver::Session;
use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};
use workspace::crew;

use crate::World;
use crate::convert::diagnostics;
use crate::documents::{Document, Documents};
use crate::lines::Encoding;
use crate::mailbox::Worker;
use crate::outbox::Outbox;
use crate::pool::{Pool, cores};
use crate::publish::{Published, Report};
use crate::question::{About, Asked, Question};
use labs::Labs;

/// From so many items on a lab is computed by all cores when it was opened: each takes memory of its own, which a small
/// one is not worth.
const LARGE: usize = 400;

/// What the owner is told or asked.
pub(crate) enum Message {
    /// What was agreed on, and the folders that the client has open.
    Start { encoding: Encoding, pushes: bool, folders: Vec<Uri> },
    /// Where the documentation begins that is linked.
    Book(String),
    /// Folders are open from now on, or no more.
    Folders { added: Vec<Uri>, removed: Vec<Uri> },
    /// A document is open from now on.
    Open(Document),
    /// A document has changed.
    Change { uri: Uri, version: i32, changes: Vec<TextDocumentContentChangeEvent> },
    /// A document is open no more.
    Close(Uri),
    /// Files have changed on the disk.
    Disk(Vec<Uri>),
    /// A question.
    Ask(Question),
    /// No change is known to follow: problems are of interest.
    Settle,
}

/// The owner.
pub(crate) struct Owner {
    documents: Documents,
    labs: Labs,
    encoding: Encoding,
    /// Whether the client is told of problems without asking.
    pushes: bool,
    pool: Pool,
    /// How often problems were asked for.
    count: u64,
    published: Arc<Published>,
}

impl Worker for Owner {
    type Message = Message;

    fn take(&mut self, waiting: VecDeque<Message>) {
        for message in waiting {
            // A mistake of ours in one must not end the conversation.
            let _ = catch_unwind(AssertUnwindSafe(|| self.obey(message)));
        }
    }
}

impl Owner {
    pub(crate) fn new(outbox: Outbox, pool: Pool, world: World) -> Self {
        let published = Arc::new(Published::new(outbox.clone()));
        let labs = Labs::new(world, outbox, Arc::clone(&published));
        let documents = Documents::default();
        Self { documents, labs, encoding: Encoding::Utf16, pushes: true, pool, count: 0, published }
    }

    fn obey(&mut self, message: Message) {
        match message {
            Message::Start { encoding, pushes, folders } => {
                (self.encoding, self.pushes) = (encoding, pushes);
                self.labs.set_encoding(encoding);
                self.labs.set_folders(folders, &[], &self.documents);
            }
            Message::Book(url) => self.labs.set_book(&url),
            Message::Folders { added, removed } => self.labs.set_folders(added, &removed, &self.documents),
            Message::Open(document) => {
                let uri = document.uri.clone();
                self.documents.open(document);
                self.labs.opened(&uri, &self.documents);
            }
            Message::Change { uri, version, changes } => {
                let Some(document) = self.documents.get_mut(&uri) else { return };
                document.edit(&changes, self.encoding);
                document.version = version;
                self.labs.changed(&uri, &self.documents);
            }
            Message::Close(uri) => {
                if self.documents.close(&uri).is_some() {
                    self.labs.closed(&uri, &self.documents);
                }
            }
            Message::Disk(uris) => self.labs.changed_on_disk(&uris, &self.documents),
            Message::Ask(question) => self.ask(question),
            Message::Settle => self.push(),
        }
    }

    fn ask(&mut self, question: Question) {
        let Question { about, is_brief, cancellers, answer } = question;
        let asked: Vec<Asked> = match about {
            About::Document(uri) => {
                self.labs.of(&uri).into_iter().map(|(lab, file)| lab.asked(file)).collect()
            }
            About::Everything => self.labs.all().map(|lab| lab.asked(String::new())).collect(),
        };
        for asked in &asked {
            cancellers.add(asked.snapshot.canceller());
        }
        let job = move || answer(asked);
        if is_brief { self.pool.run_briefly(job) } else { self.pool.run(job) }
    }

    /// Has the problems of what changed found, and told: of open documents by the lab that they are a part of.
    fn push(&mut self) {
        if !self.labs.have_changed() {
            return;
        }
        let home = |document: &Document| {
            let (lab, _) = self.labs.of(&document.uri)?;
            Some((document.uri.clone(), lab.number, document.version))
        };
        let homes: Arc<Vec<(Uri, u64, i32)>> = Arc::new(self.documents.iter().filter_map(home).collect());
        for lab in self.labs.changed_since() {
            let (pushes, is_known) = (self.pushes, Arc::clone(&lab.is_known));
            // Who asks for problems is answered sooner where a lab is known.
            if !pushes && is_known.load(Ordering::Relaxed) {
                continue;
            }
            self.count += 1;
            let Asked { snapshot, scene, .. } = lab.asked(String::new());
            let (homes, published) = (Arc::clone(&homes), Arc::clone(&self.published));
            let (number, state) = (lab.number, self.count);
            self.pool.run(move || {
                // What is overtaken is found anew for the change that overtook it.
                let found = snapshot.ask(|session| {
                    get_to_know(session, &is_known);
                    pushes.then(|| diagnostics::all(session, &scene))
                });
                let Ok(Some(found)) = found else { return };
                let report = |(uri, problems): (Uri, _)| match homes.iter().find(|(open, ..)| *open == uri) {
                    Some((_, home, version)) => {
                        (*home == number).then_some(Report { uri, version: Some(*version), problems })
                    }
                    None => Some(Report { uri, version: None, problems }),
                };
                published.tell(number, state, found.into_iter().filter_map(report).collect());
            });
        }
    }
}

/// Computes a large lab that was opened. Later on most of it is known, and threads would cost more than they save.
fn get_to_know(session: &Session, is_known: &AtomicBool) {
    if !is_known.load(Ordering::Relaxed) && session.item_count() >= LARGE {
        crew::evaluate(session, cores());
    }
    is_known.store(true, Ordering::Relaxed);
}
