//! Documents: what the client opens, changes, saves and closes.

use std::sync::PoisonError;

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, TextDocumentItem, TextEdit, VersionedTextDocumentIdentifier,
    WillSaveTextDocumentParams,
};

use super::Backend;
use crate::documents::Document;
use crate::owner::Message;
use crate::scene::Here;

pub(super) async fn did_open(backend: &Backend, params: DidOpenTextDocumentParams) {
    let TextDocumentItem { uri, version, text, .. } = params.text_document;
    backend.desk.tell(Message::Open(Document::new(uri, version, text)));
}

pub(super) async fn did_change(backend: &Backend, params: DidChangeTextDocumentParams) {
    let VersionedTextDocumentIdentifier { uri, version } = params.text_document;
    backend.desk.tell(Message::Change { uri, version, changes: params.content_changes });
}

pub(super) async fn did_save(backend: &Backend, params: DidSaveTextDocumentParams) {
    backend.desk.tell(Message::Disk(vec![params.text_document.uri]));
}

pub(super) async fn did_close(backend: &Backend, params: DidCloseTextDocumentParams) {
    let uri = params.text_document.uri;
    backend.coloured.lock().unwrap_or_else(PoisonError::into_inner).remove(uri.as_str());
    backend.desk.tell(Message::Close(uri));
}

/// A document in its usual form is saved, where that is chosen.
pub(super) async fn will_save_wait_until(
    backend: &Backend,
    params: WillSaveTextDocumentParams,
) -> Result<Option<Vec<TextEdit>>> {
    if !backend.settings().format_on_save {
        return Ok(None);
    }
    let question = |here: &Here<'_>| here.text_edits(ide::format(here.session, &here.file));
    backend.ask(params.text_document, question).await
}
