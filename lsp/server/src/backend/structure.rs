//! How files are made up, and what they declare.

use driver::Session;
use serde_json::json;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DocumentSymbolParams, DocumentSymbolResponse, FoldingRange, FoldingRangeParams, SelectionRange,
    SelectionRangeParams, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use super::Backend;
use super::partial::in_parts;
use crate::convert::{folding, selection, symbols};
use crate::scene::Here;
use crate::written::written_long;

pub(super) async fn document_symbol(
    backend: &Backend,
    params: DocumentSymbolParams,
) -> Result<Option<DocumentSymbolResponse>> {
    let is_tree = backend.agreed().takes_trees;
    let question = move |here: &Here<'_>| {
        let length = symbols::LENGTH * here.text().len();
        if is_tree {
            written_long(&symbols::Tree(here), length)
        } else {
            written_long(&symbols::List(here), length)
        }
    };
    backend.ask(params.text_document, question).await?.map_or(Ok(None), Err)
}

pub(super) async fn symbol(
    backend: &Backend,
    params: WorkspaceSymbolParams,
) -> Result<Option<WorkspaceSymbolResponse>> {
    let query = params.query;
    let question = move |session: &Session, scene: &_| symbols::of_lab(session, scene, &query);
    let found = backend.desk.ask_all(question).await?;
    let found = in_parts(backend, &params.partial_result_params, found.concat(), |part| json!(part));
    Ok(Some(WorkspaceSymbolResponse::Nested(found)))
}

pub(super) async fn folding_range(
    backend: &Backend,
    params: FoldingRangeParams,
) -> Result<Option<Vec<FoldingRange>>> {
    backend.ask(params.text_document, folding::of_file).await
}

pub(super) async fn selection_range(
    backend: &Backend,
    params: SelectionRangeParams,
) -> Result<Option<Vec<SelectionRange>>> {
    let question = move |here: &Here<'_>| selection::around(here, &params.positions);
    backend.ask(params.text_document, question).await
}
