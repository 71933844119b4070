//! Documents: what the client opens, changes, saves and closes.

use std::sync::PoisonError;

use tower_lsp::ls_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, TextDocumentItem, VersionedTextDocumentIdentifier,
};

use super::Backend;
use crate::documents::Document;
use crate::owner::Message;

pub(super) async fn did_open(backend: &Backend, params: DidOpenTextDocumentParams) {
    let TextDocumentItem { uri, version, text, .. } = params.text_document;
    backend.desk.tell(Message::Open(Document { uri, version, text }));
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
