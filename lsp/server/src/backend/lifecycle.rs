//! How a conversation begins and ends, and what is agreed on.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    InitializeParams, InitializeResult, InitializedParams, Registration, ServerInfo, Uri,
};

use super::agreed::Agreed;
use super::{Backend, settings, status};
use crate::capabilities::capabilities;
use crate::lines::Encoding;
use crate::owner::Message;
use crate::settings::Settings;

pub(super) async fn initialize(backend: &Backend, params: InitializeParams) -> Result<InitializeResult> {
    backend.agree(Agreed::of(&params));
    if let Some(options) = params.initialization_options {
        settings::take(backend, options);
    }
    let can = params.capabilities;
    let offered = can.general.and_then(|general| general.position_encodings).unwrap_or_default();
    let encoding = Encoding::best(&offered);
    #[allow(deprecated, reason = "older clients have one root")]
    let root = params.root_uri;
    let folders = params.workspace_folders.map(|all| all.into_iter().map(|folder| folder.uri).collect());
    let folders: Vec<Uri> = folders.unwrap_or_else(|| root.into_iter().collect());
    // Who asks for problems is not told of them as well.
    let pushes = can.text_document.is_none_or(|document| document.diagnostic.is_none());
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
    let agreed = backend.agreed();
    let mut wanted = Vec::new();
    if agreed.watches {
        // A lab may read any file as data; what concerns none is looked at no further.
        let watched = ["**/*"];
        let watchers: Vec<_> = watched.iter().map(|glob| json!({ "globPattern": glob })).collect();
        wanted.push(registration("workspace/didChangeWatchedFiles", json!({ "watchers": watchers })));
    }
    if agreed.registers_settings {
        wanted
            .push(registration("workspace/didChangeConfiguration", json!({ "section": Settings::SECTION })));
    }
    if !wanted.is_empty() {
        let client = backend.client.clone();
        backend.pool.begin(async move { drop(client.register_capability(wanted).await) });
    }
    settings::ask(backend);
    status::loading(backend);
}

fn registration(method: &str, options: Value) -> Registration {
    Registration { id: method.to_owned(), method: method.to_owned(), register_options: Some(options) }
}

pub(super) fn shutdown(backend: &Backend) {
    backend.is_down.store(true, Ordering::Relaxed);
    backend.desk.shut();
}
