//! Files and folders: what changes on the disk, and what other names change.

use std::str::FromStr;

use driver::Session;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CreateFilesParams, DeleteFilesParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    FileRename, RenameFilesParams, Uri, WorkspaceEdit, WorkspaceFolder, WorkspaceFoldersChangeEvent,
};

use super::{Backend, status};
use crate::owner::Message;
use crate::scene::{Locator, Scene};

pub(super) async fn did_change_watched_files(backend: &Backend, params: DidChangeWatchedFilesParams) {
    changed_on_disk(backend, params.changes.into_iter().map(|change| change.uri).collect());
}

pub(super) async fn did_create_files(backend: &Backend, params: CreateFilesParams) {
    changed_on_disk(backend, params.files.iter().filter_map(|file| Uri::from_str(&file.uri).ok()).collect());
}

pub(super) async fn did_delete_files(backend: &Backend, params: DeleteFilesParams) {
    changed_on_disk(backend, params.files.iter().filter_map(|file| Uri::from_str(&file.uri).ok()).collect());
}

/// Files of folders that are called otherwise now are asked for by their old and new names: who watches files may not
/// look into folders.
pub(super) async fn did_rename_files(backend: &Backend, params: RenameFilesParams) {
    let names = pairs(&params.files);
    let question = move |session: &Session, scene: &Scene| {
        let all = session.file_names().into_iter().filter_map(|file| scene.uri(&file));
        let moved = all.flat_map(|uri| {
            let new = names.iter().find_map(|(old, new)| moved(&uri, old, new));
            new.map(|new| [uri, new]).into_iter().flatten()
        });
        moved.collect::<Vec<Uri>>()
    };
    let uris: Vec<Uri> = params
        .files
        .iter()
        .flat_map(|file| [&file.old_uri, &file.new_uri])
        .filter_map(|uri| Uri::from_str(uri).ok())
        .collect();
    // Before anything else comes, what is known by name; then what was in folders.
    changed_on_disk(backend, uris);
    let inside = backend.desk.ask_all(question).await.unwrap_or_default().concat();
    if !inside.is_empty() {
        changed_on_disk(backend, inside);
        // Others were read meanwhile, and may have been the last.
        backend.desk.settle();
    }
}

pub(super) async fn did_change_workspace_folders(backend: &Backend, params: DidChangeWorkspaceFoldersParams) {
    let uris = |folders: Vec<WorkspaceFolder>| folders.into_iter().map(|folder| folder.uri).collect();
    let WorkspaceFoldersChangeEvent { added, removed } = params.event;
    backend.desk.tell(Message::Folders { added: uris(added), removed: uris(removed) });
    status::loading(backend);
}

pub(super) async fn will_rename_files(
    backend: &Backend,
    params: RenameFilesParams,
) -> Result<Option<WorkspaceEdit>> {
    let files = pairs(&params.files);
    let question = move |session: &Session, scene: &Scene| {
        let name = |uri: &Uri| scene.home.name(uri);
        let names: Vec<(String, String)> =
            files.iter().filter_map(|(old, new)| Some((name(old)?, name(new)?))).collect();
        let edits = ide::rename_files(session, &names);
        Locator::new(session, scene).workspace_edit(edits).changes.unwrap_or_default()
    };
    // What labs have in common is changed once.
    let changes = backend.desk.ask_all(question).await?.into_iter().flatten().collect();
    Ok(Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }))
}

fn pairs(files: &[FileRename]) -> Vec<(Uri, Uri)> {
    let uri = |uri: &str| Uri::from_str(uri).ok();
    files.iter().filter_map(|file| Some((uri(&file.old_uri)?, uri(&file.new_uri)?))).collect()
}

/// What a file in a folder `old` is called when that is called `new`.
fn moved(uri: &Uri, old: &Uri, new: &Uri) -> Option<Uri> {
    let rest = uri.as_str().strip_prefix(old.as_str().trim_end_matches('/'))?;
    let new = format!("{}{rest}", new.as_str().trim_end_matches('/'));
    rest.starts_with('/').then(|| Uri::from_str(&new).ok()).flatten()
}

fn changed_on_disk(backend: &Backend, uris: Vec<Uri>) {
    backend.desk.tell(Message::Disk(uris));
    status::changed(backend);
    if backend.agreed().refreshes_problems {
        let client = backend.client.clone();
        backend.pool.begin(async move { drop(client.workspace_diagnostic_refresh().await) });
    }
}
