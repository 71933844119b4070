//! How files are made up, and what they declare.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DocumentSymbolParams, DocumentSymbolResponse, FoldingRange, FoldingRangeParams, SelectionRange,
    SelectionRangeParams, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use super::Backend;
use crate::convert::{folding, selection, symbols};
use crate::scene::Here;

pub(super) async fn document_symbol(
    backend: &Backend,
    params: DocumentSymbolParams,
) -> Result<Option<DocumentSymbolResponse>> {
    let found = backend.ask(params.text_document, symbols::of_file).await?;
    Ok(found.map(DocumentSymbolResponse::Nested))
}

pub(super) async fn symbol(
    backend: &Backend,
    params: WorkspaceSymbolParams,
) -> Result<Option<WorkspaceSymbolResponse>> {
    let question = move |session: &driver::Session, scene: &_| symbols::of_lab(session, scene, &params.query);
    let found = backend.desk.ask_all(question).await?;
    Ok(Some(WorkspaceSymbolResponse::Nested(found.concat())))
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
