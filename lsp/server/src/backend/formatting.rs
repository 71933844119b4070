//! The usual form of a text.

use serde::Deserialize;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DocumentFormattingParams, DocumentOnTypeFormattingParams, DocumentRangeFormattingParams, Range,
    TextDocumentIdentifier, TextEdit,
};

use super::Backend;
use crate::scene::Here;

pub(super) async fn formatting(
    backend: &Backend,
    params: DocumentFormattingParams,
) -> Result<Option<Vec<TextEdit>>> {
    let question = |here: &Here<'_>| here.text_edits(ide::format(here.session, &here.file));
    backend.ask_long(params.text_document, question).await
}

pub(super) async fn range_formatting(
    backend: &Backend,
    params: DocumentRangeFormattingParams,
) -> Result<Option<Vec<TextEdit>>> {
    let question =
        move |here: &Here<'_>| here.text_edits(ide::format_range(here.session, &here.part(params.range)));
    backend.ask(params.text_document, question).await
}

pub(super) async fn on_type_formatting(
    backend: &Backend,
    params: DocumentOnTypeFormattingParams,
) -> Result<Option<Vec<TextEdit>>> {
    let at = params.text_document_position;
    let typed = params.ch.chars().next().unwrap_or('\n');
    let question = move |here: &Here<'_>| {
        here.text_edits(ide::format_on_type(here.session, &here.at(at.position), typed))
    };
    backend.ask(at.text_document, question).await
}

/// What brings several parts of a document into their usual form, which the types of the framework have no words for yet.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RangesFormattingParams {
    text_document: TextDocumentIdentifier,
    ranges: Vec<Range>,
}

pub(crate) async fn ranges_formatting(
    backend: &Backend,
    params: RangesFormattingParams,
) -> Result<Option<Vec<TextEdit>>> {
    let question = move |here: &Here<'_>| {
        let parts = params.ranges.iter().map(|range| here.part(*range));
        let mut edits: Vec<_> = parts.flat_map(|part| ide::format_range(here.session, &part)).collect();
        edits.sort();
        edits.dedup();
        here.text_edits(edits)
    };
    backend.ask(params.text_document, question).await
}
