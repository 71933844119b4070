//! What can be done to a text.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{CodeActionParams, CodeActionResponse};

use super::Backend;
use crate::convert::actions;
use crate::scene::Here;

pub(super) async fn code_action(
    backend: &Backend,
    params: CodeActionParams,
) -> Result<Option<CodeActionResponse>> {
    let question =
        move |here: &Here<'_>| actions::at(here, &here.part(params.range), params.context.only.as_deref());
    backend.ask(params.text_document, question).await
}
