//! Other names for what stands somewhere.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    LinkedEditingRangeParams, LinkedEditingRanges, PrepareRenameResponse, Range, RenameParams,
    TextDocumentPositionParams, WorkspaceEdit,
};

use super::{Backend, refused};
use crate::scene::Here;
use crate::written::written;

pub(super) async fn prepare_rename(
    backend: &Backend,
    at: TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>> {
    let question = move |here: &Here<'_>| {
        let (range, placeholder) = ide::prepare_rename(here.session, &here.at(at.position))?;
        Ok(PrepareRenameResponse::RangeWithPlaceholder { range: here.range(&range), placeholder })
    };
    backend.ask(at.text_document, question).await?.transpose().map_err(refused)
}

pub(super) async fn rename(backend: &Backend, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
    let at = params.text_document_position;
    let question = move |here: &Here<'_>| {
        let edits = ide::rename(here.session, &here.at(at.position), &params.new_name)?;
        Ok::<_, String>(written(&here.workspace_edit(edits)))
    };
    match backend.ask(at.text_document, question).await? {
        None => Ok(None),
        Some(found) => Err(found.unwrap_or_else(refused)),
    }
}

pub(super) async fn linked_editing_range(
    backend: &Backend,
    params: LinkedEditingRangeParams,
) -> Result<Option<LinkedEditingRanges>> {
    let at = params.text_document_position_params;
    let question = move |here: &Here<'_>| {
        let found = ide::linked_editing(here.session, &here.at(at.position));
        let ranges: Vec<Range> = found.iter().map(|range| here.range(range)).collect();
        (!ranges.is_empty()).then_some(LinkedEditingRanges { ranges, word_pattern: None })
    };
    backend.ask(at.text_document, question).await.map(Option::flatten)
}
