//! Files and folders: what changes on the disk, and what other names change.

use std::str::FromStr;

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams, RenameFilesParams, Uri, WorkspaceEdit,
    WorkspaceFolder, WorkspaceFoldersChangeEvent,
};

use super::Backend;
use crate::owner::Message;
use crate::scene::Scene;

pub(super) async fn did_change_watched_files(backend: &Backend, params: DidChangeWatchedFilesParams) {
    backend.desk.tell(Message::Disk(params.changes.into_iter().map(|change| change.uri).collect()));
    if backend.agreed().refreshes {
        let client = backend.client.clone();
        tokio::spawn(async move { client.workspace_diagnostic_refresh().await });
    }
}

pub(super) async fn did_change_workspace_folders(backend: &Backend, params: DidChangeWorkspaceFoldersParams) {
    let uris = |folders: Vec<WorkspaceFolder>| folders.into_iter().map(|folder| folder.uri).collect();
    let WorkspaceFoldersChangeEvent { added, removed } = params.event;
    backend.desk.tell(Message::Folders { added: uris(added), removed: uris(removed) });
}

pub(super) async fn will_rename_files(
    backend: &Backend,
    params: RenameFilesParams,
) -> Result<Option<WorkspaceEdit>> {
    let uri = |uri: &str| Uri::from_str(uri).ok();
    let files = params.files.iter().filter_map(|file| Some((uri(&file.old_uri)?, uri(&file.new_uri)?)));
    let files: Vec<(Uri, Uri)> = files.collect();
    let question = move |session: &driver::Session, scene: &Scene| {
        let name = |uri: &Uri| scene.home.name(uri);
        let names = files.iter().filter_map(|(old, new)| Some((name(old)?, name(new)?)));
        let edits = names.flat_map(|(old, new)| ide::rename_file(session, &old, &new)).collect();
        scene.workspace_edit(session, edits).changes.unwrap_or_default()
    };
    // What labs have in common is changed once.
    let changes = backend.desk.ask_all(question).await?.into_iter().flatten().collect();
    Ok(Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }))
}
