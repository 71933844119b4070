//! How a conversation begins and ends, and what is agreed on.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use serde_json::json;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DidChangeConfigurationParams, InitializeParams, InitializeResult, InitializedParams, Registration,
    ServerInfo, Uri,
};

use super::Backend;
use crate::capabilities::capabilities;
use crate::lines::Encoding;
use crate::owner::Message;

/// What the client can do.
#[derive(Clone, Copy, Default)]
pub(super) struct Agreed {
    pub(super) snippets: bool,
    watches: bool,
    pub(super) refreshes: bool,
}

pub(super) async fn initialize(backend: &Backend, params: InitializeParams) -> Result<InitializeResult> {
    let can = params.capabilities;
    let offered = can.general.and_then(|general| general.position_encodings).unwrap_or_default();
    let encoding = Encoding::best(&offered);
    let document = can.text_document.unwrap_or_default();
    let workspace = can.workspace.unwrap_or_default();
    let item = document.completion.and_then(|completion| completion.completion_item);
    let refreshes = workspace.diagnostics.and_then(|diagnostics| diagnostics.refresh_support);
    let watches = workspace.did_change_watched_files.and_then(|watched| watched.dynamic_registration);
    *backend.agreed.lock().unwrap_or_else(PoisonError::into_inner) = Agreed {
        snippets: item.and_then(|item| item.snippet_support).unwrap_or_default(),
        watches: watches.unwrap_or_default(),
        refreshes: refreshes.unwrap_or_default(),
    };
    #[allow(deprecated, reason = "older clients have one root")]
    let root = params.root_uri;
    let folders = params.workspace_folders.map(|all| all.into_iter().map(|folder| folder.uri).collect());
    let folders: Vec<Uri> = folders.unwrap_or_else(|| root.into_iter().collect());
    // Who asks for problems is not told of them as well.
    let pushes = document.diagnostic.is_none();
    backend.desk.tell(Message::Start { encoding, pushes, folders });
    Ok(InitializeResult {
        capabilities: capabilities(encoding),
        server_info: Some(ServerInfo {
            name: "hlc".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
        offset_encoding: None,
    })
}

pub(super) async fn initialized(backend: &Backend, _: InitializedParams) {
    if !backend.agreed().watches {
        return;
    }
    let watched = ["**/*.hl", "**/*.secrets.yaml", "**/.secrets.json"];
    let watchers: Vec<_> = watched.iter().map(|glob| json!({ "globPattern": glob })).collect();
    let registration = Registration {
        id: "watched".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(json!({ "watchers": watchers })),
    };
    let client = backend.client.clone();
    tokio::spawn(async move { client.register_capability(vec![registration]).await });
}

pub(super) fn shutdown(backend: &Backend) {
    backend.is_down.store(true, Ordering::Relaxed);
}

pub(super) async fn did_change_configuration(_: &Backend, _: DidChangeConfigurationParams) {}
