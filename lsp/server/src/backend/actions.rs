//! What can be done to a text.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{CodeAction, CodeActionOrCommand, CodeActionParams, CodeActionResponse};

use super::Backend;
use crate::convert::actions;
use crate::convert::actions::OfferedAt;
use crate::scene::Here;

pub(super) async fn code_action(
    backend: &Backend,
    params: CodeActionParams,
) -> Result<Option<CodeActionResponse>> {
    let is_lazy = backend.agreed().resolves_edits;
    let document = params.text_document.uri.clone();
    let question = move |here: &Here<'_>| {
        let found = actions::at(here, &here.part(params.range), params.context.only.as_deref()).into_iter();
        let later =
            |action| if is_lazy { actions::without_edits(action, &document, params.range) } else { action };
        found.map(later).map(CodeActionOrCommand::CodeAction).collect()
    };
    backend.ask(params.text_document, question).await
}

pub(super) async fn code_action_resolve(backend: &Backend, mut action: CodeAction) -> Result<CodeAction> {
    let offered = action.data.clone().and_then(|data| serde_json::from_value::<OfferedAt>(data).ok());
    let (Some(OfferedAt { document, range }), Some(kind)) = (offered, action.kind.clone()) else {
        return Ok(action);
    };
    let title = action.title.clone();
    let question = move |here: &Here<'_>| {
        let all = actions::at(here, &here.part(range), Some(&[kind])).into_iter();
        all.into_iter().find(|one| one.title == title).and_then(|one| one.edit)
    };
    action.edit = backend.desk.ask(document, question).await?.flatten();
    Ok(action)
}
