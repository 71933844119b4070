//! Documents that are in no folder.

use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::Uri;

use super::Backend;
use crate::virtual_documents;

/// What asks for the text of a document that is in no folder, and what is answered.
#[derive(Deserialize)]
pub(crate) struct TextDocumentContentParams {
    uri: Uri,
}

/// The text of such a document.
#[derive(Serialize)]
pub(crate) struct TextDocumentContent {
    text: String,
}

pub(crate) async fn text_document_content(
    _: &Backend,
    params: TextDocumentContentParams,
) -> Result<TextDocumentContent> {
    let text = virtual_documents::content(&params.uri);
    text.map(|text| TextDocumentContent { text })
        .ok_or_else(|| Error::invalid_params("there is no such document"))
}
