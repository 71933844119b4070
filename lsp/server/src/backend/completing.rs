//! What could stand at a cursor.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CompletionItem, CompletionParams, CompletionResponse, SignatureHelp, SignatureHelpParams,
};

use super::Backend;
use super::agreed::Agreed;
use crate::convert::completion::{Offered, Shown};
use crate::convert::{completion, signature};
use crate::scene::Here;
use crate::written::written;

pub(super) async fn completion(
    backend: &Backend,
    params: CompletionParams,
) -> Result<Option<CompletionResponse>> {
    let at = params.text_document_position;
    let Agreed { snippets, commits, details, .. } = backend.agreed();
    let document = at.text_document.uri;
    let offered = Offered { document: document.clone(), position: at.position };
    let question = move |here: &Here<'_>| {
        written(&completion::list(here, &offered, Shown { snippets, commits, details }))
    };
    backend.desk.briefly().ask(document, question).await?.map_or(Ok(None), Err)
}

pub(super) async fn completion_resolve(
    backend: &Backend,
    mut item: CompletionItem,
) -> Result<CompletionItem> {
    let offered = item.data.as_ref().and_then(|data| Offered::read(data.as_str()?));
    let Some(Offered { document, position }) = offered else { return Ok(item) };
    let label = item.label.clone();
    let question = move |here: &Here<'_>| completion::documentation(here, position, &label);
    item.documentation = backend.desk.ask(document, question).await?.flatten();
    Ok(item)
}

pub(super) async fn signature_help(
    backend: &Backend,
    params: SignatureHelpParams,
) -> Result<Option<SignatureHelp>> {
    let at = params.text_document_position_params;
    let answer = backend.ask(at.text_document, move |here| signature::help(here, at.position));
    answer.await.map(Option::flatten)
}
