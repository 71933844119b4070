//! Where what stands somewhere leads to.

use driver::Session;
use ide::{FilePosition, FileRange};
use serde_json::json;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::request::{
    GotoDeclarationParams, GotoDeclarationResponse, GotoImplementationParams, GotoImplementationResponse,
    GotoTypeDefinitionParams, GotoTypeDefinitionResponse,
};
use tower_lsp::ls_types::{
    DocumentHighlight, DocumentHighlightParams, GotoDefinitionParams, GotoDefinitionResponse, Location,
    ReferenceParams, TextDocumentPositionParams,
};

use super::Backend;
use super::partial::in_parts;
use crate::scene::Here;

pub(super) async fn goto_definition(
    backend: &Backend,
    params: GotoDefinitionParams,
) -> Result<Option<GotoDefinitionResponse>> {
    let found = lead(backend, params.text_document_position_params, ide::definition).await?;
    Ok(Some(GotoDefinitionResponse::Array(found)))
}

pub(super) async fn goto_declaration(
    backend: &Backend,
    params: GotoDeclarationParams,
) -> Result<Option<GotoDeclarationResponse>> {
    goto_definition(backend, params).await
}

pub(super) async fn goto_type_definition(
    backend: &Backend,
    params: GotoTypeDefinitionParams,
) -> Result<Option<GotoTypeDefinitionResponse>> {
    let found = lead(backend, params.text_document_position_params, ide::type_definition).await?;
    Ok(Some(GotoDefinitionResponse::Array(found)))
}

pub(super) async fn goto_implementation(
    backend: &Backend,
    params: GotoImplementationParams,
) -> Result<Option<GotoImplementationResponse>> {
    let found = lead(backend, params.text_document_position_params, ide::implementation).await?;
    Ok(Some(GotoDefinitionResponse::Array(found)))
}

pub(super) async fn references(backend: &Backend, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
    let feature: Feature = if params.context.include_declaration {
        |session, at| ide::references(session, at, true)
    } else {
        |session, at| ide::references(session, at, false)
    };
    let found = lead(backend, params.text_document_position, feature).await?;
    Ok(Some(in_parts(backend, &params.partial_result_params, found, |part| json!(part))))
}

pub(super) async fn document_highlight(
    backend: &Backend,
    params: DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>> {
    let found = lead(backend, params.text_document_position_params, ide::highlight).await?;
    let highlight = |at: Location| DocumentHighlight { range: at.range, kind: None };
    Ok(Some(found.into_iter().map(highlight).collect()))
}

/// What finds places for a place.
type Feature = fn(&Session, &FilePosition) -> Vec<FileRange>;

/// Asks what a position of a document leads to.
async fn lead(backend: &Backend, at: TextDocumentPositionParams, feature: Feature) -> Result<Vec<Location>> {
    let question = move |here: &Here<'_>| here.locations(feature(here.session, &here.at(at.position)));
    Ok(backend.ask(at.text_document, question).await?.unwrap_or_default())
}
