//! Documents that are in no folder: what is in them, and that it is something else.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::Uri;
use tower_lsp::ls_types::request::Request;

use super::Backend;
use crate::pool::Pool;
use crate::question::Desk;
use crate::virtual_documents;
use crate::virtual_documents::Built;

/// What asks for the text of a document that is in no folder, and what is answered.
#[derive(Deserialize)]
pub(crate) struct TextDocumentContentParams {
    uri: Uri,
}

/// The text of such a document.
#[derive(Serialize)]
pub(crate) struct TextDocumentContent {
    text: String,
}

/// So many documents of what is built are looked after.
const MOST: usize = 16;

pub(crate) async fn text_document_content(
    backend: &Backend,
    params: TextDocumentContentParams,
) -> Result<TextDocumentContent> {
    let text = match virtual_documents::built(&params.uri) {
        Some(built) => {
            let text = text_of(&backend.desk, built).await?;
            if let Some(text) = &text {
                look_after(backend, &params.uri, text.clone());
            }
            text
        }
        None => virtual_documents::content(&params.uri),
    };
    text.map(|text| TextDocumentContent { text })
        .ok_or_else(|| Error::invalid_params("there is no such document"))
}

/// What a declaration is built to.
async fn text_of(desk: &Desk, Built { document, head }: Built) -> Result<Option<String>> {
    desk.ask(document, move |here| ide::built(here.session, &here.file, &head)).await.map(Option::flatten)
}

/// The documents of what is built that a client has, with what is in them.
pub(super) type Shown = BTreeMap<String, String>;

/// Has the client ask again for a document whenever something else is in it.
fn look_after(backend: &Backend, uri: &Uri, text: String) {
    let mut shown = backend.shown.lock().unwrap_or_else(PoisonError::into_inner);
    let is_first = shown.is_empty();
    if shown.len() >= MOST && !shown.contains_key(uri.as_str()) {
        shown.pop_first();
    }
    shown.insert(uri.as_str().to_owned(), text);
    if is_first {
        backend.pool.begin(follow(
            (backend.desk.clone(), backend.client.clone(), backend.pool.clone()),
            Arc::clone(&backend.shown),
        ));
    }
}

async fn follow((desk, client, pool): (Desk, Client, Pool), shown: Arc<Mutex<Shown>>) {
    let mut changes = desk.changes();
    while changes.changed().await.is_ok() && !changes.borrow_and_update().is_over {
        let all: Vec<String> = lock(&shown).keys().cloned().collect();
        for name in all {
            let Ok(uri) = Uri::from_str(&name) else { continue };
            let Some(built) = virtual_documents::built(&uri) else { continue };
            // What is overtaken is looked at after the change that overtook it.
            let Ok(now) = text_of(&desk, built).await else { continue };
            let now = now.unwrap_or_default();
            let is_new = lock(&shown).insert(name, now.clone()).is_none_or(|before| before != now);
            if is_new {
                let (client, params) = (client.clone(), RefreshParams { uri });
                pool.begin(async move { drop(client.send_request::<Refresh>(params).await) });
            }
        }
    }
}

fn lock(shown: &Mutex<Shown>) -> std::sync::MutexGuard<'_, Shown> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Serialize, Deserialize)]
struct RefreshParams {
    uri: Uri,
}

/// Asks a client to ask again for a document, which the types of the framework have no words for yet.
enum Refresh {}

impl Request for Refresh {
    type Params = RefreshParams;
    type Result = ();
    const METHOD: &'static str = "workspace/textDocumentContent/refresh";
}
